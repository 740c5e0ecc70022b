//! Tickets in bulk for benchmarks, as the gate and the desk would have left them: whose, how they stand, what
//! was written, by which words they are found, what the totals say of them. Without entries in the record,
//! which nothing but the gate writes.
//!
//! One came every 150 seconds. The newest are in work or wait for their customers, the others are closed; one
//! of twenty belongs to the same customer, the others to all of them in turn.

use crate::bulk::batches;
use wabe_kernel::{Clock, Fault};
use wabe_store::{Store, statements};

/// The numbers of a batch, from `$1` to `$2`.
macro_rules! series {
    () => {
        "WITH RECURSIVE series(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL \
         SELECT n + 1 FROM series WHERE n < $2)"
    };
}

/// An id that ends with a number.
macro_rules! id {
    ($kind:literal, $number:literal) => {
        concat!(
            "'",
            $kind,
            "_01kaj000000000' || substr(CAST(1000000000000 + ",
            $number,
            " AS TEXT), 2)"
        )
    };
}

/// How many took how long, in the ranges of the totals.
macro_rules! spread {
    ($took:literal) => {
        concat!(
            "sum(CASE WHEN ",
            $took,
            " <= 900000000 THEN 1 ELSE 0 END), \
             sum(CASE WHEN ",
            $took,
            " BETWEEN 900000001 AND 3600000000 THEN 1 ELSE 0 END), \
             sum(CASE WHEN ",
            $took,
            " BETWEEN 3600000001 AND 14400000000 THEN 1 ELSE 0 END), \
             sum(CASE WHEN ",
            $took,
            " BETWEEN 14400000001 AND 28800000000 THEN 1 ELSE 0 END), \
             sum(CASE WHEN ",
            $took,
            " BETWEEN 28800000001 AND 86400000000 THEN 1 ELSE 0 END), \
             sum(CASE WHEN ",
            $took,
            " BETWEEN 86400000001 AND 259200000000 THEN 1 ELSE 0 END), \
             sum(CASE WHEN ",
            $took,
            " BETWEEN 259200000001 AND 604800000000 THEN 1 ELSE 0 END), \
             sum(CASE WHEN ",
            $took,
            " > 604800000000 THEN 1 ELSE 0 END)"
        )
    };
}

statements! {
    USER = "bulk.ticket.user" => concat!(
        series!(), " INSERT INTO wabe_user (id, email, name, language, created_at) \
         SELECT ", id!("usr", "n"), ", 'desk' || CAST(n AS TEXT) || '@bulk.test', \
         'Bulk ' || CAST(n AS TEXT), 'de', $3 FROM series"
    );
    STAFF = "bulk.ticket.staff" => concat!(
        series!(), " INSERT INTO staff (user_id, role, created_at) \
         SELECT ", id!("usr", "n"), ", 'support', $3 FROM series"
    );
    TICKET = "bulk.ticket" => concat!(
        series!(), ", opened(n, c, at, age, turn) AS (SELECT n, \
         CASE n % 20 WHEN 19 THEN $7 / 3 ELSE n % $7 END, $3 - ($4 - n) * 150000000, \
         ($4 - n) * 150000000, CASE WHEN n < $4 - 2 * $5 THEN 3 ELSE n % 4 END FROM series), \
         stands(n, c, at, age, lane, moment) AS (SELECT n, c, at, age, \
         CASE turn WHEN 1 THEN 'waiting' WHEN 3 THEN 'done' ELSE 'working' END, \
         CASE turn WHEN 1 THEN $3 + 86400000000 + n % 1000 * 600000000 \
         WHEN 3 THEN at + n % 172800 * 1000000 % age \
         ELSE $3 + (n % 400 - 100) * 60000000 END FROM opened), \
         said(n, c, at, age, lane, moment, subject) AS (SELECT n, c, at, age, lane, moment, \
         CASE n % 4 WHEN 0 THEN 'Mailbox full' WHEN 1 THEN 'Webspace slow' \
         WHEN 2 THEN 'Domain moves' ELSE 'Invoice unclear' END || ' case' || CAST(n % 10007 AS TEXT) \
         || CASE WHEN n % ($4 / 25) = 8 THEN ' peculiar' ELSE '' END FROM stands) \
         INSERT INTO ticket (id, customer_id, number, subject, subject_search, category, priority, \
         status, lane, queue_at, owner, opened_by, channel, opened_at, first_answer_at, \
         first_answer_due, solution_due, waiting_since, solved_at, closes_at, last_activity_at) \
         SELECT ", id!("tkt", "n"), ", ", id!("cus", "c"), ", 1000000 + n, subject, lower(subject), \
         CASE n % 4 WHEN 0 THEN 'email' WHEN 1 THEN 'website' WHEN 2 THEN 'domain' ELSE 'contract' END, \
         CASE WHEN n % 100 = 3 THEN 'urgent' WHEN n % 10 = 5 THEN 'high' ELSE 'normal' END, \
         CASE lane WHEN 'waiting' THEN 'waits_for_customer' WHEN 'done' THEN 'closed' \
         ELSE CASE WHEN n % 16 = 2 THEN 'new' ELSE 'open' END END, lane, \
         CASE lane WHEN 'done' THEN -moment ELSE moment END, \
         CASE WHEN lane = 'working' AND n % 16 = 2 THEN NULL \
         WHEN lane = 'working' AND n / 2 % $6 = 0 THEN $8 ELSE ", id!("usr", "n % 50"), " END, ",
        id!("usr", "50 + c"), ", 'portal', at, \
         CASE WHEN lane = 'working' THEN NULL ELSE at + n % 57600 * 1000000 % age END, \
         CASE WHEN lane = 'working' THEN moment ELSE at + 28800000000 END, \
         at + 172800000000, CASE WHEN lane = 'waiting' THEN $3 END, \
         CASE WHEN lane = 'done' THEN moment END, CASE WHEN lane = 'waiting' THEN moment END, \
         CASE WHEN lane = 'done' THEN moment ELSE at END FROM said"
    );
    WORD = "bulk.ticket.word" => concat!(
        series!(), ", place(k) AS (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
         UNION ALL SELECT 5 UNION ALL SELECT 6), \
         named(n, c) AS (SELECT n, CASE n % 20 WHEN 19 THEN $4 / 3 ELSE n % $4 END FROM series), \
         said(n, c, word) AS (SELECT n, c, CASE k \
         WHEN 1 THEN CASE n % 4 WHEN 0 THEN 'mailbox' WHEN 1 THEN 'webspace' WHEN 2 THEN 'domain' \
         ELSE 'invoice' END \
         WHEN 2 THEN CASE n % 4 WHEN 0 THEN 'full' WHEN 1 THEN 'slow' WHEN 2 THEN 'moves' \
         ELSE 'unclear' END \
         WHEN 3 THEN 'case' || CAST(n % 10007 AS TEXT) \
         WHEN 4 THEN CASE WHEN n % ($3 / 25) = 8 THEN 'peculiar' ELSE '' END \
         WHEN 5 THEN 'bulk' \
         ELSE CASE WHEN c > 9 THEN CAST(c AS TEXT) ELSE '' END END FROM named CROSS JOIN place) \
         INSERT INTO ticket_word (word, ticket_id, customer_id) \
         SELECT word, ", id!("tkt", "n"), ", ", id!("cus", "c"), " FROM said WHERE word <> ''"
    );
    MESSAGE = "bulk.ticket.message" => concat!(
        series!(), ", place(k) AS (SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2), \
         named(n, c) AS (SELECT n, CASE n % 20 WHEN 19 THEN $5 / 3 ELSE n % $5 END FROM series) \
         INSERT INTO ticket_message (id, customer_id, ticket_id, author_kind, author, visibility, body, \
         created_at) SELECT ", id!("tms", "n * 3 + k"), ", ", id!("cus", "c"), ", ", id!("tkt", "n"), ", \
         CASE k WHEN 1 THEN 'staff' ELSE 'member' END, \
         CASE k WHEN 1 THEN ", id!("usr", "n % 50"), " ELSE ", id!("usr", "50 + c"), " END, 'public', \
         'Since this morning it does not do what it did before. What can be done about it?', \
         $3 - ($4 - n) * 150000000 + k * 1000000 FROM named CROSS JOIN place WHERE k <= n % 3"
    );
    NO_TOTAL = "bulk.ticket.no_total" => "DELETE FROM ticket_total";
    TOTAL = "bulk.ticket.total" => concat!(
        "INSERT INTO ticket_total (day, category, opened, answered_in_time, solved_in_time, \
         answered_quarter, answered_hour, answered_four_hours, answered_eight_hours, answered_day, \
         answered_three_days, answered_week, answered_longer, solved_quarter, solved_hour, \
         solved_four_hours, solved_eight_hours, solved_day, solved_three_days, solved_week, \
         solved_longer) SELECT opened_at / 86400000000, category, count(*), \
         sum(CASE WHEN first_answer_at <= first_answer_due THEN 1 ELSE 0 END), \
         sum(CASE WHEN solved_at <= solution_due THEN 1 ELSE 0 END), ",
        spread!("first_answer_at - opened_at"), ", ", spread!("solved_at - opened_at"),
        " FROM ticket GROUP BY 1, 2"
    );
}

/// The hoster's people who have tickets.
const PEOPLE: i64 = 50;

/// How many are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Tickets<'a> {
    /// Tickets, at least 25, each with one to three messages.
    pub tickets: i64,
    /// The customers of [`fill`](crate::fill), who have them.
    pub customers: i64,
    /// So many of them are in work, and half as many wait for their customers.
    pub open: i64,
    /// One of so many of those in work is this owner's.
    pub mine_every: i64,
    /// The id of somebody of the hoster.
    pub owner: &'a str,
}

/// Adds the rows, numbered from 0; they must not be there yet.
///
/// # Errors
/// A fault of the database.
pub async fn fill_tickets(
    store: &Store,
    clock: &dyn Clock,
    wanted: Tickets<'_>,
) -> Result<(), Fault> {
    let now = clock.now();
    let mut tx = store.write().await?;
    for statement in [USER, STAFF] {
        let query = statement.bind(0_i64).bind(PEOPLE - 1).bind(now);
        query.execute(&mut tx).await?;
    }
    tx.commit().await?;
    for (first, last) in batches(wanted.tickets) {
        let mut tx = store.write().await?;
        let query = TICKET.bind(first).bind(last).bind(now);
        let query = query.bind(wanted.tickets).bind(wanted.open);
        let query = query.bind(wanted.mine_every).bind(wanted.customers);
        query.bind(wanted.owner).execute(&mut tx).await?;
        let query = WORD.bind(first).bind(last).bind(wanted.tickets);
        query.bind(wanted.customers).execute(&mut tx).await?;
        let query = MESSAGE.bind(first).bind(last).bind(now);
        let query = query.bind(wanted.tickets).bind(wanted.customers);
        query.execute(&mut tx).await?;
        tx.commit().await?;
    }
    // Of all there are: whoever had some before has them counted once.
    let mut tx = store.write().await?;
    for statement in [NO_TOTAL, TOTAL] {
        statement.query().execute(&mut tx).await?;
    }
    tx.commit().await
}
