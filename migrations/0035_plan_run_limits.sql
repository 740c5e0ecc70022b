-- What a run of a plugin may use at most under this plan: JSON by kind of run; the defaults when NULL.
ALTER TABLE plan ADD COLUMN run_limits TEXT;
