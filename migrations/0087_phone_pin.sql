-- What a person says on the telephone to be recognised, as a hash. tries counts guesses since the last
-- right one, since it was set, or since a lock ended; a lock ends at locked_until or with a new PIN.
CREATE TABLE phone_pin (
    user_id TEXT PRIMARY KEY REFERENCES wabe_user (id),
    pin_hash TEXT NOT NULL,
    tries BIGINT NOT NULL,
    locked_until BIGINT,
    set_at BIGINT NOT NULL
);

-- Who called about a ticket and proved it with their PIN: the latest one of each ticket, and who of the
-- hoster typed it.
CREATE TABLE caller_proof (
    ticket_id TEXT PRIMARY KEY REFERENCES ticket (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    typed_by TEXT NOT NULL,
    proved_at BIGINT NOT NULL,
    CHECK (typed_by <> user_id)
);
CREATE INDEX caller_proof_customer ON caller_proof (customer_id, ticket_id);
