-- What one of the hoster's people asked for and another one decides, with a ticket of the customer as its
-- ground. kind: owner (a member becomes the owner). arguments: everything the deed takes, as it was when it
-- was asked for. user_id: who gains by it. Before due_at nobody agrees. ending: approved (and done, in the
-- same transaction), refused, retracted (by who asked, or because they left), stopped (by somebody of the
-- customer, with a mailed link), lapsed. answer: on what the decision rests. Source: control MWK-7-07, bar
-- 3.8 T7.
CREATE TABLE approval (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    arguments TEXT NOT NULL,
    user_id TEXT REFERENCES wabe_user (id),
    reason TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    told_at BIGINT,
    escalated_at BIGINT,
    ended_at BIGINT,
    ending TEXT CHECK (ending IN ('approved', 'refused', 'retracted', 'stopped', 'lapsed')),
    decided_by TEXT,
    answer TEXT,
    CHECK (kind <> 'owner' OR user_id IS NOT NULL),
    CHECK (user_id IS NULL OR user_id <> requested_by),
    CHECK (decided_by IS NULL OR decided_by <> requested_by),
    CHECK (decided_by IS NULL OR user_id IS NULL OR decided_by <> user_id),
    CHECK ((ended_at IS NULL) = (ending IS NULL)),
    CHECK ((decided_by IS NULL) = (answer IS NULL)),
    CHECK ((decided_by IS NULL) = (ending IS NULL OR ending NOT IN ('approved', 'refused'))),
    CHECK (requested_at <= due_at AND due_at < expires_at),
    CHECK (ending IS NULL OR ending <> 'approved' OR (ended_at >= due_at AND ended_at < expires_at))
);
CREATE UNIQUE INDEX approval_open ON approval (customer_id, kind) WHERE ended_at IS NULL;
CREATE INDEX approval_due ON approval (due_at) WHERE ended_at IS NULL;
CREATE INDEX approval_expires ON approval (expires_at) WHERE ended_at IS NULL;
CREATE INDEX approval_requested ON approval (requested_by) WHERE ended_at IS NULL;
CREATE INDEX approval_ticket ON approval (customer_id, ticket_id, id);
CREATE INDEX approval_ended ON approval (ended_at);
