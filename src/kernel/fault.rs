//! Failures of the machine, as opposed to refusals of a request.

use std::fmt;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Something under Wabe did not work: a disk, a database, a service.
///
/// Display says this layer only and never holds secrets or what a user typed; the source carries the
/// rest. The public sees a request id, never this text.
#[derive(Debug)]
pub struct Fault {
    doing: &'static str,
    source: Option<Source>,
}

impl Fault {
    /// A fault without a deeper cause: `doing` names what was attempted, in lower case.
    #[must_use]
    pub fn new(doing: &'static str) -> Self {
        Self {
            doing,
            source: None,
        }
    }

    /// A fault caused by `source` while `doing` something.
    #[must_use]
    pub fn because(doing: &'static str, source: impl Into<Source>) -> Self {
        Self {
            doing,
            source: Some(source.into()),
        }
    }

    /// The whole chain in one line, for the operator's log only.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.doing.to_owned();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.doing)
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}
