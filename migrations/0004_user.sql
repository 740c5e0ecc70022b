-- People who can log in. Secrets are kept as hashes only.
CREATE TABLE wabe_user (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    theme TEXT NOT NULL DEFAULT 'auto',
    password_hash TEXT,
    password_changed_at BIGINT,
    must_change_password BIGINT NOT NULL DEFAULT 0,
    initial_expires_at BIGINT,
    disabled_at BIGINT,
    last_login_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE password_history (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    password_hash TEXT NOT NULL,
    replaced_at BIGINT NOT NULL
);
CREATE INDEX password_history_user ON password_history (user_id, replaced_at);

-- One row per guarded way in: an account over untrusted clients, a trusted device, an SFTP login.
-- The subject and the recent wrong secrets are keyed hashes.
CREATE TABLE login_throttle (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    budget BIGINT NOT NULL,
    budget_since BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    admitted BIGINT NOT NULL,
    recent TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX login_throttle_updated ON login_throttle (updated_at);

-- Which subjects failed lately from which net; both are keyed hashes.
CREATE TABLE login_net (
    net TEXT NOT NULL,
    subject TEXT NOT NULL,
    failed_at BIGINT NOT NULL,
    PRIMARY KEY (net, subject)
);
CREATE INDEX login_net_failed ON login_net (failed_at);

-- How often something was asked for within an hour.
CREATE TABLE request_rate (
    bucket TEXT PRIMARY KEY,
    since BIGINT NOT NULL,
    requests BIGINT NOT NULL
);
CREATE INDEX request_rate_since ON request_rate (since);

-- Browsers that a user logged in from before. Knowing one never logs anybody in.
CREATE TABLE device (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX device_user ON device (user_id);
CREATE INDEX device_expires ON device (expires_at);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    staff BIGINT NOT NULL,
    customer_id TEXT,
    csrf_secret TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX session_of_user ON session (user_id, created_at);
CREATE INDEX session_created ON session (created_at);

-- What was sent by mail and may be used once.
CREATE TABLE mailed_token (
    token_hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX mailed_token_user ON mailed_token (user_id, kind, created_at);
CREATE INDEX mailed_token_expires ON mailed_token (expires_at);

CREATE TABLE invitation (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    invited_by TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (customer_id, email)
);

CREATE TABLE api_token (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    sensitive BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX api_token_customer ON api_token (customer_id, user_id, id);
CREATE INDEX api_token_user ON api_token (user_id);
