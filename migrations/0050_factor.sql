-- Second factors. The secret of an authenticator app is sealed; recovery codes are kept as hashes only.
-- `pending` is a secret that was shown and not confirmed yet; it is sealed for the same place.
CREATE TABLE totp_factor (
    user_id TEXT PRIMARY KEY REFERENCES wabe_user (id),
    secret TEXT,
    last_step BIGINT NOT NULL,
    enrolled_at BIGINT,
    pending TEXT,
    pending_at BIGINT
);

CREATE TABLE recovery_code (
    code_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX recovery_code_user ON recovery_code (user_id, used_at);

-- Guesses at a person's second factor: within the present step, and within the hour.
CREATE TABLE factor_guess (
    user_id TEXT PRIMARY KEY REFERENCES wabe_user (id),
    step BIGINT NOT NULL,
    in_step BIGINT NOT NULL,
    since BIGINT NOT NULL,
    in_hour BIGINT NOT NULL
);

-- A login whose password was right and whose second factor is still to come. Opens nothing else.
CREATE TABLE half_login (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES wabe_user (id),
    staff BIGINT NOT NULL,
    stage TEXT NOT NULL,
    must_change_password BIGINT NOT NULL,
    device TEXT,
    subject TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX half_login_user ON half_login (user_id);
CREATE INDEX half_login_expires ON half_login (expires_at);

ALTER TABLE session ADD COLUMN second_factor_at BIGINT;
ALTER TABLE customer ADD COLUMN factor_required BIGINT NOT NULL DEFAULT 0;
