//! What remains of a resource after it left the trash: its row in the record, and nothing else.

use wabe_access::resource::Resource;
use wabe_kernel::Fault;
use wabe_store::{Statement, Tx, statements};

statements! {
    ADDRESS = "hosting.purge.address" =>
        "DELETE FROM mail_address WHERE resource_id = $1 AND customer_id = $2";
    KEYS = "hosting.purge.keys" => "DELETE FROM access_key WHERE webspace_id = $1 AND customer_id = $2";
    CRON_RUNS = "hosting.purge.cron_run" =>
        "DELETE FROM cron_run WHERE job_id IN (SELECT id FROM cron_job WHERE webspace_id = $1 AND customer_id = $2) \
         AND customer_id = $2";
    CRON_JOBS = "hosting.purge.cron_job" =>
        "DELETE FROM cron_job WHERE webspace_id = $1 AND customer_id = $2";
    HOSTS = "hosting.purge.hosts" => "DELETE FROM webspace_host WHERE webspace_id = $1 AND customer_id = $2";
    USE = "hosting.purge.use" => "DELETE FROM content_use WHERE resource_id = $1 AND customer_id = $2";
    CERTIFICATE = "hosting.purge.certificate" =>
        "DELETE FROM webspace_certificate WHERE webspace_id = $1 AND customer_id = $2";
    SITE_KEY = "hosting.purge.site_certificate_key" =>
        "DELETE FROM site_certificate_key WHERE webspace_id = $1 AND customer_id = $2";
    SITE_CERTIFICATE = "hosting.purge.site_certificate" =>
        "DELETE FROM site_certificate WHERE webspace_id = $1 AND customer_id = $2";
    EDITED = "hosting.purge.edited_file" =>
        "DELETE FROM edited_file WHERE webspace_id = $1 AND customer_id = $2";
    ORDER = "hosting.purge.certificate_order" =>
        "DELETE FROM certificate_order WHERE webspace_id = $1 AND customer_id = $2";
    MAILBOX = "hosting.purge.mailbox" =>
        "UPDATE mailbox SET password_hash = '' WHERE id = $1 AND customer_id = $2";
    WEBSPACE = "hosting.purge.webspace" =>
        "UPDATE webspace SET password_hash = NULL, folder_keys = '[]' WHERE id = $1 AND customer_id = $2";
    DATABASE = "hosting.purge.database" =>
        "UPDATE database SET server_name = NULL, password_verifier = NULL WHERE id = $1 AND customer_id = $2";
}

/// Frees the names and forgets the secrets of a resource that is gone. Bookkeeping: the deletion itself
/// was a change.
///
/// # Errors
/// A fault of the database.
pub async fn purge(tx: &mut Tx, resource: &Resource) -> Result<(), Fault> {
    let all: [Statement; 14] = [
        ADDRESS,
        KEYS,
        CRON_RUNS,
        CRON_JOBS,
        HOSTS,
        USE,
        CERTIFICATE,
        SITE_KEY,
        SITE_CERTIFICATE,
        EDITED,
        ORDER,
        MAILBOX,
        WEBSPACE,
        DATABASE,
    ];
    for statement in all {
        statement
            .bind(&resource.id)
            .bind(resource.customer)
            .execute(tx)
            .await?;
    }
    Ok(())
}
