-- Which PHP runs a webspace; none when NULL. And whether webspaces of a plan may have PHP.
ALTER TABLE webspace ADD COLUMN php TEXT;
ALTER TABLE plan ADD COLUMN php BIGINT NOT NULL DEFAULT 1;
