-- Files that came with messages of tickets. visibility is the message's; kind is what the bytes say;
-- digest is their SHA-256; content is their Base64 and stands last, so that lists need not read it.
CREATE TABLE ticket_attachment (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    message_id TEXT NOT NULL REFERENCES ticket_message (id),
    visibility TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX ticket_attachment_ticket ON ticket_attachment (ticket_id, id);
CREATE INDEX ticket_attachment_customer ON ticket_attachment (customer_id, ticket_id, id);
