//! Schedules and outcomes in words and colours.

use wabe_hosting::cron_job::CronRun;
use wabe_kernel::schedule::{Days, Reading};
use wabe_kernel::{CronOutcome, Language, Schedule};
use wabe_web::Message;

/// How a chip and a bar are coloured: a state's word.
pub(super) const fn colour(outcome: CronOutcome) -> &'static str {
    match outcome {
        CronOutcome::Ok => "live",
        CronOutcome::Running => "updating",
        CronOutcome::Failed | CronOutcome::Timeout | CronOutcome::Limit => "failed",
        CronOutcome::Missed | CronOutcome::Overlap | CronOutcome::Lost => "suspended",
    }
}

/// A schedule as people say it: `every day at 03:15`.
pub(super) fn schedule(language: Language, schedule: &Schedule) -> String {
    let reading = schedule.reading();
    let message = Message::new(language, format!("cron-schedule-{}", reading.word()));
    let at = |hour: u32, minute: u32| format!("{hour:02}:{minute:02}");
    let said = match reading {
        Reading::Minutes(count) => message.num("count", i64::from(count)),
        Reading::Hourly(minute) => message.with("minute", format!("{minute:02}")),
        Reading::Hours(count, minute) => message
            .num("count", i64::from(count))
            .with("minute", format!("{minute:02}")),
        Reading::Daily(hour, minute) | Reading::Weekly(Days::Working, hour, minute) => {
            message.with("at", at(hour, minute))
        }
        Reading::Weekly(Days::These(days), hour, minute) => {
            let name = |day: &u32| Message::new(language, format!("cron-day-{day}")).to_string();
            let names: Vec<String> = days.iter().map(name).collect();
            message
                .with("days", names.join(", "))
                .with("at", at(hour, minute))
        }
        Reading::Monthly(day, hour, minute) => {
            message.with("day", day).with("at", at(hour, minute))
        }
        Reading::Yearly(day, month, hour, minute) => {
            let month = Message::new(language, format!("month-{month}")).to_string();
            message
                .with("day", day)
                .with("month", month)
                .with("at", at(hour, minute))
        }
        Reading::Expression(expression) => message.with("expression", expression),
    };
    said.to_string()
}

/// One bar of the picture of a history.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// Its left side.
    pub(crate) x: usize,
    /// Its upper side; the lower one is at 28.
    pub(crate) y: u32,
    /// How high.
    pub(crate) height: u32,
    /// Its colour.
    pub(crate) colour: &'static str,
}

/// Bars that fit the picture.
pub(crate) const BARS: usize = 60;

/// The latest runs as bars, the latest on the right: what went wrong is high, what did not run is low.
pub(super) fn bars(runs: &[CronRun]) -> Vec<Bar> {
    let shown = runs.iter().take(BARS);
    let bars = shown.enumerate().map(|(at, run)| {
        let colour = colour(run.outcome);
        let height = match colour {
            "failed" => 28,
            "suspended" => 6,
            _ => 16,
        };
        Bar {
            x: (BARS - 1 - at) * 10,
            y: 28 - height,
            height,
            colour,
        }
    });
    bars.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(language: Language, text: &str) -> String {
        schedule(language, &text.parse().unwrap())
    }

    #[test]
    fn schedules_are_said_in_both_languages() {
        for (text, german, english) in [
            ("15 3 * * *", "jeden Tag um 03:15 Uhr", "every day at 03:15"),
            ("*/15 * * * *", "alle 15 Minuten", "every 15 minutes"),
            (
                "5 * * * *",
                "jede Stunde um Minute 05",
                "every hour at minute 05",
            ),
            (
                "0 8 * * 1-5",
                "montags bis freitags um 08:00 Uhr",
                "Monday to Friday at 08:00",
            ),
            (
                "0 8 * * 0,1",
                "montags, sonntags um 08:00 Uhr",
                "Mondays, Sundays at 08:00",
            ),
            (
                "30 4 1 * *",
                "am 1. jedes Monats um 04:30 Uhr",
                "on day 1 of every month at 04:30",
            ),
            (
                "0 0 24 12 *",
                "jedes Jahr am 24. Dezember um 00:00 Uhr",
                "every year on 24 December at 00:00",
            ),
            (
                "*/7 * * * *",
                "nach dem Muster */7 * * * *",
                "as */7 * * * *",
            ),
        ] {
            assert_eq!(said(Language::De, text), german);
            assert_eq!(said(Language::En, text), english);
        }
    }
}
