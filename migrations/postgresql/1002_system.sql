-- What the system's role may do: everything the panel itself does, and no more. It never takes a row
-- of the record away, and it sees nothing of the migrations.
GRANT USAGE ON SCHEMA public TO wabe_tenant, wabe_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wabe_system;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wabe_system;
REVOKE ALL ON _sqlx_migrations FROM wabe_system;

REVOKE UPDATE, DELETE ON change FROM wabe_system;
GRANT UPDATE (leaf_index, payload) ON change TO wabe_system;
REVOKE DELETE ON subject_key, tree, tile, checkpoint FROM wabe_system;
REVOKE UPDATE ON checkpoint FROM wabe_system;
