//! The error page: what happened, what still works, what helps now; never the chain.

use crate::errors::{Occasion, Renderer};
use crate::extract::{Prefers, accepted_language, guest_language, guest_theme, wants_page};
use crate::failure::{Failure, Shown};
use crate::filters;
use crate::message::Message;
use crate::page::{Page, see_other};
use crate::session::Theme;
use crate::view::View;
use crate::web::Incoming;
use askama::Template;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, header};
use wabe_kernel::{Language, Problem, Timestamp};

/// What is kept of a request, so that a failure can be shown in its terms.
pub(crate) struct Context {
    incoming: Incoming,
    language: Language,
    accepted: Option<Language>,
    theme: Theme,
    page: bool,
    method: Method,
    path: String,
}

impl Context {
    pub(crate) fn of(request: &Request, incoming: Incoming) -> Self {
        let headers: &HeaderMap = request.headers();
        Self {
            incoming,
            language: guest_language(headers),
            accepted: accepted_language(headers),
            theme: guest_theme(headers),
            page: wants_page(headers),
            method: request.method().clone(),
            path: request
                .uri()
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
        }
    }
}

/// The page of a failure.
#[derive(Template)]
#[template(path = "error/failure.html")]
pub(crate) struct FailurePage {
    pub(crate) word: &'static str,
    pub(crate) detail: Option<Message>,
    pub(crate) fields: Vec<Problem>,
    pub(crate) retry: Option<String>,
    /// Where staff ask the customer for more.
    pub(crate) ask: Option<String>,
    pub(crate) short: String,
    pub(crate) at: Timestamp,
}

/// Gives a bare failure its body, and logs it once.
pub(crate) fn failure(
    context: &Context,
    renderers: &[(&'static str, Renderer)],
    shown: &Shown,
    bare: &Response,
) -> Response {
    let failure = shown.0.as_ref();
    let id = context.incoming.id;
    log(failure, context);
    let guest = Prefers {
        language: context.language,
        theme: context.theme,
    };
    let prefers = bare.extensions().get::<Prefers>().copied().unwrap_or(guest);
    let status = failure.status();
    let path = context.path.as_str();
    let special = renderers
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix));
    let mut response = if let Some((_, render)) = special {
        let occasion = Occasion {
            id,
            at: context.incoming.at,
            language: context.accepted.unwrap_or(Language::En),
        };
        render(&occasion, shown)
    } else if matches!(failure, Failure::StepUp) && context.page {
        let next = if context.method == Method::GET {
            path
        } else {
            "/"
        };
        let next = crate::local_path::LocalPath::or_home(next);
        return see_other(&format!("/prove?next={}", next.encoded()));
    } else {
        page(context, prefers, failure).into_response()
    };
    *response.status_mut() = status;
    for name in [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE] {
        for value in bare.headers().get_all(&name) {
            response.headers_mut().append(&name, value.clone());
        }
    }
    response
}

fn page(context: &Context, prefers: Prefers, failure: &Failure) -> Page<FailurePage> {
    let view = View::guest(&context.incoming, prefers);
    let language = prefers.language;
    let retry = (context.method == Method::GET).then(|| context.path.clone());
    let retry = retry.filter(|_| !matches!(failure, Failure::NotFound | Failure::NotReached(_)));
    let ask = match failure {
        Failure::NotReached(ticket) => Some(format!("/staff/tickets/{ticket}#look")),
        _ => None,
    };
    let fields = match failure {
        Failure::Invalid(errors) => errors.0.values().cloned().collect(),
        _ => Vec::new(),
    };
    let detail = match failure {
        Failure::Conflict(code) => Some(Message::new(language, format!("conflict-{code}"))),
        Failure::Limit { limit, used, max } => {
            let bytes = *limit == wabe_access::Limit::StorageBytes;
            let show = |n: i64| {
                if bytes {
                    crate::format::bytes(language, n)
                } else {
                    crate::format::number(language, n)
                }
            };
            let message = Message::new(language, format!("limit-reached-{}", limit.word()));
            Some(message.with("used", show(*used)).with("max", show(*max)))
        }
        _ => None,
    };
    let (word, short, at) = (
        failure.word(),
        context.incoming.id.short(),
        context.incoming.at,
    );
    view.page(FailurePage {
        word,
        detail,
        fields,
        retry,
        ask,
        short,
        at,
    })
}

fn log(failure: &Failure, context: &Context) {
    let request = context.incoming.id;
    let cause = match failure {
        Failure::Fault(fault) => fault.chain(),
        Failure::TimedOut => "deadline passed".to_owned(),
        other => {
            tracing::debug!(%request, status = other.status().as_u16(), word = other.word(), "request refused");
            return;
        }
    };
    let method = context.method.as_str();
    tracing::error!(%request, method, cause, "request failed");
}
