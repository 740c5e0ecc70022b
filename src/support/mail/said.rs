//! What is new in a letter: without the history below it, and without its signature.
//!
//! Nothing is cut that stands between new words: whoever answers between the quotes is understood.

use std::sync::LazyLock;

/// The most bytes that a ticket shows of a letter.
const SAID_MAX: usize = 15_000;
/// The most lines of quotes in a row that stay between new words.
const QUOTES_MAX: usize = 4;
/// A rule of so many underscores stands above history.
const RULE_MIN: usize = 20;
/// Stands for what was left out.
const LEFT_OUT: &str = "[…]";

/// How programs announce history.
struct Marks {
    below: Vec<&'static str>,
    head: Vec<&'static str>,
    more: Vec<&'static str>,
    wrote: Vec<(&'static str, &'static str)>,
}

static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let mut marks = Marks {
        below: Vec::new(),
        head: Vec::new(),
        more: Vec::new(),
        wrote: Vec::new(),
    };
    for line in include_str!("history.txt").lines() {
        match line.split_once(' ') {
            Some(("below", mark)) => marks.below.push(mark),
            Some(("head", mark)) => marks.head.push(mark),
            Some(("more", mark)) => marks.more.push(mark),
            Some(("wrote", mark)) => marks.wrote.extend(mark.split_once(' ')),
            _ => {}
        }
    }
    marks
});

/// What is new, and whether it was too long to be shown whole.
#[must_use]
pub fn said(text: &str) -> (String, bool) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let seen = |c: &char| matches!(c, '\n' | '\t') || !wabe_kernel::is_unseen(*c);
    let text: String = text.chars().filter(seen).collect();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let new = new_lines(&lines);
    let new = if new.iter().any(|line| !line.trim().is_empty()) {
        new
    } else {
        // A letter of quotes alone says what it quotes.
        lines.iter().map(|line| (*line).to_owned()).collect()
    };
    let whole = without_gaps(&new);
    let end = whole.floor_char_boundary(SAID_MAX);
    let shown = whole.get(..end).unwrap_or_default();
    if shown.len() < whole.len() {
        (format!("{}\n{LEFT_OUT}", shown.trim_end()), true)
    } else {
        (whole, false)
    }
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn new_lines(lines: &[&str]) -> Vec<String> {
    let end = (0..lines.len()).find(|at| ends_at(lines, *at));
    let lines = lines.get(..end.unwrap_or(lines.len())).unwrap_or(lines);
    // Quotes at the end are history, with the line that says whose they are.
    let last = lines
        .iter()
        .rposition(|line| !is_quote(line) && !line.trim().is_empty());
    let mut end = last.map_or(0, |last| last.saturating_add(1));
    if let Some(begin) = attribution(lines, end) {
        end = begin;
    }
    folded(lines.get(..end).unwrap_or_default())
}

/// Where the line begins that names whom the quotes from `end` on are from; it may be two lines.
fn attribution(lines: &[&str], end: usize) -> Option<usize> {
    let one = end.checked_sub(1)?;
    if wrote(lines.get(one)?) {
        return Some(one);
    }
    let two = end.checked_sub(2)?;
    let both = format!("{} {}", lines.get(two)?, lines.get(one)?);
    wrote(&both).then_some(two)
}

fn wrote(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let announces = |(begin, end): &(&str, &str)| {
        line.strip_prefix(begin)
            .is_some_and(|rest| rest.starts_with(' ') && rest.contains(end))
    };
    line.ends_with(':') && line.len() < 300 && MARKS.wrote.iter().any(announces)
}

/// Whether everything from this line on is a signature or history.
fn ends_at(lines: &[&str], at: usize) -> bool {
    let Some(line) = lines.get(at) else {
        return false;
    };
    let trimmed = line.trim();
    if trimmed == "--" {
        return true;
    }
    let lower = trimmed.to_lowercase();
    if lower.starts_with("--") && MARKS.below.iter().any(|mark| lower.contains(mark)) {
        return true;
    }
    let ruled = trimmed.len() >= RULE_MIN && trimmed.bytes().all(|b| b == b'_');
    if ruled {
        let next = (at.saturating_add(1)..at.saturating_add(4)).find(|next| is_head(lines, *next));
        return next.is_some();
    }
    is_head(lines, at)
}

/// Whether a copied head begins here: a sender, and two more fields in the lines below.
fn is_head(lines: &[&str], at: usize) -> bool {
    let bare = |line: &str| line.trim().trim_matches('*').to_lowercase();
    let begins = |line: &str, marks: &[&str]| marks.iter().any(|mark| line.starts_with(mark));
    let Some(first) = lines.get(at) else {
        return false;
    };
    if !begins(&bare(first), &MARKS.head) {
        return false;
    }
    let below = lines.iter().skip(at.saturating_add(1)).take(6);
    let more = below
        .filter(|line| begins(&bare(line), &MARKS.more))
        .count();
    more >= 2
}

/// Long quotes between new words are shortened.
fn folded(lines: &[&str]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut quotes = 0_usize;
    for line in lines {
        if is_quote(line) {
            quotes = quotes.saturating_add(1);
            if quotes == QUOTES_MAX.saturating_add(1) {
                kept.push(format!("> {LEFT_OUT}"));
            }
            if quotes > QUOTES_MAX {
                continue;
            }
        } else {
            quotes = 0;
        }
        kept.push((*line).to_owned());
    }
    kept
}

/// One empty line is as good as many.
fn without_gaps(lines: &[String]) -> String {
    let mut text = String::new();
    let mut empty = 0_usize;
    for line in lines {
        empty = if line.trim().is_empty() {
            empty.saturating_add(1)
        } else {
            0
        };
        if empty < 2 {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, wanted: &str) {
        assert_eq!(said(text).0, wanted, "{text}");
    }

    #[test]
    fn history_and_signatures_are_left_out() {
        check(
            "Danke!\n\nAm 3. Mai 2026 um 10:12 schrieb Wabe <a@b.example>:\n> alt\n> älter\n",
            "Danke!",
        );
        check(
            "Thanks\n\nOn Mon, May 4, 2026 at 10:12 AM Wabe Support\n<a@b.example> wrote:\n\n> old",
            "Thanks",
        );
        check("Hallo\n-- \nAda Lang\nTel. 1", "Hallo");
        check(
            "Neu\n\n-----Ursprüngliche Nachricht-----\nVon: x\nalt",
            "Neu",
        );
        check(
            "New\n\n________________________________\nFrom: Wabe\nSent: Monday\nTo: Ada\nSubject: T1\n\nold",
            "New",
        );
        check(
            "New\n\n*Von:* Wabe\n*Gesendet:* Montag\n*Betreff:* T1\nold",
            "New",
        );
    }

    #[test]
    fn answers_between_quotes_are_kept() {
        check(
            "> Frage eins\nja\n> Frage zwei\nnein",
            "> Frage eins\nja\n> Frage zwei\nnein",
        );
        let long = "> a\n".repeat(9);
        check(&format!("{long}neu"), "> a\n> a\n> a\n> a\n> […]\nneu");
    }

    #[test]
    fn what_only_looks_like_history_is_kept() {
        check(
            "From: ist ein Feld.\nEs fehlt.",
            "From: ist ein Feld.\nEs fehlt.",
        );
        check(
            "On Monday it broke:\nnothing works",
            "On Monday it broke:\nnothing works",
        );
        check("> nur ein Zitat", "> nur ein Zitat");
        check("a\n\n\n\n\nb\u{202e}\0", "a\n\nb");
        let (text, cut) = said(&"ä".repeat(20_000));
        assert!(cut && text.len() < 15_100 && text.ends_with("[…]"));
    }

    proptest! {
        #[test]
        fn any_letter_says_no_more_than_it_said(text in "(\\PC|\n|> |-- |From: |Sent: |:){0,200}") {
            let (said, _) = said(&text);
            prop_assert!(said.len() <= text.len() + 8);
            prop_assert!(!said.chars().any(|c| c != '\n' && c != '\t' && wabe_kernel::is_unseen(c)));
        }
    }
}
