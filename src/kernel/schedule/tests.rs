//! What a schedule says, when it comes, and what is none.

use super::*;
use crate::Timestamp;
use proptest::prelude::*;

fn schedule(text: &str) -> Schedule {
    text.parse().unwrap()
}

#[test]
fn a_schedule_is_read_as_people_say_it() {
    for (text, reading) in [
        ("* * * * *", Reading::Minutes(1)),
        ("*/15 * * * *", Reading::Minutes(15)),
        ("0,30 * * * *", Reading::Minutes(30)),
        ("5 * * * *", Reading::Hourly(5)),
        ("10 */6 * * *", Reading::Hours(6, 10)),
        ("15 3 * * *", Reading::Daily(3, 15)),
        ("0 8 * * mon-fri", Reading::Weekly(Days::Working, 8, 0)),
        (
            "0 8 * * 0,1",
            Reading::Weekly(Days::These(vec![1, 0]), 8, 0),
        ),
        ("30 4 1 * *", Reading::Monthly(1, 4, 30)),
        ("0 0 1 jan *", Reading::Yearly(1, 1, 0, 0)),
    ] {
        assert_eq!(schedule(text).reading(), reading, "{text}");
    }
    // Not all minutes of an hour have the same distance, days are alternatives, hours do not divide a day.
    for text in ["*/7 * * * *", "0 3 1 * mon", "0 */5 * * *", "0 3 1-7 * *"] {
        let reading = Reading::Expression(text.to_owned());
        assert_eq!(schedule(text).reading(), reading, "{text}");
    }
}

#[test]
fn the_next_five_times_follow_each_other() {
    let at = "2026-11-28T10:00:00Z".parse().unwrap();
    let times = schedule("0 3 * * *").upcoming(at, Zone::Berlin, 5);
    let shown: Vec<String> = times.iter().map(Timestamp::to_string).collect();
    assert_eq!(shown.len(), 5);
    let begins = |found: Option<&String>, with| found.unwrap().starts_with(with);
    assert!(begins(shown.first(), "2026-11-29T02:00:00"), "{shown:?}");
    assert!(begins(shown.last(), "2026-12-03T02:00:00"), "{shown:?}");
}

#[test]
fn what_is_wrong_has_a_code_and_says_the_field() {
    for (text, code, field) in [
        ("0 3 * *", "cron-fields", None),
        ("60 3 * * *", "cron-number", Some("minute")),
        ("0 3 * 13 *", "cron-number", Some("month")),
        ("0 3 * * 1/2", "cron-step-alone", Some("weekday")),
        ("0 9-5 * * *", "cron-backwards", Some("hour")),
        ("*/0 3 * * *", "cron-step", Some("minute")),
        ("0 3 30 2 *", "cron-never", None),
    ] {
        let problem = text.parse::<Schedule>().unwrap_err();
        assert_eq!(problem.code, code, "{text}");
        let said = problem.args.iter().find(|(name, _)| *name == "field");
        assert_eq!(said.map(|(_, value)| value.as_str()), field, "{text}");
    }
}

#[test]
fn distances_are_the_shortest_also_over_the_hour_and_midnight() {
    for (text, minutes) in [
        ("* * * * *", 1),
        ("0,58 * * * *", 2),
        ("0,58 3 * * *", 58),
        ("0 3 * * *", 60),
        ("1,59 23,0 * * *", 2),
    ] {
        assert_eq!(schedule(text).minutes_apart(), minutes, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_schedule_that_round_trips_or_is_refused(text in "[*0-9,/a-z-]{1,6}( [*0-9,/a-z-]{1,6}){4}|\\PC{0,30}") {
        if let Ok(schedule) = text.parse::<Schedule>() {
            prop_assert_eq!(schedule.to_string().parse::<Schedule>().unwrap(), schedule.clone());
            let at = Timestamp(1_800_000_000_000_000);
            let times = schedule.upcoming(at, Zone::Berlin, 3);
            prop_assert!(times.iter().is_sorted_by(|one, next| one < next));
            prop_assert!(times.iter().all(|time| *time > at));
            prop_assert!(!schedule.reading().word().is_empty());
        }
    }
}
