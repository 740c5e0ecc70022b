-- Work that outlives a request, what happens by the clock, and what people are told.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT,
    dedupe_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    last_error TEXT,
    dead_at BIGINT
);
CREATE INDEX job_due ON job (kind, run_at, id) WHERE dead_at IS NULL;
CREATE INDEX job_dead ON job (dead_at, id) WHERE dead_at IS NOT NULL;

CREATE TABLE schedule (
    name TEXT PRIMARY KEY,
    last_started_at BIGINT NOT NULL,
    last_finished_at BIGINT,
    last_outcome TEXT NOT NULL
);

-- args may hold a once-only link; it is NULL as soon as the mail went out or was given up.
CREATE TABLE outgoing_mail (
    id TEXT PRIMARY KEY,
    user_id TEXT,
    recipient TEXT,
    name TEXT,
    language TEXT,
    kind TEXT NOT NULL,
    args TEXT,
    state TEXT NOT NULL,
    failure TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX outgoing_mail_waiting ON outgoing_mail (expires_at) WHERE finished_at IS NULL;
CREATE INDEX outgoing_mail_finished ON outgoing_mail (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE notice_preference (
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    wanted BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- One row per person told. What concerns a person and no customer stands under the house.
CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    object_name TEXT NOT NULL,
    args TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT,
    dedupe_key TEXT
);
CREATE INDEX notice_user ON notice (user_id, customer_id, id);
CREATE INDEX notice_unread ON notice (user_id, customer_id) WHERE read_at IS NULL;
CREATE INDEX notice_created ON notice (created_at);
CREATE UNIQUE INDEX notice_dedupe ON notice (user_id, dedupe_key);
CREATE INDEX notice_open ON notice (customer_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
