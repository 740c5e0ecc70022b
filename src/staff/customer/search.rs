//! `GET /staff`: one box for a number, a name, a domain, an address, a telephone number; without words,
//! everybody by name.

use askama::Template;
use axum::extract::State;

use wabe_access::customer::{self, Customer};
use wabe_access::{CustomerNumber, Permission, Scope, member};
use wabe_hosting::find_customer;
use wabe_identity::user::store as users;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{CallingCode, Cursor, DomainName, MailAddress, PageRequest, PhoneSpelling};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Needs, Page, Query, Routes, StaffMember};

use crate::customer::PLACE;
use crate::{STAFF, Staff};

/// Customers on one page; each of them is noted as looked at.
const ITEMS: i64 = 25;
/// Characters of a search that count.
const SEARCH_CHARS: usize = 254;
/// Customers, and people, with a number that ends as typed; whoever hears of more types more of it.
const PEOPLE: i64 = 10;

/// A customer that was found, and by what: the message `staff-found-{by}`.
pub(crate) struct Found {
    /// The customer.
    pub customer: Customer,
    /// `number`, `domain`, `address`, `login`, `phone` or `name`.
    pub by: &'static str,
}

/// What was found.
#[derive(Template)]
#[template(path = "staff/home.html")]
pub(crate) struct HomePage {
    /// What was searched for.
    pub search: String,
    /// The customers.
    pub found: Vec<Found>,
    /// The next page; empty on the last.
    pub next: String,
    /// Whether the employee may take in customers.
    pub writes: bool,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF).get("/staff", Needs::Staff(Permission::HosterRead), home)
}

/// The customers who, or whose people, are called on a number that is, or ends, as it was typed. It says who may be
/// calling; nobody is shown it.
async fn by_phone(
    tx: &mut Tx,
    words: &str,
    house: &CallingCode,
) -> Result<Vec<(CustomerId, &'static str)>, Failure> {
    let mut ids = Vec::new();
    let Ok(spelled) = words.parse::<PhoneSpelling>() else {
        return Ok(ids);
    };
    for ending in spelled.endings(house) {
        let customers = customer::by_phone(tx, &ending, PEOPLE).await?;
        ids.extend(customers.into_iter().map(|id| (id, "phone")));
        for user in users::by_phone(tx, &ending, PEOPLE).await? {
            let places = member::of_user(tx, user).await?;
            ids.extend(places.into_iter().map(|(id, _)| (id, "phone")));
        }
    }
    Ok(ids)
}

/// The ids that the words name exactly, with what they are.
async fn exactly(
    tx: &mut Tx,
    scope: &Scope,
    (words, house): (&str, &CallingCode),
) -> Result<Vec<(CustomerId, &'static str)>, Failure> {
    let mut ids = Vec::new();
    if let Ok(number) = words.parse::<CustomerNumber>() {
        ids.extend(
            customer::find_number(tx, &number)
                .await?
                .map(|id| (id, "number")),
        );
    }
    if let Ok(address) = words.parse::<MailAddress>() {
        let found = find_customer::by_address(tx, scope, &address).await?;
        ids.extend(found.map(|id| (id, "address")));
        if let Some(user) = users::find_by_email(tx, &address).await? {
            let places = member::of_user(tx, user.id).await?;
            ids.extend(places.into_iter().map(|(id, _)| (id, "login")));
        }
    } else if words.contains('.')
        && let Ok(name) = words.parse::<DomainName>()
    {
        let found = find_customer::by_domain(tx, scope, &name).await?;
        ids.extend(found.map(|id| (id, "domain")));
    }
    ids.extend(by_phone(tx, words, house).await?);
    Ok(ids)
}

/// The customers for these words: those named exactly first, then by the beginning of their name.
pub(crate) async fn searched(
    tx: &mut Tx,
    scope: &Scope,
    (request, house): (&PageRequest, &CallingCode),
) -> Result<(Vec<Found>, Option<String>), Failure> {
    scope.needs(Permission::HosterRead)?;
    let mut found: Vec<Found> = Vec::new();
    // An absent cursor and an empty one both mean the first page.
    if request.after_key().is_empty() && !request.search.is_empty() {
        for (id, by) in exactly(tx, scope, (&request.search, house)).await? {
            let known = found.iter().any(|found| found.customer.id == id);
            if let Some(customer) = customer::find(tx, id).await?.filter(|_| !known) {
                found.push(Found { customer, by });
            }
        }
    }
    let page = customer::search(tx, request).await?;
    for customer in page.items {
        if !found.iter().any(|found| found.customer.id == customer.id) {
            found.push(Found {
                customer,
                by: "name",
            });
        }
    }
    Ok((found, page.next))
}

async fn home(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    query: Query,
) -> Result<Page<HomePage>, Failure> {
    let search: String = query.get("q").trim().chars().take(SEARCH_CHARS).collect();
    let request = PageRequest {
        after: Cursor::parse(query.get("after")),
        search: search.clone(),
        ..PageRequest::first(ITEMS)
    };
    let (mut tx, scope) = staff.read(&member).await?;
    let (found, next) = searched(&mut tx, &scope, (&request, staff.calling_code())).await?;
    tx.rollback().await?;
    let ids: Vec<CustomerId> = found.iter().map(|found| found.customer.id).collect();
    staff
        .note(&member, "contract.find", &ids, arrival.address())
        .await?;
    let writes = member.visitor.has(Permission::HosterWrite);
    let next = next.map_or_else(String::new, |after| next_href(&search, &after));
    Ok(member.at(PLACE).page(HomePage {
        search,
        found,
        next,
        writes,
    }))
}

/// The address of the next page. A cursor is plain already.
fn next_href(search: &str, after: &str) -> String {
    if search.is_empty() {
        return format!("/staff?after={after}");
    }
    let words = percent_encoding::utf8_percent_encode(search, percent_encoding::NON_ALPHANUMERIC);
    format!("/staff?q={words}&after={after}")
}
