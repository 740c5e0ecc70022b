-- Customers read the catalogue; what is in it is the hoster's. Packages and keys are out of their reach.
GRANT SELECT ON plugin, plugin_version TO wabe_tenant;

GRANT SELECT, INSERT, UPDATE, DELETE ON installation, installation_secret, installation_kv,
    installation_schedule, installation_use, installation_export, run, run_effect, run_recording
    TO wabe_tenant;
GRANT SELECT, INSERT, DELETE ON effect_key TO wabe_tenant;

DO $$
DECLARE
    target TEXT;
BEGIN
    FOREACH target IN ARRAY ARRAY[
        'installation', 'installation_secret', 'installation_kv', 'installation_schedule',
        'installation_use', 'installation_export', 'run', 'run_effect', 'effect_key', 'run_recording'
    ]
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', target);
        EXECUTE format(
            'CREATE POLICY tenant ON %I TO wabe_tenant '
            'USING (customer_id = current_setting(''wabe.customer'', true)) '
            'WITH CHECK (customer_id = current_setting(''wabe.customer'', true))', target);
        EXECUTE format('CREATE POLICY system ON %I TO wabe_system USING (true) WITH CHECK (true)', target);
    END LOOP;
END
$$;
