-- A customer puts secrets in and sees which there are; canned replies are out of its reach.
GRANT SELECT, INSERT, DELETE ON ticket_secret TO wabe_tenant;
ALTER TABLE ticket_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_secret TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON ticket_secret TO wabe_system USING (true) WITH CHECK (true);
