-- Whoever answers says for how long; that it holds so long is the system's to keep.
GRANT UPDATE (agreed_until) ON consent TO wabe_tenant;

ALTER TABLE consent_extension ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_extension FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consent_extension TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON consent_extension TO wabe_system USING (true) WITH CHECK (true);
