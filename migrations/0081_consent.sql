-- What staff asked a customer for beyond instructions: to look at their pages. reason is what the customer
-- reads; answer stays empty until somebody who runs the customer gave one. A consent lasts at most 30 days
-- (in microseconds). Source: controls MWK-4-03, MWK-4-04, bar 3.8 T1, T2.
CREATE TABLE consent (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    answer TEXT CHECK (answer IN ('given', 'refused')),
    answered_by TEXT,
    answered_at BIGINT,
    until BIGINT,
    withdrawn_by TEXT,
    withdrawn_at BIGINT,
    CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CHECK ((answer IS NULL) = (answered_by IS NULL)),
    CHECK (answer IS NULL OR answer <> 'given' OR until IS NOT NULL),
    CHECK (until IS NULL OR until - answered_at BETWEEN 1 AND 2592000000000)
);
CREATE INDEX consent_ticket ON consent (customer_id, ticket_id, id);

-- One look of one employee at a customer's pages, on a consent: an hour at most.
CREATE TABLE access_grant (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    consent_id TEXT NOT NULL REFERENCES consent (id),
    staff_user TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT,
    CHECK (until - started_at BETWEEN 1 AND 3600000000)
);
CREATE INDEX access_grant_staff ON access_grant (staff_user, until);
CREATE INDEX access_grant_customer ON access_grant (customer_id, until);

-- As whom somebody looked, and on what. A page of a customer's is shown to staff on a grant and on nothing
-- else.
ALTER TABLE access_log ADD COLUMN ticket_id TEXT;
ALTER TABLE access_log ADD COLUMN grant_id TEXT REFERENCES access_grant (id);
ALTER TABLE access_log ADD COLUMN actor_kind TEXT NOT NULL DEFAULT 'member'
    CHECK (actor_kind IN ('member', 'plugin', 'staff')
        AND (actor_kind <> 'staff' OR area NOT LIKE 'page.%'
            OR (ticket_id IS NOT NULL AND grant_id IS NOT NULL)));
UPDATE access_log SET actor_kind = 'staff' WHERE user_id IN (SELECT user_id FROM staff);
CREATE INDEX access_log_staff ON access_log (customer_id, actor_kind, at, id);
