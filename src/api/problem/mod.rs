//! Refusals as problem documents (RFC 9457), with sentences in the caller's language.
//!
//! Foreign and missing are one problem, byte for byte but for the request's number (bar 3.7 T3). What
//! is behind a fault goes to the log, once; the document never shows it.

mod kind;
mod wrong;

pub(crate) use kind::Kind;
pub(crate) use wrong::{Place, Wrong};

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::{Map, Value, json};
use wabe_access::{Limit, Refusal};
use wabe_kernel::Problem as FieldProblem;
use wabe_kernel::content::ContentError;
use wabe_kernel::{Fault, FieldErrors, Language};
use wabe_web::request::RequestId;
use wabe_web::{Failure, Texts, t};

/// The media type of problem documents.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";
/// The member with what stays of a dump that stopped in the middle.
const KEPT: &str = "statements_kept";

/// In which language an answer speaks, and of which request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    /// The language.
    pub(crate) language: Language,
    /// The request.
    pub(crate) request: RequestId,
}

/// A refusal on its way out.
#[derive(Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    code: String,
    args: Vec<(&'static str, String)>,
    errors: Vec<Wrong>,
    more: Map<String, Value>,
    said: Option<String>,
    retry_after: Option<u32>,
    cause: Option<String>,
}

impl Problem {
    /// A problem of this kind.
    pub(crate) fn of(kind: Kind) -> Self {
        Self::coded(kind, kind.word())
    }

    /// A problem of this kind with a code that says more.
    pub(crate) fn coded(kind: Kind, code: &str) -> Self {
        Self(Box::new(Parts {
            kind,
            code: code.to_owned(),
            args: Vec::new(),
            errors: Vec::new(),
            more: Map::new(),
            said: None,
            retry_after: None,
            cause: None,
        }))
    }

    /// One thing is wrong.
    pub(crate) fn wrong(place: Place, name: &str, problem: FieldProblem) -> Self {
        Self::invalid(vec![Wrong {
            place,
            name: name.to_owned(),
            problem,
        }])
    }

    /// These things are wrong.
    pub(crate) fn invalid(errors: Vec<Wrong>) -> Self {
        let mut problem = Self::of(Kind::Invalid);
        problem.0.errors = errors;
        problem
    }

    /// The same with a number: a member of the document, and an argument of its sentence.
    pub(crate) fn with(mut self, name: &'static str, number: i64) -> Self {
        self.0.more.insert(name.to_owned(), number.into());
        self.0.args.push((name, number.to_string()));
        self
    }

    /// The same, to be tried again after so many seconds.
    pub(crate) fn after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The kind.
    #[cfg(test)]
    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    fn limit(limit: Limit, used: i64, max: i64) -> Self {
        let mut problem = Self::of(Kind::Limit).with("used", used).with("max", max);
        problem
            .0
            .more
            .insert("limit".to_owned(), limit.word().into());
        problem.0.args.push(("limit", limit.word().to_owned()));
        problem
    }

    /// The customer's own input was rejected; the engine says why, in its own words.
    fn quoting(said: String) -> Self {
        let mut problem = Self::of(Kind::Rejected);
        problem.0.said = Some(said);
        problem
    }

    /// The run of a plugin did not end well; its sentence is that of the run's page.
    pub(crate) fn of_run(code: &str, language: Language) -> Self {
        let mut problem = Self::coded(Kind::Conflict, &format!("run-{code}"));
        problem.0.said = Some(t(language, &format!("run-code-{code}"), &[]));
        problem
    }

    fn fault(cause: Option<String>) -> Self {
        let mut problem = Self::of(Kind::Fault);
        problem.0.cause = cause;
        problem
    }

    fn detail(&self, language: Language) -> String {
        let detail = self.sentence(language);
        let kept = self.0.args.iter().find(|(name, _)| *name == KEPT);
        let Some((name, kept)) = kept else {
            return detail;
        };
        let kept = t(language, "content-halted", &[(name, kept.as_str())]);
        format!("{detail} {kept}")
    }

    fn sentence(&self, language: Language) -> String {
        if let Some(said) = &self.0.said {
            return said.clone();
        }
        let args: Vec<(&str, &str)> = self
            .0
            .args
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let known = |id: &String| Texts::global().has(language, id);
        let stems = ["api-detail", "conflict", "content"];
        let id = stems
            .map(|stem| format!("{stem}-{}", self.0.code))
            .into_iter()
            .find(known);
        t(
            language,
            &id.unwrap_or_else(|| format!("api-detail-{}", self.0.kind.word())),
            &args,
        )
    }

    /// The document.
    pub(crate) fn document(&self, voice: &Voice) -> Value {
        let (language, word) = (voice.language, self.0.kind.word());
        let mut document = json!({
            "type": format!("urn:wabe:problem:{word}"),
            "title": t(language, &format!("api-title-{word}"), &[]),
            "status": self.0.kind.status().as_u16(),
            "detail": self.detail(language),
            "code": self.0.code,
            "request_id": voice.request.to_string(),
        });
        if let Some(members) = document.as_object_mut() {
            members.extend(self.0.more.clone());
            if !self.0.errors.is_empty() {
                let errors = self.0.errors.iter().map(|wrong| wrong.to_json(language));
                members.insert("errors".to_owned(), errors.collect());
            }
        }
        document
    }

    /// Tells the operator the cause of a fault.
    pub(crate) fn log(&self, voice: &Voice) {
        if let Some(cause) = &self.0.cause {
            tracing::error!(request = %voice.request, cause, "request failed");
        }
    }

    /// The response. Logs the cause of a fault.
    pub(crate) fn render(&self, voice: &Voice) -> Response {
        self.log(voice);
        let body = self.document(voice).to_string();
        let kind = HeaderValue::from_static(MEDIA_TYPE);
        let mut response =
            (self.0.kind.status(), [(header::CONTENT_TYPE, kind)], body).into_response();
        let headers = response.headers_mut();
        if self.0.kind == Kind::Login {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

fn of_fields(errors: &FieldErrors) -> Vec<Wrong> {
    let wrong = |(name, problem): (&String, &FieldProblem)| Wrong {
        place: Place::Body,
        name: name.clone(),
        problem: problem.clone(),
    };
    errors.0.iter().map(wrong).collect()
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::invalid(of_fields(&errors))
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::fault(Some(fault.chain()))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(errors) => errors.into(),
            Refusal::NotFound => Self::of(Kind::NotFound),
            Refusal::Forbidden => Self::of(Kind::Forbidden),
            Refusal::InPerson => Self::coded(Kind::Forbidden, "in-person"),
            Refusal::StepUp => Self::of(Kind::StepUp),
            Refusal::PurposeMissing => Self::of(Kind::Purpose),
            Refusal::Limit {
                limit,
                used,
                max,
                wanted,
            } => Self::limit(limit, used, max).with("wanted", wanted),
            Refusal::CustomerSuspended => Self::of(Kind::Suspended),
            Refusal::Conflict(code) => Self::coded(Kind::Conflict, code),
            Refusal::Repeated(_) => Self::coded(Kind::Conflict, "repeated"),
            Refusal::Busy(seconds) => Self::of(Kind::Busy).after(seconds),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<ContentError> for Problem {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::NotFound => Self::of(Kind::NotFound),
            ContentError::Exists => Self::coded(Kind::Conflict, "exists"),
            ContentError::NotPlain => Self::coded(Kind::Conflict, "not-plain"),
            ContentError::WrongKind => Self::coded(Kind::Conflict, "wrong-kind"),
            ContentError::NotEmpty => Self::coded(Kind::Conflict, "not-empty"),
            ContentError::OverQuota { quota } => Self::of(Kind::OverQuota).with("max", quota),
            ContentError::TooLarge { max } => Self::of(Kind::TooLarge).with("max", max),
            ContentError::Refused("suspended") => Self::coded(Kind::Conflict, "resource-suspended"),
            ContentError::Refused("disk-full") => Self::coded(Kind::Busy, "disk-full").after(60),
            ContentError::Refused(code) => Self::coded(Kind::Rejected, code),
            ContentError::Rejected(said) => Self::quoting(said),
            ContentError::TimedOut => Self::of(Kind::TimedOut).after(5),
            ContentError::Halted { done, why } => Self::from(*why).with(KEPT, done),
            ContentError::Fault(cause) => Self::fault(Some(cause)),
        }
    }
}

/// What was refused in front of the handlers; a fault in there is logged there.
impl From<&Failure> for Problem {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::NotFound => Self::of(Kind::NotFound),
            Failure::MethodNotAllowed => Self::of(Kind::Method),
            Failure::LoginRequired => Self::of(Kind::Login),
            Failure::Forbidden
            | Failure::NotReached(_)
            | Failure::Stale
            | Failure::PasswordFirst => Self::of(Kind::Forbidden),
            Failure::StepUp => Self::of(Kind::StepUp),
            Failure::PurposeMissing => Self::of(Kind::Purpose),
            Failure::Invalid(errors) => Self::invalid(of_fields(errors)),
            Failure::Unreadable => {
                let problem = FieldProblem::new("unreadable");
                Self::wrong(Place::Query, "", problem)
            }
            Failure::TooLarge => Self::of(Kind::TooLarge),
            Failure::MediaType => Self::of(Kind::MediaType),
            Failure::Limit { limit, used, max } => Self::limit(*limit, *used, *max),
            Failure::Suspended => Self::of(Kind::Suspended),
            Failure::Conflict(code) => Self::coded(Kind::Conflict, code),
            Failure::TooMany(seconds) => Self::of(Kind::TooMany).after(*seconds),
            Failure::Busy(seconds) => Self::of(Kind::Busy).after(*seconds),
            Failure::TimedOut => Self::of(Kind::TimedOut),
            Failure::Fault(_) => Self::fault(None),
        }
    }
}
