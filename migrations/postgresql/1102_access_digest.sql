GRANT SELECT, INSERT, UPDATE, DELETE ON access_digest TO wabe_tenant;

ALTER TABLE access_digest ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_digest FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON access_digest TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON access_digest TO wabe_system USING (true) WITH CHECK (true);
