//! How somebody says when a job runs: one of a few ways and a time of day, or the five fields.

use wabe_kernel::{FieldErrors, Fields, FormState, Language, Problem, Schedule};
use wabe_web::{Choice, Form, Message};

use crate::reading::with_field;

/// The ways, in the order in which they are offered. The last one is the five fields.
const WAYS: [&str; 7] = [
    "quarter", "hourly", "daily", "working", "weekly", "monthly", "own",
];

/// The choice of ways.
pub(super) fn ways(language: Language) -> Vec<Choice> {
    let choice = |word: &str| Choice {
        value: word.to_owned(),
        title: Message::new(language, format!("cron-way-{word}")).to_string(),
        text: String::new(),
    };
    WAYS.into_iter().map(choice).collect()
}

/// A form before anybody typed: every day in the small hours.
pub(super) fn fresh() -> FormState {
    FormState::new().with("way", "daily").with("at", "03:15")
}

/// A form in which five fields were typed beside a way that nobody touched: they are what is meant, and not lost.
pub(super) fn meant(form: Form) -> Form {
    let untouched = form.get("way") == "daily" && form.get("at") == "03:15";
    if untouched && !form.get("schedule").is_empty() {
        with_field(form, "way", "own")
    } else {
        form
    }
}

/// The form of a schedule that there is.
pub(super) fn standing(form: FormState, schedule: &Schedule) -> FormState {
    form.with("way", "own")
        .with("at", "03:15")
        .with("schedule", schedule.to_string())
}

/// The time of day on a wall: `3:15`, `03:15`.
fn time(text: &str) -> Option<(u32, u32)> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |text: &str, max: u32| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number.filter(|number| *number <= max)
    };
    Some((number(hour, 23)?, number(minute, 59)?))
}

/// The five fields of a way.
fn fields(way: &str, (hour, minute): (u32, u32)) -> Option<String> {
    Some(match way {
        "quarter" => "*/15 * * * *".to_owned(),
        "hourly" => format!("{minute} * * * *"),
        "daily" => format!("{minute} {hour} * * *"),
        "working" => format!("{minute} {hour} * * 1-5"),
        "weekly" => format!("{minute} {hour} * * 1"),
        "monthly" => format!("{minute} {hour} 1 * *"),
        _ => return None,
    })
}

/// The form with its schedule in five fields, and what is wrong with the way to it.
fn picked(form: Form) -> (Form, FieldErrors) {
    let mut errors = FieldErrors::default();
    let (way, at) = (form.get("way").to_owned(), form.get("at").to_owned());
    let time = time(&at);
    if !at.is_empty() && time.is_none() {
        errors.add("at", Problem::new("not-a-time-of-day"));
    }
    let own = form.get("schedule");
    if !own.is_empty()
        && let Err(problem) = own.parse::<Schedule>()
    {
        errors.add("schedule", problem);
    }
    if way.is_empty() || way == "own" {
        return (form, errors);
    }
    // A quarter of an hour needs no time.
    let time = time.or_else(|| (way == "quarter").then_some((0, 0)));
    match fields(&way, time.unwrap_or_default()) {
        None => errors.add("way", Problem::new("not-a-choice")),
        Some(_) if time.is_none() => errors.add("at", Problem::new("not-a-time-of-day")),
        Some(fields) if errors.is_empty() => return (with_field(form, "schedule", fields), errors),
        Some(_) => {}
    }
    (form, errors)
}

/// The form with its schedule in five fields; the form to show again, with everything that a command of this
/// kind has against it, when there is none.
pub(super) fn checked<C: Fields>(form: Form) -> Result<Form, FormState> {
    let (form, mut errors) = picked(form);
    if errors.is_empty() {
        return Ok(form);
    }
    if let Err(state) = form.parse::<C>(&[]) {
        // That there is no schedule is said where it was picked.
        let others = state
            .errors()
            .iter()
            .filter(|(name, _)| *name != "schedule");
        for (name, problem) in others {
            errors.add(name, problem.clone());
        }
    }
    Err(FormState::of(&form.fields, errors, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_hosting::cron_job::SetCronSchedule;

    fn form(way: &str, at: &str) -> Form {
        let form = with_field(Form::default(), "way", way);
        with_field(form, "at", at)
    }

    #[test]
    fn every_way_is_a_schedule() {
        for way in WAYS.into_iter().filter(|way| *way != "own") {
            let (picked, errors) = picked(form(way, "7:05"));
            assert!(errors.is_empty(), "{way}");
            let schedule: Schedule = picked.get("schedule").parse().unwrap();
            assert!(schedule.minutes_apart() >= 15, "{way}");
        }
        let (daily, _) = picked(form("daily", "7:05"));
        assert_eq!(daily.get("schedule"), "5 7 * * *");
        let (quarter, errors) = picked(form("quarter", ""));
        assert!(errors.is_empty());
        assert_eq!(quarter.get("schedule"), "*/15 * * * *");
    }

    #[test]
    fn five_fields_beside_a_way_that_nobody_touched_are_meant() {
        let typed = |way| with_field(form(way, "03:15"), "schedule", "*/20 * * * *");
        assert_eq!(meant(typed("daily")).get("way"), "own");
        assert_eq!(meant(typed("weekly")).get("way"), "weekly");
        assert_eq!(meant(form("daily", "03:15")).get("way"), "daily");
    }

    #[test]
    fn whatever_is_wrong_is_said_at_its_field_and_all_at_once() {
        for at in ["", "24:00", "7", "7:60", "07:005", "-1:00", "+7:00"] {
            let (_, errors) = picked(form("daily", at));
            assert_eq!(errors.0["at"].code, "not-a-time-of-day", "{at}");
        }
        let (_, errors) = picked(form("never", "7:00"));
        assert_eq!(errors.0["way"].code, "not-a-choice");
        let wrong = with_field(form("own", "x"), "schedule", "60 * * * *");
        let refused = checked::<SetCronSchedule>(wrong).unwrap_err();
        assert_eq!(refused.error("at").unwrap().code, "not-a-time-of-day");
        assert_eq!(refused.error("schedule").unwrap().code, "cron-number");
        assert_eq!(refused.error("id").unwrap().code, "required");
    }
}
