-- New passwords of databases are handed over like those of mailboxes and webspaces. SQLite changes no constraint
-- of a table that is there: both tables are made anew, with what is in them.
DROP INDEX ticket_handover_ticket;
DROP INDEX ticket_handover_object;
DROP INDEX ticket_handover_expiry;
DROP INDEX ticket_handover_secret_customer;
ALTER TABLE ticket_handover RENAME TO ticket_handover_before;
ALTER TABLE ticket_handover_secret RENAME TO ticket_handover_secret_before;

CREATE TABLE ticket_handover (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    object_id TEXT NOT NULL,
    object_kind TEXT NOT NULL CHECK (object_kind IN ('mailbox', 'webspace', 'database')),
    object_name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at - made_at BETWEEN 1 AND 259200000000),
    emptied_at BIGINT,
    collected_by TEXT CHECK (collected_by IS NULL OR emptied_at IS NOT NULL)
);
INSERT INTO ticket_handover SELECT id, customer_id, ticket_id, object_id, object_kind, object_name, made_at,
    expires_at, emptied_at, collected_by FROM ticket_handover_before;
CREATE TABLE ticket_handover_secret (
    id TEXT PRIMARY KEY REFERENCES ticket_handover (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    sealed TEXT NOT NULL
);
INSERT INTO ticket_handover_secret SELECT id, customer_id, sealed FROM ticket_handover_secret_before;
DROP TABLE ticket_handover_secret_before;
DROP TABLE ticket_handover_before;

CREATE INDEX ticket_handover_ticket ON ticket_handover (customer_id, ticket_id, id);
CREATE INDEX ticket_handover_object ON ticket_handover (customer_id, object_id);
CREATE INDEX ticket_handover_expiry ON ticket_handover (expires_at) WHERE emptied_at IS NULL;
CREATE INDEX ticket_handover_secret_customer ON ticket_handover_secret (customer_id, id);
