-- What a site does beside showing its files: where it sends visitors on, its own pages for errors, how long browsers
-- keep to HTTPS, the most that is uploaded at once, and who comes into which folders. And the most that webspaces of
-- a plan may take at once.
ALTER TABLE webspace ADD COLUMN redirects TEXT NOT NULL DEFAULT '[]';
ALTER TABLE webspace ADD COLUMN error_pages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE webspace ADD COLUMN hsts TEXT NOT NULL DEFAULT 'off';
ALTER TABLE webspace ADD COLUMN upload_bytes BIGINT;
ALTER TABLE webspace ADD COLUMN folder_keys TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plan ADD COLUMN upload_bytes_max BIGINT NOT NULL DEFAULT 268435456;
