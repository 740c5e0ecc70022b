//! `GET` and `POST /login/lost`; `GET /factor-keep/{token}`, `POST /factor-keep`, `GET /factor-kept`
//!
//! The second factor and every recovery code are lost: who gave their password in a login says so here,
//! and whoever reads a letter about it stops it. Neither logs anybody in. Source: bar 3.4 T5.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::Refusal;
use wabe_identity::Stage;
use wabe_identity::factor_loss::store::Loss;
use wabe_identity::login::half::Half;
use wabe_kernel::{Secret, Timestamp};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{
    Arrival, Failure, Form, Guest, LocalPath, Needs, Page, Path, Query, Routes, see_other,
};

use crate::Portal;
use crate::door::{factor, link, reset};

const PAGE: &str = "/login/lost";

/// Says what happens, or how far it is.
#[derive(Template)]
#[template(path = "portal/door/lost.html")]
pub(crate) struct LostPage {
    /// Where the login goes on.
    pub next: LocalPath,
    /// From when on somebody may decide, when it was said already.
    pub due: Option<Timestamp>,
    /// Whether that moment has passed.
    pub waits_for_us: bool,
}

/// Asks whether it shall be stopped.
#[derive(Template)]
#[template(path = "portal/door/factor_keep.html")]
pub(crate) struct KeepPage {
    /// The link's secret.
    pub token: Secret,
}

/// Says that it was.
#[derive(Template)]
#[template(path = "portal/door/factor_kept.html")]
pub(crate) struct KeptPage;

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get(PAGE, Needs::Public, show)
        .post(PAGE, Needs::Public, report)
        .get("/factor-keep/{token}", Needs::Public, ask)
        .post("/factor-keep", Needs::Public, keep)
        .get("/factor-kept", Needs::Public, kept)
}

/// The login that waits for a code, and where it goes on.
async fn waiting(portal: &Portal, arrival: &Arrival) -> Result<Option<Half>, Failure> {
    let half = factor::half(portal, arrival).await?;
    Ok(half.filter(|half| half.stage == Stage::Code))
}

async fn show(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    query: Query,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(query.get("next"));
    let Some(half) = waiting(&portal, &arrival).await? else {
        return Ok(factor::over(&guest, next));
    };
    let loss: Option<Loss> = portal.identity.loss_of(&half).await?;
    let now = portal.gate.tools().clock.now();
    let page = LostPage {
        next,
        due: loss.as_ref().map(|loss| loss.due_at),
        waits_for_us: loss.is_some_and(|loss| loss.is_due(now)),
    };
    Ok(guest.page(page).into_response())
}

async fn report(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(form.get("next"));
    let Some(half) = waiting(&portal, &arrival).await? else {
        return Ok(factor::over(&guest, next));
    };
    portal
        .identity
        .report_loss(&half, arrival.address())
        .await?;
    Ok(see_other(&format!("{PAGE}?next={}", next.encoded())))
}

async fn ask(
    guest: Guest,
    State(portal): State<Portal>,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let token = link(&token);
    if portal.identity.keeps_factor(&token).await? {
        return Ok(guest.page(KeepPage { token }).into_response());
    }
    Ok(reset::void(&guest))
}

async fn keep(guest: Guest, State(portal): State<Portal>, form: Form) -> Result<Response, Failure> {
    match Box::pin(portal.identity.keep_factor(&link(form.get("token")))).await {
        Ok(()) => Ok(see_other("/factor-kept")),
        Err(Refusal::NotFound) => Ok(reset::void(&guest)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn kept(guest: Guest) -> Page<KeptPage> {
    guest.page(KeptPage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::NOW;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    impl Sample for LostPage {
        fn samples() -> Vec<Self> {
            let page = |due, waits_for_us| Self {
                next: LocalPath::or_home("/mailboxes?q=a&after=b"),
                due,
                waits_for_us,
            };
            vec![
                page(None, false),
                page(Some(NOW), false),
                page(Some(NOW), true),
            ]
        }
    }

    impl Sample for KeepPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                token: Secret::new("a-_b"),
            }]
        }
    }

    impl Sample for KeptPage {
        fn samples() -> Vec<Self> {
            vec![Self]
        }
    }

    #[test]
    fn the_pages_of_a_lost_factor_are_whole() {
        let found = [
            check_samples::<LostPage>(),
            check_samples::<KeepPage>(),
            check_samples::<KeptPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
