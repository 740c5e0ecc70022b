-- When management was told that nobody decided about a lost second factor.
ALTER TABLE factor_loss ADD COLUMN escalated_at BIGINT;
