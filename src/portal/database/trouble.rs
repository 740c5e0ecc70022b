//! Why content of a database could not be reached, as the page beside the request says it.

use wabe_kernel::content::ContentError;
use wabe_kernel::{Fault, Language};
use wabe_web::{Failure, Message, format};

/// What went wrong, for the person; `words` are the engine's own.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    /// In the words of the house.
    pub(crate) text: String,
    /// In the words of the engine.
    pub(crate) words: Option<String>,
}

impl Trouble {
    /// What to say beside the request.
    ///
    /// # Errors
    /// What no form can mend.
    pub(crate) fn of(language: Language, error: ContentError) -> Result<Self, Failure> {
        let said = |id: String| Message::new(language, id);
        let (text, words) = match error {
            ContentError::Rejected(words) => (said("database-rejected".to_owned()), Some(words)),
            ContentError::Refused(code) => (said(format!("content-{code}")), None),
            ContentError::OverQuota { quota } => {
                let quota = format::bytes(language, quota);
                (
                    said("database-over-quota".to_owned()).with("quota", quota),
                    None,
                )
            }
            ContentError::TooLarge { max } => {
                let max = format::bytes(language, max);
                (said("database-too-large".to_owned()).with("max", max), None)
            }
            ContentError::TimedOut => (said("content-timed-out".to_owned()), None),
            ContentError::NotFound => return Err(Failure::NotFound),
            ContentError::Fault(told) => {
                return Err(Failure::Fault(Fault::because("reach a database", told)));
            }
            _ => return Err(Failure::Fault(Fault::new("reach a database"))),
        };
        Ok(Self {
            text: text.to_string(),
            words,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_words_stand_beside_ours() {
        let error = ContentError::Rejected("near \"SELEC\": syntax error".to_owned());
        let trouble = Trouble::of(Language::De, error).unwrap();
        assert_eq!(
            trouble.words.as_deref(),
            Some("near \"SELEC\": syntax error")
        );
        assert!(!trouble.text.contains("database-rejected"));
    }

    #[test]
    fn codes_have_words_and_faults_are_failures() {
        for code in [
            "busy",
            "no-dumps",
            "server-away",
            "sql-denied",
            "sql-limit",
            "sql-unfinished",
            "suspended",
        ] {
            let trouble = Trouble::of(Language::En, ContentError::Refused(code)).unwrap();
            assert_ne!(trouble.text, format!("content-{code}"));
        }
        assert!(Trouble::of(Language::De, ContentError::Fault("disk".to_owned())).is_err());
    }
}
