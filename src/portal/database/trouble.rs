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
    /// What stays of a dump that stopped in the middle.
    pub(crate) kept: Option<String>,
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
            ContentError::Halted { done, why } => {
                let kept = said("content-halted".to_owned()).with("statements_kept", done);
                return Ok(Self {
                    kept: Some(kept.to_string()),
                    ..Self::of(language, *why)?
                });
            }
            ContentError::NotFound => return Err(Failure::NotFound),
            ContentError::Fault(told) => {
                return Err(Failure::Fault(Fault::because("reach a database", told)));
            }
            _ => return Err(Failure::Fault(Fault::new("reach a database"))),
        };
        Ok(Self {
            text: text.to_string(),
            words,
            kept: None,
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
            "dump-encoding",
            "dump-full",
            "dump-rollback",
            "dump-statement",
            "dump-timed-out",
            "dump-too-large",
            "dump-transaction",
            "no-dump-program",
            "server-away",
            "sql-denied",
            "sql-limit",
            "sql-unfinished",
            "suspended",
        ] {
            let trouble = Trouble::of(Language::En, ContentError::Refused(code)).unwrap();
            assert_ne!(trouble.text, format!("content-{code}"));
        }
        let why = Box::new(ContentError::Refused("dump-full"));
        let halted = ContentError::Halted { done: 12, why };
        let kept = Trouble::of(Language::En, halted).unwrap().kept.unwrap();
        assert!(kept.contains("12"), "{kept}");
        assert!(Trouble::of(Language::De, ContentError::Fault("disk".to_owned())).is_err());
    }
}
