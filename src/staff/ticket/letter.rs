//! `POST /staff/tickets/{id}/confirmation`: who wrote by mail is asked to confirm what they want, and the
//! part of a ticket's page that asks for it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;

use wabe_access::{ByMail, Scope};
use wabe_identity::user::store as users;
use wabe_kernel::id::{TicketId, TicketMessageId};
use wabe_kernel::{FieldErrors, FormState, Timestamp};
use wabe_store::Tx;
use wabe_support::confirmation::{AskInstruction, Askable, askable};
use wabe_web::{Choice, Failure, Form, Path, Routes, StaffMember, see_other};

use crate::act::Again;
use crate::ticket::act::{carry_out, refused};
use crate::ticket::phone::{choice, unchosen};
use crate::ticket::{WORK, path};
use crate::{STAFF, Staff};

/// Characters of a search that count.
const SEARCH_CHARS: usize = 100;
/// The fields of the form as the page calls them, beside others of the same meaning, and as the command does.
const FIELDS: [(&str, &str); 2] = [("letter_object", "object"), ("letter_quote", "quote")];

/// What who wrote by mail can be asked to confirm.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// The message that says it.
    pub(crate) message: TicketMessageId,
    /// Who it says wrote it.
    pub(crate) by: String,
    /// What they may have changed, to choose from.
    pub(crate) things: Vec<Choice>,
    /// What was typed to find it.
    pub(crate) search: String,
    /// Whether the choice is only a part.
    pub(crate) more: bool,
    /// The one that the message plainly names; empty when it names none.
    pub(crate) named: String,
    /// The sentence in which it does.
    pub(crate) quote: String,
    /// Whether they confirm with their login alone.
    pub(crate) needs_login: bool,
    /// Letters that wait: about what, and until when.
    pub(crate) waiting: Vec<(String, Timestamp)>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .post("/staff/tickets/{id}/confirmation", WORK, ask)
        .id("tkt")
}

/// What can be asked for in a ticket now; nothing where nobody wrote by mail.
pub(super) async fn letter(
    (tx, scope): (&mut Tx, &Scope),
    (staff, member): (&Staff, &StaffMember),
    ticket: TicketId,
    search: &str,
) -> Result<Option<Letter>, Failure> {
    let search: String = search.trim().chars().take(SEARCH_CHARS).collect();
    let tools = staff.gate.tools();
    let Some(found) = askable(tx, scope, tools, (ticket, &search)).await? else {
        return Ok(None);
    };
    let by = users::find(tx, found.user).await?;
    let Askable {
        message,
        things,
        more,
        named,
        quote,
        worth,
        waiting,
        ..
    } = found;
    let mut choices: Vec<Choice> = things
        .into_iter()
        .map(|thing| choice(member, thing))
        .collect();
    // What is not plain is chosen, and never just what comes first.
    if choices.len() > 1 && named.is_none() {
        choices.insert(0, unchosen(member));
    }
    let waiting = waiting.into_iter();
    Ok(Some(Letter {
        message,
        by: by.map(|user| user.name.to_string()).unwrap_or_default(),
        things: choices,
        more: more || !search.is_empty(),
        search,
        named: named.unwrap_or_default(),
        quote,
        needs_login: worth != ByMail::Enough,
        waiting: waiting
            .map(|asked| (asked.object_name, asked.expires_at))
            .collect(),
    }))
}

/// The form of a ticket's page with what the letter plainly says.
pub(super) fn filled(form: FormState, letter: &Letter) -> FormState {
    let keep = |form: FormState, field: &str, value: &str| {
        if form.value(field).is_empty() {
            form.with(field, value)
        } else {
            form
        }
    };
    let form = keep(form, "letter_object", &letter.named);
    keep(form, "letter_quote", &letter.quote)
}

/// What a field of the command is called on the page.
fn shown(name: &str) -> String {
    let known = FIELDS.iter().find(|(_, meant)| *meant == name);
    known.map_or(name, |(shown, _)| *shown).to_owned()
}

/// The form on its way back, in the words of the page.
fn renamed(again: Again, typed: &Form) -> Again {
    let errors = again.form.errors().iter();
    let errors = errors.map(|(name, problem)| (shown(name), problem.clone()));
    let fields = typed.fields.iter();
    let fields = fields.map(|(name, text)| (shown(name), text.clone()));
    let fields: BTreeMap<String, String> = fields.collect();
    Again {
        form: FormState::of(&fields, FieldErrors(errors.collect()), &[]),
        note: again.note,
    }
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<TicketId>,
    mut form: Form,
) -> Result<Response, Failure> {
    for (shown, meant) in FIELDS {
        let typed = form.fields.remove(shown).unwrap_or_default();
        form.fields.insert(meant.to_owned(), typed);
    }
    form.fields.insert("id".to_owned(), id.to_string());
    match carry_out::<AskInstruction>(&staff, &member, &form).await? {
        Ok(_) => Ok(see_other(&format!("{}?done=asked", path(id)))),
        Err(again) => refused(&staff, &member, id, renamed(again, &form)).await,
    }
}
