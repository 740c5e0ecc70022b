-- Whom somebody of the hoster recognised is the desk's to write down; the record tells the customer.
ALTER TABLE caller_proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE caller_proof FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON caller_proof TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON caller_proof TO wabe_system USING (true) WITH CHECK (true);
