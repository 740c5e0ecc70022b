-- The second wall: a transaction scoped to one customer reaches that customer's rows, whatever the
-- statement says. Without the setting, or with an empty one, it reaches none. Forced, so that owning
-- the table is no way around it. Source: bar 3.7 T4.
DO $$
DECLARE
    target TEXT;
BEGIN
    FOREACH target IN ARRAY ARRAY[
        'usage', 'member', 'idempotency', 'resource',
        'domain', 'webspace', 'webspace_host', 'access_key', 'mailbox', 'alias', 'mail_address',
        'database', 'content_use',
        'invitation', 'api_token', 'session', 'notice',
        'change', 'subject_key', 'access_log'
    ]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', target);
        EXECUTE format(
            'CREATE POLICY tenant ON %I TO wabe_tenant '
            'USING (customer_id = current_setting(''wabe.customer'', true)) '
            'WITH CHECK (customer_id = current_setting(''wabe.customer'', true))', target);
        EXECUTE format('CREATE POLICY system ON %I TO wabe_system USING (true) WITH CHECK (true)', target);
    END LOOP;
END
$$;

ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer TO wabe_tenant
    USING (id = current_setting('wabe.customer', true))
    WITH CHECK (id = current_setting('wabe.customer', true));
CREATE POLICY system ON customer TO wabe_system USING (true) WITH CHECK (true);

-- Who works here matters only where the hoster acts for itself: under the number of the house.
ALTER TABLE staff ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON staff FOR SELECT TO wabe_tenant
    USING (current_setting('wabe.customer', true) = 'cus_00000000000000000000000000');
CREATE POLICY system ON staff TO wabe_system USING (true) WITH CHECK (true);
