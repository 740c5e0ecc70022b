//! What a run gives back.

use crate::effect::Effect;
use crate::ui::Ui;
use serde_json::Value;

/// What an event handler gives back: effects, and data for the page of the run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// What shall change.
    pub effects: Vec<Effect>,
    /// Shown on the page of the run.
    pub data: Value,
}

impl Outcome {
    /// Nothing changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// And this.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// And these.
    #[must_use]
    pub fn effects(mut self, effects: impl IntoIterator<Item = Effect>) -> Self {
        self.effects.extend(effects);
        self
    }

    /// Shown on the page of the run.
    #[must_use]
    pub fn data(mut self, data: impl Into<Value>) -> Self {
        self.data = data.into();
        self
    }

    /// Of a task: there is more to do; run again soon with this cursor.
    pub fn go_on(self, cursor: impl Into<String>) -> Slice {
        Slice {
            outcome: self,
            cursor: Some(cursor.into()),
        }
    }
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::new()
    }
}

impl From<Effect> for Outcome {
    fn from(effect: Effect) -> Self {
        Self::new().effect(effect)
    }
}

impl From<Vec<Effect>> for Outcome {
    fn from(effects: Vec<Effect>) -> Self {
        Self::new().effects(effects)
    }
}

/// What a task gives back. Long work is a chain of short runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slice {
    /// What this slice did.
    pub outcome: Outcome,
    /// Where to go on; absent when all is done.
    pub cursor: Option<String>,
}

impl<T: Into<Outcome>> From<T> for Slice {
    fn from(outcome: T) -> Self {
        Self {
            outcome: outcome.into(),
            cursor: None,
        }
    }
}

/// What a form, a card or an act on a ticket gives back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// What to look at.
    pub ui: Ui,
    /// What shall change; never when a form is only looked at.
    pub effects: Vec<Effect>,
}

impl Page {
    /// And this.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }
}

impl From<Ui> for Page {
    fn from(ui: Ui) -> Self {
        Self {
            ui,
            effects: Vec::new(),
        }
    }
}
