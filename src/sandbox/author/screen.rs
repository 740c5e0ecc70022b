//! What the author reads.

use std::io::Write;
use wabe_package::Flaw;

/// Why a command did not do its work: a sentence for each thing that is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trouble(pub(crate) Vec<String>);

/// How a command ends.
pub(crate) type Done = Result<(), Trouble>;

impl Trouble {
    /// One thing: where, why, and what to do. Cause and step have no full stop.
    pub(crate) fn one(place: &str, cause: &str, step: &str) -> Self {
        Self(vec![format!("{place}: {cause}. {step}.")])
    }

    /// Several, found by the parsers that the panel uses too.
    pub(crate) fn of(flaws: &[Flaw]) -> Self {
        Self(flaws.iter().map(ToString::to_string).collect())
    }
}

impl From<Flaw> for Trouble {
    fn from(flaw: Flaw) -> Self {
        Self::of(&[flaw])
    }
}

/// A line on the standard output. Nobody there to read it is no reason to stop.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{line}"));
    drop(out.flush());
}

/// The command that comes next.
pub(crate) fn next(command: &str) {
    say(&format!("\nnext: {command}"));
}

/// Everything that is wrong, on the standard error.
pub(crate) fn complain(trouble: &Trouble) {
    let mut out = std::io::stderr().lock();
    for line in &trouble.0 {
        drop(writeln!(out, "error: {line}"));
    }
}

/// Text of a guest, without anything that could drive a terminal.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// A number of bytes for people.
pub(crate) fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number} B"),
        1_000..1_000_000 => format!("{} kB", number / 1_000),
        _ => format!("{}.{} MB", number / 1_000_000, number % 1_000_000 / 100_000),
    }
}

/// Fuel for people.
pub(crate) fn fuel(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{} thousand", number / 1_000),
        1_000_000..10_000_000 => format!(
            "{}.{} million",
            number / 1_000_000,
            number % 1_000_000 / 100_000
        ),
        _ => format!("{} million", number / 1_000_000),
    }
}
