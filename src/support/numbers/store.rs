//! The totals of tickets by day and topic, and what is late now.

use crate::numbers::total::{Part, Sums};
use crate::ticket::Category;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Query, Row, Statement, Tx, statements};

/// The names of the columns that say how many took how long, in the order of `RANGES`.
const ANSWERED: [&str; 8] = [
    "answered_quarter",
    "answered_hour",
    "answered_four_hours",
    "answered_eight_hours",
    "answered_day",
    "answered_three_days",
    "answered_week",
    "answered_longer",
];
const SOLVED: [&str; 8] = [
    "solved_quarter",
    "solved_hour",
    "solved_four_hours",
    "solved_eight_hours",
    "solved_day",
    "solved_three_days",
    "solved_week",
    "solved_longer",
];

/// The same for each column that is summed up, in the order of [`Sums::all`].
macro_rules! each {
    ($part:ident) => {
        concat!(
            $part!("opened"),
            ", ",
            $part!("answered_in_time"),
            ", ",
            $part!("solved_in_time"),
            ", ",
            $part!("answered_quarter"),
            ", ",
            $part!("answered_hour"),
            ", ",
            $part!("answered_four_hours"),
            ", ",
            $part!("answered_eight_hours"),
            ", ",
            $part!("answered_day"),
            ", ",
            $part!("answered_three_days"),
            ", ",
            $part!("answered_week"),
            ", ",
            $part!("answered_longer"),
            ", ",
            $part!("solved_quarter"),
            ", ",
            $part!("solved_hour"),
            ", ",
            $part!("solved_four_hours"),
            ", ",
            $part!("solved_eight_hours"),
            ", ",
            $part!("solved_day"),
            ", ",
            $part!("solved_three_days"),
            ", ",
            $part!("solved_week"),
            ", ",
            $part!("solved_longer")
        )
    };
}

macro_rules! name {
    ($column:literal) => {
        $column
    };
}

macro_rules! added {
    ($column:literal) => {
        concat!(
            $column,
            " = ticket_total.",
            $column,
            " + excluded.",
            $column
        )
    };
}

macro_rules! summed {
    ($column:literal) => {
        concat!("CAST(sum(", $column, ") AS BIGINT) AS ", $column)
    };
}

statements! {
    ADD = "support.numbers.add" => concat!(
        "INSERT INTO ticket_total (day, category, ", each!(name), ") VALUES ($1, $2, $3, $4, $5, $6, $7, \
         $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
         ON CONFLICT (day, category) DO UPDATE SET ", each!(added)
    );
    // A row from which every ticket went away tells of no topic.
    SUMS = "support.numbers.sums" => concat!(
        "SELECT CAST((day - $1) / 7 AS BIGINT) AS week, category, ", each!(summed),
        " FROM ticket_total WHERE day >= $1 AND opened > 0 GROUP BY 1, 2"
    );
    UNANSWERED = "support.numbers.unanswered" =>
        "SELECT CAST((opened_at - $1) / 604800000000 AS BIGINT) AS week, category, \
         CAST(count(*) AS BIGINT) AS late FROM ticket \
         WHERE first_answer_at IS NULL AND opened_at >= $1 AND first_answer_due < $2 GROUP BY 1, 2";
    UNSOLVED = "support.numbers.unsolved" =>
        "SELECT CAST((opened_at - $1) / 604800000000 AS BIGINT) AS week, category, \
         CAST(count(*) AS BIGINT) AS late FROM ticket \
         WHERE solved_at IS NULL AND opened_at >= $1 AND solution_due < $2 GROUP BY 1, 2";
}

/// Adds to the totals, which are the system's.
async fn add(tx: &mut Tx, parts: &[Part]) -> Result<(), Fault> {
    if parts.is_empty() {
        return Ok(());
    }
    tx.unscope().await?;
    for part in parts {
        let query = ADD.bind(part.day).bind(part.category);
        let query = part.sums.all().fold(query, Query::bind);
        query.execute_one(tx).await?;
    }
    tx.rescope().await
}

/// Counts a ticket that was opened.
pub(crate) async fn opened(tx: &mut Tx, part: Part) -> Result<(), Fault> {
    add(tx, &[part]).await
}

/// Counts what became of a ticket.
pub(crate) async fn changed(tx: &mut Tx, before: Part, after: Part) -> Result<(), Fault> {
    add(tx, &Part::between(before, after)).await
}

/// The week of a row, and its topic.
fn place(row: &Row) -> Result<(usize, Category), Fault> {
    let week = usize::try_from(row.int("week")?).unwrap_or(usize::MAX);
    Ok((week, row.parsed("category")?))
}

fn sums_from(row: &Row) -> Result<Sums, Fault> {
    let mut sums = Sums {
        opened: row.int("opened")?,
        answered_in_time: row.int("answered_in_time")?,
        solved_in_time: row.int("solved_in_time")?,
        ..Sums::default()
    };
    for (one, column) in sums.answered.iter_mut().zip(ANSWERED) {
        *one = row.int(column)?;
    }
    for (one, column) in sums.solved.iter_mut().zip(SOLVED) {
        *one = row.int(column)?;
    }
    Ok(sums)
}

/// Which week after this day, of which topic, how many.
pub(crate) async fn sums(
    tx: &mut Tx,
    first_day: i64,
) -> Result<Vec<(usize, Category, Sums)>, Fault> {
    let rows = SUMS.bind(first_day).all(tx).await?;
    let one = |row: &Row| {
        let (week, category) = place(row)?;
        Ok((week, category, sums_from(row)?))
    };
    rows.iter().map(one).collect()
}

async fn late(
    tx: &mut Tx,
    statement: Statement,
    (from, now): (Timestamp, Timestamp),
) -> Result<Vec<(usize, Category, i64)>, Fault> {
    let rows = statement.bind(from).bind(now).all(tx).await?;
    let one = |row: &Row| {
        let (week, category) = place(row)?;
        Ok((week, category, row.int("late")?))
    };
    rows.iter().map(one).collect()
}

/// How many are not answered, and should be by now.
pub(crate) async fn unanswered(
    tx: &mut Tx,
    span: (Timestamp, Timestamp),
) -> Result<Vec<(usize, Category, i64)>, Fault> {
    late(tx, UNANSWERED, span).await
}

/// How many are not solved, and should be by now.
pub(crate) async fn unsolved(
    tx: &mut Tx,
    span: (Timestamp, Timestamp),
) -> Result<Vec<(usize, Category, i64)>, Fault> {
    late(tx, UNSOLVED, span).await
}
