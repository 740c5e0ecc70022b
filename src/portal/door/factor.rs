//! `GET` and `POST /login/factor`, `GET …/factor/passkey`, `POST /login/recovery`; `GET` and `POST /login/enrol`,
//! `POST /login/later`
//!
//! The second half of a login: a code of the app, a passkey, a recovery code, or an app that is to be set
//! up. A
//! cookie of its own names the half; it opens nothing but these pages and is gone with the last of them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Refusal};
use wabe_identity::factor::demand::Demand;
use wabe_identity::factor::enrol_totp::EnrolTotp;
use wabe_identity::login::half::{Enrolment, Half, HalfLogin};
use wabe_identity::passkey::assertion::Assertion;
use wabe_identity::{Stage, Step, Stepped};
use wabe_kernel::{FieldErrors, FormState, Problem, Secret};
use wabe_web::cookie::{self, SameSite};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{
    Arrival, Cost, Failure, Form, Guest, LocalPath, Needs, ProvedBy, Query, Routes, see_other,
};

use crate::door::login;
use crate::qr::{Qr, qr};
use crate::{Portal, passkey};

const CODE_PAGE: &str = "/login/factor";
const ENROL_PAGE: &str = "/login/enrol";
/// The fields, none of which ever comes back.
const SECRET: [&str; 2] = ["code", "recovery"];

/// Asks for the code, or for the passkey.
#[derive(Template)]
#[template(path = "portal/door/factor.html")]
pub(crate) struct FactorPage {
    /// The form.
    pub form: FormState,
    /// Where it goes on.
    pub next: LocalPath,
    /// What there is to ask for.
    pub asked: ProvedBy,
}

/// Shows what an app needs, and asks for its first code.
#[derive(Template)]
#[template(path = "portal/door/enrol.html")]
pub(crate) struct EnrolPage {
    /// The form.
    pub form: FormState,
    /// Where it goes on.
    pub next: LocalPath,
    /// Why.
    pub demand: Option<Demand>,
    /// Whether the old app was lost.
    pub recovered: bool,
    /// What an app needs.
    pub app: App,
}

impl EnrolPage {
    /// Whether it may be done another time.
    #[must_use]
    pub(crate) fn may_wait(&self) -> bool {
        self.recovered && self.demand != Some(Demand::Staff)
    }

    /// Whether a passkey was tried, and not an app.
    #[must_use]
    pub(crate) fn is_passkey(&self) -> bool {
        let wrong = |name| self.form.error(name).is_some();
        wrong("passkey") || wrong("label")
    }
}

/// What an app needs: a picture, or letters to type.
#[derive(Debug, Clone)]
pub(crate) struct App {
    /// The picture.
    pub qr: Qr,
    /// The secret in groups of four.
    pub groups: Vec<Secret>,
}

impl App {
    /// What the app needs for this account.
    ///
    /// # Errors
    /// A fault when the picture cannot be drawn.
    pub(crate) fn of(
        secret: &wabe_identity::factor::code::TotpSecret,
        account: &str,
    ) -> Result<Self, wabe_kernel::Fault> {
        let text = secret.text();
        let groups = (0..text.expose().len()).step_by(4);
        let groups = groups.filter_map(|at| text.expose().get(at..at + 4));
        Ok(Self {
            qr: qr(&secret.uri(account))?,
            groups: groups.map(Secret::new).collect(),
        })
    }
}

/// The recovery codes, shown once.
#[derive(Template)]
#[template(path = "portal/door/codes.html")]
pub(crate) struct CodesPage {
    /// The codes.
    pub codes: Vec<String>,
    /// Where it goes on.
    pub next: String,
}

/// There is no login (any more) that could go on.
#[derive(Template)]
#[template(path = "portal/door/half_over.html")]
pub(crate) struct OverPage {
    /// Where it would have gone on.
    pub next: LocalPath,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get(CODE_PAGE, Needs::Public, show)
        .post(CODE_PAGE, Needs::Public, pass)
        .cost(Cost::Heavy)
        .get("/login/factor/passkey", Needs::Public, options)
        .post("/login/recovery", Needs::Public, recover)
        .cost(Cost::Heavy)
        .get(ENROL_PAGE, Needs::Public, show_enrolment)
        .post(ENROL_PAGE, Needs::Public, enrol)
        .cost(Cost::Heavy)
        .post("/login/later", Needs::Public, later)
}

/// Sends somebody to the next step of their login, under its token.
pub(crate) fn go_on(half: &HalfLogin, next: &LocalPath) -> Response {
    let page = match half.stage {
        Stage::Code => CODE_PAGE,
        Stage::Enrol | Stage::Recovered => ENROL_PAGE,
    };
    let mut response = see_other(&format!("{page}?next={}", next.encoded()));
    // Nothing but these pages, one after another, needs it.
    let token = cookie::set(cookie::HALF, &half.token, SameSite::Strict, None);
    cookie::append(response.headers_mut(), token);
    response
}

pub(super) fn over(guest: &Guest, next: LocalPath) -> Response {
    guest.page(OverPage { next }).into_response()
}

fn wrong(form: &Form, field: &str, problem: &'static str) -> FormState {
    let errors = FieldErrors::one(field, Problem::new(problem));
    FormState::of(&form.fields, errors, &SECRET)
}

/// The request as a step of the login that its cookie names.
pub(super) fn step(arrival: &Arrival) -> Option<Step> {
    Some(Step {
        token: arrival.half()?.clone(),
        address: arrival.address(),
        user_agent: arrival.user_agent().to_owned(),
    })
}

pub(super) async fn half(portal: &Portal, arrival: &Arrival) -> Result<Option<Half>, Failure> {
    match arrival.half() {
        Some(token) => Ok(portal.identity.half_login(token).await?),
        None => Ok(None),
    }
}

/// Where a login goes on that has come so far.
fn entered(inside: &wabe_identity::LoggedIn, next: &LocalPath) -> Response {
    let mut response = login::welcome(inside, login::after(inside, next));
    response
        .headers_mut()
        .append(http::header::SET_COOKIE, cookie::clear(cookie::HALF));
    response
}

/// The page that asks for a code or a passkey, whichever there is.
async fn factor_page(
    guest: &Guest,
    portal: &Portal,
    half: &Half,
    (form, next): (FormState, LocalPath),
) -> Result<Response, Failure> {
    let (standing, _) = portal.identity.factors(half.user).await?;
    let wrong = form.has_errors();
    let page = guest.page(FactorPage {
        form,
        next,
        asked: ProvedBy::of(standing.totp, standing.passkeys > 0),
    });
    Ok(if wrong {
        page.invalid()
    } else {
        page.into_response()
    })
}

async fn show(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    query: Query,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(query.get("next"));
    match half(&portal, &arrival).await? {
        Some(half) if half.stage == Stage::Code => {
            factor_page(&guest, &portal, &half, (FormState::new(), next)).await
        }
        Some(_) => Ok(see_other(&format!("{ENROL_PAGE}?next={}", next.encoded()))),
        None => Ok(over(&guest, next)),
    }
}

/// What a page's script needs for a passkey in place of a code.
async fn options(State(portal): State<Portal>, arrival: Arrival) -> Result<Response, Failure> {
    let found = half(&portal, &arrival).await?;
    let found = found.filter(|half| half.stage == Stage::Code);
    let Some((half, token)) = found.zip(arrival.half()) else {
        return Ok(passkey::nothing());
    };
    let asking = portal.identity.ask_second(&half, token).await?;
    Ok(passkey::to_sign(&asking))
}

async fn pass(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let code = Secret::new(form.get("code"));
    let next = LocalPath::or_home(form.get("next"));
    let Some(step) = step(&arrival) else {
        return Ok(over(&guest, next));
    };
    if let Some(signed) = Assertion::written(&code) {
        let stepped = portal.identity.pass_passkey(&step, &signed).await?;
        let form = wrong(&form, "code", "passkey-wrong");
        return answer((&guest, &portal, &arrival), stepped, form, next).await;
    }
    let stepped = portal.identity.pass_code(&step, &code).await?;
    let form = wrong(&form, "code", "code-wrong");
    answer((&guest, &portal, &arrival), stepped, form, next).await
}

async fn recover(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let code = Secret::new(form.get("recovery"));
    let next = LocalPath::or_home(form.get("next"));
    let Some(step) = step(&arrival) else {
        return Ok(over(&guest, next));
    };
    let stepped = portal.identity.pass_recovery(&step, &code).await?;
    let form = wrong(&form, "recovery", "code-wrong");
    answer((&guest, &portal, &arrival), stepped, form, next).await
}

/// What follows from a step; `form` says what was wrong, if it was.
async fn answer(
    (guest, portal, arrival): (&Guest, &Portal, &Arrival),
    stepped: Stepped,
    form: FormState,
    next: LocalPath,
) -> Result<Response, Failure> {
    Ok(match stepped {
        Stepped::LoggedIn(inside) => entered(&inside, &next),
        Stepped::Goes(half) => go_on(&half, &next),
        Stepped::Refused => match half(portal, arrival).await? {
            Some(half) => return factor_page(guest, portal, &half, (form, next)).await,
            None => over(guest, next),
        },
        Stepped::Over => over(guest, next),
    })
}

pub(super) fn enrol_page(
    guest: &Guest,
    (half, enrolment): (&Half, Enrolment),
    form: FormState,
    next: LocalPath,
) -> Result<Response, Failure> {
    let wrong = form.has_errors();
    let page = guest.page(EnrolPage {
        form,
        next,
        app: App::of(&enrolment.secret, &enrolment.email.to_string())?,
        demand: enrolment.demand,
        recovered: half.stage == Stage::Recovered,
    });
    Ok(if wrong {
        page.invalid()
    } else {
        page.into_response()
    })
}

async fn show_enrolment(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    query: Query,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(query.get("next"));
    let Some(half) = half(&portal, &arrival).await? else {
        return Ok(over(&guest, next));
    };
    match portal.identity.enrolment(&half).await? {
        Some(found) => enrol_page(&guest, (&half, found), FormState::new(), next),
        None => Ok(over(&guest, next)),
    }
}

async fn enrol(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(form.get("next"));
    let (found, step) = (half(&portal, &arrival).await?, step(&arrival));
    let (Some(half), Some(step)) = (found, step) else {
        return Ok(over(&guest, next));
    };
    let Some(enrolment) = portal.identity.enrolment(&half).await? else {
        return Ok(over(&guest, next));
    };
    let command = EnrolTotp {
        code: Secret::new(form.get("code")),
    };
    let enroller = half.enroller();
    let run = portal.gate.run(&enroller, command, Mode::Commit);
    let codes = match Box::pin(run).await {
        Ok(done) => done.output.recovery_codes,
        Err(Refusal::Invalid(errors)) => {
            let form = FormState::of(&form.fields, errors, &SECRET);
            return enrol_page(&guest, (&half, enrolment), form, next);
        }
        Err(Refusal::Conflict(_) | Refusal::StepUp) => return Ok(over(&guest, next)),
        Err(refusal) => return Err(refusal.into()),
    };
    set_up(&guest, &portal, &step, (codes, next)).await
}

/// Goes on with a login whose second factor was just set up; shows the recovery codes, where there are new
/// ones.
pub(super) async fn set_up(
    guest: &Guest,
    portal: &Portal,
    step: &Step,
    (codes, next): (Vec<String>, LocalPath),
) -> Result<Response, Failure> {
    let Stepped::LoggedIn(inside) = portal.identity.pass_enrolled(step).await? else {
        return Ok(over(guest, next));
    };
    if codes.is_empty() {
        return Ok(entered(&inside, &next));
    }
    let next = login::after(&inside, &next).to_owned();
    let mut response = guest.page(CodesPage { codes, next }).into_response();
    login::let_in(&mut response, &inside);
    response
        .headers_mut()
        .append(http::header::SET_COOKIE, cookie::clear(cookie::HALF));
    Ok(response)
}

/// Without a new app for now: nothing sensitive is open in this session.
async fn later(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(form.get("next"));
    let Some(step) = step(&arrival) else {
        return Ok(over(&guest, next));
    };
    Ok(match portal.identity.pass_for_now(&step).await? {
        Stepped::LoggedIn(inside) => entered(&inside, &next),
        _ => over(&guest, next),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::samples;
    use wabe_identity::factor::code::TotpSecret;
    use wabe_web::Sample;
    use wabe_web::check::check_samples;

    /// What an app needs, with any secret.
    pub(crate) fn app() -> App {
        let secret = TotpSecret::from_text("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        App::of(&secret, "annemarie@sonnenkorn.example").unwrap()
    }

    /// Ten codes.
    pub(crate) fn codes() -> Vec<String> {
        vec!["ABCD-EFGH-IJKL-MNOP-QRST-UVWX".to_owned(); 10]
    }

    fn next() -> LocalPath {
        LocalPath::or_home("/mailboxes?q=a&after=b")
    }

    impl Sample for FactorPage {
        fn samples() -> Vec<Self> {
            let page = |form, asked| Self {
                form,
                next: next(),
                asked,
            };
            vec![
                page(FormState::new(), ProvedBy::Code),
                page(FormState::new(), ProvedBy::CodeOrPasskey),
                page(samples::errors("code", "code-wrong"), ProvedBy::Code),
                page(samples::errors("code", "passkey-wrong"), ProvedBy::Passkey),
                page(
                    samples::errors("recovery", "code-wrong"),
                    ProvedBy::CodeOrPasskey,
                ),
            ]
        }
    }

    impl Sample for EnrolPage {
        fn samples() -> Vec<Self> {
            let page = |form, demand, recovered| Self {
                form,
                next: next(),
                demand,
                recovered,
                app: app(),
            };
            let customer = Demand::Customer("Bäckerei <Sonnenkorn> & Söhne".to_owned());
            vec![
                page(FormState::new(), Some(Demand::Staff), false),
                page(FormState::new(), Some(Demand::Installation), true),
                page(FormState::new(), None, true),
                page(samples::errors("code", "code-wrong"), Some(customer), false),
                page(samples::errors("passkey", "passkey-wrong"), None, true),
            ]
        }
    }

    impl Sample for CodesPage {
        fn samples() -> Vec<Self> {
            vec![Self {
                codes: codes(),
                next: "/mailboxes?q=a&after=b".to_owned(),
            }]
        }
    }

    impl Sample for OverPage {
        fn samples() -> Vec<Self> {
            vec![Self { next: next() }]
        }
    }

    #[test]
    fn the_pages_of_the_second_half_of_a_login_are_whole() {
        let found = [
            check_samples::<FactorPage>(),
            check_samples::<EnrolPage>(),
            check_samples::<CodesPage>(),
            check_samples::<OverPage>(),
        ];
        assert_eq!(found.concat(), Vec::<String>::new());
    }
}
