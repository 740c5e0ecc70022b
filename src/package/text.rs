//! Texts that plugins show: plain, in German and English.

use crate::flaw::Defect;
use serde::{Deserialize, Serialize};
use wabe_kernel::Language;

/// The same text in both languages of the portal.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Texts {
    /// The text in this language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }
}

/// Characters that make text look like other text: directional overrides and invisible marks.
pub(crate) const fn deceives(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

/// Checks one printable line of at most `max` characters that is not empty.
pub(crate) fn check_line(text: &str, max: usize) -> Result<(), Defect> {
    if text.trim().is_empty() {
        return Err(Defect::Empty {
            what: "the text".to_owned(),
        });
    }
    if let Some(at) = text.chars().position(|c| c.is_control() || deceives(c)) {
        return Err(Defect::ControlCharacter { at: at.to_string() });
    }
    let found = text.chars().count();
    if found > max {
        return Err(Defect::TooLong {
            max: max.to_string(),
            found: found.to_string(),
        });
    }
    Ok(())
}

/// The text without control characters and without what deceives; line breaks stay when `lines`.
pub(crate) fn plain(text: &str, lines: bool) -> String {
    text.chars()
        .filter(|c| !deceives(*c))
        .filter_map(|c| match c {
            '\n' if lines => Some('\n'),
            '\n' | '\t' => Some(' '),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}
