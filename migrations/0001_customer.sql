-- The tenants, what they booked, and who belongs to them.
CREATE TABLE plan (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    limits TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE customer (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_search TEXT NOT NULL,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    contact_email TEXT NOT NULL,
    second_contact_email TEXT,
    suspended_reason TEXT,
    change_seq BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX customer_name ON customer (name_search, id);

CREATE TABLE usage (
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    used BIGINT NOT NULL,
    max BIGINT NOT NULL,
    PRIMARY KEY (customer_id, name)
);

CREATE TABLE member (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, customer_id)
);
CREATE INDEX member_customer ON member (customer_id, id);

CREATE TABLE staff (
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, role)
);

-- A repeated request with the same key finds the change that the first one made.
CREATE TABLE idempotency (
    customer_id TEXT NOT NULL REFERENCES customer (id),
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    change_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, key)
);

-- What belongs to the hoster itself is recorded under this number.
INSERT INTO plan (id, name, limits, created_at) VALUES ('pln_00000000000000000000000000', 'house', '{}', 0);
INSERT INTO customer (id, number, name, name_search, plan_id, contact_email, created_at)
VALUES ('cus_00000000000000000000000000', 'K00000', 'house', '', 'pln_00000000000000000000000000', '', 0);
