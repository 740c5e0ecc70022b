//! The lists that every room gives of itself, as one.

use crate::{doctor, emptied, measure, told};
use wabe_access::CommandSpec;
use wabe_store::Statement;

/// Every command of the panel.
#[must_use]
pub fn commands() -> Vec<CommandSpec> {
    let mut all = wabe_hosting::commands();
    all.extend_from_slice(wabe_identity::COMMANDS);
    all.extend_from_slice(wabe_jobs::COMMANDS);
    all.extend_from_slice(wabe_automation::COMMANDS);
    all.extend(wabe_support::commands());
    all
}

/// Every portable statement of the panel.
#[must_use]
pub fn statements() -> Vec<Statement> {
    let rooms = [
        wabe_store::erase::statements(),
        wabe_store::export::statements(),
        wabe_access::statements(),
        wabe_audit::statements(),
        wabe_hosting::statements(),
        wabe_identity::statements(),
        wabe_jobs::statements(),
        wabe_automation::statements(),
        wabe_support::statements(),
        wabe_reconcile::STATEMENTS.to_vec(),
        doctor::STATEMENTS.to_vec(),
        emptied::STATEMENTS.to_vec(),
        measure::STATEMENTS.to_vec(),
        told::STATEMENTS.to_vec(),
    ];
    rooms.concat()
}
