-- Who wrote by mail is asked by letter to confirm what they want done with one thing. The letter has one
-- link, of which token_digest is the SHA-256; it works once, within 72 hours (in microseconds). asked_by
-- of the hoster asked; nobody when the panel offered it with its receipt. ending: confirmed, declined,
-- superseded (by a newer letter about the same). Source: bar 3.4 T1, 3.8 T2.
CREATE TABLE confirmation (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    object_id TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_name TEXT NOT NULL,
    quote TEXT NOT NULL,
    token_digest TEXT NOT NULL UNIQUE,
    asked_by TEXT,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ending TEXT,
    CHECK (customer_id <> 'cus_00000000000000000000000000'),
    CHECK (asked_by IS NULL OR asked_by <> user_id),
    CHECK (expires_at - asked_at BETWEEN 1 AND 259200000000),
    CHECK ((ended_at IS NULL) = (ending IS NULL)),
    CHECK (ending IS NULL OR ending IN ('confirmed', 'declined', 'superseded')),
    CHECK (ending IS NULL OR ending <> 'confirmed' OR (ended_at >= asked_at AND ended_at < expires_at))
);
CREATE INDEX confirmation_ticket ON confirmation (customer_id, ticket_id, id);
CREATE INDEX confirmation_expires ON confirmation (expires_at);

-- What was confirmed that way is an instruction of who confirmed it, given at that moment. Nobody wrote it
-- down for them. And nobody instructs in a ticket of the house, which belongs to no customer.
ALTER TABLE instruction ADD COLUMN confirmation_id TEXT REFERENCES confirmation (id)
    CHECK (confirmation_id IS NULL OR written_by IS NULL);
ALTER TABLE instruction ADD COLUMN confirmed_by_mail_at BIGINT
    CHECK ((confirmation_id IS NULL) = (confirmed_by_mail_at IS NULL)
        AND (confirmed_by_mail_at IS NULL OR confirmed_by_mail_at = given_at)
        AND customer_id <> 'cus_00000000000000000000000000');
CREATE UNIQUE INDEX instruction_confirmation ON instruction (confirmation_id)
    WHERE confirmation_id IS NOT NULL;
