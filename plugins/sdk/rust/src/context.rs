//! What a run knows about itself.

use crate::failure::{Failure, Result};
use serde::de::DeserializeOwned;

/// What a run knows about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// `run_…`: names this run in the portal.
    pub run_id: String,
    /// `ins_…`: the installation that runs.
    pub installation: String,
    /// The customer's number, such as `K10234`.
    pub customer: String,
    /// `de` or `en`: the language of whoever looks.
    pub locale: String,
    /// The API version of the host, such as `1.0.0`.
    pub api: String,
    /// 1 for the first try of this work.
    pub attempt: u32,
    /// The same for every try of the same work.
    pub idempotency_key: String,
    /// Milliseconds after which the run is stopped.
    pub deadline_ms: u32,
    /// True when effects are shown but not applied.
    pub dry_run: bool,
    /// Milliseconds since 1970, UTC; does not move during the run.
    pub now_ms: u64,
    /// The settings, as a JSON object.
    pub settings: String,
}

impl Context {
    /// The settings, by the schema in `plugin.toml`.
    ///
    /// Give every field a default: a setting that was never touched may be missing.
    pub fn settings<T: DeserializeOwned>(&self) -> Result<T> {
        let text = if self.settings.is_empty() {
            "{}"
        } else {
            &self.settings
        };
        serde_json::from_str(text).map_err(|error| {
            Failure::new("settings-invalid", "the settings do not fit the plugin")
                .detail(error.to_string())
        })
    }

    /// True when whoever looks reads German.
    pub fn is_german(&self) -> bool {
        self.locale.starts_with("de")
    }

    /// The text in the language of whoever looks.
    pub fn text<'text>(&self, german: &'text str, english: &'text str) -> &'text str {
        if self.is_german() { german } else { english }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(default)]
    struct Settings {
        port: u16,
    }

    impl Default for Settings {
        fn default() -> Self {
            Self { port: 80 }
        }
    }

    fn with(settings: &str) -> Context {
        Context {
            settings: settings.to_owned(),
            ..Context::default()
        }
    }

    #[test]
    fn settings_have_the_plugins_own_type() {
        assert_eq!(with("").settings::<Settings>().unwrap().port, 80);
        assert_eq!(
            with(r#"{"port":8080}"#)
                .settings::<Settings>()
                .unwrap()
                .port,
            8080
        );
        let failure = with(r#"{"port":"x"}"#)
            .settings::<Settings>()
            .err()
            .unwrap();
        assert_eq!(failure.code, "settings-invalid");
    }
}
