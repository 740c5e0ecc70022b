-- An answer that was given on the telephone, as with instructions: who of the hoster wrote it down, less
-- than 15 minutes after whoever answered had proved who they are. Source: bar 3.8 T2.
ALTER TABLE consent ADD COLUMN written_by TEXT
    CHECK (written_by IS NULL OR (answered_by IS NOT NULL AND written_by <> answered_by));
ALTER TABLE consent ADD COLUMN proved_at BIGINT
    CHECK ((written_by IS NULL) = (proved_at IS NULL)
        AND (proved_at IS NULL
            OR (answered_at IS NOT NULL AND answered_at - proved_at BETWEEN 0 AND 899999999)));
