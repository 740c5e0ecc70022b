-- subject: the SFTP login's counter that a link of the kind upload-unlock opens.
ALTER TABLE mailed_token ADD COLUMN subject TEXT;
CREATE INDEX mailed_token_subject ON mailed_token (subject, created_at) WHERE subject IS NOT NULL;
