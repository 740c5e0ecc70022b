-- A role at the hoster is asked for by one person and given by another, who is not whom it is for.
-- ending: granted, refused, retracted (by who asked), lapsed. answer: why it was refused, or on what the
-- decision rests.
CREATE TABLE staff_request (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    user_id TEXT REFERENCES wabe_user (id),
    roles TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    reminded_at BIGINT,
    ended_at BIGINT,
    ending TEXT,
    decided_by TEXT,
    answer TEXT,
    CHECK (decided_by IS NULL OR decided_by <> asked_by),
    CHECK (decided_by IS NULL OR user_id IS NULL OR decided_by <> user_id),
    CHECK ((ended_at IS NULL AND ending IS NULL) OR (ended_at IS NOT NULL AND ending IS NOT NULL)),
    CHECK (ending IS NULL OR ending NOT IN ('granted', 'refused')
        OR (decided_by IS NOT NULL AND answer IS NOT NULL)),
    CHECK (ending IS NULL OR ending <> 'granted' OR user_id IS NOT NULL)
);
CREATE UNIQUE INDEX staff_request_open ON staff_request (email) WHERE ended_at IS NULL;
CREATE INDEX staff_request_waiting ON staff_request (asked_at) WHERE ended_at IS NULL;
CREATE INDEX staff_request_ended ON staff_request (ended_at);

-- The day (since 1970) on which somebody who works here last used a permission; no more than that.
CREATE TABLE permission_use (
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    permission TEXT NOT NULL,
    day BIGINT NOT NULL,
    PRIMARY KEY (user_id, permission)
);

-- Every right of everybody who works here, gone through once a quarter. What it found stays as
-- evidence: an item holds its own copy of names. kind: role, or token. outcome: confirmed, withdrawn,
-- gone (the right ended before anybody decided).
CREATE TABLE access_review (
    id TEXT PRIMARY KEY,
    quarter TEXT NOT NULL UNIQUE,
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    reminded_at BIGINT,
    closed_at BIGINT
);
CREATE INDEX access_review_opened ON access_review (opened_at);
CREATE TABLE access_review_item (
    id TEXT PRIMARY KEY,
    review_id TEXT NOT NULL REFERENCES access_review (id),
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    user_email TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    label TEXT NOT NULL,
    since BIGINT NOT NULL,
    last_used_at BIGINT,
    outcome TEXT,
    decided_by TEXT,
    decided_at BIGINT,
    reason TEXT,
    CHECK (decided_by IS NULL OR decided_by <> user_id),
    CHECK ((outcome IS NULL AND decided_at IS NULL) OR (outcome IS NOT NULL AND decided_at IS NOT NULL)),
    CHECK (outcome IS NULL OR outcome NOT IN ('confirmed', 'withdrawn') OR decided_by IS NOT NULL),
    CHECK (outcome IS NULL OR outcome <> 'withdrawn' OR reason IS NOT NULL)
);
CREATE INDEX access_review_item_review ON access_review_item (review_id, user_name, id);
CREATE INDEX access_review_item_user ON access_review_item (user_id) WHERE outcome IS NULL;
