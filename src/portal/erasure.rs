//! `GET /erasure`, `POST /erasure/stop`: that everything of the customer is removed for good, until when that
//! can be stopped, and stopping it. Everybody sees it; owners stop it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission};
use wabe_identity::erasure::model::Waiting;
use wabe_identity::erasure::read;
use wabe_identity::erasure::stop::StopErasure;
use wabe_identity::export::read::owns;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Query, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::reading::with_field;
use crate::refused::Note;
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

/// Where the page is.
const PAGE: &str = "/erasure";

/// The page.
#[derive(Template)]
#[template(path = "portal/erasure/show.html")]
pub(crate) struct ErasurePage {
    /// What waits, or is underway.
    pub waiting: Option<Waiting>,
    /// Whether who looks is an owner.
    pub owner: bool,
    /// Why it was refused.
    pub note: Option<Note>,
    /// What was just done.
    pub done: Option<DoneBar>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, Needs::Permission(Permission::CustomerRead), show)
        .post(
            "/erasure/stop",
            Needs::Permission(Permission::MemberWrite),
            stop,
        )
}

async fn page(
    portal: &Portal,
    member: &Member,
    (note, query): (Option<Note>, &Query),
) -> Result<Page<ErasurePage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    scope.needs(Permission::CustomerRead)?;
    let waiting = read::waiting(&mut tx, scope.customer()).await?;
    let owner = owns(&mut tx, &scope, member.actor()).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    Ok(member.at("dashboard").page(ErasurePage {
        waiting,
        owner,
        note,
        done,
    }))
}

async fn show(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<ErasurePage>, Failure> {
    page(&portal, &member, (None, &query)).await
}

/// Stops what waits; what does not wait any more is what the page says.
async fn stop(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let waiting = read::waiting(&mut tx, scope.customer()).await?;
    tx.rollback().await?;
    let Some(waiting) = waiting.filter(|waiting| !waiting.begun) else {
        return Ok(see_other(PAGE));
    };
    let form = with_field(form, "id", waiting.id);
    match carry_out::<StopErasure>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&undo::done_path(PAGE, done.change))),
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(&portal, &member, (refused.note, &Query::default())).await?;
            Ok(refused_page(page, noted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_kernel::id::{CustomerId, ErasureId, UserId};
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for ErasurePage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |waiting: Option<Waiting>, owner: bool| Self {
                waiting,
                owner,
                note: waiting.and_then(|_| samples::conflict()),
                done: samples::done("erasure-stop").filter(|_| waiting.is_none()),
            };
            vec![
                page(None, true),
                page(Some(waiting(false)), true),
                page(Some(waiting(false)), false),
                page(Some(waiting(true)), true),
            ]
        }
    }

    fn waiting(begun: bool) -> Waiting {
        let id = Uuid::from_u128(7);
        Waiting {
            id: ErasureId::from_uuid(id),
            customer: CustomerId::from_uuid(id),
            asked_by: UserId::from_uuid(id),
            agreed_by: UserId::from_uuid(Uuid::from_u128(8)),
            due_at: samples::NOW.plus_days(9),
            begun,
        }
    }

    #[test]
    fn the_page_of_an_erasure_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<ErasurePage>(),
            Vec::<String>::new()
        );
    }
}
