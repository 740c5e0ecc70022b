//! What the hoster's people saw and changed of a customer's, what they asked to see, and who looks now.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use schemars::schema_for;
use wabe_access::Permission;
use wabe_access::grant::{self, Grant};
use wabe_audit::Seen;
use wabe_identity::token::store::name_hoster;
use wabe_kernel::id::TicketId;
use wabe_support::consent::{self, Consent};

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let seen = Operation::get(
        "access_list",
        "/api/v1/accesses",
        Permission::ChangeRead,
        Answers::List(|| schema_for!(Seen)),
    );
    let live = Operation::get(
        "access_live_list",
        "/api/v1/accesses/live",
        Permission::ChangeRead,
        Answers::List(|| schema_for!(Grant)),
    );
    let consents = Operation::get(
        "consent_list",
        "/api/v1/tickets/{id}/consents",
        Permission::TicketRead,
        Answers::List(|| schema_for!(Consent)),
    );
    let book = book.add(seen.query(&["limit", "after"]), list_seen);
    book.add(live, list_live)
        .add(consents.id("tkt"), list_consents)
}

async fn list_seen(api: Api, call: Call) -> Answer {
    let page = call.page()?;
    let mut look = call.look(&api).await?;
    look.scope.needs(Permission::ChangeRead)?;
    let customer = look.scope.customer();
    let mut found = api.streams.list_seen(&mut look.tx, customer, &page).await?;
    name_hoster(&mut look.tx, &mut found.items).await?;
    look.end().await?;
    answer::ok(&found)
}

async fn list_live(api: Api, call: Call) -> Answer {
    let mut look = call.look(&api).await?;
    look.scope.needs(Permission::ChangeRead)?;
    let (customer, now) = (look.scope.customer(), api.gate.tools().clock.now());
    let found = grant::of_customer(&mut look.tx, customer, now).await?;
    look.end().await?;
    let values: Result<Vec<_>, _> = found.iter().map(value_of).collect();
    Ok(answer::all(&values?))
}

async fn list_consents(api: Api, call: Call) -> Answer {
    let id: TicketId = call.id("id")?;
    let mut look = call.look(&api).await?;
    let found = consent::list(&mut look.tx, &look.scope, id).await?;
    look.end().await?;
    let values: Result<Vec<_>, _> = found.iter().map(value_of).collect();
    Ok(answer::all(&values?))
}
