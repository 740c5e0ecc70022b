//! Rows in bulk for benchmarks: customers, their domain, their mailboxes, as the gate and the
//! reconciler would have left them. Without entries in the record, which nothing but the gate writes.
//!
//! Statements are portable and make a batch each, so that a million rows take seconds.

use wabe_kernel::{Clock, Fault};
use wabe_store::{Store, statements};

statements! {
    PLAN = "bulk.plan" =>
        "INSERT INTO plan (id, name, limits, created_at) \
         VALUES ('pln_01kaj000000000000000000000', 'Bulk', '{\"mailboxes\":1000000000}', $1) \
         ON CONFLICT (name) DO NOTHING";
    CUSTOMER = "bulk.customer" =>
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2) \
         INSERT INTO customer (id, number, name, name_search, plan_id, contact_email, change_seq, created_at) \
         SELECT 'cus_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), \
         'K' || CAST(100000000 + n AS TEXT), 'Bulk ' || CAST(n AS TEXT), 'bulk ' || CAST(n AS TEXT), \
         'pln_01kaj000000000000000000000', 'info@k' || CAST(n AS TEXT) || '.test', 1 + $3, $4 FROM series";
    USAGE = "bulk.usage" =>
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2) \
         INSERT INTO usage (customer_id, name, used, max) \
         SELECT 'cus_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), l.name, \
         CASE l.name WHEN 'mailboxes' THEN $3 WHEN 'storage_bytes' THEN $3 * 1000000000 \
         WHEN 'domains' THEN 1 ELSE 0 END, 1000000000000000 FROM series CROSS JOIN \
         (SELECT 'webspaces' AS name UNION ALL SELECT 'domains' UNION ALL SELECT 'mailboxes' \
          UNION ALL SELECT 'aliases' UNION ALL SELECT 'databases' UNION ALL SELECT 'members' \
          UNION ALL SELECT 'storage_bytes' UNION ALL SELECT 'installations' UNION ALL SELECT 'cron_jobs') AS l";
    DOMAIN_RESOURCE = "bulk.domain.resource" =>
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2) \
         INSERT INTO resource (id, customer_id, kind, name, state, desired_revision, applied_revision, \
         checked_at, created_at, updated_at) \
         SELECT 'dom_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), \
         'cus_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), 'domain', \
         'k' || CAST(n AS TEXT) || '.test', 'live', 1, 1, $3, $3, $3 FROM series";
    DOMAIN = "bulk.domain" =>
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2) \
         INSERT INTO domain (id, customer_id, name, token, method, verified_at, finding, checked_at, active) \
         SELECT 'dom_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), \
         'cus_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), \
         'k' || CAST(n AS TEXT) || '.test', 'w' || substr(CAST(1000000000000 + n AS TEXT), 2), \
         'demo', $3, 'proved', $3, 1 FROM series";
    MAILBOX_RESOURCE = "bulk.mailbox.resource" =>
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2) \
         INSERT INTO resource (id, customer_id, kind, name, state, desired_revision, applied_revision, \
         checked_at, created_at, updated_at) \
         SELECT 'mbx_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), \
         'cus_01kaj000000000' || substr(CAST(1000000000000 + n / $3 AS TEXT), 2), 'mailbox', \
         'box' || CAST(n AS TEXT) || '@k' || CAST(n / $3 AS TEXT) || '.test', 'live', 1, 1, $4, $4, $4 \
         FROM series";
    MAILBOX = "bulk.mailbox" =>
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2) \
         INSERT INTO mailbox (id, customer_id, domain_id, address, quota_bytes, password_hash) \
         SELECT 'mbx_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2), \
         'cus_01kaj000000000' || substr(CAST(1000000000000 + n / $3 AS TEXT), 2), \
         'dom_01kaj000000000' || substr(CAST(1000000000000 + n / $3 AS TEXT), 2), \
         'box' || CAST(n AS TEXT) || '@k' || CAST(n / $3 AS TEXT) || '.test', 1000000000, \
         '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' \
         FROM series";
    ADDRESS = "bulk.mail_address" =>
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2) \
         INSERT INTO mail_address (address, customer_id, resource_id) \
         SELECT 'box' || CAST(n AS TEXT) || '@k' || CAST(n / $3 AS TEXT) || '.test', \
         'cus_01kaj000000000' || substr(CAST(1000000000000 + n / $3 AS TEXT), 2), \
         'mbx_01kaj000000000' || substr(CAST(1000000000000 + n AS TEXT), 2) FROM series";
}

/// Rows of one batch: a transaction each.
const BATCH: i64 = 10_000;

/// How much is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Bulk {
    /// Customers, each with one proved domain.
    pub customers: i64,
    /// Mailboxes of each customer, at least 1.
    pub mailboxes_each: i64,
}

/// Adds the rows, numbered from 0; they must not be there yet.
///
/// # Errors
/// A fault of the database.
pub async fn fill(store: &Store, clock: &dyn Clock, bulk: Bulk) -> Result<(), Fault> {
    let now = clock.now();
    let mut tx = store.write().await?;
    PLAN.bind(now).execute(&mut tx).await?;
    tx.commit().await?;
    for (first, last) in batches(bulk.customers) {
        let mut tx = store.write().await?;
        let query = CUSTOMER.bind(first).bind(last).bind(bulk.mailboxes_each);
        query.bind(now).execute(&mut tx).await?;
        let query = USAGE.bind(first).bind(last).bind(bulk.mailboxes_each);
        query.execute(&mut tx).await?;
        for statement in [DOMAIN_RESOURCE, DOMAIN] {
            statement
                .bind(first)
                .bind(last)
                .bind(now)
                .execute(&mut tx)
                .await?;
        }
        tx.commit().await?;
    }
    let each = bulk.mailboxes_each.max(1);
    for (first, last) in batches(bulk.customers * bulk.mailboxes_each) {
        let mut tx = store.write().await?;
        let query = MAILBOX_RESOURCE.bind(first).bind(last).bind(each);
        query.bind(now).execute(&mut tx).await?;
        for statement in [MAILBOX, ADDRESS] {
            statement
                .bind(first)
                .bind(last)
                .bind(each)
                .execute(&mut tx)
                .await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// First and last number of each batch.
pub(crate) fn batches(count: i64) -> impl Iterator<Item = (i64, i64)> {
    let starts = (0..)
        .map(|batch| batch * BATCH)
        .take_while(move |first| *first < count);
    starts.map(move |first| (first, (first + BATCH).min(count) - 1))
}
