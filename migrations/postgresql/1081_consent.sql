GRANT SELECT, INSERT ON consent TO wabe_tenant;
GRANT UPDATE (answer, answered_by, answered_at, until, withdrawn_by, withdrawn_at) ON consent TO wabe_tenant;
GRANT SELECT ON access_grant TO wabe_tenant;
GRANT UPDATE (ended_by, ended_at) ON access_grant TO wabe_tenant;

ALTER TABLE consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consent TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON consent TO wabe_system USING (true) WITH CHECK (true);

ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON access_grant TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON access_grant TO wabe_system USING (true) WITH CHECK (true);
