GRANT SELECT, INSERT ON ticket_handover TO wabe_tenant;
GRANT UPDATE (emptied_at, collected_by) ON ticket_handover TO wabe_tenant;
GRANT SELECT, INSERT, DELETE ON ticket_handover_secret TO wabe_tenant;

ALTER TABLE ticket_handover ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_handover FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_handover TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON ticket_handover TO wabe_system USING (true) WITH CHECK (true);

-- Nobody is said to have seen a password but a member who may set it themselves.
CREATE POLICY for_members ON ticket_handover AS RESTRICTIVE FOR UPDATE TO wabe_tenant
    USING (true)
    WITH CHECK (collected_by IS NULL OR EXISTS (SELECT 1 FROM member m
        WHERE m.customer_id = ticket_handover.customer_id AND m.user_id = ticket_handover.collected_by
        AND m.role IN ('owner', 'administrator',
            CASE ticket_handover.object_kind WHEN 'mailbox' THEN 'mail_manager' ELSE 'webmaster' END)));

ALTER TABLE ticket_handover_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_handover_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_handover_secret TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
-- What staff read, they read in the system's transactions: no secret for a customer is there.
CREATE POLICY system ON ticket_handover_secret TO wabe_system USING (false) WITH CHECK (false);
