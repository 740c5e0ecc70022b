-- Who wants a letter about what the hoster's people saw and changed of a customer's, how often, and until
-- when the last one told. Who wants none has no row.
CREATE TABLE access_digest (
    customer_id TEXT NOT NULL REFERENCES customer (id),
    user_id TEXT NOT NULL,
    cadence TEXT NOT NULL CHECK (cadence IN ('daily', 'weekly')),
    told_until BIGINT NOT NULL,
    PRIMARY KEY (customer_id, user_id)
);
CREATE INDEX access_digest_due ON access_digest (cadence, told_until);
