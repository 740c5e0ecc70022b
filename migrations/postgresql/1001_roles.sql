-- Two roles that nobody logs in as: the owner of this schema takes them on for one transaction.
-- wabe_tenant sees one customer's rows (the transaction-local setting wabe.customer), wabe_system all.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wabe_tenant') THEN
        CREATE ROLE wabe_tenant NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wabe_system') THEN
        CREATE ROLE wabe_system NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT;
    END IF;
END
$$;
GRANT wabe_tenant TO CURRENT_USER;
GRANT wabe_system TO CURRENT_USER;
