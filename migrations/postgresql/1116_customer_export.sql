-- Owners see how it stands and read its parts; asking, making and removing is the system's.
GRANT SELECT ON customer_export, customer_export_part TO wabe_tenant;

ALTER TABLE customer_export ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_export FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_export TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON customer_export TO wabe_system USING (true) WITH CHECK (true);

ALTER TABLE customer_export_part ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_export_part FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_export_part TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON customer_export_part TO wabe_system USING (true) WITH CHECK (true);
