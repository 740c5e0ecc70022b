-- Each customer may keep a name on a webspace; whose right to it was proved is served. A customer whose
-- proof is gone keeps what they set up and is in nobody's way.
DROP INDEX webspace_host_name;
CREATE UNIQUE INDEX webspace_host_name ON webspace_host (customer_id, name);

-- Webspaces, mailboxes and aliases whose domain is not proved are looked at once more, so that they say so.
UPDATE resource SET desired_revision = desired_revision + 1
    WHERE gone_at IS NULL AND deleted_at IS NULL AND desired_revision = applied_revision
    AND id IN (SELECT m.id FROM mailbox m JOIN domain d ON d.id = m.domain_id WHERE d.verified_at IS NULL
        UNION ALL SELECT a.id FROM alias a JOIN domain d ON d.id = a.domain_id WHERE d.verified_at IS NULL
        UNION ALL SELECT h.webspace_id FROM webspace_host h WHERE NOT EXISTS (SELECT d.id FROM domain d
            WHERE d.customer_id = h.customer_id AND d.verified_at IS NOT NULL
            AND (h.name = d.name OR h.name LIKE '%.' || d.name)));
