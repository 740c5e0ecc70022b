-- The hoster's catalogue: plugins, their versions, the packages they came in, and whose signatures count.
CREATE TABLE plugin (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- state: uploaded, released or withdrawn. manifest and settings are JSON as the package says them;
-- ceiling is the most that any customer may grant, everything the manifest asks for when NULL.
CREATE TABLE plugin_version (
    id TEXT PRIMARY KEY,
    plugin_id TEXT NOT NULL REFERENCES plugin (id),
    version TEXT NOT NULL,
    version_order TEXT NOT NULL,
    state TEXT NOT NULL,
    manifest TEXT NOT NULL,
    settings TEXT NOT NULL,
    icon TEXT,
    readme TEXT,
    component TEXT NOT NULL,
    digest TEXT NOT NULL,
    signed_by TEXT,
    ceiling TEXT,
    note TEXT,
    uploaded_by TEXT,
    uploaded_at BIGINT NOT NULL,
    released_by TEXT,
    released_at BIGINT,
    withdrawn_at BIGINT,
    withdrawn_reason TEXT
);
CREATE UNIQUE INDEX plugin_version_number ON plugin_version (plugin_id, version);
CREATE INDEX plugin_version_state ON plugin_version (state, plugin_id, version_order);

-- Base64 of the whole package: the component is compiled anew when the engine changes.
CREATE TABLE plugin_package (
    version_id TEXT PRIMARY KEY REFERENCES plugin_version (id),
    content TEXT NOT NULL
);

CREATE TABLE trusted_key (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
