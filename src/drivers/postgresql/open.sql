-- Gives the rights back that the neighbour of this file took, once there is room again.
DO $open$
DECLARE
    it RECORD;
    me NAME := current_setting('wabe.role');
BEGIN
    FOR it IN
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_roles r ON r.oid = c.relowner
        WHERE r.rolname = me AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
    LOOP
        EXECUTE format('GRANT INSERT, UPDATE ON %I.%I TO %I', it.nspname, it.relname, me);
    END LOOP;
    FOR it IN SELECT n.nspname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE r.rolname = me
    LOOP
        EXECUTE format('GRANT CREATE ON SCHEMA %I TO %I', it.nspname, me);
    END LOOP;
END
$open$;
