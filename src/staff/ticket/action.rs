//! Ticket actions at the desk: found by typing, shown exactly before they are carried out, taken back.
//!
//! Invariants: only what an instruction of the ticket covers is offered; the look that a suggestion and
//! a preview need is noted with the customer before it is shown; what takes consent is shown and carried out
//! for who has proved themselves lately.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::{Mode, Refusal, Scope};
use wabe_kernel::id::{ChangeId, TicketId};
use wabe_kernel::{FieldErrors, FormState};
use wabe_store::Tx;
use wabe_support::action::{self, Acted, act_typed, offered};
use wabe_support::diagnosis::askable;
use wabe_support::instruction;
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::{
    Arrival, Failure, Form, Path, Path2, Preview, Query, Routes, StaffMember, see_other,
};

use crate::act::{Again, prove_first};
use crate::ticket::diagnosis::Check;
use crate::ticket::offer::{Offer, fitting};
use crate::ticket::people::People;
use crate::ticket::plugin::Slot;
use crate::ticket::suggest::suggested;
use crate::ticket::{PLACE, WORK, path, view};
use crate::{STAFF, Staff};

/// Characters of a search that count.
const SEARCH_CHARS: usize = 100;

/// What somebody of the customer asked for.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    /// Who.
    pub(crate) by: String,
    /// Their words.
    pub(crate) quote: String,
    /// About what.
    pub(crate) object: String,
    /// What people call that.
    pub(crate) name: String,
    /// Who wrote it down, when it was said on the telephone.
    pub(crate) written_by: Option<String>,
    /// Whether who wrote it by mail confirmed it by the link of a letter.
    pub(crate) by_mail: bool,
}

/// What can be done in a ticket.
#[derive(Debug, Clone, Default)]
pub(crate) struct Panel {
    /// What was typed.
    pub(crate) search: String,
    /// What fits it, the best first.
    pub(crate) offers: Vec<Offer>,
    /// How many there are without a search.
    pub(crate) total: usize,
    /// Where acts of the customer's plugins come to.
    pub(crate) plugins: Vec<Slot>,
    /// The instructions in force.
    pub(crate) given: Vec<Given>,
    /// Whether an action was wanted on a thing that nobody asked about.
    pub(crate) lacks: bool,
    /// What may be looked into.
    pub(crate) checks: Vec<Check>,
}

/// The page of one action.
#[derive(Template)]
#[template(path = "staff/ticket/action.html")]
pub(crate) struct ActionPage {
    pub(crate) queued: Queued,
    pub(crate) offer: Offer,
    pub(crate) given: Option<Given>,
    pub(crate) form: FormState,
    pub(crate) note: Option<String>,
    pub(crate) preview: Option<Preview>,
    /// Whether it can be taken back.
    pub(crate) back: bool,
    /// The versions of PHP to choose from.
    pub(crate) php: Vec<String>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/actions/{command}", WORK, ask)
        .id("tkt")
        .post("/staff/tickets/{id}/actions/{command}", WORK, carry_out)
        .id("tkt")
        .post("/staff/tickets/{id}/undo", WORK, undo)
        .id("tkt")
}

/// Every action that can be carried out in a ticket now.
pub(super) async fn offers(
    staff: &Staff,
    member: &StaffMember,
    (tx, scope): (&mut Tx, &Scope),
    ticket: TicketId,
) -> Result<Vec<Offer>, Failure> {
    let place = (ticket, member.now);
    let known = (staff.gate.commands(), staff.gate.tools().house.as_ref());
    let all = offered(tx, scope, known, place).await?;
    let all = all.into_iter();
    Ok(all
        .map(|offered| Offer::of(member, ticket, offered))
        .collect())
}

/// What can be done in a ticket now, narrowed by what was typed; and the page of what is plainly meant.
pub(super) async fn panel(
    staff: &Staff,
    member: &StaffMember,
    (tx, scope): (&mut Tx, &Scope),
    (ticket, people): (TicketId, &People),
    search: &str,
) -> Result<(Panel, Option<String>), Failure> {
    let all = offers(staff, member, (&mut *tx, scope), ticket).await?;
    let total = all.len();
    let search: String = search.chars().take(SEARCH_CHARS).collect();
    let (offers, meant) = fitting(all, &search);
    let mut given = Vec::new();
    for one in instruction::in_force(tx, scope, ticket).await? {
        given.push(Given {
            by: people.anybody(tx, Some(one.given_by)).await?,
            written_by: one.telephone.map(|by| people.name(Some(by.written_by))),
            by_mail: one.by_mail,
            quote: one.quote,
            object: one.object,
            name: one.object_name,
        });
    }
    let things = askable(tx, scope, ticket, member.now).await?.into_iter();
    let panel = Panel {
        search,
        offers,
        total,
        plugins: Vec::new(),
        given,
        lacks: false,
        checks: things
            .map(|thing| Check::of(member, ticket, thing))
            .collect(),
    };
    Ok((panel, meant))
}

/// The action of this name on this thing, when it is offered.
async fn offer(
    staff: &Staff,
    member: &StaffMember,
    ticket: TicketId,
    (command, object): (&str, &str),
) -> Result<(Queued, Option<(Offer, Option<Given>)>), Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let queued = queue::load(&mut tx, &scope, ticket).await?;
    let people = People::of(&mut tx, &scope).await?;
    let look = (&mut tx, &scope);
    let (panel, _) = panel(staff, member, look, (ticket, &people), "").await?;
    tx.rollback().await?;
    let mut offers = panel.offers.into_iter();
    let found = offers.find(|offer| offer.command == command && offer.object == object);
    let found = found.map(|offer| {
        let given = panel
            .given
            .into_iter()
            .find(|given| given.object == offer.object);
        (offer, given)
    });
    Ok((queued, found))
}

/// What became of the form of an action.
fn answered(done: Result<Acted, Refusal>) -> Result<Result<Acted, Again>, Failure> {
    let noted = |note: String| Again {
        form: FormState::new(),
        note: Some(note),
    };
    match done {
        Ok(acted) => Ok(Ok(acted)),
        Err(Refusal::Invalid(errors)) => Ok(Err(Again {
            form: FormState::of(&BTreeMap::new(), errors, &[]),
            note: None,
        })),
        Err(Refusal::Conflict(code)) => Ok(Err(noted(format!("conflict-{code}")))),
        Err(Refusal::Limit { .. }) => Ok(Err(noted("staff-limit-reached".to_owned()))),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The page of an action, with the exact preview of what is in its form.
async fn page(
    staff: &Staff,
    member: &StaffMember,
    (queued, offer, given): (Queued, Offer, Option<Given>),
    mut typed: BTreeMap<String, String>,
) -> Result<ActionPage, Failure> {
    typed.insert("id".to_owned(), offer.object.clone());
    let place = (queued.ticket.id, offer.command);
    let done = act_typed(&staff.gate, member.actor(), place, &typed, Mode::Preview).await;
    let versions = &staff.gate.tools().house.php;
    let php = versions.iter().map(ToString::to_string).collect();
    let form = |errors| FormState::of(&typed, errors, &[]);
    let page = |form, note, preview, back| ActionPage {
        queued,
        offer,
        given,
        form,
        note,
        preview,
        back,
        php,
    };
    Ok(match answered(done)? {
        Ok(acted) => {
            let Acted { made, steps } = acted;
            let back = staff.gate.command(made.command);
            let back = back.and_then(|spec| (spec.inverse)(&made.before, &made.after));
            let both = (&made.before, &made.after);
            let preview = Preview::of(member.language, both, &steps);
            page(
                form(FieldErrors::default()),
                None,
                Some(preview),
                back.is_some(),
            )
        }
        Err(Again { form: wrong, note }) => {
            let mut errors = FieldErrors::default();
            for (field, problem) in wrong.errors() {
                errors.add(field, problem.clone());
            }
            page(form(errors), note, None, false)
        }
    })
}

/// The way to a proof of who acts, where one is wanted and the present one is about to be too old.
fn proof(member: &StaffMember, offer: &Offer) -> Option<Response> {
    let wanted = offer.sensitive && !offer.waits;
    wanted.then(|| prove_first(member, &offer.href)).flatten()
}

/// The page of an action with a suggestion in it, and what that would change.
async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path2(id, command): Path2<TicketId, String>,
    query: Query,
) -> Result<Response, Failure> {
    let wanted = (command.as_str(), query.get("object"));
    let (queued, Some((offer, given))) = offer(&staff, &member, id, wanted).await? else {
        return Ok(see_other(&format!("{}?lacks=1#actions-t", path(id))));
    };
    if let Some(first) = proof(&member, &offer) {
        return Ok(first);
    }
    let about = (queued.customer_id, Some(offer.object.clone()));
    staff
        .note_in_ticket(&member, ("ticket.preview", id), about, arrival.address())
        .await?;
    let typed = suggested(&staff, &member, (queued.customer_id, id), &offer).await?;
    let page = page(&staff, &member, (queued, offer, given), typed).await?;
    Ok(member.at(PLACE).page(page).into_response())
}

/// Shows what the form would change, or changes it.
async fn carry_out(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path2(id, command): Path2<TicketId, String>,
    form: Form,
) -> Result<Response, Failure> {
    let wanted = (command.as_str(), form.get("object"));
    let (queued, Some((offer, given))) = offer(&staff, &member, id, wanted).await? else {
        return Ok(see_other(&format!("{}?lacks=1#actions-t", path(id))));
    };
    if let Some(first) = proof(&member, &offer) {
        return Ok(first);
    }
    let mut typed = form.fields.clone();
    if form.get("act") == "run" {
        typed.insert("id".to_owned(), offer.object.clone());
        let place = (id, offer.command);
        let done = act_typed(&staff.gate, member.actor(), place, &typed, Mode::Commit).await;
        if let Ok(acted) = answered(done)? {
            let card = acted.made.change;
            return Ok(see_other(&format!("{}?done=action#{card}", path(id))));
        }
    }
    let about = (queued.customer_id, Some(offer.object.clone()));
    staff
        .note_in_ticket(&member, ("ticket.preview", id), about, arrival.address())
        .await?;
    let page = page(&staff, &member, (queued, offer, given), typed).await?;
    let status = match (&page.note, page.form.has_errors()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, false) => StatusCode::OK,
    };
    Ok(member.at(PLACE).page(page).status(status).into_response())
}

/// Takes back what an action changed.
async fn undo(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    let change: ChangeId = form
        .get("change")
        .parse()
        .map_err(|_wrong| Failure::NotFound)?;
    let place = (id, change);
    let done = action::undo(&staff.gate, member.actor(), place, Mode::Commit).await;
    match answered(done)? {
        Ok(acted) => {
            let card = acted.made.change;
            Ok(see_other(&format!("{}?done=undo#{card}", path(id))))
        }
        Err(again) => {
            let page = view::page(&staff, &member, id, again).await?;
            let page = member.at(PLACE).page(page).status(StatusCode::CONFLICT);
            Ok(page.into_response())
        }
    }
}
