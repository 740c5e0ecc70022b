//! `GET` and `POST /login/enrol/passkey`: a passkey as the second factor that a login asks to set up.

use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Refusal};
use wabe_identity::Stage;
use wabe_identity::login::half::Half;
use wabe_identity::passkey::add::AddPasskey;
use wabe_identity::passkey::challenge::Purpose;
use wabe_kernel::FormState;
use wabe_web::face::DOOR;
use wabe_web::{Arrival, Cost, Failure, Form, Guest, LocalPath, Needs, Routes};

use crate::door::factor::{enrol_page, half, over, set_up, step};
use crate::{Portal, passkey};

const SECRET: [&str; 2] = ["client_data", "attestation"];

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/login/enrol/passkey", Needs::Public, options)
        .post("/login/enrol/passkey", Needs::Public, add)
        .cost(Cost::Heavy)
}

/// The login, when it waits for a second factor to be set up.
async fn enrolling(portal: &Portal, arrival: &Arrival) -> Result<Option<Half>, Failure> {
    let found = half(portal, arrival).await?;
    Ok(found.filter(|half| half.stage != Stage::Code))
}

/// What the page's script needs for a new key.
async fn options(State(portal): State<Portal>, arrival: Arrival) -> Result<Response, Failure> {
    let Some(half) = enrolling(&portal, &arrival).await? else {
        return Ok(passkey::nothing());
    };
    let Some(enrolment) = portal.identity.enrolment(&half).await? else {
        return Ok(passkey::nothing());
    };
    let about = half.user.to_string();
    let about = (Purpose::Add, about.as_str());
    let asking = portal.identity.ask_passkey(half.user, about).await?;
    let email = enrolment.email.to_string();
    Ok(passkey::to_create(&asking, half.user, (&email, &email)))
}

async fn add(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(form.get("next"));
    let found = enrolling(&portal, &arrival).await?;
    let (Some(half), Some(step)) = (found, step(&arrival)) else {
        return Ok(over(&guest, next));
    };
    let Some(enrolment) = portal.identity.enrolment(&half).await? else {
        return Ok(over(&guest, next));
    };
    let command = match form.parse::<AddPasskey>(&SECRET) {
        Ok(command) => command,
        Err(wrong) => return enrol_page(&guest, (&half, enrolment), wrong, next),
    };
    let enroller = half.enroller();
    let run = portal.gate.run(&enroller, command, Mode::Commit);
    match Box::pin(run).await {
        Ok(done) => set_up(&guest, &portal, &step, (done.output.recovery_codes, next)).await,
        Err(Refusal::Invalid(errors)) => {
            let form = FormState::of(&form.fields, errors, &SECRET);
            enrol_page(&guest, (&half, enrolment), form, next)
        }
        Err(Refusal::Conflict(_) | Refusal::StepUp) => Ok(over(&guest, next)),
        Err(refusal) => Err(refusal.into()),
    }
}
