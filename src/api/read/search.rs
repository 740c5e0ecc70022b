//! Things by their names, whatever they are.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::read::account::sees;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use wabe_access::Permission;
use wabe_access::resource::{self, Resource};
use wabe_kernel::{DomainName, ResourceKind, State};
use wabe_web::Cost;

/// A thing that was found.
#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    /// Its id.
    id: String,
    /// What it is.
    kind: ResourceKind,
    /// What it is called; names of domains in their ASCII form.
    name: String,
    /// Its state.
    state: State,
}

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let search = Operation::get(
        "search_list",
        "/api/v1/search",
        Permission::CustomerRead,
        Answers::List(|| schema_for!(Found)),
    );
    book.add(search.query(&["q"]).cost(Cost::Normal), search_things)
}

/// The text as names are stored: a domain with umlauts in its ASCII form.
fn stored(text: String) -> String {
    let domain = text.parse::<DomainName>();
    domain.map_or(text, |domain| domain.to_string())
}

/// Nothing is found by no text.
async fn search_things(api: Api, call: Call) -> Answer {
    let text = stored(call.page()?.search);
    if text.is_empty() {
        return Ok(answer::all(&[]));
    }
    let mut look = call.look(&api).await?;
    look.scope.needs(Permission::CustomerRead)?;
    let found = resource::search(&mut look.tx, look.scope.customer(), &text).await?;
    let seen = found
        .into_iter()
        .filter(|item| sees(&look.scope, item.kind));
    let item = |item: Resource| {
        let Resource {
            id,
            kind,
            name,
            state,
            ..
        } = item;
        value_of(&Found {
            id,
            kind,
            name,
            state,
        })
    };
    let items = seen.map(item).collect::<Result<Vec<_>, _>>()?;
    look.end().await?;
    Ok(answer::all(&items))
}
