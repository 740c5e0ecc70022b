//! `GET /staff/tickets/numbers`: how many tickets, and how long they took. Never about a person.

use askama::Template;
use axum::extract::State;

use wabe_access::Permission;
use wabe_kernel::Timestamp;
use wabe_support::numbers::{self, Count, Numbers, RANGES, Spread};
use wabe_support::ticket::Category;
use wabe_web::filters;
use wabe_web::plot::Plot;
use wabe_web::{Failure, Needs, Page, Routes, StaffMember};

use crate::ticket::PLACE;
use crate::{STAFF, Staff};

const READ: Needs = Needs::Staff(Permission::HosterRead);

/// A week.
pub(crate) struct Week {
    /// Its first day.
    pub begins: Timestamp,
    /// What happened.
    pub count: Count,
}

/// A range of durations.
pub(crate) struct Range {
    /// Up to so many hours; 0 for the quarter of an hour, nothing for all that is longer.
    pub hours: Option<i64>,
    /// How many tickets.
    pub tickets: i64,
    /// How many of a hundred.
    pub percent: i64,
}

/// The page.
#[derive(Template)]
#[template(path = "staff/ticket/numbers.html")]
pub(crate) struct NumbersPage {
    /// All weeks together.
    pub all: Count,
    /// Week by week.
    pub weeks: Vec<Week>,
    /// Tickets that were opened.
    pub opened: Option<Plot>,
    /// Answers in time, in percent.
    pub answered: Option<Plot>,
    /// Solutions in time, in percent.
    pub solved: Option<Plot>,
    /// By topic.
    pub categories: Vec<(Category, Count)>,
    /// How long first answers took.
    pub answers: Vec<Range>,
    /// How long solutions took.
    pub solutions: Vec<Range>,
    /// Whether times are told.
    pub times: bool,
    /// The last day of the last week.
    pub until: Timestamp,
}

pub(super) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF).get("/staff/tickets/numbers", READ, show)
}

fn ranges(spread: &Spread) -> Vec<Range> {
    let all = spread.iter().sum::<i64>().max(1);
    let ends = RANGES.iter().map(|seconds| Some(seconds / 3_600));
    let ends = ends.chain([None]);
    let range = |(tickets, hours): (&i64, Option<i64>)| Range {
        hours,
        tickets: *tickets,
        percent: tickets.saturating_mul(100) / all,
    };
    spread.iter().zip(ends).map(range).collect()
}

/// A line through the weeks that have a value; a week without one stays where the line was.
fn line(weeks: &[Count], value: impl Fn(&Count) -> Option<i64>) -> Option<Plot> {
    let mut last = None;
    let values: Vec<i64> = weeks
        .iter()
        .filter_map(|week| {
            last = value(week).or(last);
            last
        })
        .collect();
    Plot::of(&values)
}

fn page(found: Numbers) -> NumbersPage {
    let weeks = &found.weeks;
    NumbersPage {
        all: found.all(),
        opened: line(weeks, |week| Some(week.opened)),
        answered: line(weeks, |week| week.answered.percent()),
        solved: line(weeks, |week| week.solved.percent()),
        weeks: weeks
            .iter()
            .enumerate()
            .map(|(at, count)| Week {
                begins: found.begins(at),
                count: *count,
            })
            .collect(),
        answers: ranges(&found.answers),
        solutions: ranges(&found.solutions),
        until: found.begins(weeks.len()).plus_days(-1),
        times: found.times,
        categories: found.categories,
    }
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
) -> Result<Page<NumbersPage>, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let found = numbers::numbers(&mut tx, &scope, member.now).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(page(found)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{NOW, sample};
    use wabe_support::numbers::{Share, WEEKS};
    use wabe_web::check::check_samples;

    const WEEK_SECONDS: i64 = 7 * 86_400;

    fn found(times: bool) -> NumbersPage {
        let count = |opened: i64| Count {
            opened,
            answered: Share {
                of: opened,
                in_time: opened * 2 / 3,
            },
            solved: Share {
                of: opened,
                in_time: opened / 2,
            },
        };
        let weeks = (0..WEEKS).map(|week| count(i64::try_from(week).unwrap() * 7 % 40));
        page(Numbers {
            from: NOW.plus_seconds(-26 * WEEK_SECONDS),
            weeks: weeks.collect(),
            categories: Category::ALL.iter().map(|one| (*one, count(12))).collect(),
            answers: [3, 9, 14, 20, 11, 4, 1, 0],
            solutions: [0, 2, 5, 20, 31, 22, 9, 4],
            times,
        })
    }

    sample! {
        NumbersPage: vec![
            found(true),
            found(false),
            page(Numbers {
                from: NOW,
                weeks: vec![Count::default(); WEEKS],
                categories: Vec::new(),
                answers: Spread::default(),
                solutions: Spread::default(),
                times: true,
            }),
        ];
    }

    #[test]
    fn the_page_of_figures_is_whole() {
        assert_eq!(check_samples::<NumbersPage>(), Vec::<String>::new());
    }
}
