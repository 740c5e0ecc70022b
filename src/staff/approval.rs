//! `GET /staff/approvals`; `GET` and `POST /staff/approvals/{id}`
//!
//! What one of the hoster's people asked for and another one decides: another owner, reading content for
//! longer than a day, a file with everything of a customer's for its owners, removing it. Everybody here sees what
//! waits; the gate knows who may decide it, and who may take it back.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Permission, Reach, Role};
use wabe_identity::approval::decide::{ApproveDeed, RefuseDeed, RetractDeed};
use wabe_identity::approval::model::{Approval, Deed};
use wabe_identity::approval::read::{self, Found, Standing};
use wabe_kernel::id::ApprovalId;
use wabe_kernel::{FormState, Language, Timestamp};
use wabe_support::ticket::TicketNumber;
use wabe_web::filters;
use wabe_web::format::moment;
use wabe_web::{
    Arrival, DiffRow, Failure, Form, Message, Needs, Page, Path, Query, Routes, StaffMember,
    see_other,
};

use crate::act::{Again, act, decided, if_found, prove_first, without};
use crate::{STAFF, Staff};

const PLACE: &str = "approvals";
const PAGE: &str = "/staff/approvals";
const NEEDS: Needs = Needs::Staff(Permission::HosterRead);
/// What the page can say was done.
const DONE: [&str; 3] = ["approved", "refused", "retracted"];

/// What waits.
#[derive(Template)]
#[template(path = "staff/approvals.html")]
pub(crate) struct ApprovalsPage {
    /// What was asked for, that first on which somebody may agree first.
    pub approvals: Vec<Approval>,
    /// The moment of the page.
    pub now: Timestamp,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

/// The decision.
#[derive(Template)]
#[template(path = "staff/approval.html")]
pub(crate) struct ApprovalPage {
    /// About what.
    pub approval: Approval,
    /// The number of the ticket in which it was asked for.
    pub number: TicketNumber,
    /// What would be different.
    pub rows: Vec<DiffRow>,
    /// What would be read, if it is about that.
    pub reach: Option<Reach>,
    /// Whether somebody may agree by now.
    pub due: bool,
    /// Whether the reader decides it.
    pub decides: bool,
    /// Whether the reader asked for it.
    pub own: bool,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(PAGE, NEEDS, list)
        .get("/staff/approvals/{id}", NEEDS, ask)
        .id("apv")
        .post("/staff/approvals/{id}", NEEDS, decide)
        .id("apv")
}

fn path(id: ApprovalId) -> String {
    format!("{PAGE}/{id}")
}

async fn list(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Page<ApprovalsPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let approvals = read::open(&mut tx, &scope, member.now).await?;
    tx.rollback().await?;
    let seen = approvals.iter().map(|approval| approval.customer).collect();
    staff.note_tickets(&member, seen, arrival.address()).await?;
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    let now = member.now;
    Ok(member.at(PLACE).page(ApprovalsPage {
        approvals,
        now,
        done,
    }))
}

/// What waits under this id, and how what it is about stands; nothing when it waits no more.
async fn find(
    staff: &Staff,
    member: &StaffMember,
    id: ApprovalId,
) -> Result<Option<Found>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let found = read::find(&mut tx, &scope, (id, member.now)).await;
    tx.rollback().await?;
    if_found(found)
}

/// Who owns the customer, and who of them runs it no longer than that, before and after.
fn owner_rows(language: Language, approval: &Approval, owners: &[String]) -> Vec<DiffRow> {
    let field = |role: Role| Message::new(language, format!("role-{role}")).to_string();
    let owners = (!owners.is_empty()).then(|| owners.join(", "));
    vec![
        DiffRow {
            field: field(Role::Owner),
            before: owners.clone(),
            after: approval.heir.as_ref().map(|heir| heir.email.to_string()),
        },
        DiffRow {
            field: field(Role::Administrator),
            before: None,
            after: owners,
        },
    ]
}

/// What would be different, and what would be read.
fn change(
    language: Language,
    approval: &Approval,
    standing: &Standing,
) -> (Vec<DiffRow>, Option<Reach>) {
    match standing {
        Standing::Owners(owners) if approval.deed.is_erasure() => {
            let row = DiffRow {
                field: Message::new(language, "field-erasure-stop").to_string(),
                before: None,
                after: (!owners.is_empty()).then(|| owners.join(", ")),
            };
            (vec![row], None)
        }
        Standing::Owners(owners) if approval.deed.is_export() => {
            let row = DiffRow {
                field: Message::new(language, "field-export").to_string(),
                before: None,
                after: Some(owners.join(", ")),
            };
            (vec![row], None)
        }
        Standing::Owners(owners) => (owner_rows(language, approval, owners), None),
        Standing::Consent(None) => (Vec::new(), None),
        Standing::Consent(Some(found)) => {
            let row = DiffRow {
                field: Message::new(language, "field-until").to_string(),
                before: Some(moment(language, found.until)),
                after: Some(moment(language, found.agreed_until)),
            };
            (vec![row], Some(found.reach))
        }
    }
}

fn page(member: &StaffMember, found: Found, Again { form, note }: Again) -> Page<ApprovalPage> {
    let reader = member.visitor.user;
    let may = member.visitor.has(Permission::ApprovalDecide);
    let Found {
        approval,
        standing,
        has_a_say,
    } = found;
    let (rows, reach) = change(member.language, &approval, &standing);
    member.at(PLACE).page(ApprovalPage {
        number: TicketNumber(approval.ticket_number),
        rows,
        reach,
        due: approval.is_due(member.now),
        decides: may && has_a_say,
        own: approval.requested_by == reader,
        approval,
        form,
        note,
    })
}

/// Notes what the page shows: who can log in as whom, or what a consent in the ticket says.
async fn noted(
    staff: &Staff,
    member: &StaffMember,
    approval: &Approval,
    arrival: &Arrival,
) -> Result<(), Failure> {
    let area = match approval.deed {
        Deed::Owner { .. } | Deed::Export { .. } | Deed::Erasure { .. } => "login.read",
        Deed::Content { .. } => "ticket.read",
    };
    let about = (approval.customer, None);
    staff
        .note_in_ticket(member, (area, approval.ticket), about, arrival.address())
        .await
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<ApprovalId>,
) -> Result<Response, Failure> {
    let Some(found) = find(&staff, &member, id).await? else {
        return Ok(see_other(PAGE));
    };
    if member.visitor.has(Permission::ApprovalDecide)
        && let Some(first) = prove_first(&member, &path(id))
    {
        return Ok(first);
    }
    noted(&staff, &member, &found.approval, &arrival).await?;
    Ok(page(&member, found, Again::default()).into_response())
}

async fn decide(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<ApprovalId>,
    mut form: Form,
) -> Result<Response, Failure> {
    let Some(found) = find(&staff, &member, id).await? else {
        return Ok(see_other(PAGE));
    };
    form.fields.insert("id".to_owned(), id.to_string());
    // To agree is what was asked for by name; whatever else was sent changes nothing at the customer.
    let (acted, word) = match form.get("act") {
        "approve" => {
            let acted = act::<ApproveDeed>(&staff, &member, &form).await?;
            (without(acted), "approved")
        }
        "retract" => {
            let acted = act::<RetractDeed>(&staff, &member, &form).await?;
            (without(acted), "retracted")
        }
        _ => {
            let acted = act::<RefuseDeed>(&staff, &member, &form).await?;
            (without(acted), "refused")
        }
    };
    match decided(acted, &format!("{PAGE}?done={word}"), &path(id)) {
        Ok(response) => Ok(response),
        Err(again) => {
            noted(&staff, &member, &found.approval, &arrival).await?;
            let status = again.status();
            let page = page(&member, found, again);
            Ok(page.status(status).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, errors, sample};
    use wabe_access::consent::LongConsent;
    use wabe_identity::approval::model::{Deed, Heir};
    use wabe_kernel::id::{ConsentId, CustomerId, ErasureId, ExportId, MemberId, TicketId, UserId};
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;

    fn user(id: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(id))
    }

    /// Two about the owner, two about reading, one about a file, and one about removing everything.
    fn approval(id: u128) -> Approval {
        let owner = id < 3;
        let deed = if owner {
            Deed::Owner {
                member: MemberId::from_uuid(Uuid::from_u128(id)),
                user: user(id),
                owners: vec![user(9)],
            }
        } else if id == 5 {
            Deed::Export {
                export: ExportId::from_uuid(Uuid::from_u128(id)),
            }
        } else if id == 6 {
            Deed::Erasure {
                erasure: ErasureId::from_uuid(Uuid::from_u128(id)),
            }
        } else {
            Deed::Content {
                consent: ConsentId::from_uuid(Uuid::from_u128(id)),
                asked_by: user(8),
                until: NOW.plus_days(29),
            }
        };
        Approval {
            id: ApprovalId::from_uuid(Uuid::from_u128(id)),
            customer: CustomerId::from_uuid(Uuid::from_u128(id)),
            customer_name: "Bäckerei <Sonnenkorn>".to_owned(),
            ticket: TicketId::from_uuid(Uuid::from_u128(id)),
            ticket_number: 10_234,
            ticket_subject: "Die Seite <bleibt> leer".to_owned(),
            ticket_open: id != 1,
            deed,
            heir: owner.then(|| Heir {
                name: "Annemarie <Schmidt>-Rottluff".parse().unwrap(),
                email: "annemarie@sonnenkorn-handwerk.example".parse().unwrap(),
            }),
            reason: "Handelsregisterauszug vom <1. September> liegt vor.".to_owned(),
            requested_by: user(7),
            requester: "Mira <Wendt>".parse().unwrap(),
            requested_at: NOW.plus_days(-2),
            due_at: if id == 1 { NOW.plus_days(1) } else { NOW },
            expires_at: NOW.plus_days(5),
        }
    }

    fn standing(id: u128) -> Standing {
        if !matches!(id, 3 | 4) {
            return Standing::Owners(vec!["alt@sonnenkorn-handwerk.example".to_owned()]);
        }
        Standing::Consent((id == 3).then(|| LongConsent {
            ticket: TicketId::from_uuid(Uuid::from_u128(id)),
            reach: Reach::EVERYTHING,
            asked_by: user(8),
            answered_by: user(9),
            until: NOW,
            agreed_until: NOW.plus_days(29),
            withdrawn_at: None,
        }))
    }

    sample! {
        ApprovalsPage: {
            let page = |approvals, done| ApprovalsPage { approvals, now: NOW, done };
            let mut all = vec![page([1, 2, 3, 5, 6].map(approval).to_vec(), None)];
            all.extend(DONE.map(|word| page(Vec::new(), Some(word))));
            all
        };
        ApprovalPage: {
            let page = |id, (decides, own), form, note: Option<&str>| {
                let approval = approval(id);
                let (rows, reach) = change(Language::De, &approval, &standing(id));
                ApprovalPage {
                    number: TicketNumber(approval.ticket_number),
                    rows,
                    reach,
                    due: id != 1,
                    decides,
                    own,
                    approval,
                    form,
                    note: note.map(str::to_owned),
                }
            };
            vec![
                page(1, (true, false), FormState::new(), None),
                page(2, (true, false), errors(&["purpose"]), None),
                page(2, (true, false), errors(&[]), Some("conflict-owners-changed")),
                page(2, (false, true), FormState::new(), Some("conflict-own-request")),
                page(2, (false, false), FormState::new(), None),
                page(3, (true, false), FormState::new(), None),
                page(3, (true, false), errors(&[]), Some("conflict-own-look")),
                page(4, (false, true), FormState::new(), None),
                page(5, (true, false), FormState::new(), None),
                page(6, (true, false), FormState::new(), None),
                page(6, (true, false), errors(&[]), Some("conflict-erasure-not-suspended")),
            ]
        };
    }

    #[test]
    fn the_pages_of_approvals_are_whole() {
        let found = [
            check_samples::<ApprovalsPage>(),
            check_samples::<ApprovalPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
