-- By when customers of this plan are answered and helped, in seconds; the usual times when NULL.
ALTER TABLE plan ADD COLUMN answer_seconds BIGINT;
ALTER TABLE plan ADD COLUMN solution_seconds BIGINT;
