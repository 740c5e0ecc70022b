-- Files of internal notes stand behind the same wall as the notes.
GRANT SELECT, INSERT ON ticket_attachment TO wabe_tenant;
ALTER TABLE ticket_attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_attachment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_attachment TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true) AND visibility = 'public')
    WITH CHECK (customer_id = current_setting('wabe.customer', true) AND visibility = 'public');
CREATE POLICY system ON ticket_attachment TO wabe_system USING (true) WITH CHECK (true);
