//! How somebody says when a job runs: one of a few ways and a time of day, or the five fields.

use wabe_kernel::{FieldErrors, FormState, Language, Problem, Schedule};
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

/// The form with its schedule in five fields; the form to show again when the time is none.
pub(super) fn picked(form: Form) -> Result<Form, FormState> {
    let way = form.get("way").to_owned();
    if way.is_empty() || way == "own" {
        return Ok(form);
    }
    let wrong = |field, code| {
        let errors = FieldErrors::one(field, Problem::new(code));
        FormState::of(&form.fields, errors, &[])
    };
    let at = match form.get("at") {
        // A quarter of an hour needs none.
        "" if way == "quarter" => (0, 0),
        at => time(at).ok_or_else(|| wrong("at", "not-a-time-of-day"))?,
    };
    let fields = fields(&way, at).ok_or_else(|| wrong("way", "not-a-choice"))?;
    Ok(with_field(form, "schedule", fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(way: &str, at: &str) -> Form {
        let form = with_field(Form::default(), "way", way);
        with_field(form, "at", at)
    }

    #[test]
    fn every_way_is_a_schedule() {
        for way in WAYS.into_iter().filter(|way| *way != "own") {
            let picked = picked(form(way, "7:05")).unwrap();
            let schedule: Schedule = picked.get("schedule").parse().unwrap();
            assert!(schedule.minutes_apart() >= 15, "{way}");
        }
        assert_eq!(
            picked(form("daily", "7:05")).unwrap().get("schedule"),
            "5 7 * * *"
        );
    }

    #[test]
    fn a_time_that_is_none_is_refused_at_its_field() {
        for at in ["", "24:00", "7", "7:60", "07:005", "-1:00", "+7:00"] {
            let refused = picked(form("daily", at)).unwrap_err();
            assert_eq!(
                refused.error("at").unwrap().code,
                "not-a-time-of-day",
                "{at}"
            );
        }
        assert!(picked(form("never", "7:00")).is_err());
    }
}
