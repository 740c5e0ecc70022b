//! What must be there: for each thing the values it may have, by what was acknowledged.

use serde_json::{Value, json};

/// Kinds of things that clients change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Webspace,
    Mailbox,
    Database,
    /// A file in the worker's webspace.
    File,
}

/// What a thing is: a quota, or the version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Gone,
    Is(i64),
}

/// One thing.
#[derive(Debug)]
pub(super) struct Thing {
    pub(super) noun: Noun,
    /// What it is called; no other thing is called so, ever.
    pub(super) name: String,
    /// Its id, once a create was acknowledged. Files have none.
    pub(super) id: Option<String>,
    /// What it may be: one value when the last change was acknowledged, else what it was before and
    /// what each unanswered change would have made of it.
    pub(super) possible: Vec<Fate>,
}

impl Noun {
    /// Its collection.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Webspace => "/webspaces",
            Self::Mailbox => "/mailboxes",
            Self::Database => "/databases",
            Self::File => "",
        }
    }

    /// The field that holds the name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Mailbox => "address",
            _ => "name",
        }
    }
}

impl Thing {
    /// A thing that is about to be made.
    pub(super) fn new(noun: Noun, name: String, value: i64) -> Self {
        Self {
            noun,
            name,
            id: None,
            possible: vec![Fate::Gone, Fate::Is(value)],
        }
    }

    /// The one thing it is.
    #[track_caller]
    pub(super) fn fate(&self) -> Fate {
        let [fate] = *self.possible else {
            panic!("not settled: {self:?}")
        };
        fate
    }

    /// Whether an answer is missing.
    pub(super) fn is_open(&self) -> bool {
        self.possible.len() > 1
    }

    /// It is this; it must be something it may be.
    #[track_caller]
    pub(super) fn is(&mut self, fate: Fate) {
        assert!(
            self.possible.contains(&fate),
            "it is {fate:?}, but {self:?}"
        );
        self.possible = vec![fate];
    }

    /// The body that makes it.
    pub(super) fn body(&self) -> Value {
        let wanted = self.possible.iter().find_map(|fate| match fate {
            Fate::Is(value) => Some(*value),
            Fate::Gone => None,
        });
        match self.noun {
            Noun::Webspace => json!({ "name": self.name, "quota_bytes": wanted }),
            Noun::Mailbox => json!({
                "address": self.name, "quota_bytes": wanted, "password": "two words and a number 7",
            }),
            _ => json!({ "name": self.name, "quota_bytes": wanted, "engine": "sqlite" }),
        }
    }
}

/// The content of a version of a file: half of it would not be one.
pub(super) fn content(version: i64) -> Vec<u8> {
    format!("{version:016}").repeat(1_000).into_bytes()
}
