use super::*;
use proptest::prelude::*;
use wabe_kernel::Timestamp;

fn next(expression: &str, after: &str, zone: Zone) -> String {
    let cron: Cron = expression.parse().unwrap();
    cron.next_after(after.parse().unwrap(), zone)
        .unwrap()
        .to_string()
        .replace(".000000", "")
}

#[test]
fn the_next_time_is_found_in_both_zones() {
    for (expression, after, utc, berlin) in [
        (
            "0 3 * * *",
            "2026-11-28T10:00:00Z",
            "2026-11-29T03:00:00Z",
            "2026-11-29T02:00:00Z",
        ),
        (
            "*/15 * * * *",
            "2026-11-28T10:00:00Z",
            "2026-11-28T10:15:00Z",
            "2026-11-28T10:15:00Z",
        ),
        (
            "0 0 1 jan *",
            "2026-06-01T00:00:00Z",
            "2027-01-01T00:00:00Z",
            "2026-12-31T23:00:00Z",
        ),
        (
            "30 12 29 2 *",
            "2097-01-01T00:00:00Z",
            "2104-02-29T12:30:00Z",
            "2104-02-29T11:30:00Z",
        ),
        (
            "0 9 * * mon-fri",
            "2026-11-28T10:00:00Z",
            "2026-11-30T09:00:00Z",
            "2026-11-30T08:00:00Z",
        ),
        (
            "0 9 13 * 5",
            "2026-11-28T10:00:00Z",
            "2026-12-04T09:00:00Z",
            "2026-12-04T08:00:00Z",
        ),
        (
            "0 9 * * 7",
            "2026-11-28T10:00:00Z",
            "2026-11-29T09:00:00Z",
            "2026-11-29T08:00:00Z",
        ),
    ] {
        assert_eq!(next(expression, after, Zone::Utc), utc, "{expression}");
        assert_eq!(
            next(expression, after, Zone::Berlin),
            berlin,
            "{expression}"
        );
    }
}

#[test]
fn clock_changes_neither_lose_nor_double_a_daily_run() {
    // 2027-03-28 02:30 does not exist in Germany; 2026-10-25 02:30 comes twice.
    assert_eq!(
        next("30 2 * * *", "2027-03-27T12:00:00Z", Zone::Berlin),
        "2027-03-28T01:30:00Z"
    );
    assert_eq!(
        next("30 2 * * *", "2026-10-24T12:00:00Z", Zone::Berlin),
        "2026-10-25T00:30:00Z"
    );
    assert_eq!(
        next("30 2 * * *", "2026-10-25T00:30:00Z", Zone::Berlin),
        "2026-10-26T01:30:00Z"
    );
    assert_eq!(
        next("*/30 * * * *", "2026-10-25T00:30:00Z", Zone::Berlin),
        "2026-10-25T01:00:00Z"
    );
}

#[test]
fn what_is_wrong_is_named() {
    for (text, code) in [
        ("0 3 * *", "bad-cron"),
        ("60 3 * * *", "bad-cron"),
        ("0 24 * * *", "bad-cron"),
        ("0 3 0 * *", "bad-cron"),
        ("0 3 * 13 *", "bad-cron"),
        ("0 3 * * 8", "bad-cron"),
        ("5/10 3 * * *", "bad-cron"),
        ("9-5 3 * * *", "bad-cron"),
        ("*/0 * * * *", "bad-cron"),
        ("+1 3 * * *", "bad-cron"),
        ("@daily", "bad-cron"),
        ("* * * * *", "cron-too-often"),
        ("0,4 * * * *", "cron-too-often"),
        ("0,58 * * * *", "cron-too-often"),
        ("0 3 30 2 *", "cron-never"),
        ("0 3 31 4,6 *", "cron-never"),
    ] {
        assert_eq!(text.parse::<Cron>().unwrap_err().code(), code, "{text}");
    }
    assert!("0,58 3 * * *".parse::<Cron>().is_ok());
    assert!("0 3 30 2 mon".parse::<Cron>().is_ok());
}

fn field(max: u32, min: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        Just("*".to_owned()),
        (min..=max).prop_map(|n| n.to_string()),
        (5u32..=20).prop_map(|n| format!("*/{n}")),
        (min..=max, min..=max).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
        (min..=max, min..=max).prop_map(|(a, b)| format!("{a},{b}")),
    ]
}

prop_compose! {
    fn expression()(
        m in field(59, 0), h in field(23, 0), d in field(31, 1), mo in field(12, 1), w in field(6, 0),
    ) -> String {
        format!("{m} {h} {d} {mo} {w}")
    }
}

proptest! {
    #[test]
    fn every_expression_round_trips_or_refuses(text in "UTC|\\PC{0,30}") {
        if let Ok(zone) = text.parse::<Zone>() {
            let json = serde_json::to_value(zone).unwrap();
            prop_assert_eq!(json, serde_json::Value::from(text.clone()));
        }
        if let Ok(cron) = text.parse::<Cron>() {
            prop_assert_eq!(cron.to_string().parse::<Cron>(), Ok(cron));
        }
    }

    #[test]
    fn times_come_in_order_and_five_minutes_apart(
        text in expression(), start in 1_700_000_000i64..2_500_000_000, berlin: bool,
    ) {
        let Ok(cron) = text.parse::<Cron>() else { return Ok(()); };
        let zone = if berlin { Zone::Berlin } else { Zone::Utc };
        let start = Timestamp(start * 1_000_000);
        let first = cron.next_after(start, zone).unwrap();
        prop_assert!(first > start);
        let second = cron.next_after(first, zone).unwrap();
        prop_assert!(second.seconds_since(first) >= 300, "{} {} {}", text, first, second);
        // Nothing lies between: asked just before a time, the answer is that time.
        prop_assert_eq!(cron.next_after(Timestamp(second.0 - 1), zone).unwrap(), second);
    }
}
