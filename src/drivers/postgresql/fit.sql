-- What every customer's database has beside the customer's own: a guard over extensions. It stands in a
-- schema that is not theirs, and event triggers are the superuser's alone.
CREATE SCHEMA IF NOT EXISTS wabe;
REVOKE ALL ON SCHEMA wabe FROM PUBLIC;
CREATE OR REPLACE FUNCTION wabe.only_listed_extensions() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
    made RECORD;
BEGIN
    FOR made IN
        SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE object_type = 'extension'
    LOOP
        IF made.object_identity NOT IN (
            'btree_gin', 'btree_gist', 'citext', 'cube', 'fuzzystrmatch', 'hstore', 'intarray', 'isn', 'ltree',
            'pg_trgm', 'pgcrypto', 'seg', 'tablefunc', 'unaccent', '"uuid-ossp"'
        ) THEN
            RAISE EXCEPTION 'extension % is not on the list of this server', made.object_identity
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
END
$guard$;
DO $make$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'wabe_only_listed_extensions') THEN
        CREATE EVENT TRIGGER wabe_only_listed_extensions ON ddl_command_end
            WHEN TAG IN ('CREATE EXTENSION', 'ALTER EXTENSION')
            EXECUTE FUNCTION wabe.only_listed_extensions();
    END IF;
END
$make$;
