-- What customers own. Each row stands beside its resource row, which holds state and revisions.
CREATE TABLE domain (
    id TEXT PRIMARY KEY REFERENCES resource (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    token TEXT NOT NULL,
    method TEXT,
    verified_at BIGINT,
    finding TEXT NOT NULL,
    checked_at BIGINT,
    next_check_at BIGINT,
    failed_checks BIGINT NOT NULL DEFAULT 0,
    consented_by TEXT,
    active BIGINT NOT NULL DEFAULT 1
);
-- Many may claim a name, one has proved it.
CREATE UNIQUE INDEX domain_verified ON domain (name) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX domain_claim ON domain (customer_id, name) WHERE active = 1;
CREATE INDEX domain_due ON domain (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE webspace (
    id TEXT PRIMARY KEY REFERENCES resource (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    preview_label TEXT NOT NULL UNIQUE,
    document_root TEXT NOT NULL,
    quota_bytes BIGINT NOT NULL,
    https_redirect BIGINT NOT NULL,
    full_addresses_until BIGINT,
    password_hash TEXT,
    active BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX webspace_name ON webspace (customer_id, name) WHERE active = 1;

CREATE TABLE webspace_host (
    webspace_id TEXT NOT NULL REFERENCES webspace (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (webspace_id, name)
);
CREATE UNIQUE INDEX webspace_host_name ON webspace_host (name);
CREATE INDEX webspace_host_customer ON webspace_host (customer_id, webspace_id);

CREATE TABLE access_key (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    webspace_id TEXT NOT NULL REFERENCES webspace (id),
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX access_key_webspace ON access_key (customer_id, webspace_id, public_key);

CREATE TABLE mailbox (
    id TEXT PRIMARY KEY REFERENCES resource (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    domain_id TEXT NOT NULL REFERENCES domain (id),
    address TEXT NOT NULL,
    quota_bytes BIGINT NOT NULL,
    password_hash TEXT NOT NULL
);
CREATE INDEX mailbox_customer ON mailbox (customer_id, address);
CREATE INDEX mailbox_domain ON mailbox (customer_id, domain_id);

CREATE TABLE alias (
    id TEXT PRIMARY KEY REFERENCES resource (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    domain_id TEXT NOT NULL REFERENCES domain (id),
    address TEXT NOT NULL,
    targets TEXT NOT NULL
);
CREATE INDEX alias_customer ON alias (customer_id, address);
CREATE INDEX alias_domain ON alias (customer_id, domain_id);

-- An address receives at one place only, mailbox or alias; it stays reserved while that is in the trash.
CREATE TABLE mail_address (
    address TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    resource_id TEXT NOT NULL UNIQUE
);

CREATE TABLE database (
    id TEXT PRIMARY KEY REFERENCES resource (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    engine TEXT NOT NULL,
    quota_bytes BIGINT NOT NULL,
    active BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX database_name ON database (customer_id, name) WHERE active = 1;

-- How much content there was when it was last measured.
CREATE TABLE content_use (
    resource_id TEXT PRIMARY KEY REFERENCES resource (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    bytes BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    measured_at BIGINT NOT NULL
);
CREATE INDEX content_use_customer ON content_use (customer_id, resource_id);
