-- With which API token of the hoster's a program of theirs looked, beside whose token it is.
ALTER TABLE access_log ADD COLUMN token_id TEXT
    CHECK (token_id IS NULL OR actor_kind = 'staff');
