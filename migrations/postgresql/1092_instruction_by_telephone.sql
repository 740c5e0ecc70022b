-- In their own transactions people say things themselves: what is written down in their name comes from
-- the desk alone.
CREATE POLICY own_words ON instruction AS RESTRICTIVE FOR INSERT TO wabe_tenant
    WITH CHECK (written_by IS NULL);
CREATE POLICY own_words ON ticket_message AS RESTRICTIVE FOR INSERT TO wabe_tenant
    WITH CHECK (written_by IS NULL);
