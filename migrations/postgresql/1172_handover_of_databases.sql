-- New passwords of databases are handed over like those of mailboxes and webspaces.
ALTER TABLE ticket_handover DROP CONSTRAINT ticket_handover_object_kind_check;
ALTER TABLE ticket_handover ADD CONSTRAINT ticket_handover_object_kind_check
    CHECK (object_kind IN ('mailbox', 'webspace', 'database'));

-- Nobody is said to have seen a password but a member who may set it themselves.
DROP POLICY for_members ON ticket_handover;
CREATE POLICY for_members ON ticket_handover AS RESTRICTIVE FOR UPDATE TO wabe_tenant
    USING (true)
    WITH CHECK (collected_by IS NULL OR EXISTS (SELECT 1 FROM member m
        WHERE m.customer_id = ticket_handover.customer_id AND m.user_id = ticket_handover.collected_by
        AND m.role IN ('owner', 'administrator',
            CASE ticket_handover.object_kind WHEN 'mailbox' THEN 'mail_manager'
                WHEN 'database' THEN 'database_manager' ELSE 'webmaster' END)));
