-- What was said on the telephone: written_by of the hoster wrote it down, less than 15 minutes after
-- whoever said it had proved who they are with their PIN (in microseconds). Nobody writes down their own
-- words. Source: bar 3.8 T2.
ALTER TABLE instruction ADD COLUMN written_by TEXT
    CHECK (written_by IS NULL OR written_by <> given_by);
ALTER TABLE instruction ADD COLUMN proved_at BIGINT
    CHECK ((written_by IS NULL) = (proved_at IS NULL)
        AND (proved_at IS NULL OR given_at - proved_at BETWEEN 0 AND 899999999));

-- The same of a message: its author said it, written_by wrote it down.
ALTER TABLE ticket_message ADD COLUMN written_by TEXT
    CHECK (written_by IS NULL
        OR (author_kind = 'member' AND author IS NOT NULL AND written_by <> author));
