//! `GET /login`, `POST /login`, `POST /logout`
//!
//! One form for everybody. Who works here and belongs to no customer comes out at the staff desk; who
//! does both says by `next` where they want to be.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::member;
use wabe_identity::lockout::device::DEVICE_DAYS;
use wabe_identity::user::store as users;
use wabe_identity::{Attempt, LoggedIn, LoginOutcome};
use wabe_kernel::id::UserId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Fault, MailAddress, Secret};
use wabe_web::cookie::{self, SameSite};
use wabe_web::face::DOOR;
use wabe_web::filters;
use wabe_web::{
    Arrival, Cost, Failure, Form, Guest, LOGOUT, LocalPath, Needs, Query, Routes, logged_out,
    see_other,
};

use crate::Portal;
use crate::account::home;
use crate::door::factor;
use crate::proof::session_cookie;

/// Where staff begin.
const DESK: &str = "/staff";
/// What one word after `done` says on the page: what was finished elsewhere.
const DONE: [&str; 5] = [
    "password",
    "unlocked",
    "upload-unlocked",
    "invitation",
    "logout",
];

/// The login.
#[derive(Template)]
#[template(path = "portal/door/login.html")]
pub(crate) struct LoginPage {
    /// What was typed as an address.
    pub email: String,
    /// Where it goes on.
    pub next: LocalPath,
    /// Whether the last attempt was refused.
    pub refused: bool,
    /// What was finished elsewhere, a word of a closed list.
    pub done: Option<&'static str>,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&DOOR)
        .get("/login", Needs::Public, show)
        .post("/login", Needs::Public, log_in)
        .cost(Cost::Heavy)
        .programs()
        .post(LOGOUT, Needs::Public, log_out)
        .programs()
}

async fn show(guest: Guest, query: Query) -> Response {
    let next = LocalPath::or_home(query.get("next"));
    if let Some(visitor) = &guest.visitor {
        let home = home(visitor.staff, visitor.customer.is_some());
        return see_other(onward(&next, home));
    }
    let done = DONE.into_iter().find(|word| *word == query.get("done"));
    let page = LoginPage {
        email: String::new(),
        next,
        refused: false,
        done,
    };
    guest.page(page).into_response()
}

/// Whether this login is meant for the staff desk. The same questions are asked for every address.
async fn at_desk(portal: &Portal, email: &str, next: &LocalPath) -> Result<bool, Fault> {
    let mut tx = portal.gate.store().read().await?;
    let known = match email.parse::<MailAddress>() {
        Ok(address) => users::find_by_email(&mut tx, &address).await?,
        Err(_no_address) => None,
    };
    let id = known.map_or(UserId::from_uuid(Uuid::nil()), |user| user.id);
    let works_here = !member::staff_roles(&mut tx, id).await?.is_empty();
    let belongs = !member::of_user(&mut tx, id).await?.is_empty();
    tx.rollback().await?;
    Ok(works_here && (!belongs || is_desk(next)))
}

fn is_desk(path: &LocalPath) -> bool {
    let rest = path.as_str().strip_prefix(DESK);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// The page after the login: where somebody wanted to go, if their desk has it.
fn onward<'a>(next: &'a LocalPath, home: &'a str) -> &'a str {
    let elsewhere = is_desk(next) != (home == DESK);
    if elsewhere || next.as_str() == "/" {
        home
    } else {
        next.as_str()
    }
}

async fn log_in(
    guest: Guest,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let next = LocalPath::or_home(form.get("next"));
    let email = form.get("email").trim().to_owned();
    let staff = at_desk(&portal, &email, &next).await?;
    let attempt = Attempt {
        email: email.clone(),
        secret: Secret::new(form.get("password")),
        address: arrival.address(),
        device_cookie: arrival.device().map(|cookie| cookie.expose().to_owned()),
        user_agent: arrival.user_agent().to_owned(),
        staff,
        previous_session: arrival.session().map(|token| token.expose().to_owned()),
    };
    match Box::pin(portal.identity.log_in(&attempt)).await? {
        LoginOutcome::LoggedIn(inside) => Ok(welcome(&inside, after(&inside, &next))),
        LoginOutcome::Half(half) => Ok(factor::go_on(&half, &next)),
        LoginOutcome::Busy(seconds) => Err(Failure::Busy(seconds)),
        LoginOutcome::Refused => {
            let email = email.chars().take(254).collect();
            let page = LoginPage {
                email,
                next,
                refused: true,
                done: None,
            };
            Ok(guest.page(page).invalid())
        }
    }
}

/// Sends somebody who is in to where they wanted to be.
pub(crate) fn welcome(inside: &LoggedIn, onward: &str) -> Response {
    let mut response = see_other(onward);
    let_in(&mut response, inside);
    response
}

/// Gives a response the cookies of somebody who is in.
pub(crate) fn let_in(response: &mut Response, inside: &LoggedIn) {
    let headers = response.headers_mut();
    cookie::append(headers, session_cookie(&inside.token, inside.session.staff));
    let days = Some(DEVICE_DAYS * 86_400);
    let device = cookie::set(cookie::DEVICE, &inside.device_cookie, SameSite::Lax, days);
    cookie::append(headers, device);
}

/// Where somebody goes on who is in.
pub(crate) fn after<'a>(inside: &LoggedIn, next: &'a LocalPath) -> &'a str {
    let session = &inside.session;
    onward(next, home(session.staff, session.customer.is_some()))
}

/// Ends the session and whatever of it is left in the browser. Source: bar 3.5 T7.
async fn log_out(State(portal): State<Portal>, arrival: Arrival) -> Result<Response, Failure> {
    if let Some(token) = arrival.session() {
        portal.identity.log_out(token.expose()).await?;
    }
    // The device stays known: whoever logs out here is not a stranger tomorrow (bar 3.2 T1).
    Ok(logged_out("/login?done=logout"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_web::Sample;

    impl Sample for LoginPage {
        fn samples() -> Vec<Self> {
            let page = |email: &str, refused, done| Self {
                email: email.to_owned(),
                next: LocalPath::or_home("/mailboxes?q=a&after=b"),
                refused,
                done,
            };
            let mut pages = vec![
                page("", false, None),
                page("\"><script>@baeckerei-sonnenkorn.example", true, None),
            ];
            pages.extend(DONE.map(|word| page("", false, Some(word))));
            pages
        }
    }

    #[test]
    fn the_login_page_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<LoginPage>(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn everybody_goes_on_where_their_desk_has_a_page() {
        let to = |next: &str, home| onward(&LocalPath::or_home(next), home).to_owned();
        assert_eq!(to("/mailboxes?q=a", "/"), "/mailboxes?q=a");
        assert_eq!(to("/staff/plans", "/"), "/");
        assert_eq!(to("/staff/plans", "/staff"), "/staff/plans");
        assert_eq!(to("/staffing", "/staff"), "/staff");
        assert_eq!(to("/", "/staff"), "/staff");
        assert_eq!(to("/", "/customers"), "/customers");
        assert_eq!(to("//evil.example", "/"), "/");
    }
}
