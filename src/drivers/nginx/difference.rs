//! How two texts differ, line by line, without the word that nginx tells Apache.

use std::collections::{BTreeSet, VecDeque};

use crate::apache::config::FRONT_HEADER;

/// The most of a difference that is shown, in lines and in characters of a line.
const LINES_MAX: usize = 200;
const LINE_CHARS_MAX: usize = 300;
/// Shorter words are none that nginx and Apache share.
const SECRET_BYTES_MIN: usize = 16;
/// Stands for what is not shown.
const CUT: &str = "…";
/// Beyond so many pairs of lines nobody looks for what both have in common in the middle.
const PAIRS_MAX: usize = 4_000_000;

/// A line, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Both(&'a str),
    Missing(&'a str),
    Added(&'a str),
}

/// The lines that are different: `-` before what should be there, `+` before what is.
pub(super) fn between(should: &str, is: &str) -> String {
    around(should, is, 0)
}

/// The same with so many lines around them, which have a space before them; `@` stands for what is left out between,
/// and for what is too much.
pub(super) fn around(should: &str, is: &str, context: usize) -> String {
    let secrets = [should, is].into_iter().flat_map(secrets).collect();
    let (should, is): (Vec<&str>, Vec<&str>) = (should.lines().collect(), is.lines().collect());
    let mut shown = Shown {
        text: String::new(),
        lines: 0,
        last: 0,
        secrets,
    };
    let (mut before, mut after, mut left_out) = (VecDeque::new(), 0_usize, false);
    for line in lines(&should, &is) {
        match line {
            Line::Both(same) if after > 0 => {
                after = after.saturating_sub(1);
                shown.put(' ', same);
            }
            Line::Both(same) => {
                before.push_back(same);
                if before.len() > context {
                    before.pop_front();
                    left_out = true;
                }
            }
            Line::Missing(other) | Line::Added(other) => {
                if std::mem::take(&mut left_out) && context > 0 && shown.lines > 0 {
                    shown.put('@', "");
                }
                for same in before.drain(..) {
                    shown.put(' ', same);
                }
                let mark = if matches!(line, Line::Added(_)) {
                    '+'
                } else {
                    '-'
                };
                shown.put(mark, other);
                after = context;
            }
        }
    }
    shown.text
}

/// What is shown of a difference so far.
struct Shown<'a> {
    text: String,
    lines: usize,
    /// Where the last line begins.
    last: usize,
    /// What is shown nowhere, however it is written.
    secrets: BTreeSet<&'a str>,
}

impl Shown<'_> {
    fn put(&mut self, mark: char, line: &str) {
        self.lines = self.lines.saturating_add(1);
        if self.lines > LINES_MAX {
            if self.lines == LINES_MAX.saturating_add(1) {
                self.text.truncate(self.last);
                self.text.push_str("@\n");
            }
            return;
        }
        self.last = self.text.len();
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let secrets = self.secrets.iter();
        let line = secrets.fold(line.to_owned(), |line, word| line.replace(*word, CUT));
        // What stands behind this name in a line is not shown either, whatever it is.
        let named = place_of_header(&line).and_then(|place| line.get(..place));
        let open = named.unwrap_or(&line);
        self.text.push(mark);
        self.text
            .extend(open.chars().take(LINE_CHARS_MAX).map(plain));
        if open.chars().nth(LINE_CHARS_MAX).is_some() {
            self.text.push_str(CUT);
        }
        if named.is_some() {
            self.text.push_str(FRONT_HEADER);
            self.text.push(' ');
            self.text.push_str(CUT);
        }
        self.text.push('\n');
    }
}

/// Where the header stands whose word is nginx's and Apache's alone. A difference is kept, shown and logged.
fn place_of_header(text: &str) -> Option<usize> {
    let name = FRONT_HEADER.to_ascii_lowercase();
    text.to_ascii_lowercase().find(&name)
}

/// The words behind that header, also where they stand in the next line.
fn secrets(text: &str) -> Vec<&str> {
    let name = FRONT_HEADER.to_ascii_lowercase();
    let small = text.to_ascii_lowercase();
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';');
    let word = |(place, name): (usize, &str)| {
        let behind = text.get(place.saturating_add(name.len())..)?;
        let word = behind.trim_start_matches(ends).split(ends).next()?;
        (word.len() >= SECRET_BYTES_MIN).then_some(word)
    };
    small.match_indices(&name).filter_map(word).collect()
}

/// All lines of both, in order; what is another line is missing first.
fn lines<'a>(should: &[&'a str], is: &[&'a str]) -> Vec<Line<'a>> {
    let same = should.iter().zip(is);
    let begin = same.take_while(|(one, two)| one == two).count();
    let rests = (
        should.get(begin..).unwrap_or_default(),
        is.get(begin..).unwrap_or_default(),
    );
    let same = rests.0.iter().rev().zip(rests.1.iter().rev());
    let end = same.take_while(|(one, two)| one == two).count();
    let middle = |rest: &[&'a str]| -> Vec<&'a str> {
        let length = rest.len().saturating_sub(end);
        rest.iter().take(length).copied().collect()
    };
    let (missing, added) = (middle(rests.0), middle(rests.1));
    let both = |line: &&'a str| Line::Both(line);
    let mut all: Vec<Line<'a>> = should.iter().take(begin).map(both).collect();
    if missing.len().saturating_mul(added.len()) > PAIRS_MAX {
        all.extend(missing.into_iter().map(Line::Missing));
        all.extend(added.into_iter().map(Line::Added));
    } else {
        all.extend(woven(&missing, &added));
    }
    let rest = rests.0.len().saturating_sub(end);
    all.extend(rests.0.iter().skip(rest).map(both));
    all
}

/// The shortest way from one to the other, by the longest lines in order that both have.
fn woven<'a>(should: &[&'a str], is: &[&'a str]) -> Vec<Line<'a>> {
    let at = |row: Option<&Vec<u32>>, place: usize| -> u32 {
        row.and_then(|row| row.get(place)).copied().unwrap_or(0)
    };
    // How many lines both have from these two on; the last row is first.
    let mut rows: Vec<Vec<u32>> = vec![vec![0; is.len().saturating_add(1)]];
    for one in should.iter().rev() {
        let below = rows.last();
        let mut row: Vec<u32> = Vec::with_capacity(is.len().saturating_add(1));
        // From the end as well: the last is pushed first, and turned around at last.
        row.push(0);
        for (place, two) in is.iter().enumerate().rev() {
            let longest = if one == two {
                at(below, place.saturating_add(1)).saturating_add(1)
            } else {
                at(below, place).max(row.last().copied().unwrap_or(0))
            };
            row.push(longest);
        }
        row.reverse();
        rows.push(row);
    }
    rows.reverse();
    let (mut all, mut one, mut two) = (Vec::new(), 0_usize, 0_usize);
    loop {
        match (should.get(one), is.get(two)) {
            (None, None) => return all,
            (Some(line), Some(other)) if line == other => {
                all.push(Line::Both(line));
                one = one.saturating_add(1);
                two = two.saturating_add(1);
            }
            (Some(line), other) => {
                let without = at(rows.get(one.saturating_add(1)), two);
                let with = at(rows.get(one), two.saturating_add(1));
                match other {
                    Some(other) if with > without => {
                        all.push(Line::Added(other));
                        two = two.saturating_add(1);
                    }
                    _ => {
                        all.push(Line::Missing(line));
                        one = one.saturating_add(1);
                    }
                }
            }
            (None, Some(other)) => {
                all.push(Line::Added(other));
                two = two.saturating_add(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_word_between_nginx_and_apache_is_never_shown() {
        let line = |word: &str| format!("proxy_set_header {FRONT_HEADER} {word};\n");
        let shown = around(&line("0a1b2c"), &line("3d4e5f"), 1);
        let bare = format!("proxy_set_header {FRONT_HEADER} …\n");
        assert_eq!(shown, format!("-{bare}+{bare}"));
    }

    #[test]
    fn that_word_is_never_shown_however_somebody_writes_it() {
        let word = "0123456789abcdef0123456789abcdef";
        let ours = format!("proxy_set_header {FRONT_HEADER} {word};\n");
        let name = FRONT_HEADER.to_ascii_lowercase();
        for written in [
            format!("proxy_set_header {name} {word};\n"),
            format!("proxy_set_header {FRONT_HEADER}\n  \"{word}\";\n"),
            format!("set $word {word};\nproxy_set_header {FRONT_HEADER} $word;\n"),
            format!("# {word}\n{ours}"),
        ] {
            for shown in [around(&ours, &written, 2), around(&written, &ours, 2)] {
                assert!(!shown.is_empty() && !shown.contains(word), "{shown}");
            }
        }
    }

    #[test]
    fn what_is_too_much_is_said_to_be() {
        let many = "a\n".repeat(LINES_MAX);
        let shown = between("", &many);
        assert_eq!(shown.lines().count(), LINES_MAX);
        assert!(!shown.contains('@'));
        let more = between("", &format!("{many}a\n"));
        assert_eq!(more.lines().count(), LINES_MAX);
        assert!(more.ends_with("+a\n@\n"));
        let wide = "a".repeat(LINE_CHARS_MAX);
        assert_eq!(between("", &wide), format!("+{wide}\n"));
        assert_eq!(between("", &format!("{wide}a")), format!("+{wide}…\n"));
    }

    #[test]
    fn a_difference_shows_the_lines_that_are_others() {
        assert_eq!(between("a\nb\nc\n", "a\nx\ny\nc\n"), "-b\n+x\n+y\n");
        assert_eq!(between("a\n", "a\nb\n"), "+b\n");
        assert_eq!(between("a\nb\n", ""), "-a\n-b\n");
        assert_eq!(between("a", "a"), "");
        assert_eq!(between("a\na\n", "a\n"), "-a\n");
    }

    #[test]
    fn what_is_the_same_between_two_differences_is_left_out() {
        let should = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let is = "a\nx\nc\nd\ne\nf\ng\nh\ny\n";
        assert_eq!(between(should, is), "-b\n+x\n+y\n");
        assert_eq!(around(should, is, 2), " a\n-b\n+x\n c\n d\n@\n g\n h\n+y\n");
        assert_eq!(around(should, should, 2), "");
        // What stands around two differences is shown once.
        assert_eq!(around("a\nb\nc\n", "x\nb\ny\n", 1), "-a\n+x\n b\n-c\n+y\n");
    }

    /// What a difference makes of a text: the reverse of [`lines`].
    fn applied(all: &[Line<'_>], is: bool) -> Vec<String> {
        let kept = |line: &Line<'_>| match line {
            Line::Both(line) => Some((*line).to_owned()),
            Line::Missing(line) => (!is).then(|| (*line).to_owned()),
            Line::Added(line) => is.then(|| (*line).to_owned()),
        };
        all.iter().filter_map(kept).collect()
    }

    proptest! {
        #[test]
        fn a_difference_is_bounded_and_plain(one: String, two: String) {
            for text in [between(&one, &two), around(&one, &two, 2)] {
                prop_assert!(text.lines().count() <= LINES_MAX);
                prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
            }
        }

        #[test]
        fn a_difference_leads_from_one_text_to_the_other(
            one in prop::collection::vec("[ab]", 0..12),
            two in prop::collection::vec("[ab]", 0..12),
        ) {
            let should: Vec<&str> = one.iter().map(String::as_str).collect();
            let is: Vec<&str> = two.iter().map(String::as_str).collect();
            let all = lines(&should, &is);
            prop_assert_eq!(&applied(&all, false), &one);
            prop_assert_eq!(&applied(&all, true), &two);
        }
    }
}
