//! The tenants.

use crate::plan::Plan;
use serde::Serialize;
use wabe_kernel::field::Problem;
use wabe_kernel::id::{CustomerId, PlanId};
use wabe_kernel::{Fault, Line, MailAddress, Page, PageRequest, PhoneNumber, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    FIND = "access.customer.find" =>
        "SELECT c.id, c.number, c.name, c.plan_id, p.name AS plan_name, c.contact_email, \
         c.second_contact_email, c.contact_phone, c.suspended_reason, c.created_at, c.erasing_at \
         FROM customer c JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    CHANGE_SEQ = "access.customer.change_seq" => "SELECT change_seq FROM customer WHERE id = $1";
    FIND_NUMBER = "access.customer.find_number" => "SELECT id FROM customer WHERE number = $1";
    LAST_NUMBER = "access.customer.last_number" =>
        "SELECT number FROM customer ORDER BY length(number) DESC, number DESC LIMIT 1";
    INSERT = "access.customer.insert" =>
        "INSERT INTO customer (id, number, name, name_search, plan_id, contact_email, \
         second_contact_email, change_seq, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)";
    SET_PLAN = "access.customer.set_plan" => "UPDATE customer SET plan_id = $1 WHERE id = $2";
    SET_SUSPENDED = "access.customer.set_suspended" =>
        "UPDATE customer SET suspended_reason = $1 WHERE id = $2";
    SET_CONTACT = "access.customer.set_contact" =>
        "UPDATE customer SET contact_email = $1, second_contact_email = $2, contact_phone = $3, \
         contact_phone_reversed = $4 WHERE id = $5";
    // What begins with an end lies between it and it with nines behind, in every order that a database may have.
    BY_PHONE = "access.customer.by_phone" =>
        "SELECT id FROM customer WHERE contact_phone_reversed >= $1 AND contact_phone_reversed < $2 \
         ORDER BY contact_phone_reversed, id LIMIT $3";
    ASK_SECOND = "access.customer.ask_second" =>
        "UPDATE customer SET second_contact_asked = $1 WHERE id = $2 \
         AND (second_contact_asked IS NULL OR second_contact_asked <> $1)";
    SECOND_ASKED = "access.customer.second_asked" =>
        "SELECT second_contact_asked FROM customer WHERE id = $1";
    SECOND_GIVEN = "access.customer.second_given" =>
        "UPDATE customer SET second_contact_asked = NULL \
         WHERE id = $1 AND second_contact_asked IS NOT NULL";
    BEGIN_ERASING = "access.customer.begin_erasing" =>
        "UPDATE customer SET erasing_at = $1 WHERE id = $2 AND erasing_at IS NULL";
    // An address of a name that nobody can have: where one must stand, nobody is reached. Source: RFC 6761.
    EMPTY = "access.customer.empty" =>
        "UPDATE customer SET name = number, name_search = '', \
         contact_email = lower(number) || '@erased.invalid', second_contact_email = NULL, \
         contact_phone = NULL, contact_phone_reversed = NULL, suspended_reason = '', \
         second_contact_asked = NULL WHERE id = $1 AND erasing_at IS NOT NULL";
    SEARCH = "access.customer.search" =>
        "SELECT c.id, c.number, c.name, c.plan_id, p.name AS plan_name, c.contact_email, \
         c.second_contact_email, c.contact_phone, c.suspended_reason, c.created_at, c.erasing_at \
         FROM customer c JOIN plan p ON p.id = c.plan_id \
         WHERE c.name_search >= $1 AND c.name_search < $2 AND c.name_search || c.id > $3 \
         ORDER BY c.name_search, c.id LIMIT $4";
}

/// A customer's speakable number: `K` and five or more digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CustomerNumber(String);

impl CustomerNumber {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for CustomerNumber {
    type Err = Problem;

    /// `K10234`, also as people say it: `k 10 234`, `10234`.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = compact.trim_start_matches(['K', 'k']);
        if digits.len() < 5 || digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Problem::new("not-a-customer-number"));
        }
        Ok(Self(format!("K{digits}")))
    }
}

impl std::fmt::Display for CustomerNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the gate needs to know of a customer.
#[derive(Debug, Clone, Copy)]
pub struct CustomerState {
    /// Switched off by the hoster.
    pub suspended: bool,
    /// Being erased, or erased.
    pub erasing: bool,
}

/// A customer.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Its speakable number.
    pub number: CustomerNumber,
    /// Its name.
    pub name: String,
    /// The plan it booked.
    pub plan: PlanId,
    /// That plan's name.
    pub plan_name: String,
    /// Where it is reached.
    pub contact_email: MailAddress,
    /// Where it is reached when the first address depends on Wabe itself.
    pub second_contact_email: Option<MailAddress>,
    /// Where it is called.
    pub contact_phone: Option<PhoneNumber>,
    /// Why the hoster switched it off.
    pub suspended_reason: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Since when everything of theirs is being removed, or was.
    pub erasing_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<Customer, Fault> {
    Ok(Customer {
        id: row.parsed("id")?,
        number: row.parsed("number")?,
        name: row.text("name")?,
        plan: row.parsed("plan_id")?,
        plan_name: row.text("plan_name")?,
        contact_email: row.parsed("contact_email")?,
        second_contact_email: row.parsed_or_null("second_contact_email")?,
        contact_phone: row.parsed_or_null("contact_phone")?,
        suspended_reason: row.text_or_null("suspended_reason")?,
        created_at: row.time("created_at")?,
        erasing_at: row.time_or_null("erasing_at")?,
    })
}

/// A customer by id; never the house itself.
///
/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut Tx, id: CustomerId) -> Result<Option<Customer>, Fault> {
    if id == crate::actor::HOUSE {
        return Ok(None);
    }
    FIND.bind(id)
        .optional(tx)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The number of a customer's last change; 0 before the first, and for who is none.
///
/// # Errors
/// A fault of the database.
pub async fn change_seq(tx: &mut Tx, id: CustomerId) -> Result<i64, Fault> {
    let row = CHANGE_SEQ.bind(id).optional(tx).await?;
    row.map_or(Ok(0), |row| row.int("change_seq"))
}

/// The id behind a number.
///
/// # Errors
/// A fault of the database.
pub async fn find_number(
    tx: &mut Tx,
    number: &CustomerNumber,
) -> Result<Option<CustomerId>, Fault> {
    let row = FIND_NUMBER.bind(number.as_str()).optional(tx).await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// Customers whose name begins with `request.search`, by name. The house is not among them.
///
/// # Errors
/// A fault of the database.
pub async fn search(tx: &mut Tx, request: &PageRequest) -> Result<Page<Customer>, Fault> {
    let from = request.search.to_lowercase();
    let from = if from.is_empty() {
        "\u{1}".to_owned()
    } else {
        from
    };
    let end = if request.search.is_empty() {
        "\u{10ffff}".to_owned()
    } else {
        format!("{from}\u{10ffff}")
    };
    let query = SEARCH
        .bind(&from)
        .bind(end)
        .bind(request.after_key())
        .bind(request.limit + 1);
    let rows = query.all(tx).await?;
    let found = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_rows(found, request.limit, |customer| {
        format!("{}{}", customer.name.to_lowercase(), customer.id)
    }))
}

/// What a new customer is made of.
#[derive(Debug)]
pub struct NewCustomer<'a> {
    /// Its id.
    pub id: CustomerId,
    /// Its name.
    pub name: &'a Line,
    /// The plan it booked.
    pub plan: &'a Plan,
    /// Where it is reached.
    pub contact_email: &'a MailAddress,
    /// A second way, where the first depends on Wabe itself.
    pub second_contact_email: Option<&'a MailAddress>,
}

/// Adds a customer with the next free number and its plan's limits.
///
/// # Errors
/// A fault of the database; two at once on PostgreSQL: one of them fails and nothing happened.
pub async fn insert(
    tx: &mut Tx,
    new: &NewCustomer<'_>,
    now: Timestamp,
) -> Result<CustomerNumber, Fault> {
    let last = LAST_NUMBER.query().optional(tx).await?;
    let last = last
        .map(|row| row.text("number"))
        .transpose()?
        .unwrap_or_default();
    let last: i64 = last.trim_start_matches('K').parse().unwrap_or(0);
    let number = CustomerNumber(format!("K{:05}", last.max(10_000) + 1));
    let query = INSERT.bind(new.id).bind(number.as_str()).bind(new.name);
    let query = query
        .bind(new.name.as_str().to_lowercase())
        .bind(new.plan.id);
    let query = query
        .bind(new.contact_email)
        .bind(new.second_contact_email)
        .bind(now);
    query.execute_one(tx).await?;
    crate::plan::apply(tx, new.id, new.plan).await?;
    Ok(number)
}

/// Books another plan.
///
/// # Errors
/// A fault of the database.
pub async fn set_plan(tx: &mut Tx, id: CustomerId, plan: &Plan) -> Result<(), Fault> {
    SET_PLAN.bind(plan.id).bind(id).execute_one(tx).await?;
    crate::plan::apply(tx, id, plan).await
}

/// Switches a customer off, with the reason it is shown, or on again.
///
/// # Errors
/// A fault of the database.
pub async fn set_suspended(tx: &mut Tx, id: CustomerId, reason: Option<&str>) -> Result<(), Fault> {
    SET_SUSPENDED.bind(reason).bind(id).execute_one(tx).await
}

/// Notes that everything of a customer's is removed from now on: nothing else changes there any more. In a
/// transaction of the system.
///
/// # Errors
/// A fault when that was noted before.
pub async fn begin_erasing(tx: &mut Tx, id: CustomerId, now: Timestamp) -> Result<(), Fault> {
    BEGIN_ERASING.bind(now).bind(id).execute_one(tx).await
}

/// Takes away what the row of a customer that is being erased says beyond number, plan and dates. In a
/// transaction of the system.
///
/// # Errors
/// A fault when it is not being erased.
pub async fn empty(tx: &mut Tx, id: CustomerId) -> Result<(), Fault> {
    EMPTY.bind(id).execute_one(tx).await
}

/// Notes that a second address beside this contact is asked for; false when it was before.
///
/// # Errors
/// A fault of the database.
pub async fn ask_second(tx: &mut Tx, id: CustomerId, contact: &MailAddress) -> Result<bool, Fault> {
    Ok(ASK_SECOND.bind(contact).bind(id).execute(tx).await? == 1)
}

/// The contact address for which a second one was asked for, and is still lacking.
///
/// # Errors
/// A fault of the database.
pub async fn second_asked(tx: &mut Tx, id: CustomerId) -> Result<Option<String>, Fault> {
    let row = SECOND_ASKED.bind(id).one(tx).await?;
    row.text_or_null("second_contact_asked")
}

/// Notes that no second address is lacking any more: another time it is asked for again.
///
/// # Errors
/// A fault of the database.
pub async fn second_given(tx: &mut Tx, id: CustomerId) -> Result<(), Fault> {
    SECOND_GIVEN.bind(id).execute(tx).await.map(|_rows| ())
}

/// The customers whose number ends so, `most` at most; `ending` is one of [`wabe_kernel::PhoneSpelling::endings`].
///
/// # Errors
/// A fault of the database.
pub async fn by_phone(tx: &mut Tx, ending: &str, most: i64) -> Result<Vec<CustomerId>, Fault> {
    let query = BY_PHONE
        .bind(ending)
        .bind(format!("{ending:9<32}"))
        .bind(most);
    let rows = query.all(tx).await?;
    rows.iter().map(|row| row.parsed("id")).collect()
}

/// Changes where a customer is reached.
///
/// # Errors
/// A fault of the database.
pub async fn set_contact(
    tx: &mut Tx,
    id: CustomerId,
    (first, second): (&MailAddress, Option<&MailAddress>),
    phone: Option<&PhoneNumber>,
) -> Result<(), Fault> {
    SET_CONTACT
        .bind(first)
        .bind(second)
        .bind(phone)
        .bind(phone.map(PhoneNumber::reversed))
        .bind(id)
        .execute_one(tx)
        .await
}
