-- Where programs elsewhere may come to a database from, over TLS; whether a plan allows that; and whether they come to
-- the servers of the node at all: under which name, and who signed the certificate where nobody knows them.
ALTER TABLE database ADD COLUMN remote_addresses TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plan ADD COLUMN database_remote BIGINT NOT NULL DEFAULT 1;
ALTER TABLE database_server ADD COLUMN remote TEXT NOT NULL DEFAULT 'off';
ALTER TABLE database_server ADD COLUMN remote_host TEXT;
ALTER TABLE database_server ADD COLUMN remote_authority TEXT;
