//! What staff may do on somebody's words: shown with the words, given, and ended with one click; and
//! what they did on them.

use axum::extract::State;
use axum::response::Response;
use wabe_access::{Authority, Mode, Permission, Refusal};
use wabe_kernel::id::{ChangeId, CustomerId, InstructionId, TicketId};
use wabe_store::Tx;
use wabe_support::instruction::{EndInstruction, GiveInstruction};
use wabe_web::{DiffRow, Failure, Form, Member, Message, Path, Query, diff, see_other};

use crate::Portal;
use crate::carry_out::carry_out;
use crate::reading::{shown_name, with_field};
use crate::ticket::{PAGE, path, show};
use crate::undo::{message_word, undo_path};

/// An instruction in force.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    /// Which.
    pub(crate) id: InstructionId,
    /// What people call the thing that it is about.
    pub(crate) name: String,
    /// Who gave it; nothing when it was who looks.
    pub(crate) by: Option<String>,
    /// The words.
    pub(crate) quote: String,
    /// The initials of who wrote them down, when they were said on the telephone.
    pub(crate) written_by: Option<String>,
    /// Whether they were confirmed by the link of a letter.
    pub(crate) by_mail: bool,
}

/// A change that staff made on an instruction.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    /// The change.
    pub(crate) change: ChangeId,
    /// What was done.
    pub(crate) title: String,
    /// Before and after.
    pub(crate) rows: Vec<DiffRow>,
    /// How many settings that are.
    pub(crate) count: i64,
    /// Where the form that takes it back is sent, while it can be.
    pub(crate) undo: Option<String>,
}

/// The card of a change, for who may read the record.
pub(super) async fn card(
    portal: &Portal,
    member: &Member,
    tx: &mut Tx,
    (customer, change): (CustomerId, ChangeId),
) -> Result<Option<Card>, Failure> {
    if !member.visitor.has(Permission::ChangeRead) {
        return Ok(None);
    }
    let gate = &portal.gate;
    let Some(found) = gate.recorder().load(tx, customer, change).await? else {
        return Ok(None);
    };
    let back = match gate.way_back(tx, customer, change).await {
        Ok(inverse) => gate.command(inverse.command).is_some_and(|spec| {
            spec.authority == Authority::Customer && member.visitor.has(spec.permission)
        }),
        Err(Refusal::Conflict(_) | Refusal::NotFound) => false,
        Err(refusal) => return Err(refusal.into()),
    };
    let title = Message::new(
        member.language,
        format!("done-{}", message_word(&found.command)),
    );
    let name = shown_name(&found.object_kind, found.object_name.clone());
    let rows = diff::rows(member.language, &found.before, &found.after);
    Ok(Some(Card {
        change,
        title: title.with("name", name).to_string(),
        count: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        rows,
        undo: back.then(|| undo_path(change, &member.path)),
    }))
}

/// Gives an instruction about the thing that the ticket is about.
pub(super) async fn give(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<GiveInstruction>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(_) => Ok(see_other(&format!("{}#given", path(id)))),
        Err(refused) => show::again(&portal, &member, id, refused).await,
    }
}

/// Ends an instruction, and shows the ticket in which it held.
pub(super) async fn end(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstructionId>,
    query: Query,
) -> Result<Response, Failure> {
    let command = EndInstruction { id };
    let next = query
        .get("ticket")
        .parse()
        .map_or_else(|_none| PAGE.to_owned(), path);
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        // Whoever presses twice has what they wanted.
        Ok(_) | Err(Refusal::Conflict("instruction-ended")) => Ok(see_other(&next)),
        Err(refusal) => Err(refusal.into()),
    }
}
