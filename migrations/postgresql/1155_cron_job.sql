-- Customers write their cron jobs; what became of them is the system's to say, and theirs to read, and goes when a
-- job does.
GRANT SELECT, INSERT, UPDATE, DELETE ON cron_job TO wabe_tenant;
GRANT SELECT, DELETE ON cron_run TO wabe_tenant;

ALTER TABLE cron_job ENABLE ROW LEVEL SECURITY;
ALTER TABLE cron_job FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cron_job TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON cron_job TO wabe_system USING (true) WITH CHECK (true);

ALTER TABLE cron_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE cron_run FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cron_run TO wabe_tenant
    USING (customer_id = current_setting('wabe.customer', true))
    WITH CHECK (customer_id = current_setting('wabe.customer', true));
CREATE POLICY system ON cron_run TO wabe_system USING (true) WITH CHECK (true);

-- The rows of customers are behind their policies by now: the system adds what is missing.
SET LOCAL ROLE wabe_system;
INSERT INTO usage (customer_id, name, used, max)
    SELECT id, 'cron_jobs', 0, 10 FROM customer WHERE number <> 'K00000'
    ON CONFLICT (customer_id, name) DO NOTHING;
RESET ROLE;
