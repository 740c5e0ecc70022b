-- Customers see that it waits and until when; deciding, stopping and erasing is the system's.
GRANT SELECT ON customer_erasure TO wabe_tenant;

ALTER TABLE customer_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_erasure TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON customer_erasure TO wabe_system USING (true) WITH CHECK (true);
