-- One invocation of an installation, with all its tries. mode: live, dry or replay. state: queued,
-- held, running, done, failed, dead or dropped. entry, usage and log are JSON.
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    installation_id TEXT NOT NULL REFERENCES installation (id),
    version_id TEXT NOT NULL REFERENCES plugin_version (id),
    root_id TEXT NOT NULL,
    source_id TEXT,
    mode TEXT NOT NULL,
    trigger_kind TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    depth BIGINT NOT NULL,
    slice BIGINT NOT NULL,
    entry TEXT,
    change_seq BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_until BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    code TEXT,
    message TEXT,
    limit_name TEXT,
    usage TEXT,
    closest TEXT,
    log TEXT,
    result TEXT,
    difference TEXT
);
CREATE INDEX run_customer ON run (customer_id, id);
CREATE INDEX run_installation ON run (customer_id, installation_id, id);
CREATE INDEX run_state ON run (customer_id, state, id);
CREATE INDEX run_ended ON run (installation_id, ended_at);
CREATE INDEX run_queued_at ON run (queued_at);
CREATE INDEX run_waiting ON run (customer_id, due_at, change_seq, id) WHERE state = 'queued';
CREATE INDEX run_leased ON run (lease_until) WHERE state = 'running';

-- What a run changed, wanted to change again, or would change. shown is JSON of a dry run.
CREATE TABLE run_effect (
    run_id TEXT NOT NULL REFERENCES run (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    place BIGINT NOT NULL,
    command TEXT NOT NULL,
    target TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    change_id TEXT,
    change_seq BIGINT,
    shown TEXT,
    PRIMARY KEY (run_id, place)
);
CREATE INDEX run_effect_customer ON run_effect (customer_id, run_id);
CREATE INDEX run_effect_change ON run_effect (customer_id, change_id);

-- Keys under which an installation's effects were applied; each once in 30 days.
CREATE TABLE effect_key (
    installation_id TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    key TEXT NOT NULL,
    run_id TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (installation_id, key)
);
CREATE INDEX effect_key_customer ON effect_key (customer_id, installation_id);
CREATE INDEX effect_key_applied ON effect_key (applied_at);

-- The recording of a run: base64 of compressed JSON, secrets left out, kept for seven days.
CREATE TABLE run_recording (
    run_id TEXT PRIMARY KEY REFERENCES run (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    plugin_id TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    released_at BIGINT,
    released_by TEXT
);
CREATE INDEX run_recording_customer ON run_recording (customer_id, run_id);
CREATE INDEX run_recording_created ON run_recording (created_at);
CREATE INDEX run_recording_released ON run_recording (plugin_id, released_at) WHERE released_at IS NOT NULL;
