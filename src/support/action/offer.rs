//! What can be done in a ticket now.

use crate::action::is_action;
use crate::ticket::queue;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::instruction;
use wabe_access::{CommandSpec, Permission, Refusal, Scope, resource};
use wabe_kernel::id::{InstructionId, TicketId};
use wabe_store::Tx;

/// A ticket action that an instruction covers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Offered {
    /// The command.
    pub command: &'static str,
    /// The id of the thing that it would be about.
    pub object: String,
    /// What kind of thing that is.
    pub object_kind: String,
    /// What people call it.
    pub object_name: String,
    /// What else the command wants to know.
    pub fields: Vec<&'static str>,
    /// The instruction that it stands on.
    pub instruction: InstructionId,
}

/// The actions that a ticket's instructions allow now, for things as they are: what lies in the trash can
/// be restored, and nothing else.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn offered(
    tx: &mut Tx,
    scope: &Scope,
    commands: &[CommandSpec],
    ticket: TicketId,
) -> Result<Vec<Offered>, Refusal> {
    scope.needs(Permission::TicketWork)?;
    let customer = queue::load(tx, scope, ticket).await?.customer_id;
    let mut offered: Vec<Offered> = Vec::new();
    for spec in commands.iter().filter(|spec| is_action(spec)) {
        let given = instruction::in_force(tx, (customer, ticket), spec.permission).await;
        let given = match given {
            Ok(given) => given,
            Err(Refusal::Conflict(_)) => return Ok(Vec::new()),
            Err(refusal) => return Err(refusal),
        };
        for one in given.iter().filter(|one| one.object_kind == spec.noun()) {
            let known = |had: &Offered| had.command == spec.name && had.object == one.object;
            let deleted = match resource::load(tx, customer, &one.object).await {
                Ok(found) => found.deleted_at.is_some(),
                Err(Refusal::NotFound) => continue,
                Err(refusal) => return Err(refusal),
            };
            if (spec.verb() == "restore") == deleted && !offered.iter().any(known) {
                offered.push(Offered {
                    command: spec.name,
                    object: one.object.clone(),
                    object_kind: one.object_kind.clone(),
                    object_name: one.object_name.clone(),
                    fields: spec
                        .fields
                        .iter()
                        .copied()
                        .filter(|name| *name != "id")
                        .collect(),
                    instruction: one.id,
                });
            }
        }
    }
    Ok(offered)
}
