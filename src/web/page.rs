//! Pages: a template, the view it is rendered with, a status.
//!
//! # How a page is made
//!
//! The handler, in `src/portal/mailbox.rs`:
//!
//! ```text
//! use askama::Template;
//! use axum::extract::State;
//! use wabe_web::filters; // templates look filters up in this scope
//! use wabe_web::{Failure, Form, Member, Needs, Page, Routes, see_other};
//!
//! #[derive(Template)]
//! #[template(path = "portal/mailbox/create.html")]
//! pub struct CreatePage {
//!     pub form: FormState,
//! }
//!
//! pub fn routes() -> Routes<Portal> {
//!     Routes::new(&PORTAL)
//!         .get("/mailboxes/new", Needs::Permission(Permission::MailboxWrite), new)
//!         .post("/mailboxes", Needs::Permission(Permission::MailboxWrite), create)
//! }
//!
//! async fn new(member: Member) -> Page<CreatePage> {
//!     member.at("mailboxes").page(CreatePage { form: FormState::new() })
//! }
//!
//! async fn create(
//!     member: Member,
//!     State(portal): State<Portal>,
//!     form: Form,
//! ) -> Result<Response, Failure> {
//!     let command = match form.parse::<CreateMailbox>(&["password"]) {
//!         Ok(command) => command,
//!         Err(form) => return Ok(member.at("mailboxes").page(CreatePage { form }).invalid()),
//!     };
//!     let done = portal.gate.run(member.actor(), command).await?;
//!     Ok(see_other(&format!("/mailboxes/{}", done.output)))
//! }
//! ```
//!
//! The template, in `templates/portal/mailbox/create.html`:
//!
//! ```text
//! {% extends "layout/portal.html" %}
//! {% import "components.html" as c %}
//! {% block title %}{{ "mailbox-create-title"|t }}{% endblock %}
//! {% block main %}
//! {{ c::page_head("mailbox-create-title"|t, "mailbox-create-lead"|t) }}
//! <form class="wb-stack" method="post" action="/mailboxes" novalidate>
//!   {{ c::csrf() }}{{ c::form_errors(form) }}
//!   <div class="card"><div class="card-body"><div class="wb-form">
//!     {{ c::field(form, "address", "mailbox-address"|t, hint = "mailbox-address-hint"|t) }}
//!     {{ c::password(form, "password", "mailbox-password"|t) }}
//!   </div></div>
//!   <div class="card-footer wb-actions">{{ c::submit("mailbox-create-button"|t) }}</div></div>
//! </form>
//! {% endblock %}
//! ```
//!
//! Sentences lie in `templates/text/{de,en}/portal.ftl`; [`Sample`](crate::Sample) gives the page to
//! the test that renders and checks every page in both languages.

use crate::cookie;
use crate::failure::Failure;
use crate::view::View;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use wabe_kernel::Fault;

/// A whole page on its way out.
#[must_use]
pub struct Page<T> {
    view: View,
    template: T,
    status: StatusCode,
}

impl<T: Template> Page<T> {
    pub(crate) const fn new(view: View, template: T) -> Self {
        Self {
            view,
            template,
            status: StatusCode::OK,
        }
    }

    /// The same page with another status.
    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The page again, with its errors: 422.
    #[must_use]
    pub fn invalid(self) -> Response {
        self.status(StatusCode::UNPROCESSABLE_ENTITY)
            .into_response()
    }

    /// The HTML.
    ///
    /// # Errors
    /// The template failed: a mistake of the program.
    pub fn html(&self) -> Result<String, Fault> {
        html(&self.template, &self.view)
    }
}

fn html<T: Template>(template: &T, view: &View) -> Result<String, Fault> {
    let html = template.render_with_values(view);
    html.map_err(|error| Fault::because("render a page", error))
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.html() {
            Ok(html) => (self.status, Html(html)).into_response(),
            Err(fault) => Failure::Fault(fault).into_response(),
        }
    }
}

/// A piece of a page on its way out, for a swap by htmx.
#[must_use]
pub struct Part<T> {
    view: View,
    template: T,
}

impl<T: Template> Part<T> {
    pub(crate) const fn new(view: View, template: T) -> Self {
        Self { view, template }
    }
}

impl<T: Template> IntoResponse for Part<T> {
    fn into_response(self) -> Response {
        match html(&self.template, &self.view) {
            Ok(html) => Html(html).into_response(),
            Err(fault) => Failure::Fault(fault).into_response(),
        }
    }
}

/// Answers a logout: the cookie goes, and the browser forgets what it kept of the pages.
/// Source: bar 3.5 T7.
#[must_use]
pub fn logged_out(path: &str) -> Response {
    let mut response = see_other(path);
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookie::clear(cookie::SESSION));
    let forgotten = HeaderValue::from_static("\"cache\", \"storage\"");
    headers.insert(HeaderName::from_static("clear-site-data"), forgotten);
    response
}

/// Sends the browser to `path` with GET, after a change. `path` is ours, never what somebody typed
/// (for that there is [`LocalPath`](crate::LocalPath)).
#[must_use]
pub fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    match HeaderValue::from_str(path) {
        Ok(path) => {
            response.headers_mut().insert(header::LOCATION, path);
            response
        }
        Err(error) => Failure::Fault(Fault::because("write a redirect", error)).into_response(),
    }
}
