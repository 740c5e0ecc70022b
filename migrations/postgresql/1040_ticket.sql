-- Internal notes stand behind the same wall as other customers' rows: a customer's transaction neither
-- reads nor writes one, whatever its statement says. The counter of numbers is out of its reach.
GRANT SELECT, INSERT, UPDATE ON ticket TO wabe_tenant;
GRANT SELECT, INSERT ON ticket_message TO wabe_tenant;
GRANT INSERT ON ticket_word TO wabe_tenant;

DO $$
DECLARE
    target TEXT;
BEGIN
    FOREACH target IN ARRAY ARRAY['ticket', 'ticket_message', 'ticket_word']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY system ON %I TO wabe_system USING (true) WITH CHECK (true)', target);
    END LOOP;
    FOREACH target IN ARRAY ARRAY['ticket', 'ticket_word']
    LOOP
        EXECUTE format(
            'CREATE POLICY tenant ON %I TO wabe_tenant '
            'USING (customer_id = current_setting(''wabe.customer'', true)) '
            'WITH CHECK (customer_id = current_setting(''wabe.customer'', true))', target);
    END LOOP;
END
$$;

CREATE POLICY tenant ON ticket_message TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true) AND visibility = 'public')
    WITH CHECK (customer_id = current_setting('wabe.customer', true) AND visibility = 'public');
