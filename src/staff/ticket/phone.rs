//! What a caller who proved who they are asks for and answers, written down while they speak.

use axum::extract::State;
use axum::response::Response;

use wabe_access::Scope;
use wabe_access::resource::Resource;
use wabe_kernel::id::{MemberId, TicketId};
use wabe_store::Tx;
use wabe_support::caller::{Able, WriteDownConsent, WriteDownInstruction, able};
use wabe_web::{Choice, Failure, Form, Message, Path, Routes, StaffMember};

use crate::ticket::WORK;
use crate::ticket::act::act;
use crate::{STAFF, Staff};

/// For how many days a caller can agree.
const DAYS: [i64; 3] = [1, 7, 30];
/// Characters of a search that count.
const SEARCH_CHARS: usize = 100;

/// What can be written down now for whoever calls.
#[derive(Debug, Clone)]
pub(crate) struct Phone {
    /// What they may have changed, to choose from.
    pub(crate) things: Vec<Choice>,
    /// What was typed to find it.
    pub(crate) search: String,
    /// Whether the choice is only a part.
    pub(crate) more: bool,
    /// The days to choose from, for callers who answer for the customer.
    pub(crate) days: Vec<Choice>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .post("/staff/tickets/{id}/instructions", WORK, instruct)
        .id("tkt")
        .post("/staff/tickets/{id}/consent/answer", WORK, answer)
        .id("tkt")
}

/// A thing to choose, with what it is.
pub(super) fn choice(member: &StaffMember, thing: Resource) -> Choice {
    let kind = Message::new(member.language, format!("kind-{}", thing.kind.word()));
    Choice {
        value: thing.id,
        title: format!("{kind}: {}", thing.name),
        text: String::new(),
    }
}

/// The caller's own login, to choose.
fn login_choice(member: &StaffMember, id: MemberId, name: &str) -> Choice {
    let kind = Message::new(member.language, "kind-member");
    Choice {
        value: id.to_string(),
        title: format!("{kind}: {name}"),
        text: String::new(),
    }
}

/// That nothing is chosen yet.
pub(super) fn unchosen(member: &StaffMember) -> Choice {
    Choice {
        value: String::new(),
        title: Message::new(member.language, "staff-phone-choose").to_string(),
        text: String::new(),
    }
}

/// What can be written down in a ticket now; nothing without a caller whom this employee recognised.
pub(super) async fn phone(
    (tx, scope): (&mut Tx, &Scope),
    member: &StaffMember,
    ticket: TicketId,
    search: &str,
) -> Result<Option<Phone>, Failure> {
    let search: String = search.trim().chars().take(SEARCH_CHARS).collect();
    let Some(able) = able(tx, scope, ticket, (&search, member.now)).await? else {
        return Ok(None);
    };
    let Able {
        things,
        more,
        about,
        login,
        answers,
    } = able;
    let days = |days: i64| Choice {
        value: days.to_string(),
        title: Message::new(member.language, "ticket-consent-days")
            .num("count", days)
            .to_string(),
        text: String::new(),
    };
    let mut choices: Vec<Choice> = things
        .into_iter()
        .map(|thing| choice(member, thing))
        .collect();
    let login = login.filter(|(_, name)| name.contains(&search));
    choices.extend(login.map(|(id, name)| login_choice(member, id, &name)));
    // What is not plain is chosen, and never just what comes first.
    if choices.len() > 1 && !about {
        choices.insert(0, unchosen(member));
    }
    Ok(Some(Phone {
        things: choices,
        more: more || !search.is_empty(),
        search,
        days: if answers {
            DAYS.map(days).into()
        } else {
            Vec::new()
        },
    }))
}

async fn instruct(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    act::<WriteDownInstruction>(&staff, &member, (id, "said"), form).await
}

async fn answer(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    act::<WriteDownConsent>(&staff, &member, (id, "answered"), form).await
}
