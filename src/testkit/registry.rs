//! What all rooms together list: every command, every statement.

use wabe_access::CommandSpec;
use wabe_store::Statement;

/// Every command of every room.
#[must_use]
pub fn commands() -> Vec<CommandSpec> {
    let mut all = wabe_hosting::commands();
    for room in [
        wabe_identity::COMMANDS,
        wabe_jobs::COMMANDS,
        wabe_automation::COMMANDS,
    ] {
        all.extend_from_slice(room);
    }
    all.extend(wabe_support::commands());
    all
}

/// Every portable statement of every room.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        wabe_store::export::statements(),
        wabe_store::erase::statements(),
        wabe_access::statements(),
        wabe_audit::statements(),
        wabe_hosting::statements(),
        wabe_identity::statements(),
        wabe_jobs::statements(),
        wabe_automation::statements(),
        wabe_support::statements(),
        wabe_reconcile::STATEMENTS.to_vec(),
    ]
    .concat()
}

/// Every statement that only PostgreSQL understands.
#[must_use]
pub fn postgres_statements() -> Vec<Statement> {
    wabe_jobs::postgres_statements().to_vec()
}
