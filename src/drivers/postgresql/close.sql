-- Takes the right to add anything from the role that the setting names: for a database that is full. What
-- frees room stays: reading, deleting, truncating, dropping.
DO $close$
DECLARE
    it RECORD;
    me NAME := current_setting('wabe.role');
BEGIN
    FOR it IN
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_roles r ON r.oid = c.relowner
        WHERE r.rolname = me AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
    LOOP
        EXECUTE format('REVOKE INSERT, UPDATE ON %I.%I FROM %I', it.nspname, it.relname, me);
    END LOOP;
    FOR it IN SELECT n.nspname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE r.rolname = me
    LOOP
        EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM %I', it.nspname, me);
    END LOOP;
END
$close$;
