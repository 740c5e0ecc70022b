//! What the customer chose.

use serde::Deserialize;
use wabe::{Failure, Result};

/// The settings, by `settings.schema.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The webspace's name or id; empty for the first one that has the folder.
    pub(crate) webspace: String,
    /// The folder with the Markdown.
    pub(crate) source: String,
    /// The folder of the site; empty for the webspace's document root.
    pub(crate) target: String,
    /// The name of the site.
    pub(crate) title: String,
    /// Its language, `de` or `en`.
    pub(crate) language: String,
    /// True when files of somebody else are replaced too.
    pub(crate) replace: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            webspace: String::new(),
            source: "content".to_owned(),
            target: String::new(),
            title: String::new(),
            language: "de".to_owned(),
            replace: false,
        }
    }
}

impl Settings {
    /// The folder with the Markdown, without slashes at its ends.
    pub(crate) fn source(&self) -> &str {
        self.source.trim_matches('/')
    }

    /// The folder of the site. It must not lie in the source, or every page would be a source again.
    pub(crate) fn target(&self, document_root: &str) -> Result<String> {
        let target = match self.target.trim_matches('/') {
            "" => document_root.trim_matches('/'),
            target => target,
        };
        let source = self.source();
        if source.is_empty() || target == source || target.starts_with(&format!("{source}/")) {
            let message =
                format!("the site would be written into its own source: {source} and {target}");
            return Err(Failure::new("settings-invalid", message));
        }
        Ok(target.to_owned())
    }

    /// The text in the site's language.
    pub(crate) fn text<'text>(&self, german: &'text str, english: &'text str) -> &'text str {
        if self.language == "en" {
            english
        } else {
            german
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_never_its_own_source() {
        let mut settings = Settings::default();
        assert_eq!(settings.target("").unwrap(), "");
        assert_eq!(settings.target("/public/").unwrap(), "public");
        assert!(settings.target("content").is_err());
        settings.target = "content/site".to_owned();
        assert!(settings.target("").is_err());
        settings.target = "contents".to_owned();
        assert_eq!(settings.target("").unwrap(), "contents");
        settings.source = "/".to_owned();
        assert!(settings.target("").is_err());
    }
}
