-- The record of changes. The skeleton stays for good; the payload is sealed under the customer's
-- key and may be set to NULL. No reference to customer: the record outlives it.
CREATE TABLE change (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_user TEXT,
    actor_token TEXT,
    command TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload_hmac TEXT NOT NULL,
    payload TEXT,
    leaf_index BIGINT
);
CREATE UNIQUE INDEX change_customer ON change (customer_id, seq);
CREATE INDEX change_object ON change (customer_id, object_id, seq);
CREATE UNIQUE INDEX change_leaf ON change (leaf_index) WHERE leaf_index IS NOT NULL;
CREATE INDEX change_waiting ON change (at, customer_id, seq) WHERE leaf_index IS NULL;

-- One key per customer, wrapped by the key of the installation. Erased: wrapped is NULL.
CREATE TABLE subject_key (
    customer_id TEXT PRIMARY KEY,
    wrapped TEXT,
    created_at BIGINT NOT NULL,
    destroyed_at BIGINT
);

-- The hash tree of RFC 6962: its size, its nodes in tiles of up to 256, its signed checkpoints.
CREATE TABLE tree (
    id BIGINT PRIMARY KEY,
    size BIGINT NOT NULL
);
INSERT INTO tree (id, size) VALUES (1, 0);

CREATE TABLE tile (
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes TEXT NOT NULL,
    PRIMARY KEY (level, number)
);

CREATE TABLE checkpoint (
    size BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- Who looked at what; kept for days, not for good.
CREATE TABLE access_log (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    user_id TEXT,
    area TEXT NOT NULL,
    object_id TEXT,
    address TEXT
);
CREATE INDEX access_log_customer ON access_log (customer_id, id);
CREATE INDEX access_log_at ON access_log (at);

-- Failed logins, lockouts, resets. No names, no addresses in full.
CREATE TABLE security_log (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    user_id TEXT,
    subject_hash TEXT,
    address TEXT,
    detail TEXT
);
CREATE INDEX security_log_user ON security_log (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX security_log_at ON security_log (at);
