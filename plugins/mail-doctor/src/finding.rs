//! What was found, and how it is shown.

use wabe::Context;
use wabe::ui::{Tone, Ui};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// This is why it does not work.
    Bad,
    /// It works, but somebody should know.
    Note,
    /// Looked at, and in order.
    Good,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    /// What was found, in a line.
    pub(crate) title: String,
    /// How it is mended; empty where there is nothing to mend.
    pub(crate) mend: String,
    /// What is to be copied for that.
    pub(crate) copy: String,
}

impl Finding {
    fn of(level: Level, title: impl Into<String>) -> Self {
        Self {
            level,
            title: title.into(),
            mend: String::new(),
            copy: String::new(),
        }
    }

    pub(crate) fn bad(title: impl Into<String>) -> Self {
        Self::of(Level::Bad, title)
    }

    pub(crate) fn note(title: impl Into<String>) -> Self {
        Self::of(Level::Note, title)
    }

    pub(crate) fn good(title: impl Into<String>) -> Self {
        Self::of(Level::Good, title)
    }

    /// And this is how it is mended.
    pub(crate) fn mend(mut self, text: impl Into<String>) -> Self {
        self.mend = text.into();
        self
    }

    /// With something to copy.
    pub(crate) fn copy(mut self, text: impl Into<String>) -> Self {
        self.copy = text.into();
        self
    }

    /// The worst first.
    pub(crate) const fn rank(&self) -> u8 {
        match self.level {
            Level::Bad => 0,
            Level::Note => 1,
            Level::Good => 2,
        }
    }

    /// A word before the line, so that it says the same without colours.
    fn word(&self, context: &Context) -> &'static str {
        match self.level {
            Level::Bad => context.text("Fehler", "Wrong"),
            Level::Note => context.text("Hinweis", "Note"),
            Level::Good => context.text("In Ordnung", "Fine"),
        }
    }

    /// Draws it below what is there.
    pub(crate) fn draw(&self, context: &Context, ui: Ui) -> Ui {
        let tone = match self.level {
            Level::Bad => Tone::Bad,
            Level::Note => Tone::Warning,
            Level::Good => Tone::Good,
        };
        let mut inside = Ui::new();
        if !self.mend.is_empty() {
            inside = inside.text(self.mend.as_str());
        }
        if !self.copy.is_empty() {
            inside = inside.code(self.copy.as_str());
        }
        ui.callout(
            tone,
            format!("{}: {}", self.word(context), self.title),
            inside,
        )
    }
}

/// The page: how it stands in a sentence, and every finding.
pub(crate) fn page(context: &Context, findings: &[Finding]) -> Ui {
    let bad = findings
        .iter()
        .filter(|one| one.level == Level::Bad)
        .count();
    let notes = findings
        .iter()
        .filter(|one| one.level == Level::Note)
        .count();
    let summary = match (bad, notes) {
        (0, 0) => context
            .text("Alles in Ordnung.", "Everything is fine.")
            .to_owned(),
        (0, 1) => context
            .text("Kein Fehler, ein Hinweis.", "Nothing wrong, one note.")
            .to_owned(),
        (0, many) if context.is_german() => format!("Kein Fehler, {many} Hinweise."),
        (0, many) => format!("Nothing wrong, {many} notes."),
        (1, _) => context
            .text("Ein Fehler gefunden.", "One thing is wrong.")
            .to_owned(),
        (many, _) if context.is_german() => format!("{many} Fehler gefunden."),
        (many, _) => format!("{many} things are wrong."),
    };
    let ui = Ui::new().text(summary);
    findings
        .iter()
        .fold(ui, |ui, finding| finding.draw(context, ui))
}
