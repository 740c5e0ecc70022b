-- Before anybody is known to belong to a customer, and at the desk: nothing of it is a customer's to see.
ALTER TABLE ticket_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_contact FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_contact TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON ticket_contact TO wabe_system USING (true) WITH CHECK (true);

-- Nobody of the house answers for a customer: in its own tickets nothing is agreed to and nothing looked at.
ALTER TABLE consent ADD CONSTRAINT consent_of_a_customer
    CHECK (customer_id <> 'cus_00000000000000000000000000');
ALTER TABLE access_grant ADD CONSTRAINT access_grant_of_a_customer
    CHECK (customer_id <> 'cus_00000000000000000000000000');
