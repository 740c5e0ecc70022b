-- The rows of customers are behind their policies: the system looks for those whose domain is not proved.
SET LOCAL ROLE wabe_system;
UPDATE resource SET desired_revision = desired_revision + 1
    WHERE gone_at IS NULL AND deleted_at IS NULL AND desired_revision = applied_revision
    AND id IN (SELECT m.id FROM mailbox m JOIN domain d ON d.id = m.domain_id WHERE d.verified_at IS NULL
        UNION ALL SELECT a.id FROM alias a JOIN domain d ON d.id = a.domain_id WHERE d.verified_at IS NULL
        UNION ALL SELECT h.webspace_id FROM webspace_host h WHERE NOT EXISTS (SELECT d.id FROM domain d
            WHERE d.customer_id = h.customer_id AND d.verified_at IS NOT NULL
            AND (h.name = d.name OR h.name LIKE '%.' || d.name)));
RESET ROLE;
