-- The hoster's account with an authority, by the address of its directory: its key, sealed.
CREATE TABLE acme_account (
    directory TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
