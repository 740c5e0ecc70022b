//! `GET /instruction-request/{token}`, `POST /instruction-request`, `GET /instruction-answered`
//!
//! Who wrote by mail says on the page behind the link of a letter whether they want that. Opening it
//! changes nothing; one press of a button is all the link is good for. Source: bar 3.4 T1, 3.8 T2.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::Refusal;
use wabe_identity::user::store as users;
use wabe_kernel::id::TicketId;
use wabe_kernel::{Secret, Timestamp};
use wabe_support::confirmation::{self, Opened};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{Cost, Failure, Form, Guest, Message, Needs, Page, Path, Query, Routes, see_other};

use crate::Portal;
use crate::door::{link, reset};

/// Says who asked for what, and what a yes would allow.
#[derive(Template)]
#[template(path = "portal/door/instruction_request.html")]
pub(crate) struct RequestPage {
    /// The link's secret.
    pub token: Secret,
    /// Who wrote.
    pub person: String,
    /// For which customer.
    pub customer: String,
    /// What the ticket is called.
    pub ticket: String,
    /// The ticket, for who has to log in.
    pub id: TicketId,
    /// The thing, with what it is.
    pub thing: String,
    /// What they wrote.
    pub quote: String,
    /// Until when the link works.
    pub until: Timestamp,
    /// What staff may do then, in words.
    pub actions: Vec<String>,
    /// Whether the answer takes a login.
    pub needs_login: bool,
}

/// Says what became of it.
#[derive(Template)]
#[template(path = "portal/door/instruction_answered.html")]
pub(crate) struct AnsweredPage {
    /// Whether they said yes.
    pub given: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/instruction-request/{token}", Needs::Public, show)
        .cost(Cost::Heavy)
        .post("/instruction-request", Needs::Public, answer)
        .cost(Cost::Heavy)
        .get("/instruction-answered", Needs::Public, answered)
}

/// What the link leads to; nothing when it does not work.
async fn page(
    guest: &Guest,
    portal: &Portal,
    token: Secret,
) -> Result<Option<RequestPage>, Failure> {
    let Some(opened) = confirmation::opened(&portal.gate, &token).await? else {
        return Ok(None);
    };
    let Opened {
        asked,
        customer_name,
        ticket_name,
        needs_login,
        actions,
    } = opened;
    let mut tx = portal.gate.store().read().await?;
    let found = users::find(&mut tx, asked.user).await?;
    tx.rollback().await?;
    let said = |id: String| Message::new(guest.language, id).to_string();
    let action = |command: &'static str| {
        let word = command.replace(['.', '_'], "-");
        said(format!("ticket-action-{word}"))
    };
    let kind = said(format!("kind-{}", asked.object_kind));
    Ok(Some(RequestPage {
        token,
        person: found.map(|user| user.name.to_string()).unwrap_or_default(),
        customer: customer_name,
        ticket: ticket_name,
        id: asked.ticket,
        thing: format!("{kind}: {}", asked.object_name),
        quote: asked.quote,
        until: asked.expires_at,
        actions: actions.into_iter().map(action).collect(),
        needs_login,
    }))
}

async fn show(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    match page(&guest, &portal, link(&token)).await? {
        Some(page) => Ok(guest.page(page).into_response()),
        None => Ok(reset::void(&guest)),
    }
}

/// The page again, after an answer that was none.
async fn again(guest: &Guest, portal: &Portal, token: Secret) -> Result<Response, Failure> {
    match page(guest, portal, token).await? {
        Some(page) => Ok(guest
            .page(page)
            .status(StatusCode::CONFLICT)
            .into_response()),
        None => Ok(reset::void(guest)),
    }
}

async fn answer(
    guest: Guest,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let token = link(form.get("token"));
    let (done, word) = match form.get("answer") {
        "given" => (confirmation::confirm(&portal.gate, &token).await, "given"),
        "declined" => (
            confirmation::decline(&portal.gate, &token).await,
            "declined",
        ),
        _ => return again(&guest, &portal, token).await,
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/instruction-answered?answer={word}"))),
        Err(Refusal::Conflict("letter-needs-login")) => again(&guest, &portal, token).await,
        Err(Refusal::NotFound | Refusal::Forbidden | Refusal::Conflict(_)) => {
            Ok(reset::void(&guest))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn answered(guest: Guest, query: Query) -> Page<AnsweredPage> {
    let given = query.get("answer") == "given";
    guest.page(AnsweredPage { given })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::NOW;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    impl Sample for RequestPage {
        fn samples() -> Vec<Self> {
            let page = |needs_login, actions: &[&str]| Self {
                token: Secret::new("a-_b"),
                person: "Ada <Lang>".to_owned(),
                customer: "Bäckerei Sonnenkorn <& Söhne> Handwerksbetriebe GmbH".to_owned(),
                ticket: "T10234 Das <Postfach> ist voll".to_owned(),
                id: TicketId::from_uuid(Uuid::from_u128(9)),
                thing: "E-Mail-Postfach: bestellannahme@sonnenkorn-baeckerei.example".to_owned(),
                quote: "Bitte <b>mehr</b> Platz.\n<script>alert(1)</script>".to_owned(),
                until: NOW.plus_days(3),
                actions: actions.iter().map(|action| (*action).to_owned()).collect(),
                needs_login,
            };
            vec![
                page(false, &["Speicherplatz <ändern>", "Wiederherstellen"]),
                page(false, &[]),
                page(true, &["Speicherplatz ändern"]),
            ]
        }
    }

    impl Sample for AnsweredPage {
        fn samples() -> Vec<Self> {
            [true, false].map(|given| Self { given }).into()
        }
    }

    #[test]
    fn the_pages_of_a_request_to_confirm_are_whole() {
        let found = [
            check_samples::<RequestPage>(),
            check_samples::<AnsweredPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
