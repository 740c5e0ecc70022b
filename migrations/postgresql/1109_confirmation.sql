-- Letters are made at the desk and by the panel; in their own transactions people only answer them.
GRANT SELECT ON confirmation TO wabe_tenant;
GRANT UPDATE (ended_at, ending) ON confirmation TO wabe_tenant;
ALTER TABLE confirmation ENABLE ROW LEVEL SECURITY;
ALTER TABLE confirmation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON confirmation TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON confirmation TO wabe_system USING (true) WITH CHECK (true);

-- An instruction says that it was confirmed by letter only when that letter was: by the same person, about
-- the same thing, in the same ticket.
CREATE POLICY confirmed ON instruction AS RESTRICTIVE FOR INSERT TO wabe_tenant
    WITH CHECK (confirmation_id IS NULL OR EXISTS (
        SELECT 1 FROM confirmation c
        WHERE c.id = instruction.confirmation_id AND c.ending = 'confirmed'
            AND c.customer_id = instruction.customer_id AND c.ticket_id = instruction.ticket_id
            AND c.user_id = instruction.given_by AND c.object_id = instruction.object_id));
