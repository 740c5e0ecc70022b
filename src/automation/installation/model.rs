//! A plugin in one customer, as people and the API see it.

use crate::installation::rights::Rights;
use crate::plugin::{CapabilityShown, PluginVersion, VersionState, Worded};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use wabe_access::Object;
use wabe_kernel::id::{CustomerId, InstallationId, PluginId, PluginVersionId, UserId};
use wabe_kernel::{Problem, Timestamp};
use wabe_package::{Grants, Trigger};

/// The name under which the password of an installation's webhooks is kept among its secrets; no
/// manifest can name one so.
pub const WEBHOOK_SECRET: &str = "@webhook";

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database and the API.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = Problem;

            fn from_str(text: &str) -> Result<Self, Problem> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(Problem::new("not-a-choice")) }
            }
        }

        impl wabe_store::Bind for $name {
            fn into_value(self) -> wabe_store::Value {
                self.word().into_value()
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Whether it runs.
    InstallationState {
        /// It does.
        Active = "active",
        /// Somebody, or its failures, stopped it.
        Paused = "paused",
    }
}

words! {
    /// Who stopped an installation; the Fluent message is `installation-paused-{word}`.
    PausedBy {
        /// A member of the customer.
        Member = "member",
        /// The panel, because it failed too often.
        Breaker = "breaker",
        /// The hoster, who withdrew its version.
        Hoster = "hoster",
        /// The panel, because whoever granted its rights left.
        Granter = "granter",
    }
}

/// An installation's row.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Its id.
    pub id: InstallationId,
    /// Whose.
    pub customer: CustomerId,
    /// Of which plugin.
    pub plugin: PluginId,
    /// The version that runs.
    pub version: PluginVersionId,
    /// The version that ran before, for the way back.
    pub previous: Option<PluginVersionId>,
    /// A newer version that asks for more, and waits for somebody to agree.
    pub parked: Option<PluginVersionId>,
    /// The version that somebody went back from: not taken again by itself.
    pub skipped: Option<PluginVersionId>,
    /// Whether it runs.
    pub state: InstallationState,
    /// Why it was stopped.
    pub paused_reason: Option<String>,
    /// Who stopped it.
    pub paused_by: Option<PausedBy>,
    /// Counts what took rights away.
    pub generation: i64,
    /// What the customer granted.
    pub granted: Grants,
    /// Who granted it: the most it may is what they may.
    pub granted_by: UserId,
    /// When.
    pub granted_at: Timestamp,
    /// The settings, complete.
    pub settings: Value,
    /// The secret part of its address for webhooks.
    pub webhook_slug: Option<String>,
    /// Up to which change it heard.
    pub event_cursor: i64,
    /// Tries that failed since the last that did not.
    pub failures_in_row: i64,
    /// Since when it is here.
    pub created_at: Timestamp,
    /// When something about it last changed.
    pub updated_at: Timestamp,
}

impl Installation {
    pub(crate) fn object(&self, version: &PluginVersion) -> Object {
        Object {
            kind: "installation",
            id: self.id.to_string(),
            name: version.manifest.id.to_string(),
        }
    }

    /// What the record keeps of it; secrets are not in it.
    pub(crate) fn snapshot(&self, version: &PluginVersion) -> Value {
        json!({
            "id": self.id, "plugin": version.manifest.id, "version": version.manifest.version,
            "capabilities": self.granted, "settings": self.settings, "state": self.state,
            "reason": self.paused_reason,
        })
    }
}

/// An installation with the versions it is about: what pages work with.
#[derive(Debug, Clone)]
pub struct Installed {
    /// The installation.
    pub installation: Installation,
    /// The version that runs.
    pub version: Arc<PluginVersion>,
    /// The version that waits for somebody to agree.
    pub parked: Option<Arc<PluginVersion>>,
    /// The secrets that are set.
    pub secrets: Vec<String>,
}

impl Installed {
    /// What it may right now.
    #[must_use]
    pub fn rights(&self) -> Rights {
        Rights::of(&self.version, &self.installation.granted)
    }

    /// What the waiting version asks for beyond the one that runs.
    #[must_use]
    pub fn difference(&self) -> Vec<wabe_package::Request> {
        let Some(parked) = &self.parked else {
            return Vec::new();
        };
        let beyond = parked.manifest.asks_beyond(&self.version.manifest);
        let beyond: Vec<_> = beyond.iter().map(|request| &request.capability).collect();
        let requests = parked.requests().into_iter();
        requests
            .filter(|request| beyond.contains(&&request.capability))
            .collect()
    }

    /// The secrets that it cannot work without and that nobody typed yet.
    #[must_use]
    pub fn missing_secrets(&self) -> Vec<String> {
        let slots = self.version.manifest.secrets.iter();
        let needed = slots.filter(|slot| !slot.optional);
        needed
            .map(|slot| slot.name.to_string())
            .filter(|name| !self.secrets.contains(name))
            .collect()
    }

    /// What the API shows of it.
    #[must_use]
    pub fn shown(&self) -> InstallationShown {
        let (installation, version) = (&self.installation, &self.version);
        let requests = version.requests();
        let triggers = version.manifest.triggers.iter();
        let webhooks = triggers.filter_map(|trigger| match trigger {
            Trigger::Webhook { path, .. } => Some(path.to_string()),
            _ => None,
        });
        let slug = installation.webhook_slug.as_ref();
        InstallationShown {
            id: installation.id,
            plugin: version.manifest.id.to_string(),
            name: Worded::of(&version.manifest.name),
            version: version.manifest.version.to_string(),
            state: installation.state,
            reason: installation.paused_reason.clone(),
            paused_by: installation.paused_by,
            withdrawn: version.state == VersionState::Withdrawn,
            capabilities: json!(self.rights().grants()),
            requested: requests.iter().map(CapabilityShown::of).collect(),
            granted_by: installation.granted_by,
            granted_at: installation.granted_at,
            settings: installation.settings.clone(),
            secrets: self.secrets.clone(),
            missing_secrets: self.missing_secrets(),
            webhooks: slug.map_or_else(Vec::new, |slug| {
                webhooks.map(|path| format!("{slug}/{path}")).collect()
            }),
            update: self.parked.as_ref().map(|parked| UpdateShown {
                version: parked.manifest.version.to_string(),
                asks_for: self.difference().iter().map(CapabilityShown::of).collect(),
            }),
            can_roll_back: installation.previous.is_some(),
            created_at: installation.created_at,
            updated_at: installation.updated_at,
        }
    }
}

/// An installation as the API shows it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InstallationShown {
    /// Its id.
    pub id: InstallationId,
    /// The plugin's name in the catalogue.
    pub plugin: String,
    /// What it is called.
    pub name: Worded,
    /// The version that runs.
    pub version: String,
    /// Whether it runs.
    pub state: InstallationState,
    /// Why it was stopped.
    pub reason: Option<String>,
    /// Who stopped it.
    pub paused_by: Option<PausedBy>,
    /// Whether the hoster withdrew its version.
    pub withdrawn: bool,
    /// What it may: the ceiling, the manifest and the grant together.
    pub capabilities: Value,
    /// What it asks for.
    pub requested: Vec<CapabilityShown>,
    /// Who granted it.
    pub granted_by: UserId,
    /// When.
    pub granted_at: Timestamp,
    /// The settings.
    pub settings: Value,
    /// The secrets that are set; their values are shown to nobody.
    pub secrets: Vec<String>,
    /// The secrets that it cannot work without and that nobody typed yet.
    pub missing_secrets: Vec<String>,
    /// Its addresses for webhooks; whole after [`InstallationShown::at`].
    pub webhooks: Vec<String>,
    /// A newer version that asks for more.
    pub update: Option<UpdateShown>,
    /// Whether there is a version to go back to.
    pub can_roll_back: bool,
    /// Since when it is here.
    pub created_at: Timestamp,
    /// When something about it last changed.
    pub updated_at: Timestamp,
}

impl InstallationShown {
    /// With the addresses for webhooks as callers have them, below this origin.
    #[must_use]
    pub fn at(mut self, origin: &str) -> Self {
        for address in &mut self.webhooks {
            *address = format!("{origin}/{address}");
        }
        self
    }
}

/// A newer version that waits for somebody to agree.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct UpdateShown {
    /// Its version.
    pub version: String,
    /// What it asks for beyond the one that runs.
    pub asks_for: Vec<CapabilityShown>,
}

/// An installation after a command that may have made a password.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InstallationChanged {
    /// The installation.
    #[serde(flatten)]
    pub installation: InstallationShown,
    /// The password of its webhooks, when one was made; this is the only time it is shown.
    pub webhook_password: Option<String>,
}
