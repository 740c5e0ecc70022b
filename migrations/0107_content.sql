-- What a consent reaches beyond how things stand: mail, files and rows to read, and acts, which a ticket's
-- action needs that is sensitive. asks_ is what staff asked for, the others what was given with the answer:
-- never more. Source: bar 3.8 T1 to T3.
ALTER TABLE consent ADD COLUMN asks_mail BIGINT NOT NULL DEFAULT 0 CHECK (asks_mail IN (0, 1));
ALTER TABLE consent ADD COLUMN asks_files BIGINT NOT NULL DEFAULT 0 CHECK (asks_files IN (0, 1));
ALTER TABLE consent ADD COLUMN asks_rows BIGINT NOT NULL DEFAULT 0 CHECK (asks_rows IN (0, 1));
ALTER TABLE consent ADD COLUMN asks_acts BIGINT NOT NULL DEFAULT 0 CHECK (asks_acts IN (0, 1));
ALTER TABLE consent ADD COLUMN reads_mail BIGINT NOT NULL DEFAULT 0
    CHECK (reads_mail = 0
        OR (reads_mail = 1 AND asks_mail = 1 AND answer IS NOT NULL AND answer = 'given'));
ALTER TABLE consent ADD COLUMN reads_files BIGINT NOT NULL DEFAULT 0
    CHECK (reads_files = 0
        OR (reads_files = 1 AND asks_files = 1 AND answer IS NOT NULL AND answer = 'given'));
ALTER TABLE consent ADD COLUMN reads_rows BIGINT NOT NULL DEFAULT 0
    CHECK (reads_rows = 0
        OR (reads_rows = 1 AND asks_rows = 1 AND answer IS NOT NULL AND answer = 'given'));
ALTER TABLE consent ADD COLUMN acts BIGINT NOT NULL DEFAULT 0
    CHECK (acts = 0 OR (acts = 1 AND asks_acts = 1 AND answer IS NOT NULL AND answer = 'given'));
CREATE UNIQUE INDEX consent_mail ON consent (id, reads_mail);
CREATE UNIQUE INDEX consent_files ON consent (id, reads_files);
CREATE UNIQUE INDEX consent_rows ON consent (id, reads_rows);
CREATE UNIQUE INDEX access_grant_consent ON access_grant (id, consent_id);

-- What a look opens: one row for each kind of content that its consent reaches, and none for another. Once
-- somebody looks on a consent, what it reaches stays as it is.
CREATE TABLE grant_reach (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    grant_id TEXT NOT NULL,
    consent_id TEXT NOT NULL,
    content TEXT NOT NULL CHECK (content IN ('mail', 'files', 'rows')),
    reads_mail BIGINT,
    reads_files BIGINT,
    reads_rows BIGINT,
    CHECK (id = grant_id || '.' || content),
    CHECK (content <> 'mail' OR (reads_mail IS NOT NULL AND reads_mail = 1)),
    CHECK (content <> 'files' OR (reads_files IS NOT NULL AND reads_files = 1)),
    CHECK (content <> 'rows' OR (reads_rows IS NOT NULL AND reads_rows = 1)),
    FOREIGN KEY (grant_id, consent_id) REFERENCES access_grant (id, consent_id),
    FOREIGN KEY (consent_id, reads_mail) REFERENCES consent (id, reads_mail),
    FOREIGN KEY (consent_id, reads_files) REFERENCES consent (id, reads_files),
    FOREIGN KEY (consent_id, reads_rows) REFERENCES consent (id, reads_rows)
);
CREATE INDEX grant_reach_consent ON grant_reach (consent_id);

-- Who read content before could only be somebody of the customer's, also if they work here too.
UPDATE access_log SET actor_kind = 'member'
    WHERE actor_kind = 'staff' AND grant_id IS NULL AND token_id IS NULL
    AND (area LIKE 'mail.%' OR area LIKE 'file.%' OR area LIKE 'sql.%');
-- Which of it was opened: the name of a file, the key of a message, the name of a table. Content is shown to
-- staff on a grant that reaches it and on nothing else.
ALTER TABLE access_log ADD COLUMN detail TEXT;
ALTER TABLE access_log ADD COLUMN reach_id TEXT REFERENCES grant_reach (id)
    CHECK (actor_kind <> 'staff'
        OR ((area NOT LIKE 'mail.%'
                OR (reach_id IS NOT NULL AND grant_id IS NOT NULL AND reach_id = grant_id || '.mail'))
            AND (area NOT LIKE 'file.%'
                OR (reach_id IS NOT NULL AND grant_id IS NOT NULL AND reach_id = grant_id || '.files'))
            AND (area NOT LIKE 'sql.%'
                OR (reach_id IS NOT NULL AND grant_id IS NOT NULL AND reach_id = grant_id || '.rows'))));
