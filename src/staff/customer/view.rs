//! `GET /staff/customers/{id}`: the contract, and how much of it is used. No names of what is kept.

use askama::Template;
use axum::extract::State;

use wabe_access::customer::{self, Customer};
use wabe_access::usage::{self, Use};
use wabe_access::{Permission, member, resource};
use wabe_hosting::edited_file;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{ResourceKind, State as Condition};
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Needs, Page, Path, Query, Routes, StaffMember};

use crate::customer::PLACE;
use crate::{STAFF, Staff};

/// What the page can say was done.
const DONE: [&str; 4] = ["plan", "suspend", "resume", "domains"];

/// A customer's contract.
#[derive(Template)]
#[template(path = "staff/customer.html")]
pub(crate) struct CustomerPage {
    /// The customer.
    pub customer: Customer,
    /// How much of the plan is taken.
    pub uses: Vec<Use>,
    /// How many people belong to it.
    pub members: i64,
    /// How many things of each kind are in each state.
    pub counts: Vec<(ResourceKind, Condition, i64)>,
    /// How many files of its websites somebody edited by hand on a node.
    pub edited: i64,
    /// Whether the employee may act.
    pub writes: bool,
    /// What was just done, a word of a closed list.
    pub done: Option<&'static str>,
}

impl CustomerPage {
    /// Whether there is a file that somebody edited by hand.
    #[must_use]
    pub(crate) const fn is_edited(&self) -> bool {
        self.edited > 0
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get(
            "/staff/customers/{id}",
            Needs::Staff(Permission::HosterRead),
            show,
        )
        .id("cus")
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<CustomerId>,
    query: Query,
) -> Result<Page<CustomerPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    scope.needs(Permission::HosterRead)?;
    let customer = customer::find(&mut tx, id)
        .await?
        .ok_or(Failure::NotFound)?;
    let uses = usage::list(&mut tx, id).await?;
    let members = member::list(&mut tx, id).await?.len();
    let counts = resource::counts(&mut tx, id).await?;
    let edited = edited_file::count_of(&mut tx, id).await?;
    tx.rollback().await?;
    staff
        .note(&member, "contract.read", &[id], arrival.address())
        .await?;
    let page = CustomerPage {
        customer,
        uses,
        members: i64::try_from(members).unwrap_or(i64::MAX),
        counts,
        edited,
        writes: member.visitor.has(Permission::HosterWrite),
        done: DONE.into_iter().find(|word| *word == query.get("done")),
    };
    Ok(member.at(PLACE).page(page))
}
