-- One row per thing of a customer: what is wanted, and how far it got.
CREATE TABLE resource (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    desired_revision BIGINT NOT NULL,
    applied_revision BIGINT NOT NULL,
    failure TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    retry_at BIGINT,
    suspended_reason TEXT,
    suspended_by_hoster BIGINT NOT NULL DEFAULT 0,
    deleted_at BIGINT,
    gone_at BIGINT,
    checked_at BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX resource_customer ON resource (customer_id, kind, name, id);
CREATE INDEX resource_work ON resource (id) WHERE desired_revision <> applied_revision;
CREATE INDEX resource_trash ON resource (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX resource_checked ON resource (checked_at);
