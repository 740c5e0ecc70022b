-- Everything that the tables hold of a customer's, as one file that its owners download. A job makes it from
-- table to table (place, after_key) in parts, sealed under the customer's key; three days (in microseconds)
-- after it is ready they are removed. asked_by is an owner, or somebody of the hoster: then another one
-- agreed, and the approval itself holds both to be so. lines: rows of tables. ending: removed (three days
-- are over, or the next one is ready), failed (not ready within a day). Source: GDPR 15, 20, control MWK-7-07.
CREATE TABLE customer_export (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    approval_id TEXT,
    approval_ending TEXT CHECK (approval_ending = 'approved'),
    agreed_by TEXT,
    place BIGINT NOT NULL,
    after_key TEXT NOT NULL,
    parts BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    ready_at BIGINT,
    expires_at BIGINT,
    ended_at BIGINT,
    ending TEXT CHECK (ending IN ('removed', 'failed')),
    CHECK ((approval_id IS NULL) = (approval_ending IS NULL)),
    CHECK ((approval_id IS NULL) = (agreed_by IS NULL)),
    CHECK (agreed_by IS NULL OR agreed_by <> asked_by),
    CHECK ((ready_at IS NULL) = (expires_at IS NULL)),
    CHECK (ready_at IS NULL OR expires_at - ready_at = 259200000000),
    CHECK ((ended_at IS NULL) = (ending IS NULL)),
    CHECK (ending IS NULL OR (ending = 'removed') = (ready_at IS NOT NULL)),
    FOREIGN KEY (approval_id, id, approval_ending, agreed_by) REFERENCES approval (id, object_id, ending, decided_by)
);
CREATE UNIQUE INDEX customer_export_making ON customer_export (customer_id) WHERE ready_at IS NULL AND ended_at IS NULL;
CREATE INDEX customer_export_customer ON customer_export (customer_id, id);
CREATE INDEX customer_export_asked ON customer_export (asked_at) WHERE ready_at IS NULL AND ended_at IS NULL;
CREATE INDEX customer_export_expires ON customer_export (expires_at) WHERE ended_at IS NULL;
CREATE INDEX customer_export_ended ON customer_export (ended_at);

CREATE TABLE customer_export_part (
    export_id TEXT NOT NULL REFERENCES customer_export (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    place BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (export_id, place)
);
CREATE INDEX customer_export_part_customer ON customer_export_part (customer_id, export_id, place);
