-- Seen on nodes, and answered at the desk: nothing of it is a customer's to do.
ALTER TABLE edited_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE edited_file FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON edited_file TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON edited_file TO wabe_system USING (true) WITH CHECK (true);
