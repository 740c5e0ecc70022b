GRANT UPDATE (reads_mail, reads_files, reads_rows, acts) ON consent TO wabe_tenant;
GRANT SELECT ON grant_reach TO wabe_tenant;

ALTER TABLE grant_reach ENABLE ROW LEVEL SECURITY;
ALTER TABLE grant_reach FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON grant_reach TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON grant_reach TO wabe_system USING (true) WITH CHECK (true);
