-- The application elsewhere that answers for a webspace in place of its files: the addresses that were found for it, what
-- was the matter at the last look, when it was well last and is looked for next; and whether a plan allows it.
ALTER TABLE webspace ADD COLUMN proxy TEXT;
ALTER TABLE webspace ADD COLUMN proxy_addresses TEXT NOT NULL DEFAULT '[]';
ALTER TABLE webspace ADD COLUMN proxy_trouble TEXT;
ALTER TABLE webspace ADD COLUMN proxy_good_at BIGINT;
ALTER TABLE webspace ADD COLUMN proxy_next_at BIGINT;
CREATE INDEX webspace_proxy_due ON webspace (proxy_next_at) WHERE proxy_next_at IS NOT NULL;
ALTER TABLE plan ADD COLUMN site_proxy BIGINT NOT NULL DEFAULT 0;
