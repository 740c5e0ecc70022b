//! Topics of events, globs over them, and filters over payloads.

use crate::flaw::Defect;
use crate::names::parsed;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Whether it is a word of a topic: small letters, digits, underscores, a letter first.
fn is_word(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn bad(text: &str) -> Defect {
    Defect::BadTopic {
        value: text.chars().take(80).collect(),
    }
}

/// A topic, which is a command's name: two or three words with dots between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(String);

impl Topic {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Topic {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        let words = text.split('.').count();
        if (2..=3).contains(&words) && text.split('.').all(is_word) {
            return Ok(Self(text.to_owned()));
        }
        Err(bad(text))
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

parsed!(Topic);

/// Which topics: a topic whose words may be `*`, or `*` alone for every topic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicGlob(String);

impl TopicGlob {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this topic is meant.
    #[must_use]
    pub fn matches(&self, topic: &str) -> bool {
        self.0 == "*"
            || pairs(&self.0, topic).is_some_and(|mut p| p.all(|(g, t)| g == "*" || g == t))
    }

    /// Whether every topic that `other` means is meant by this one too.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.matches(&other.0)
    }
}

/// The words of both, side by side; `None` when one has more.
fn pairs<'a>(a: &'a str, b: &'a str) -> Option<impl Iterator<Item = (&'a str, &'a str)>> {
    (a.split('.').count() == b.split('.').count()).then(|| a.split('.').zip(b.split('.')))
}

impl FromStr for TopicGlob {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        let words = text.split('.').count();
        let fits = text == "*"
            || (2..=3).contains(&words) && text.split('.').all(|word| word == "*" || is_word(word));
        if fits {
            return Ok(Self(text.to_owned()));
        }
        Err(bad(text))
    }
}

impl fmt::Display for TopicGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

parsed!(TopicGlob);

/// A value that a filter compares with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

/// Which payloads: at every dotted path stands the value given here. An empty filter lets all pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filter(BTreeMap<String, Scalar>);

impl Filter {
    /// The most conditions.
    const MAX: usize = 10;

    /// Checks paths and values.
    pub fn new(conditions: BTreeMap<String, Scalar>) -> Result<Self, Defect> {
        if conditions.len() > Self::MAX {
            return Err(Defect::TooMany {
                what: "conditions".to_owned(),
                max: Self::MAX.to_string(),
                found: conditions.len().to_string(),
            });
        }
        for (path, value) in &conditions {
            let reason = if !is_path(path) {
                "the path is not one of words with dots between them"
            } else if matches!(value, Scalar::Text(text) if text.len() > 200) {
                "the text is longer than 200 bytes"
            } else {
                continue;
            };
            return Err(Defect::BadFilter {
                path: path.chars().take(80).collect(),
                reason: reason.to_owned(),
            });
        }
        Ok(Self(conditions))
    }

    /// The conditions, by path.
    #[must_use]
    pub const fn conditions(&self) -> &BTreeMap<String, Scalar> {
        &self.0
    }

    /// True when everything passes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this payload passes.
    #[must_use]
    pub fn matches(&self, payload: &Value) -> bool {
        self.0.iter().all(|(path, expected)| {
            let found = path.split('.').try_fold(payload, |at, key| at.get(key));
            match (found, expected) {
                (Some(Value::Bool(found)), Scalar::Flag(flag)) => found == flag,
                (Some(Value::Number(found)), Scalar::Number(number)) => {
                    found.as_i64() == Some(*number)
                }
                (Some(Value::String(found)), Scalar::Text(text)) => found == text,
                _ => false,
            }
        })
    }
}

fn is_path(path: &str) -> bool {
    path.split('.').count() <= 8 && path.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn glob(text: &str) -> TopicGlob {
        text.parse().unwrap()
    }

    #[test]
    fn a_star_stands_for_one_word_and_alone_for_all() {
        assert!(glob("mailbox.*").matches("mailbox.create"));
        assert!(glob("*.create").matches("mailbox.create"));
        assert!(!glob("mailbox.*").matches("domain.create"));
        assert!(!glob("mailbox.*").matches("mailbox.create.now"));
        assert!(glob("*").matches("mailbox.create"));
        assert!(glob("mailbox.*").covers(&glob("mailbox.create")));
        assert!(!glob("mailbox.create").covers(&glob("mailbox.*")));
        assert!(!glob("*.*").covers(&glob("*")));
    }

    #[test]
    fn topics_have_words() {
        for bad in [
            "", "mailbox", "mailbox.", ".x", "a..b", "A.b", "mail*.x", "a.b.c.d",
        ] {
            assert!(bad.parse::<TopicGlob>().is_err(), "{bad}");
            assert!(bad.parse::<Topic>().is_err(), "{bad}");
        }
        assert!("mailbox.*".parse::<Topic>().is_err());
    }

    #[test]
    fn a_filter_compares_values_at_paths() {
        let conditions = [
            ("object.kind".to_owned(), Scalar::Text("mailbox".to_owned())),
            ("seq".to_owned(), Scalar::Number(3)),
        ];
        let filter = Filter::new(conditions.into()).unwrap();
        assert!(filter.matches(&json!({"seq": 3, "object": {"kind": "mailbox"}})));
        assert!(!filter.matches(&json!({"seq": "3", "object": {"kind": "mailbox"}})));
        assert!(!filter.matches(&json!({"seq": 3, "object": ["kind"]})));
        assert!(!filter.matches(&json!(null)));
        let bad = [("a..b".to_owned(), Scalar::Flag(true))];
        assert_eq!(Filter::new(bad.into()).unwrap_err().code(), "bad-filter");
    }

    proptest! {
        #[test]
        fn every_topic_round_trips_or_refuses(text in "[a-z*_.A-Z0-9]{0,20}") {
            if let Ok(glob) = text.parse::<TopicGlob>() {
                prop_assert_eq!(glob.to_string().parse::<TopicGlob>(), Ok(glob.clone()));
                prop_assert!(glob.covers(&glob));
            }
            if let Ok(topic) = text.parse::<Topic>() {
                prop_assert!(glob_of(&topic).matches(topic.as_str()));
            }
        }

        #[test]
        fn what_covers_matches_all_that_the_other_matches(
            a in "(a|b|\\*)\\.(c|d|\\*)", b in "(a|b|\\*)\\.(c|d|\\*)", topic in "(a|b)\\.(c|d)",
        ) {
            if glob(&a).covers(&glob(&b)) && glob(&b).matches(&topic) {
                prop_assert!(glob(&a).matches(&topic));
            }
        }
    }

    fn glob_of(topic: &Topic) -> TopicGlob {
        glob(topic.as_str())
    }
}
