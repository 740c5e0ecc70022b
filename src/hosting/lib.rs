//! What customers own: domains, webspaces, cron jobs, mailboxes, aliases, databases; commands and reads.
//!
//! Each noun has its folder with the same furniture. Invariants: only a proved domain is served or
//! receives mail; an address receives at one place; what is deleted lies in the trash for 14 days.

mod lifecycle;

pub mod alias;
pub mod certificate;
pub mod content_use;
pub mod cron_job;
pub mod database;
pub mod desired;
pub mod diagnosis;
pub mod domain;
pub mod edited_file;
pub mod find_customer;
pub mod mail_dns;
pub mod mailbox;
mod new_password;
pub mod purge;
pub mod webspace;

use wabe_access::CommandSpec;
use wabe_store::Statement;

/// Every command of this room.
#[must_use]
pub fn commands() -> Vec<CommandSpec> {
    [
        domain::COMMANDS,
        webspace::COMMANDS,
        edited_file::COMMANDS,
        cron_job::COMMANDS,
        mailbox::COMMANDS,
        alias::COMMANDS,
        database::COMMANDS,
    ]
    .concat()
}

/// Every statement of this room, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        alias::store::STATEMENTS,
        certificate::account::STATEMENTS,
        certificate::order::STATEMENTS,
        certificate::store::STATEMENTS,
        content_use::STATEMENTS,
        cron_job::store::STATEMENTS,
        cron_job::run_store::STATEMENTS,
        cron_job::turn::STATEMENTS,
        database::server::STATEMENTS,
        database::store::STATEMENTS,
        desired::STATEMENTS,
        domain::store::STATEMENTS,
        domain::schedule::STATEMENTS,
        edited_file::store::STATEMENTS,
        edited_file::stray::STATEMENTS,
        find_customer::STATEMENTS,
        mailbox::store::STATEMENTS,
        purge::STATEMENTS,
        webspace::certificate::STATEMENTS,
        webspace::store::STATEMENTS,
        webspace::key_store::STATEMENTS,
        webspace::proxy_store::STATEMENTS,
        webspace::rule_store::STATEMENTS,
    ]
    .concat()
}

/// Takes or gives back the difference when a promise of storage changes.
pub(crate) async fn move_storage(
    door: &mut wabe_access::Door<'_>,
    before: i64,
    after: i64,
) -> Result<(), wabe_access::Refusal> {
    let limit = wabe_access::Limit::StorageBytes;
    if after > before {
        door.take(limit, after - before).await
    } else {
        door.give(limit, before - after).await
    }
}
