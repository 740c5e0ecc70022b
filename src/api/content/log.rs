//! The end of the logs of webspaces, and of the access logs of redirects.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::content::ready::{found, ready};
use crate::paging::SEARCH_CHARS_MAX;
use crate::problem::{Place, Problem};
use axum::response::Response;
use schemars::schema_for;
use serde_json::Value;
use std::str::FromStr;
use wabe_access::Permission;
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{LogQuery, Problem as FieldProblem, SiteLog};

const WEBSPACE: &str = "/api/v1/webspaces/{id}/logs";
const DOMAIN: &str = "/api/v1/domains/{id}/log";
const LINES_DEFAULT: i64 = 100;
const LINES_MAX: i64 = 1_000;

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let log = |id: &str, path, needs| {
        let lines = Answers::List(|| schema_for!(String));
        Operation::get(id, path, needs, lines).endless()
    };
    let webspace = log("webspace_logs", WEBSPACE, Permission::WebspaceRead).id("web");
    let webspace = webspace.query(&["answered", "lines", "log", "q"]);
    let domain = log("domain_log", DOMAIN, Permission::DomainRead).id("dom");
    let domain = domain.query(&["lines"]);
    book.add(webspace, of_webspace).add(domain, of_domain)
}

fn lines(call: &Call) -> Result<usize, Problem> {
    let lines = call.number("lines", LINES_DEFAULT, 1, LINES_MAX)?;
    Ok(usize::try_from(lines).unwrap_or(0))
}

/// A parameter that is one of several words; nothing when it is not given.
fn word<T: FromStr<Err = FieldProblem>>(call: &Call, name: &str) -> Result<Option<T>, Problem> {
    let word = call.query(name).map(str::parse).transpose();
    word.map_err(|problem| Problem::wrong(Place::Query, name, problem))
}

fn asked(call: &Call) -> Result<LogQuery, Problem> {
    let log = word(call, "log")?.unwrap_or(SiteLog::Access);
    let status = word(call, "answered")?;
    if status.is_some() && log != SiteLog::Access {
        let problem = FieldProblem::new("only-for-visits");
        return Err(Problem::wrong(Place::Query, "answered", problem));
    }
    let text = call.query("q").unwrap_or("");
    if text.chars().count() > SEARCH_CHARS_MAX {
        let problem = FieldProblem::new("too-long").with("max", SEARCH_CHARS_MAX);
        return Err(Problem::wrong(Place::Query, "q", problem));
    }
    Ok(LogQuery::of(log, lines(call)?).with(text).ended(status))
}

fn all(lines: Vec<String>) -> Response {
    let items: Vec<Value> = lines.into_iter().map(Value::String).collect();
    answer::all(&items)
}

async fn of_webspace(api: Api, call: Call) -> Answer {
    let (web, asked): (WebspaceId, _) = (call.id("id")?, asked(&call)?);
    let needs = Permission::WebspaceRead;
    ready(&api, &call, &web.to_string(), needs, "log.read").await?;
    Ok(all(api.files.log(web, asked).await?))
}

async fn of_domain(api: Api, call: Call) -> Answer {
    let (domain, lines): (DomainId, _) = (call.id("id")?, lines(&call)?);
    let needs = Permission::DomainRead;
    found(&api, &call, &domain.to_string(), needs, "log.read").await?;
    Ok(all(api.files.redirect_log(domain, lines).await?))
}
