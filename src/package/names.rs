//! The names in a manifest.

use crate::flaw::Defect;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use wabe_kernel::DomainName;

/// Makes a text type with serde through its parser.
macro_rules! parsed {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse()
                    .map_err(|defect: Defect| serde::de::Error::custom(defect.cause()))
            }
        }
    };
}
pub(crate) use parsed;

/// Whether the text begins with a letter and goes on with letters, digits and what `also` allows.
fn is_word(text: &str, max: usize, also: fn(char) -> bool) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= max
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || also(c))
}

/// The id of a plugin: `[a-z][a-z0-9-]{1,38}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PluginName(String);

impl PluginName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PluginName {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        if text.len() >= 2 && is_word(text, 39, |c| c == '-') {
            return Ok(Self(text.to_owned()));
        }
        Err(Defect::BadName {
            value: text.chars().take(60).collect(),
            shape: "2 to 39 small letters, digits and hyphens, a letter first".to_owned(),
        })
    }
}

impl fmt::Display for PluginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

parsed!(PluginName);

/// A name that a manifest gives to a trigger or a secret: `[a-z][a-z0-9_-]{0,39}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        if is_word(text, 40, |c| c == '-' || c == '_') {
            return Ok(Self(text.to_owned()));
        }
        Err(Defect::BadName {
            value: text.chars().take(60).collect(),
            shape: "1 to 40 small letters, digits, hyphens and underscores, a letter first"
                .to_owned(),
        })
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

parsed!(Slug);

/// A host that may be called, with its port: an exact name, never an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    /// The name.
    pub name: DomainName,
    /// The port; 443 is not written.
    pub port: u16,
}

impl FromStr for Host {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        let bad = || Defect::BadHost {
            value: text.chars().take(80).collect(),
        };
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => {
                let canonical = !port.starts_with('0') && !port.starts_with('+');
                let port = port.parse::<u16>().ok().filter(|_| canonical);
                (name, port.ok_or_else(bad)?)
            }
            None => (text, 443),
        };
        let Ok(name) = name.parse::<DomainName>() else {
            return Err(bad());
        };
        Ok(Self { name, port })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_str())?;
        if self.port == 443 {
            return Ok(());
        }
        write!(f, ":{}", self.port)
    }
}

parsed!(Host);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_small_words() {
        for good in ["dyndns", "a1", "quota-alert"] {
            assert!(good.parse::<PluginName>().is_ok(), "{good}");
        }
        for bad in ["", "a", "1a", "-a", "A1", "ä1", "a_b", &"a".repeat(40)] {
            assert!(bad.parse::<PluginName>().is_err(), "{bad}");
        }
        assert!("nightly_2".parse::<Slug>().is_ok());
        assert!("../x".parse::<Slug>().is_err());
    }

    #[test]
    fn hosts_are_exact_names() {
        let host: Host = "API.example.org:443".parse().unwrap();
        assert_eq!(host.to_string(), "api.example.org");
        for bad in [
            "127.0.0.1",
            "[::1]",
            "*.example.org",
            "example.org:0",
            "example.org:08",
            "a@example.org",
            "example.org/x",
            "https://example.org",
            "example.org:99999",
            "",
        ] {
            assert!(bad.parse::<Host>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_name_round_trips_or_refuses(text in "\\PC{0,50}") {
            if let Ok(name) = text.parse::<PluginName>() {
                prop_assert_eq!(name.to_string().parse::<PluginName>(), Ok(name));
            }
            if let Ok(slug) = text.parse::<Slug>() {
                prop_assert_eq!(slug.to_string().parse::<Slug>(), Ok(slug));
            }
            if let Ok(host) = text.parse::<Host>() {
                prop_assert_eq!(host.to_string().parse::<Host>(), Ok(host));
            }
        }
    }
}
