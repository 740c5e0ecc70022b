-- Logins that failed within each hour, everybody's together.
CREATE TABLE login_failures (
    since BIGINT PRIMARY KEY,
    failures BIGINT NOT NULL,
    alarmed_at BIGINT
);
