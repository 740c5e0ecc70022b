//! A version of a plugin, as the catalogue keeps it and as people and the API see it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use wabe_access::Object;
use wabe_kernel::id::{PluginId, PluginVersionId, UserId};
use wabe_kernel::{Problem, Timestamp};
use wabe_package::settings::Settings;
use wabe_package::{Capability, Grants, Manifest, Request, Texts};

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Waits for its review.
    Uploaded,
    /// May be installed.
    Released,
    /// Runs nowhere any more.
    Withdrawn,
}

impl VersionState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Uploaded, Self::Released, Self::Withdrawn];

    /// The word in the database and the API; the Fluent message is `plugin-state-{word}`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Released => "released",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for VersionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for VersionState {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|state| state.word() == text);
        found.ok_or(Problem::new("not-a-choice"))
    }
}

/// A version of a plugin.
#[derive(Debug, Clone)]
pub struct PluginVersion {
    /// Its id.
    pub id: PluginVersionId,
    /// The plugin's id.
    pub plugin: PluginId,
    /// What its package says.
    pub manifest: Arc<Manifest>,
    /// The settings' schema as its package says it; empty without one.
    pub schema: String,
    /// The icon, a checked SVG.
    pub icon: Option<String>,
    /// The `README.md`.
    pub readme: Option<String>,
    /// Where it stands.
    pub state: VersionState,
    /// The SHA-256 of its component, in hexadecimal.
    pub component: String,
    /// The digest of the whole package.
    pub digest: String,
    /// The fingerprint of the trusted key that signed it.
    pub signed_by: Option<String>,
    /// The most that customers may grant; everything it asks for when absent.
    pub ceiling: Option<Grants>,
    /// What the review said.
    pub note: Option<String>,
    /// Who uploaded it.
    pub uploaded_by: Option<UserId>,
    /// Since when it is here.
    pub uploaded_at: Timestamp,
    /// Since when it may be installed.
    pub released_at: Option<Timestamp>,
    /// Since when it runs nowhere.
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawn_reason: Option<String>,
}

impl PluginVersion {
    /// The settings that customers choose.
    #[must_use]
    pub fn settings(&self) -> Settings {
        if self.schema.is_empty() {
            return Settings::default();
        }
        // Checked when it was uploaded.
        let part = self.manifest.settings.as_deref().unwrap_or_default();
        Settings::read(part, self.schema.as_bytes()).unwrap_or_default()
    }

    /// What customers may be asked for: the manifest's requests, as far as the ceiling allows them.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        let asked = self.manifest.capabilities.iter();
        let Some(ceiling) = &self.ceiling else {
            return asked.cloned().collect();
        };
        let allowed = asked.filter_map(|request| {
            let grant = ceiling.find(&request.capability)?;
            let mut request = request.clone();
            request.fields.retain(|field| grant.fields.contains(field));
            (!request.capability.needs_fields() || !request.fields.is_empty()).then_some(request)
        });
        allowed.collect()
    }

    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "plugin",
            id: self.id.to_string(),
            name: format!("{} {}", self.manifest.id, self.manifest.version),
        }
    }

    /// What the record keeps of it.
    pub(crate) fn snapshot(&self) -> Value {
        json!({
            "id": self.id, "plugin": self.manifest.id, "version": self.manifest.version,
            "digest": self.digest, "signed_by": self.signed_by, "state": self.state,
            "ceiling": self.ceiling, "note": self.note, "reason": self.withdrawn_reason,
        })
    }

    /// What people and the API see of it.
    #[must_use]
    pub fn shown(&self) -> VersionShown {
        let manifest = &self.manifest;
        VersionShown {
            id: self.id,
            plugin: manifest.id.to_string(),
            version: manifest.version.to_string(),
            author: manifest.author.clone(),
            name: Worded::of(&manifest.name),
            summary: Worded::of(&manifest.summary),
            state: self.state,
            signed_by: self.signed_by.clone(),
            digest: self.digest.clone(),
            capabilities: self.requests().iter().map(CapabilityShown::of).collect(),
            triggers: json!(manifest.triggers),
            secrets: json!(manifest.secrets),
            settings: json!(self.settings()),
            note: self.note.clone(),
            uploaded_at: self.uploaded_at,
            released_at: self.released_at,
            withdrawn_at: self.withdrawn_at,
            withdrawn_reason: self.withdrawn_reason.clone(),
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Worded {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Worded {
    /// The same, in a form that the API describes.
    #[must_use]
    pub fn of(texts: &Texts) -> Self {
        Self {
            de: texts.de.clone(),
            en: texts.en.clone(),
        }
    }
}

/// Something a plugin asks for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CapabilityShown {
    /// The whole word, such as `effect:domain.set_redirect`.
    pub capability: String,
    /// Its kind; the Fluent message is `capability-{kind}`.
    pub kind: String,
    /// What stands behind the colon; may be empty.
    pub parameter: String,
    /// Whether the plugin works without it.
    pub optional: bool,
    /// Why it is needed.
    pub reason: Worded,
    /// Of `records:…`: the fields that it reads.
    pub fields: Vec<String>,
}

impl CapabilityShown {
    /// A request as people see it.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let capability: &Capability = &request.capability;
        Self {
            capability: capability.to_string(),
            kind: capability.kind().to_owned(),
            parameter: capability.parameter(),
            optional: request.optional,
            reason: Worded::of(&request.reason),
            fields: request.fields.clone(),
        }
    }
}

/// A version as people and the API see it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct VersionShown {
    /// Its id.
    pub id: PluginVersionId,
    /// The plugin's name in the catalogue, such as `dyndns`.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// Who wrote it.
    pub author: String,
    /// What it is called.
    pub name: Worded,
    /// What it does.
    pub summary: Worded,
    /// Where it stands.
    pub state: VersionState,
    /// The fingerprint of the trusted key that signed it.
    pub signed_by: Option<String>,
    /// The digest of its package.
    pub digest: String,
    /// What it asks for.
    pub capabilities: Vec<CapabilityShown>,
    /// What makes it run.
    pub triggers: Value,
    /// The secrets that it uses.
    pub secrets: Value,
    /// The settings that can be chosen.
    pub settings: Value,
    /// What the review said.
    pub note: Option<String>,
    /// Since when it is here.
    pub uploaded_at: Timestamp,
    /// Since when it may be installed.
    pub released_at: Option<Timestamp>,
    /// Since when it runs nowhere.
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawn_reason: Option<String>,
}

/// A plugin that customers may install: its latest released version.
#[derive(Debug, Clone)]
pub struct CatalogueEntry {
    /// That version.
    pub version: Arc<PluginVersion>,
    /// How often it is installed in the asking customer.
    pub installed: i64,
}
