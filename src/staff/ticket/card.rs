//! Cards: what staff changed on an instruction, as the conversation shows it.

use wabe_access::{Permission, Refusal};
use wabe_kernel::id::{ChangeId, CustomerId};
use wabe_store::Tx;
use wabe_support::action::is_action;
use wabe_web::{DiffRow, Failure, Message, StaffMember, diff};

use crate::Staff;

/// A change that was made on an instruction.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    /// The change.
    pub(crate) change: ChangeId,
    /// What was done.
    pub(crate) title: String,
    /// Before and after.
    pub(crate) rows: Vec<DiffRow>,
    /// Whether it can be taken back from here.
    pub(crate) back: bool,
}

/// The card of a change.
pub(super) async fn card(
    (staff, member): (&Staff, &StaffMember),
    tx: &mut Tx,
    (customer, change): (CustomerId, ChangeId),
) -> Result<Option<Card>, Failure> {
    let Some(found) = staff.gate.recorder().load(tx, customer, change).await? else {
        return Ok(None);
    };
    let back = match staff.gate.way_back(tx, customer, change).await {
        Ok(inverse) => staff.gate.command(inverse.command).is_some_and(is_action),
        Err(Refusal::Conflict(_) | Refusal::NotFound) => false,
        Err(refusal) => return Err(refusal.into()),
    };
    let word = found.command.replace(['.', '_'], "-");
    let title = Message::new(member.language, format!("done-{word}"));
    Ok(Some(Card {
        change,
        title: title.with("name", &found.object_name).to_string(),
        rows: diff::rows(member.language, &found.before, &found.after),
        back: back && member.visitor.has(Permission::TicketWork),
    }))
}
