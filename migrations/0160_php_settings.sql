-- What customers decided about the PHP of a webspace, each setting by its name. And the most that a plan lets it take:
-- megabytes of memory in one request, seconds that one may take, and requests that are worked on at the same time.
ALTER TABLE webspace ADD COLUMN php_settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE plan ADD COLUMN php_megabytes BIGINT NOT NULL DEFAULT 256;
ALTER TABLE plan ADD COLUMN php_seconds BIGINT NOT NULL DEFAULT 300;
ALTER TABLE plan ADD COLUMN php_children BIGINT NOT NULL DEFAULT 5;
