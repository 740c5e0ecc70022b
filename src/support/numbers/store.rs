//! Counting tickets, by week and by how long they took.

use crate::numbers::{Count, RANGES, Share, Spread};
use crate::ticket::Category;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Query, Statement, Tx, statements};

const MICROS: i64 = 1_000_000;

/// Counts durations by range; the ends of the ranges are bound, of `RANGES`.
macro_rules! spread {
    ($column:literal) => {
        concat!(
            "SELECT CAST(CASE WHEN took <= $2 THEN 0 WHEN took <= $3 THEN 1 WHEN took <= $4 THEN 2 \
             WHEN took <= $5 THEN 3 WHEN took <= $6 THEN 4 WHEN took <= $7 THEN 5 \
             WHEN took <= $8 THEN 6 ELSE 7 END AS BIGINT) AS span, CAST(count(*) AS BIGINT) AS n \
             FROM (SELECT ",
            $column,
            " - opened_at AS took FROM ticket WHERE opened_at >= $1 AND ",
            $column,
            " IS NOT NULL) AS answered GROUP BY 1"
        )
    };
}

statements! {
    COUNTS = "support.numbers.counts" =>
        "SELECT CAST((opened_at - $1) / 604800000000 AS BIGINT) AS week, category, \
         CAST(count(*) AS BIGINT) AS opened, \
         CAST(sum(CASE WHEN first_answer_at IS NOT NULL OR first_answer_due < $2 THEN 1 ELSE 0 END) \
         AS BIGINT) AS answer_of, \
         CAST(sum(CASE WHEN first_answer_at <= first_answer_due THEN 1 ELSE 0 END) AS BIGINT) AS answered, \
         CAST(sum(CASE WHEN solved_at IS NOT NULL OR solution_due < $2 THEN 1 ELSE 0 END) \
         AS BIGINT) AS solution_of, \
         CAST(sum(CASE WHEN solved_at <= solution_due THEN 1 ELSE 0 END) AS BIGINT) AS solved \
         FROM ticket WHERE opened_at >= $1 GROUP BY 1, 2";
    ANSWERS = "support.numbers.answers" => spread!("first_answer_at");
    SOLUTIONS = "support.numbers.solutions" => spread!("solved_at");
}

/// Which week after `from`, of which topic, how many.
pub(crate) async fn counts(
    tx: &mut Tx,
    from: Timestamp,
    now: Timestamp,
) -> Result<Vec<(usize, Category, Count)>, Fault> {
    let rows = COUNTS.bind(from).bind(now).all(tx).await?;
    let mut found = Vec::new();
    for row in &rows {
        let count = Count {
            opened: row.int("opened")?,
            answered: Share {
                of: row.int("answer_of")?,
                in_time: row.int("answered")?,
            },
            solved: Share {
                of: row.int("solution_of")?,
                in_time: row.int("solved")?,
            },
        };
        let week = usize::try_from(row.int("week")?).unwrap_or(usize::MAX);
        found.push((week, row.parsed("category")?, count));
    }
    Ok(found)
}

async fn spread(tx: &mut Tx, statement: Statement, from: Timestamp) -> Result<Spread, Fault> {
    let mut found = Spread::default();
    let ends = RANGES.iter().map(|seconds| seconds.saturating_mul(MICROS));
    let query = ends.fold(statement.bind(from), Query::bind);
    for row in &query.all(tx).await? {
        let span = usize::try_from(row.int("span")?).unwrap_or(usize::MAX);
        if let Some(one) = found.get_mut(span) {
            *one = row.int("n")?;
        }
    }
    Ok(found)
}

/// How long first answers took.
pub(crate) async fn answers(tx: &mut Tx, from: Timestamp) -> Result<Spread, Fault> {
    spread(tx, ANSWERS, from).await
}

/// How long solutions took.
pub(crate) async fn solutions(tx: &mut Tx, from: Timestamp) -> Result<Spread, Fault> {
    spread(tx, SOLUTIONS, from).await
}
