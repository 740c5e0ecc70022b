GRANT SELECT, INSERT ON instruction TO wabe_tenant;
GRANT UPDATE (ended_by, ended_at) ON instruction TO wabe_tenant;

ALTER TABLE instruction ENABLE ROW LEVEL SECURITY;
ALTER TABLE instruction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON instruction TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON instruction TO wabe_system USING (true) WITH CHECK (true);
