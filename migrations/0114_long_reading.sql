-- Reading content for longer than a day takes two people of the hoster: one asks, another one approves. What
-- they approved names who did and about which consent, and the approval itself holds both to be so. id: the
-- consent. Source: bar 3.8 T3, control MWK-7-07.
CREATE UNIQUE INDEX approval_decision ON approval (id, object_id, ending, decided_by);
CREATE TABLE consent_extension (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    approval_id TEXT NOT NULL,
    ending TEXT NOT NULL CHECK (ending = 'approved'),
    agreed_by TEXT NOT NULL,
    FOREIGN KEY (approval_id, id, ending, agreed_by) REFERENCES approval (id, object_id, ending, decided_by)
);
CREATE UNIQUE INDEX consent_extension_approval ON consent_extension (approval_id);
CREATE INDEX consent_extension_customer ON consent_extension (customer_id, id);

-- agreed_until is how long whoever answered said, until is how long it holds: where it reads content, one day
-- (in microseconds) unless that was approved. Consents from before hold no longer either.
ALTER TABLE consent ADD COLUMN agreed_until BIGINT;
UPDATE consent SET agreed_until = until WHERE until IS NOT NULL;
UPDATE consent SET until = answered_at + 86400000000
    WHERE until - answered_at > 86400000000 AND (reads_mail = 1 OR reads_files = 1 OR reads_rows = 1);
ALTER TABLE consent ADD COLUMN extension_id TEXT REFERENCES consent_extension (id)
    CHECK ((until IS NULL) = (agreed_until IS NULL)
        AND (until IS NULL OR (until <= agreed_until AND agreed_until - answered_at <= 2592000000000))
        AND (extension_id IS NULL OR extension_id = id)
        AND (until IS NULL OR until - answered_at <= 86400000000 OR extension_id IS NOT NULL
            OR (reads_mail = 0 AND reads_files = 0 AND reads_rows = 0)));

-- One of a kind waits at a time in a customer; of consents, one for each.
DROP INDEX approval_open;
CREATE UNIQUE INDEX approval_open ON approval (customer_id, kind) WHERE ended_at IS NULL AND kind <> 'content';
CREATE UNIQUE INDEX approval_open_content ON approval (object_id) WHERE ended_at IS NULL AND kind = 'content';
