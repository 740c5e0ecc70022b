-- A plugin in one customer. state: active or paused. granted and settings are JSON. generation counts
-- what took rights away: a run that began under another one may do nothing more.
CREATE TABLE installation (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    plugin_id TEXT NOT NULL REFERENCES plugin (id),
    version_id TEXT NOT NULL REFERENCES plugin_version (id),
    previous_version_id TEXT REFERENCES plugin_version (id),
    parked_version_id TEXT REFERENCES plugin_version (id),
    skipped_version_id TEXT REFERENCES plugin_version (id),
    state TEXT NOT NULL,
    paused_reason TEXT,
    paused_by TEXT,
    generation BIGINT NOT NULL,
    granted TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    settings TEXT NOT NULL,
    webhook_slug TEXT UNIQUE,
    listening BIGINT NOT NULL,
    event_cursor BIGINT NOT NULL,
    failures_in_row BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX installation_customer ON installation (customer_id, id);
CREATE INDEX installation_version ON installation (version_id, id);
CREATE INDEX installation_plugin ON installation (plugin_id, id);
CREATE INDEX installation_listening ON installation (customer_id, id) WHERE listening = 1;

-- What the customer typed for the plugin to use and never to see, sealed.
CREATE TABLE installation_secret (
    installation_id TEXT NOT NULL REFERENCES installation (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    sealed TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (installation_id, name)
);
CREATE INDEX installation_secret_customer ON installation_secret (customer_id, installation_id);

-- The plugin's own store; value is base64.
CREATE TABLE installation_kv (
    installation_id TEXT NOT NULL REFERENCES installation (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    version BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (installation_id, key)
);
CREATE INDEX installation_kv_customer ON installation_kv (customer_id, installation_id);
CREATE INDEX installation_kv_expires ON installation_kv (expires_at) WHERE expires_at IS NOT NULL;

-- When each scheduled trigger of an installation comes next.
CREATE TABLE installation_schedule (
    installation_id TEXT NOT NULL REFERENCES installation (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (installation_id, name)
);
CREATE INDEX installation_schedule_customer ON installation_schedule (customer_id, installation_id);
CREATE INDEX installation_schedule_next ON installation_schedule (next_at);

-- What an installation used on each day, in days since 1970.
CREATE TABLE installation_use (
    installation_id TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    day BIGINT NOT NULL,
    runs BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    cpu_us BIGINT NOT NULL,
    fetches BIGINT NOT NULL,
    log_bytes BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    PRIMARY KEY (installation_id, day)
);
CREATE INDEX installation_use_customer ON installation_use (customer_id, installation_id, day);
CREATE INDEX installation_use_day ON installation_use (day);

-- What an installation left behind when it was deleted: base64 of compressed JSON, kept for days.
CREATE TABLE installation_export (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX installation_export_customer ON installation_export (customer_id, created_at);
CREATE INDEX installation_export_created ON installation_export (created_at);
