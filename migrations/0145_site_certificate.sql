-- Certificates for the public names of webspaces. source: own (somebody of the customer handed it in) or
-- ordered (an authority issued it). The key lies apart, sealed, so that nobody reads it who reads the rest.
CREATE TABLE site_certificate (
    webspace_id TEXT NOT NULL REFERENCES webspace (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    source TEXT NOT NULL CHECK (source IN ('own', 'ordered')),
    fingerprint TEXT NOT NULL,
    serial TEXT NOT NULL,
    names TEXT NOT NULL,
    issuer TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    chain TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (webspace_id, source)
);
CREATE INDEX site_certificate_customer ON site_certificate (customer_id, webspace_id);

CREATE TABLE site_certificate_key (
    webspace_id TEXT NOT NULL,
    source TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    sealed TEXT NOT NULL,
    PRIMARY KEY (webspace_id, source),
    FOREIGN KEY (webspace_id, source) REFERENCES site_certificate (webspace_id, source)
);
CREATE INDEX site_certificate_key_customer ON site_certificate_key (customer_id, webspace_id);

-- What is to be ordered for a webspace, and how the last try ended. names: what it is reached by. next_at: when
-- it is looked at; failure: a word, about failure_host where it is about one name. orders: since orders_since,
-- a day. renew_at: when what is held is to be replaced.
CREATE TABLE certificate_order (
    webspace_id TEXT PRIMARY KEY REFERENCES webspace (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    names TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failure TEXT,
    failure_host TEXT,
    tried_at BIGINT,
    orders BIGINT NOT NULL,
    orders_since BIGINT NOT NULL,
    renew_at BIGINT
);
CREATE INDEX certificate_order_next ON certificate_order (next_at);
CREATE INDEX certificate_order_customer ON certificate_order (customer_id, webspace_id);
