//! The customer itself: plan, limits, trash.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::problem::{Kind, Problem};
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use wabe_access::resource::{self, Resource, TRASH_DAYS};
use wabe_access::usage::{self, Use};
use wabe_access::{CustomerNumber, Permission, Scope, customer};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{MailAddress, PhoneNumber, ResourceKind, Timestamp};

/// The caller's customer.
#[derive(Debug, Serialize, JsonSchema)]
struct Customer {
    /// Its id.
    id: CustomerId,
    /// Its speakable number.
    #[schemars(with = "String")]
    number: CustomerNumber,
    /// Its name.
    name: String,
    /// The name of the plan it booked.
    plan: String,
    /// Where it is reached.
    contact_email: MailAddress,
    /// Where it is reached when the first address depends on what is hosted here.
    second_contact_email: Option<MailAddress>,
    /// Where it is called: `+` and digits.
    contact_phone: Option<PhoneNumber>,
    /// Why the hoster switched it off; null when it did not.
    suspended_reason: Option<String>,
    /// Since when it exists.
    created_at: Timestamp,
    /// The limits of its plan and how much of them is taken.
    limits: Vec<Limit>,
}

/// One limit of the plan.
#[derive(Debug, Serialize, JsonSchema)]
struct Limit {
    /// Which: `webspaces`, `domains`, `mailboxes`, `aliases`, `databases`, `members`, or
    /// `storage_bytes`.
    name: String,
    /// Taken now.
    used: i64,
    /// Allowed at most.
    max: i64,
}

/// Something in the trash.
#[derive(Debug, Serialize, JsonSchema)]
struct Trashed {
    /// Its id.
    id: String,
    /// What it is.
    kind: ResourceKind,
    /// What people call it.
    name: String,
    /// Since when it is in the trash.
    deleted_at: Option<Timestamp>,
    /// When it leaves the trash for good.
    gone_at: Option<Timestamp>,
}

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let customer = Operation::get(
        "customer_show",
        "/api/v1/customer",
        Permission::CustomerRead,
        Answers::Json(200, || schema_for!(Customer)),
    );
    let trash = Operation::get(
        "trash_list",
        "/api/v1/trash",
        Permission::CustomerRead,
        Answers::List(|| schema_for!(Trashed)),
    );
    book.add(customer, show).add(trash, list_trash)
}

async fn show(api: Api, call: Call) -> Answer {
    let mut look = call.look(&api).await?;
    let id = look.scope.customer();
    let found = customer::find(&mut look.tx, id).await?;
    let found = found.ok_or(Problem::of(Kind::NotFound))?;
    let limits = usage::list(&mut look.tx, id).await?;
    look.end().await?;
    let limit = |one: Use| Limit {
        name: one.limit.to_string(),
        used: one.used,
        max: one.max,
    };
    answer::ok(&Customer {
        id: found.id,
        number: found.number,
        name: found.name,
        plan: found.plan_name,
        contact_email: found.contact_email,
        second_contact_email: found.second_contact_email,
        contact_phone: found.contact_phone,
        suspended_reason: found.suspended_reason,
        created_at: found.created_at,
        limits: limits.into_iter().map(limit).collect(),
    })
}

/// Whether the scope may see resources of this kind at all.
pub(super) fn sees(scope: &Scope, kind: ResourceKind) -> bool {
    scope.has(match kind {
        ResourceKind::Webspace => Permission::WebspaceRead,
        ResourceKind::Domain => Permission::DomainRead,
        ResourceKind::Mailbox | ResourceKind::Alias => Permission::MailboxRead,
        ResourceKind::Database => Permission::DatabaseRead,
    })
}

async fn list_trash(api: Api, call: Call) -> Answer {
    let mut look = call.look(&api).await?;
    let found = resource::trash(&mut look.tx, look.scope.customer()).await?;
    let seen = found
        .into_iter()
        .filter(|item| sees(&look.scope, item.kind));
    let item = |item: Resource| {
        let gone_at = item.deleted_at.map(|at| at.plus_days(TRASH_DAYS));
        let Resource {
            id,
            kind,
            name,
            deleted_at,
            ..
        } = item;
        value_of(&Trashed {
            id,
            kind,
            name,
            deleted_at,
            gone_at,
        })
    };
    let items = seen.map(item).collect::<Result<Vec<_>, _>>()?;
    look.end().await?;
    Ok(answer::all(&items))
}
