//! Asking for help. The page that somebody comes from says what it is about.

use std::str::FromStr;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Refusal, Scope, member, resource};
use wabe_kernel::FormState;
use wabe_kernel::id::{AliasId, DatabaseId, DomainId, MailboxId, MemberId, WebspaceId};
use wabe_store::Tx;
use wabe_support::problem::notices;
use wabe_support::ticket::{Category, CreateTicket, TicketObject, TicketOpened};
use wabe_web::filters;
use wabe_web::{Choice, Failure, Member, Message, Posted, Query, see_other};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::reading::{sees, shown_name};
use crate::refused::{Note, Refused};
use crate::ticket::attachment::{BOUNDS, carry_out};
use crate::ticket::{PLACE, path};

/// The thing that a question is about.
#[derive(Debug, Clone)]
pub(crate) struct AboutThing {
    /// Its id.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: &'static str,
    /// What people call it.
    pub(crate) name: String,
}

/// The form.
#[derive(Template)]
#[template(path = "portal/ticket/create.html")]
pub(crate) struct CreatePage {
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) about: Option<AboutThing>,
    pub(crate) categories: Vec<Choice>,
    /// Problems that are known already: what they are called, and what to know about them.
    pub(crate) known: Vec<(String, String)>,
}

fn is_id<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

/// The first id of a thing in the path of a page.
fn thing_in(path: &str) -> Option<&str> {
    let named = |part: &&str| {
        is_id::<WebspaceId>(part)
            || is_id::<DomainId>(part)
            || is_id::<MailboxId>(part)
            || is_id::<AliasId>(part)
            || is_id::<DatabaseId>(part)
            || is_id::<MemberId>(part)
    };
    path.split('/').find(named)
}

/// The login of this member, when the person sees it, or it is theirs.
async fn login(tx: &mut Tx, scope: &Scope, id: MemberId) -> Result<Option<AboutThing>, Failure> {
    let found = member::seen(tx, scope, id).await?;
    Ok(found.map(|(_, name)| AboutThing {
        id: id.to_string(),
        kind: TicketObject::LOGIN,
        name,
    }))
}

/// The thing of this id, when the person sees it.
async fn thing(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Option<AboutThing>, Failure> {
    if let Ok(id) = id.parse() {
        return login(tx, scope, id).await;
    }
    let found = match resource::load(tx, scope.customer(), id).await {
        Ok(found) => found,
        Err(Refusal::NotFound) => return Ok(None),
        Err(refusal) => return Err(refusal.into()),
    };
    Ok(scope.has(sees(found.kind)).then(|| AboutThing {
        name: shown_name(found.kind.word(), found.name),
        id: found.id,
        kind: found.kind.word(),
    }))
}

async fn page(portal: &Portal, member: &Member, refused: Refused) -> Result<CreatePage, Failure> {
    let Refused { form, note } = refused;
    let (mut tx, scope) = portal.read(member).await?;
    let about = match form.value("object") {
        "" => None,
        id => thing(&mut tx, &scope, id).await?,
    };
    let known = notices(&mut tx).await?;
    tx.rollback().await?;
    let choice = |category: &Category| Choice {
        value: category.word().to_owned(),
        title: Message::new(member.language, format!("ticket-category-{category}")).to_string(),
        text: String::new(),
    };
    Ok(CreatePage {
        form,
        note,
        about,
        known,
        categories: Category::ALL.iter().map(choice).collect(),
    })
}

pub(super) async fn new(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    let object = match query.get("object") {
        "" => thing_in(query.get("page")).unwrap_or(""),
        object => object,
    };
    let form = FormState::new()
        .with("object", object)
        .with("subject", query.get("subject"))
        .with("category", Category::Other.word());
    let page = page(&portal, &member, Refused::from(form)).await?;
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn create(
    member: Member,
    State(portal): State<Portal>,
    posted: Posted,
) -> Result<Response, Failure> {
    let (mut form, files) = posted.read(BOUNDS).await?;
    // The thing says what it is about, unless it was taken off the question.
    if !form.get("object").is_empty() {
        form.fields.remove("category");
    }
    match carry_out::<CreateTicket>(&portal, &member, &form, files).await? {
        Ok(done) => {
            let TicketOpened {
                ticket,
                masked_secrets,
            } = done.output;
            Ok(see_other(&format!(
                "{}?new=1&masked={masked_secrets}",
                path(ticket.id)
            )))
        }
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(&portal, &member, refused).await?;
            Ok(refused_page(member.at(PLACE).page(page), noted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::thing_in;

    #[test]
    fn the_page_says_what_the_question_is_about() {
        let id = "mbx_01kaj8xv00e0m9f8w2v3x4y5z6";
        let page = format!("/mailboxes/{id}/messages");
        assert_eq!(thing_in(&page), Some(id));
        assert_eq!(thing_in("/mailboxes"), None);
        assert_eq!(thing_in(""), None);
    }
}
