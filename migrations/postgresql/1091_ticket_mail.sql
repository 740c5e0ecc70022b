-- Commands of a customer make the address of their ticket. Letters that wait and senders are the
-- system's alone.
GRANT SELECT, INSERT, UPDATE ON ticket_address TO wabe_tenant;
ALTER TABLE ticket_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_address FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_address TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON ticket_address TO wabe_system USING (true) WITH CHECK (true);
