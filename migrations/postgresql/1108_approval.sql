-- Customers read in their ticket what waits; asking, deciding and stopping is the system's.
GRANT SELECT ON approval TO wabe_tenant;

ALTER TABLE approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE approval FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON approval TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON approval TO wabe_system USING (true) WITH CHECK (true);
