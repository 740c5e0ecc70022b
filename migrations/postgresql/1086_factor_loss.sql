-- Before anybody is known to belong to a customer, and at the desk: nothing of it is a customer's to do.
ALTER TABLE factor_loss ENABLE ROW LEVEL SECURITY;
ALTER TABLE factor_loss FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON factor_loss TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON factor_loss TO wabe_system USING (true) WITH CHECK (true);
