-- What a transaction scoped to one customer may do: what commands and reads need, column by column
-- where a row also holds what only the system decides. A table that is not named here is out of its
-- reach; the few questions that concern all customers are asked under wabe_system.
GRANT SELECT ON plan TO wabe_tenant;
GRANT SELECT ON customer TO wabe_tenant;
GRANT UPDATE (change_seq, contact_email, second_contact_email) ON customer TO wabe_tenant;
GRANT SELECT ON usage TO wabe_tenant;
GRANT UPDATE (used) ON usage TO wabe_tenant;
GRANT SELECT, INSERT, DELETE ON member TO wabe_tenant;
GRANT UPDATE (role) ON member TO wabe_tenant;
GRANT SELECT ON staff TO wabe_tenant;
GRANT SELECT, INSERT ON idempotency TO wabe_tenant;

-- How far a wish got is the reconciler's to say, and nothing of it is ever taken away.
GRANT SELECT, INSERT ON resource TO wabe_tenant;
GRANT UPDATE (name, state, desired_revision, failure, attempts, retry_at, suspended_reason,
    suspended_by_hoster, deleted_at, updated_at) ON resource TO wabe_tenant;
GRANT SELECT, INSERT, UPDATE ON domain, webspace, mailbox, alias, database TO wabe_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON webspace_host TO wabe_tenant;
GRANT SELECT, INSERT, DELETE ON access_key TO wabe_tenant;
GRANT SELECT, INSERT ON mail_address TO wabe_tenant;
GRANT SELECT ON content_use TO wabe_tenant;

GRANT SELECT, INSERT, UPDATE, DELETE ON invitation TO wabe_tenant;
GRANT SELECT, INSERT, DELETE ON api_token TO wabe_tenant;

-- The record grows. A key is made with the first entry, in the same transaction.
GRANT SELECT, INSERT ON change TO wabe_tenant;
GRANT SELECT, INSERT ON subject_key TO wabe_tenant;
GRANT SELECT, INSERT ON access_log TO wabe_tenant;
