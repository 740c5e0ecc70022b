-- The certificate that the node served a webspace with when it was last looked at; no row without one.
CREATE TABLE webspace_certificate (
    webspace_id TEXT PRIMARY KEY REFERENCES webspace (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    names TEXT NOT NULL,
    issuer TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX webspace_certificate_customer ON webspace_certificate (customer_id, webspace_id);
