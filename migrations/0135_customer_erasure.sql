-- Everything of a customer's is removed for good, after its contract: two people of the hoster agreed, which
-- the approval itself holds to be so, and 14 days (in microseconds) went by in which its owners, or whoever
-- switches the customer on again, could stop it. From begun_at on nothing there changes any more. place and
-- touched: how far the present walk through the list of tables is, and how much it found; past_seq: up to
-- which entry of the record former members were looked for. Once it is done this row is what remains, with
-- the customer's number, plan and dates. ending: stopped (by an owner), resumed. Source: GDPR 17, controls
-- MWK-4-09, MWK-7-07.
CREATE TABLE customer_erasure (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    contract_ended_at BIGINT,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    approval_id TEXT NOT NULL,
    approval_ending TEXT NOT NULL CHECK (approval_ending = 'approved'),
    agreed_by TEXT NOT NULL,
    agreed_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    ended_at BIGINT,
    ending TEXT CHECK (ending IN ('stopped', 'resumed')),
    begun_at BIGINT,
    place BIGINT NOT NULL,
    touched BIGINT NOT NULL,
    past_seq BIGINT NOT NULL,
    past_read_at BIGINT,
    erased_rows BIGINT NOT NULL,
    erased_people BIGINT NOT NULL,
    key_gone_at BIGINT,
    done_at BIGINT,
    CHECK (customer_id <> 'cus_00000000000000000000000000'),
    CHECK (agreed_by <> asked_by),
    CHECK (due_at - agreed_at = 1209600000000),
    CHECK ((ended_at IS NULL) = (ending IS NULL)),
    CHECK (ended_at IS NULL OR begun_at IS NULL),
    CHECK (begun_at IS NULL OR begun_at >= due_at),
    CHECK (past_read_at IS NULL OR begun_at IS NOT NULL),
    CHECK (key_gone_at IS NULL OR past_read_at IS NOT NULL),
    CHECK (done_at IS NULL OR key_gone_at IS NOT NULL),
    FOREIGN KEY (approval_id, id, approval_ending, agreed_by) REFERENCES approval (id, object_id, ending, decided_by)
);
CREATE UNIQUE INDEX customer_erasure_open ON customer_erasure (customer_id) WHERE ended_at IS NULL;
CREATE INDEX customer_erasure_customer ON customer_erasure (customer_id, id);
CREATE INDEX customer_erasure_approval ON customer_erasure (approval_id);
CREATE INDEX customer_erasure_agreed ON customer_erasure (agreed_at);
CREATE INDEX customer_erasure_due ON customer_erasure (due_at) WHERE ended_at IS NULL AND done_at IS NULL;

-- Since when everything of the customer's is being removed, or was: nobody but the panel changes anything.
ALTER TABLE customer ADD COLUMN erasing_at BIGINT;
