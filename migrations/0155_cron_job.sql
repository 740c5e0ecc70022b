-- Programs of webspaces that run again and again. next_at: when it is due; nothing while it is paused. asked_at: since
-- when somebody wants it to run at once. last_at: the latest time of the schedule that was dealt with, so that no clock
-- that goes back brings it again. failures: in a row.
CREATE TABLE cron_job (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    webspace_id TEXT NOT NULL REFERENCES webspace (id),
    name TEXT NOT NULL,
    schedule TEXT NOT NULL,
    command TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    next_at BIGINT,
    asked_at BIGINT,
    last_at BIGINT,
    failures BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX cron_job_webspace ON cron_job (customer_id, webspace_id, id);
CREATE INDEX cron_job_next ON cron_job (next_at);
CREATE INDEX cron_job_asked ON cron_job (asked_at) WHERE asked_at IS NOT NULL;

-- What became of each time. due_at: the time it was for. outcome: running, ok, failed, timeout, limit, missed, overlap
-- or lost. output: the end of what was written, without what looks like a secret.
CREATE TABLE cron_run (
    id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES cron_job (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    due_at BIGINT NOT NULL,
    by_hand BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT NOT NULL,
    reason TEXT,
    exit_code BIGINT,
    signal BIGINT,
    memory_bytes BIGINT,
    output_cut BIGINT NOT NULL,
    output TEXT NOT NULL
);
CREATE INDEX cron_run_customer ON cron_run (customer_id, job_id, id);
CREATE INDEX cron_run_job ON cron_run (job_id);
CREATE INDEX cron_run_started ON cron_run (started_at);
CREATE INDEX cron_run_running ON cron_run (outcome, customer_id, job_id) WHERE outcome = 'running';

-- How often cron jobs may run under a plan, in minutes, and how many there may be. Plans from before allow ten.
ALTER TABLE plan ADD COLUMN cron_minutes_min BIGINT NOT NULL DEFAULT 5;
UPDATE plan SET limits = replace(limits, '}', ',"cron_jobs":10}')
    WHERE limits <> '{}' AND limits NOT LIKE '%"cron_jobs"%';
INSERT INTO usage (customer_id, name, used, max)
    SELECT id, 'cron_jobs', 0, 10 FROM customer WHERE number <> 'K00000';
