-- The address of a ticket for mail: whoever was written to about it has its token. last_message_id is
-- the letter that the next answer goes to.
CREATE TABLE ticket_address (
    ticket_id TEXT PRIMARY KEY REFERENCES ticket (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    token TEXT NOT NULL UNIQUE,
    last_message_id TEXT
);
CREATE INDEX ticket_address_customer ON ticket_address (customer_id, ticket_id);

-- Letters to support that were acknowledged and not yet read; content is their Base64.
CREATE TABLE incoming_mail (
    id TEXT PRIMARY KEY,
    return_path TEXT NOT NULL,
    recipient TEXT NOT NULL,
    content TEXT NOT NULL,
    arrived_at BIGINT NOT NULL
);

-- How often somebody wrote, and when they were last answered without being known here. digest is the
-- SHA-256 of their address.
CREATE TABLE mail_sender (
    digest TEXT PRIMARY KEY,
    window_at BIGINT NOT NULL,
    letters BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE INDEX mail_sender_window ON mail_sender (window_at);

-- 1 for what came by mail: its author is only whom the letter says.
ALTER TABLE ticket_message ADD COLUMN by_mail BIGINT NOT NULL DEFAULT 0;
