-- What a node has is the reconciler's to say; the customer reads it.
GRANT SELECT ON webspace_certificate TO wabe_tenant;
ALTER TABLE webspace_certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE webspace_certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webspace_certificate TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON webspace_certificate TO wabe_system USING (true) WITH CHECK (true);
