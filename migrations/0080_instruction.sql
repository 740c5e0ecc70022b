-- What somebody of a customer asked for about one thing, in their own words: what the ticket actions of
-- staff on exactly that thing stand on. quote is a copy: it stays what was said when the ticket goes on.
CREATE TABLE instruction (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    object_id TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_name TEXT NOT NULL,
    quote TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT
);
CREATE INDEX instruction_ticket ON instruction (customer_id, ticket_id, object_id);

-- On whose authority a change was made: customer (their own people, tokens, plugins), instructed (staff
-- for them, in a ticket), consented (the same, where an instruction is not enough), ticket (work on a
-- ticket itself), hoster. What staff do for a customer without a ticket and what carries it, the database
-- refuses. Source: bar 3.8 T6.
ALTER TABLE change ADD COLUMN authority TEXT NOT NULL DEFAULT 'hoster'
    CHECK (authority IN ('customer', 'instructed', 'consented', 'ticket', 'hoster')
        AND (actor_kind <> 'staff' OR authority <> 'customer'));
UPDATE change SET authority = 'customer' WHERE actor_kind <> 'staff';
ALTER TABLE change ADD COLUMN ticket_id TEXT
    CHECK (authority <> 'consented' OR ticket_id IS NOT NULL);
ALTER TABLE change ADD COLUMN instruction_id TEXT REFERENCES instruction (id)
    CHECK (authority <> 'instructed' OR (ticket_id IS NOT NULL AND instruction_id IS NOT NULL));

-- The change that staff made, where a message is the card of an action.
ALTER TABLE ticket_message ADD COLUMN change_id TEXT;
