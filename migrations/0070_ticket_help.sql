-- Answers that staff write again and again, with places for what differs.
CREATE TABLE canned_reply (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What a customer typed into a ticket's secure field, sealed. Revealing it empties it; it is gone when
-- the ticket is solved.
CREATE TABLE ticket_secret (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    name TEXT NOT NULL,
    sealed TEXT,
    created_at BIGINT NOT NULL,
    revealed_at BIGINT
);
CREATE INDEX ticket_secret_ticket ON ticket_secret (ticket_id, id);
CREATE INDEX ticket_secret_customer ON ticket_secret (customer_id, ticket_id);
