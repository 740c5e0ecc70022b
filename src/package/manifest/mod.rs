//! `plugin.toml`: who a plugin is, what makes it run and what it asks for.
//!
//! Every problem is reported at once, with its line. Unknown keys are refused, and every text is there
//! in German and English.

mod check;
mod read;
mod table;

use crate::capability::{Capability, Request};
use crate::flaw::{Defect, Flaw};
use crate::names::{Host, PluginName, Slug};
use crate::text::Texts;
use crate::trigger::Trigger;
use semver::Version;
use serde::{Deserialize, Serialize};

/// The name of the part.
pub const PART: &str = "plugin.toml";

/// The API versions that are spoken here.
pub const API_VERSIONS: [&str; 1] = ["1.0"];

/// The largest manifest, in bytes.
pub const BYTES_MAX: usize = 64 << 10;

/// A manifest that was read and found in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The plugin's id.
    pub id: PluginName,
    /// Its version.
    pub version: Version,
    /// The API version it was written for.
    pub api: String,
    /// Who wrote it.
    pub author: String,
    /// Its name.
    pub name: Texts,
    /// What it does, in a sentence or two.
    pub summary: Texts,
    /// What it asks for.
    pub capabilities: Vec<Request>,
    /// What makes it run.
    pub triggers: Vec<Trigger>,
    /// The secrets that the customer types in the portal.
    pub secrets: Vec<SecretSlot>,
    /// Hosts that its pages may link to.
    pub links: Vec<Host>,
    /// The part that holds the settings' schema.
    pub settings: Option<String>,
    /// The part that holds its icon.
    pub icon: Option<String>,
    /// The part that holds the component.
    pub component: String,
}

/// A `[[secret]]` of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSlot {
    /// Its name.
    pub name: Slug,
    /// True when the plugin works without it.
    pub optional: bool,
    /// What stands above the field.
    pub title: Texts,
}

impl Manifest {
    /// Reads the bytes of `plugin.toml`.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Flaw>> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(error) => {
                let offset = error.valid_up_to().to_string();
                Err(vec![Flaw::of_part(PART, Defect::NotUtf8 { offset })])
            }
        }
    }

    /// Reads the text of `plugin.toml`.
    pub fn parse(text: &str) -> Result<Self, Vec<Flaw>> {
        read::read(text)
    }

    /// Whether something of it stands on the dashboard.
    #[must_use]
    pub fn has_cards(&self) -> bool {
        let mut triggers = self.triggers.iter();
        triggers.any(|trigger| matches!(trigger, Trigger::Form { card: true, .. }))
    }

    /// The request whose capability covers this one.
    #[must_use]
    pub fn request(&self, needed: &Capability) -> Option<&Request> {
        self.capabilities
            .iter()
            .find(|r| r.capability.covers(needed))
    }

    /// What this version asks for beyond `old`: an update that has any of it waits for the customer.
    #[must_use]
    pub fn asks_beyond(&self, old: &Self) -> Vec<&Request> {
        let covered = |new: &Request| {
            old.capabilities.iter().any(|had| {
                had.capability.covers(&new.capability)
                    && new.fields.iter().all(|field| had.fields.contains(field))
                    && (new.optional || !had.optional)
            })
        };
        self.capabilities
            .iter()
            .filter(|request| !covered(request))
            .collect()
    }

    /// What is not wrong, but asks for more than is used.
    #[must_use]
    pub fn advice(&self) -> Vec<Flaw> {
        check::advice(self)
    }

    /// The parts that a package of this manifest may hold besides itself, with whether they must be there.
    #[must_use]
    pub fn parts(&self) -> Vec<(&str, bool)> {
        let mut parts = vec![
            (self.component.as_str(), true),
            ("README.md", false),
            ("SIGNATURE", false),
        ];
        parts.extend(
            [&self.settings, &self.icon]
                .into_iter()
                .flatten()
                .map(|part| (part.as_str(), true)),
        );
        parts
    }

    /// The hosts that its pages may link to.
    #[must_use]
    pub fn link_hosts(&self) -> Vec<String> {
        self.links.iter().map(ToString::to_string).collect()
    }
}

#[cfg(test)]
mod tests;
