//! Which changes are wanted, as the address of the list says it.
//!
//! Days are days on German walls; the last one is meant whole. What an address says wrongly is as if
//! it were not said.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::LazyLock;
use wabe_audit::{ChangeFilter, ChangeKind};
use wabe_kernel::Timestamp;
use wabe_kernel::id::UserId;
use wabe_web::Query;

use crate::reading::encoded;

/// The rule of Directive 2000/84/EC, so that no time zone database is needed.
static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC));

/// The nouns that changes are about, in the order of the choice.
pub(super) const NOUNS: [&str; 15] = [
    "webspace",
    "domain",
    "mailbox",
    "alias",
    "database",
    "access_key",
    "cron_job",
    "member",
    "invitation",
    "customer",
    "user",
    "session",
    "token",
    "installation",
    "run",
];
/// What closes the book on a run: the panel's own bookkeeping. Whatever the run changed stands there in
/// entries of its own.
pub(crate) const RUN_END: &str = "run.finish";
/// How the address says that plugins are wanted.
const PLUGINS: &str = "plugins";
/// The longest id or noun, in bytes.
const WORD_MAX: usize = 64;

/// What is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only this kind of change.
    pub(crate) kind: Option<ChangeKind>,
    /// Only this noun; all when empty.
    pub(crate) noun: String,
    /// Only this object, by id; all when empty.
    pub(crate) object: String,
    /// Only this person's changes.
    pub(crate) person: Option<UserId>,
    /// The first day, as typed; from the beginning when empty.
    pub(crate) from: String,
    /// The last day, as typed; until now when empty.
    pub(crate) until: String,
    /// Only what plugins did, and the ends of their runs with it.
    pub(crate) plugins: bool,
}

fn word(text: &str) -> String {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if plain && text.len() <= WORD_MAX {
        text.to_owned()
    } else {
        String::new()
    }
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// When a day begins.
fn begin(date: Date) -> Option<Timestamp> {
    let begin = date.to_zoned(ZONE.clone()).ok()?;
    Some(Timestamp(begin.timestamp().as_microsecond()))
}

impl Filter {
    /// What the address says.
    pub(super) fn of(query: &Query) -> Self {
        let day =
            |name: &str| date(query.get(name)).map_or_else(String::new, |day| day.to_string());
        Self {
            kind: query.get("kind").parse().ok(),
            noun: word(query.get("noun")),
            object: word(query.get("object")),
            person: query.get("person").parse().ok(),
            from: day("from"),
            until: day("until"),
            plugins: query.get("by") == PLUGINS,
        }
    }

    /// Whether the ends of runs are among what is wanted: where plugins are asked for, or runs.
    fn has_ends(&self) -> bool {
        self.plugins || self.noun == "run" || self.object.starts_with("run_")
    }

    /// Whether everything is wanted.
    pub(super) fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// For the record.
    pub(super) fn changes(&self) -> ChangeFilter {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let after = |day: Date| day.tomorrow().ok();
        ChangeFilter {
            object_kind: some(&self.noun),
            object_id: some(&self.object),
            actor_user: self.person,
            kind: self.kind,
            from: date(&self.from).and_then(begin),
            until: date(&self.until).and_then(after).and_then(begin),
            without_command: (!self.has_ends()).then_some(RUN_END),
            by_plugins: self.plugins,
        }
    }

    /// The address of `path` with this filter and, when there is one, the cursor.
    pub(super) fn href(&self, path: &str, after: Option<&str>) -> String {
        let kind = self.kind.map_or("", ChangeKind::word);
        let person = self.person.map(|user| user.to_string()).unwrap_or_default();
        let pairs = [
            ("kind", kind),
            ("noun", &self.noun),
            ("object", &self.object),
            ("person", &person),
            ("from", &self.from),
            ("until", &self.until),
            ("by", if self.plugins { PLUGINS } else { "" }),
            ("after", after.unwrap_or("")),
        ];
        let said = pairs.iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> = said
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        if said.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", said.join("&"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(pairs: &[(&str, &str)]) -> Filter {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Filter::of(&Query(pairs.collect()))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_german_and_the_last_one_is_whole() {
        let winter = of(&[("from", "2026-11-21"), ("until", "2026-11-21")]).changes();
        assert_eq!(winter.from.unwrap(), at("2026-11-20T23:00:00Z"));
        assert_eq!(winter.until.unwrap(), at("2026-11-21T23:00:00Z"));
        let change = of(&[("from", "2026-10-25"), ("until", "2026-10-25")]).changes();
        assert_eq!(change.from.unwrap(), at("2026-10-24T22:00:00Z"));
        assert_eq!(change.until.unwrap(), at("2026-10-25T23:00:00Z"));
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_said() {
        let filter = of(&[
            ("from", "gestern"),
            ("kind", "explode"),
            ("noun", "Mail<box>"),
            ("person", "usr_x"),
            ("object", "a&b"),
        ]);
        assert!(filter.is_open());
        assert_eq!(filter.href("/activity", None), "/activity");
    }

    #[test]
    fn the_ends_of_runs_are_told_to_who_asks_for_plugins_or_runs() {
        assert_eq!(of(&[]).changes().without_command, Some("run.finish"));
        for asked in [("by", "plugins"), ("noun", "run"), ("object", "run_1")] {
            assert_eq!(of(&[asked]).changes().without_command, None, "{asked:?}");
        }
        let plugins = of(&[("by", "plugins")]);
        assert!(plugins.changes().by_plugins && !plugins.is_open());
        assert_eq!(plugins.href("/activity", None), "/activity?by=plugins");
    }

    proptest! {
        #[test]
        fn any_query_is_a_filter_and_its_address_means_it_again(
            values in proptest::collection::vec("[0-9a-zA-Z_-]{0,24}|\\PC{0,24}|2026-[0-9]{2}-[0-9]{2}|-?[0-9]{4,6}-12-31|plugins", 7),
        ) {
            let names = ["kind", "noun", "object", "person", "from", "until", "by"];
            let pairs: Vec<(&str, &str)> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
            let filter = of(&pairs);
            drop(filter.changes());
            let plain = |text: &String| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
            prop_assert!([&filter.noun, &filter.object, &filter.from, &filter.until].into_iter().all(plain));
            prop_assert_eq!(filter.href("/activity", None) == "/activity", filter.is_open());
        }

        #[test]
        fn an_address_means_the_filter_it_was_made_of(
            noun in 0_usize..NOUNS.len(), kind in 0_usize..4, day in 1_i8..28,
        ) {
            let filter = Filter {
                kind: ChangeKind::ALL.get(kind).copied(),
                noun: NOUNS[noun].to_owned(),
                from: format!("2026-02-{day:02}"),
                ..Filter::default()
            };
            let href = filter.href("/activity", Some("abc"));
            let said = href.strip_prefix("/activity?").unwrap().split('&');
            let said = said.map(|pair| pair.split_once('=').unwrap());
            let pairs: Vec<(&str, String)> =
                said.map(|(name, value)| (name, value.replace("%2D", "-").replace("%5F", "_"))).collect();
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
            prop_assert_eq!(of(&pairs), filter);
        }
    }
}
