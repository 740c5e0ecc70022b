-- Customers hand their own certificates in and take them away; what is ordered is the system's to say. Nobody of
-- a customer reads a key, not even the one they handed in.
GRANT SELECT, INSERT, DELETE ON site_certificate TO wabe_tenant;
GRANT SELECT (webspace_id, source, customer_id), INSERT, DELETE ON site_certificate_key TO wabe_tenant;
GRANT SELECT ON certificate_order TO wabe_tenant;
GRANT UPDATE (next_at) ON certificate_order TO wabe_tenant;

ALTER TABLE site_certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE site_certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON site_certificate TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON site_certificate TO wabe_system USING (true) WITH CHECK (true);

ALTER TABLE site_certificate_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE site_certificate_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON site_certificate_key TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON site_certificate_key TO wabe_system USING (true) WITH CHECK (true);

ALTER TABLE certificate_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE certificate_order FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON certificate_order TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON certificate_order TO wabe_system USING (true) WITH CHECK (true);
