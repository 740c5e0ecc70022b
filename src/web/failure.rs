//! Why a request is not answered with what it asked for.
//!
//! Closed, like the gate's refusals, so that every face answers each of them. A failure says nothing
//! to the public but its kind; the texts lie in Fluent, the chain goes to the log, once, when the
//! failure becomes a response. Foreign and missing are one kind.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use wabe_access::{Limit, Refusal};
use wabe_kernel::id::TicketId;
use wabe_kernel::{Fault, FieldErrors};

/// What went wrong, as far as HTTP is concerned.
#[derive(Debug)]
pub enum Failure {
    /// There is nothing here, or it is somebody else's: the same answer.
    NotFound,
    /// There is something here, but not for this method.
    MethodNotAllowed,
    /// Nobody is logged in.
    LoginRequired,
    /// The role does not permit this.
    Forbidden,
    /// The consent on which an employee looks does not reach this; in this ticket they ask for more.
    NotReached(TicketId),
    /// The request did not come from a page of ours, or that page is out of date.
    Stale,
    /// A new password has to be set first.
    PasswordFirst,
    /// The person has to prove themselves again.
    StepUp,
    /// Staff have to say why.
    PurposeMissing,
    /// Fields are wrong, on a page that has no form to show them in.
    Invalid(FieldErrors),
    /// The request's form cannot be read.
    Unreadable,
    /// The request is larger than this route takes.
    TooLarge,
    /// The body is of a kind that this route does not take.
    MediaType,
    /// The plan's limit is reached.
    Limit {
        /// Which one.
        limit: Limit,
        /// In use.
        used: i64,
        /// Allowed.
        max: i64,
    },
    /// The customer is suspended.
    Suspended,
    /// The thing's state does not allow this now; `conflict-{code}`.
    Conflict(&'static str),
    /// Too many requests; the seconds to wait.
    TooMany(u32),
    /// Too much to do; the seconds to wait.
    Busy(u32),
    /// It took too long.
    TimedOut,
    /// The machine failed.
    Fault(Fault),
}

impl Failure {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::LoginRequired => StatusCode::UNAUTHORIZED,
            Self::Forbidden
            | Self::NotReached(_)
            | Self::Stale
            | Self::PasswordFirst
            | Self::StepUp
            | Self::PurposeMissing
            | Self::Suspended => StatusCode::FORBIDDEN,
            Self::Invalid(_) | Self::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Limit { .. } | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of its texts: `error-{word}-title`, `-happened`, `-works` and `-helps`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method",
            Self::LoginRequired => "login",
            Self::Forbidden => "forbidden",
            Self::NotReached(_) => "not-reached",
            Self::Stale => "stale",
            Self::PasswordFirst => "password-first",
            Self::StepUp => "step-up",
            Self::PurposeMissing => "purpose",
            Self::Invalid(_) => "invalid",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::MediaType => "media-type",
            Self::Limit { .. } => "limit",
            Self::Suspended => "suspended",
            Self::Conflict(_) => "conflict",
            Self::TooMany(_) => "too-many",
            Self::Busy(_) => "busy",
            Self::TimedOut => "timed-out",
            Self::Fault(_) => "fault",
        }
    }

    /// All words, for the test that looks for their texts.
    pub const WORDS: [&'static str; 20] = [
        "not-found",
        "method",
        "login",
        "forbidden",
        "not-reached",
        "stale",
        "password-first",
        "step-up",
        "purpose",
        "invalid",
        "unreadable",
        "too-large",
        "media-type",
        "limit",
        "suspended",
        "conflict",
        "too-many",
        "busy",
        "timed-out",
        "fault",
    ];

    const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(seconds) | Self::Busy(seconds) => Some(*seconds),
            Self::TimedOut => Some(5),
            _ => None,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(errors) => Self::Invalid(errors),
            Refusal::NotFound => Self::NotFound,
            Refusal::Forbidden | Refusal::InPerson => Self::Forbidden,
            Refusal::StepUp => Self::StepUp,
            Refusal::PurposeMissing => Self::PurposeMissing,
            Refusal::Limit {
                limit, used, max, ..
            } => Self::Limit { limit, used, max },
            Refusal::CustomerSuspended => Self::Suspended,
            Refusal::Conflict(code) => Self::Conflict(code),
            Refusal::Repeated(_) => Self::Conflict("repeated"),
            Refusal::Busy(seconds) => Self::Busy(seconds),
            Refusal::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

/// A failure on its way out: the bare response carries it, the outermost layer gives it a body in
/// the language and the form (page, JSON) of the face.
#[derive(Debug, Clone)]
pub struct Shown(pub std::sync::Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
            .extensions_mut()
            .insert(Shown(std::sync::Arc::new(self)));
        response
    }
}
