-- A login address that somebody changes: asked for, confirmed by links mailed to what is new, and for
-- three days taken back by a link mailed to what was before.
ALTER TABLE wabe_user ADD COLUMN second_email TEXT;
ALTER TABLE mailed_token ADD COLUMN about TEXT;

CREATE TABLE address_change (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    old_email TEXT NOT NULL,
    old_second_email TEXT,
    new_email TEXT NOT NULL,
    new_second_email TEXT,
    asked_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    second_confirmed_at BIGINT,
    changed_at BIGINT,
    undone_at BIGINT
);
CREATE INDEX address_change_user ON address_change (user_id, asked_at);
CREATE INDEX address_change_old ON address_change (old_email, changed_at);
CREATE INDEX address_change_asked ON address_change (asked_at);
