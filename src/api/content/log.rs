//! The end of the access logs of webspaces and of redirects.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::content::ready::{found, ready};
use crate::problem::Problem;
use axum::response::Response;
use schemars::schema_for;
use serde_json::Value;
use wabe_access::Permission;
use wabe_kernel::id::{DomainId, WebspaceId};

const WEBSPACE: &str = "/api/v1/webspaces/{id}/log";
const DOMAIN: &str = "/api/v1/domains/{id}/log";
const LINES_DEFAULT: i64 = 100;
const LINES_MAX: i64 = 1_000;

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let log = |id: &str, path, needs| {
        let lines = Answers::List(|| schema_for!(String));
        Operation::get(id, path, needs, lines)
            .query(&["lines"])
            .endless()
    };
    let webspace = log("webspace_log", WEBSPACE, Permission::WebspaceRead).id("web");
    let domain = log("domain_log", DOMAIN, Permission::DomainRead).id("dom");
    book.add(webspace, of_webspace).add(domain, of_domain)
}

fn lines(call: &Call) -> Result<usize, Problem> {
    let lines = call.number("lines", LINES_DEFAULT, 1, LINES_MAX)?;
    Ok(usize::try_from(lines).unwrap_or(0))
}

fn all(lines: Vec<String>) -> Response {
    let items: Vec<Value> = lines.into_iter().map(Value::String).collect();
    answer::all(&items)
}

async fn of_webspace(api: Api, call: Call) -> Answer {
    let (web, lines): (WebspaceId, _) = (call.id("id")?, lines(&call)?);
    let needs = Permission::WebspaceRead;
    ready(&api, &call, &web.to_string(), needs, "log.read").await?;
    Ok(all(api.files.access_log(web, lines).await?))
}

async fn of_domain(api: Api, call: Call) -> Answer {
    let (domain, lines): (DomainId, _) = (call.id("id")?, lines(&call)?);
    let needs = Permission::DomainRead;
    found(&api, &call, &domain.to_string(), needs, "log.read").await?;
    Ok(all(api.files.redirect_log(domain, lines).await?))
}
