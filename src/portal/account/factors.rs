//! `GET /account/factors`; `POST …/totp/begin`, `GET` and `POST …/totp`, `POST …/totp/remove`,
//! `POST …/codes`
//!
//! One's own second factor. Setting one up, taking it away and making new codes ask for a fresh proof
//! first; secrets and codes are shown once.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Refusal};
use wabe_identity::factor::demand::Demand;
use wabe_identity::factor::enrol_totp::EnrolTotp;
use wabe_identity::factor::remove_totp::RemoveTotp;
use wabe_identity::factor::renew_codes::RenewCodes;
use wabe_identity::factor::store::Standing;
use wabe_identity::passkey::store::ListedPasskey;
use wabe_kernel::{FormState, Secret};
use wabe_web::filters;
use wabe_web::{Failure, Form, Needs, Person, Query, Routes, Tab, see_other};

use crate::account::tabs_of;
use crate::door::{App, CodesPage};
use crate::refused::{self, Note};
use crate::{PORTAL, Portal, proof};

/// Where the page is.
pub(crate) const PAGE: &str = "/account/factors";
const TOTP_PAGE: &str = "/account/factors/totp";
/// What the page can say was done: the messages `factors-done-{word}`.
const DONE: [&str; 5] = [
    "totp",
    "removed",
    "passkey",
    "passkey-renamed",
    "passkey-removed",
];

/// What somebody has.
pub(crate) struct Content {
    /// What they have.
    pub standing: Standing,
    /// Their passkeys.
    pub passkeys: Vec<ListedPasskey>,
    /// Why they must have one.
    pub demand: Option<Demand>,
    /// Why something was refused.
    pub note: Option<Note>,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

impl Content {
    /// Whether one of what they have may be taken away: the last one may not, where there must be one.
    #[must_use]
    pub(crate) fn may_remove(&self) -> bool {
        self.demand.is_none() || !self.standing.single()
    }
}

/// The page of people in the portal.
#[derive(Template)]
#[template(path = "portal/account/factors.html")]
pub(crate) struct FactorsPage {
    /// What it shows.
    pub it: Content,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

/// The same for staff, who have another frame.
#[derive(Template)]
#[template(path = "portal/account/factors_staff.html")]
pub(crate) struct StaffFactorsPage {
    /// What it shows.
    pub it: Content,
}

/// Shows what an app needs, and asks for its first code.
#[derive(Template)]
#[template(path = "portal/account/totp.html")]
pub(crate) struct TotpPage {
    /// The form.
    pub form: FormState,
    /// What an app needs.
    pub app: App,
    /// Whether it takes the place of another app.
    pub replaces: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, Needs::Session, show)
        .post("/account/factors/totp/begin", Needs::Session, begin)
        .get(TOTP_PAGE, Needs::Session, show_totp)
        .post(TOTP_PAGE, Needs::Session, enrol)
        .post("/account/factors/totp/remove", Needs::Session, remove)
        .post("/account/factors/codes", Needs::Session, renew)
}

async fn page(
    portal: &Portal,
    person: &Person,
    note: Option<Note>,
    done: Option<&'static str>,
) -> Result<Response, Failure> {
    let (standing, demand) = portal.identity.factors(person.visitor.user).await?;
    let passkeys = portal.identity.passkeys(person.visitor.user).await?;
    let refused = note.is_some();
    let it = Content {
        standing,
        passkeys,
        demand,
        note,
        done,
    };
    let mut response = if person.visitor.staff {
        person.page(StaffFactorsPage { it }).into_response()
    } else {
        let tabs = tabs_of(person);
        person.page(FactorsPage { it, tabs }).into_response()
    };
    if refused {
        *response.status_mut() = http::StatusCode::CONFLICT;
    }
    Ok(response)
}

async fn show(
    person: Person,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    page(&portal, &person, None, done).await
}

async fn begin(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    if let Some(way) = proof::first(&person, PAGE) {
        return Ok(way);
    }
    portal.identity.begin_totp(person.visitor.user).await?;
    Ok(see_other(TOTP_PAGE))
}

async fn totp_page(portal: &Portal, person: &Person, form: FormState) -> Result<Response, Failure> {
    if let Some(way) = proof::first(person, PAGE) {
        return Ok(way);
    }
    let user = person.visitor.user;
    let Some(secret) = portal.identity.pending_totp(user).await? else {
        return Ok(see_other(PAGE));
    };
    let (standing, _) = portal.identity.factors(user).await?;
    let wrong = form.has_errors();
    let page = person.page(TotpPage {
        form,
        app: App::of(&secret, &person.visitor.email)?,
        replaces: standing.totp,
    });
    Ok(if wrong {
        page.invalid()
    } else {
        page.into_response()
    })
}

async fn show_totp(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    totp_page(&portal, &person, FormState::new()).await
}

/// The codes on a page of their own, or back to the list when there are none to show.
pub(super) fn codes_page(person: &Person, codes: Vec<String>, done: &str) -> Response {
    if codes.is_empty() {
        return see_other(&format!("{PAGE}?done={done}"));
    }
    let next = PAGE.to_owned();
    person.page(CodesPage { codes, next }).into_response()
}

async fn enrol(
    person: Person,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let command = EnrolTotp {
        code: Secret::new(form.get("code")),
    };
    match Box::pin(portal.gate.run(person.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(codes_page(&person, done.output.recovery_codes, "totp")),
        Err(Refusal::Invalid(errors)) => {
            let form = FormState::of(&form.fields, errors, &["code"]);
            totp_page(&portal, &person, form).await
        }
        Err(refusal) => or_note(&portal, &person, refusal).await,
    }
}

/// The list with a note that says why; or the way to a fresh proof.
pub(super) async fn or_note(
    portal: &Portal,
    person: &Person,
    refusal: Refusal,
) -> Result<Response, Failure> {
    match refusal {
        Refusal::StepUp => Ok(proof::way(PAGE)),
        refusal => page(portal, person, Some(refused::note(refusal)?), None).await,
    }
}

async fn remove(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    let run = portal.gate.run(person.actor(), RemoveTotp {}, Mode::Commit);
    match Box::pin(run).await {
        Ok(_) => Ok(see_other(&format!("{PAGE}?done=removed"))),
        Err(refusal) => or_note(&portal, &person, refusal).await,
    }
}

async fn renew(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    let run = portal.gate.run(person.actor(), RenewCodes {}, Mode::Commit);
    match Box::pin(run).await {
        Ok(done) => Ok(codes_page(&person, done.output.recovery_codes, "totp")),
        Err(refusal) => or_note(&portal, &person, refusal).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::tabs;
    use crate::door::factor_tests::app;
    use crate::samples;
    use wabe_kernel::id::PasskeyId;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;
    use wabe_web::{Face, Sample, Visitor};

    fn passkeys(count: i64) -> Vec<ListedPasskey> {
        let id = PasskeyId::from_uuid(Uuid::from_u128(7));
        let one = |name: &str, last_used_at| ListedPasskey {
            id,
            name: name.parse().unwrap(),
            created_at: samples::NOW,
            last_used_at,
        };
        let all = [
            one("Schlüssel am <Bund> der Geschäftsführung", None),
            one("Telefon", Some(samples::NOW)),
        ];
        all.into_iter()
            .take(usize::try_from(count).unwrap() * 2)
            .collect()
    }

    fn contents() -> Vec<Content> {
        let content = |totp, codes, demand, note, done| Content {
            standing: Standing {
                totp,
                passkeys: codes % 2,
                codes,
            },
            passkeys: passkeys(codes % 2),
            demand,
            note,
            done,
        };
        let customer = Some(Demand::Customer("Bäckerei <Sonnenkorn>".to_owned()));
        vec![
            content(false, 0, None, None, Some("removed")),
            content(false, 0, customer, samples::conflict(), None),
            content(true, 10, Some(Demand::Installation), None, Some("totp")),
            content(true, 2, Some(Demand::Staff), None, None),
            content(true, 0, None, None, None),
            content(false, 9, Some(Demand::Staff), None, Some("passkey")),
            content(true, 9, None, None, Some("passkey-renamed")),
        ]
    }

    impl Sample for FactorsPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |it| Self {
                it,
                tabs: tabs(true),
            };
            contents().into_iter().map(page).collect()
        }
    }

    impl Sample for StaffFactorsPage {
        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            contents().into_iter().map(|it| Self { it }).collect()
        }
    }

    impl Sample for TotpPage {
        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |form, replaces| Self {
                form,
                app: app(),
                replaces,
            };
            vec![
                page(FormState::new(), false),
                page(samples::errors("code", "code-wrong"), true),
            ]
        }
    }

    #[test]
    fn the_pages_of_ones_second_factor_are_whole() {
        let found = [
            check_samples::<FactorsPage>(),
            check_samples::<StaffFactorsPage>(),
            check_samples::<TotpPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
