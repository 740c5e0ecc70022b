-- The consent that a sensitive act of staff stands on, beside its ticket and its instruction. What is done
-- on consent without all three, the database refuses. Source: bar 3.8 T1, T6.
ALTER TABLE change ADD COLUMN consent_id TEXT REFERENCES consent (id)
    CHECK (authority <> 'consented'
        OR (ticket_id IS NOT NULL AND instruction_id IS NOT NULL AND consent_id IS NOT NULL));

-- That staff had a new password made for somebody of the customer's: whoever may set it themselves sees it
-- once, within three days (in microseconds). collected_by saw it; nobody did when it was emptied without.
CREATE TABLE ticket_handover (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    object_id TEXT NOT NULL,
    object_kind TEXT NOT NULL CHECK (object_kind IN ('mailbox', 'webspace')),
    object_name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at - made_at BETWEEN 1 AND 259200000000),
    emptied_at BIGINT,
    collected_by TEXT CHECK (collected_by IS NULL OR emptied_at IS NOT NULL)
);
CREATE INDEX ticket_handover_ticket ON ticket_handover (customer_id, ticket_id, id);
CREATE INDEX ticket_handover_object ON ticket_handover (customer_id, object_id);
CREATE INDEX ticket_handover_expiry ON ticket_handover (expires_at) WHERE emptied_at IS NULL;

-- The password itself, sealed, until then. It stands apart, so that a wall can stand around it alone.
CREATE TABLE ticket_handover_secret (
    id TEXT PRIMARY KEY REFERENCES ticket_handover (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    sealed TEXT NOT NULL
);
CREATE INDEX ticket_handover_secret_customer ON ticket_handover_secret (customer_id, id);
