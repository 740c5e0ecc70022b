-- Who wrote without an account. Their ticket belongs to the house until staff hand it to the customer whose
-- it is; it stays who asked then. token_digest is the SHA-256 of the one link that proves the address, and
-- is gone once it did.
CREATE TABLE ticket_contact (
    ticket_id TEXT PRIMARY KEY REFERENCES ticket (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    token_digest TEXT UNIQUE,
    expires_at BIGINT NOT NULL,
    proved_at BIGINT,
    CHECK (proved_at IS NULL OR token_digest IS NULL),
    -- Nobody's words come to a customer from an address that nobody proved.
    CHECK (customer_id = 'cus_00000000000000000000000000' OR proved_at IS NOT NULL)
);
CREATE INDEX ticket_contact_customer ON ticket_contact (customer_id, ticket_id);
