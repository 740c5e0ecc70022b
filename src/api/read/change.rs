//! The record of changes, as JSON or as a table.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::problem::{Kind, Problem};
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::{once, unfold};
use futures_util::{Stream, StreamExt as _};
use http::header;
use schemars::schema_for;
use wabe_access::Permission;
use wabe_audit::{ChangeFilter, ChangeRecord, changes_as_csv};
use wabe_kernel::id::{ChangeId, CustomerId};
use wabe_kernel::{Cursor, Fault, Page, PageRequest};
use wabe_web::Cost;

const FILTERS: &[&str] = &[
    "limit",
    "after",
    "object_kind",
    "object_id",
    "actor_user",
    "kind",
    "from",
    "until",
];

/// Changes per piece of a table.
const PIECE: i64 = 200;

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let list = Operation::get(
        "change_list",
        "/api/v1/changes",
        Permission::ChangeRead,
        Answers::List(|| schema_for!(ChangeRecord)),
    );
    let item = Operation::get(
        "change_show",
        "/api/v1/changes/{id}",
        Permission::ChangeRead,
        Answers::Json(200, || schema_for!(ChangeRecord)),
    );
    let book = book.add(list.query(FILTERS).cost(Cost::Normal), list_changes);
    book.add(item.id("chg"), show)
}

fn filter(call: &Call) -> Result<ChangeFilter, Problem> {
    Ok(ChangeFilter {
        object_kind: call.query("object_kind").map(str::to_owned),
        object_id: call.query("object_id").map(str::to_owned),
        actor_user: call.parsed("actor_user", "not-an-id")?,
        kind: call.parsed("kind", "not-a-choice")?,
        from: call.parsed("from", "not-a-time")?,
        until: call.parsed("until", "not-a-time")?,
        ..ChangeFilter::default()
    })
}

async fn list_changes(api: Api, call: Call) -> Answer {
    let (filter, mut page) = (filter(&call)?, call.page()?);
    let look = call.look(&api).await?;
    look.scope.needs(Permission::ChangeRead)?;
    let customer = look.scope.customer();
    look.end().await?;
    if !wants_table(&call) {
        return answer::ok(&load(&api, customer, &filter, &page).await?);
    }
    page.limit = PIECE;
    let first = load(&api, customer, &filter, &page).await?;
    let head = changes_as_csv(&first.items, true)?;
    let rest = pieces(Rest {
        api,
        customer,
        filter,
        next: first.next,
    });
    let body = once(async { Ok::<_, Fault>(Bytes::from(head)) }).chain(rest);
    let kind = "text/csv; charset=utf-8; header=present";
    Ok(answer::download(
        kind,
        "changes.csv",
        None,
        Body::from_stream(body),
    ))
}

fn wants_table(call: &Call) -> bool {
    let accept = call
        .headers
        .get(header::ACCEPT)
        .and_then(|text| text.to_str().ok());
    let kinds = accept
        .unwrap_or("")
        .split(',')
        .map(|kind| kind.split(';').next().unwrap_or(""));
    kinds.map(str::trim).next() == Some("text/csv")
}

/// What is still to come of a table.
struct Rest {
    api: Api,
    customer: CustomerId,
    filter: ChangeFilter,
    next: Option<String>,
}

/// The pages after the first one, each read in a transaction of its own.
fn pieces(rest: Rest) -> impl Stream<Item = Result<Bytes, Fault>> + Send + 'static {
    unfold(rest, |mut rest| async move {
        let after = Cursor::parse(&rest.next.take()?)?;
        let mut page = PageRequest::first(PIECE);
        page.after = Some(after);
        let piece = match load(&rest.api, rest.customer, &rest.filter, &page).await {
            Ok(page) => {
                rest.next = page.next;
                changes_as_csv(&page.items, false).map(Bytes::from)
            }
            Err(fault) => Err(fault),
        };
        Some((piece, rest))
    })
}

async fn load(
    api: &Api,
    customer: CustomerId,
    filter: &ChangeFilter,
    page: &PageRequest,
) -> Result<Page<ChangeRecord>, Fault> {
    let mut tx = api.gate.store().read_for(customer).await?;
    let found = api
        .gate
        .recorder()
        .list(&mut tx, customer, filter, page)
        .await?;
    tx.rollback().await?;
    Ok(found)
}

async fn show(api: Api, call: Call) -> Answer {
    let id: ChangeId = call.id("id")?;
    let mut look = call.look(&api).await?;
    look.scope.needs(Permission::ChangeRead)?;
    let found = api
        .gate
        .recorder()
        .load(&mut look.tx, look.scope.customer(), id)
        .await?;
    look.end().await?;
    answer::ok(&found.ok_or(Problem::of(Kind::NotFound))?)
}
