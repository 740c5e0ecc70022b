-- Bytes that the runs of an installation would leave behind on each day, input and recording with them: beyond
-- what there is room for, only how they ended is kept. And how many effects were applied.
ALTER TABLE installation_use ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE installation_use ADD COLUMN effects BIGINT NOT NULL DEFAULT 0;
