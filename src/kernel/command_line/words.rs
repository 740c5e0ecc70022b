//! Words as a shell has them, without anything else that a shell does.

use crate::field::Problem;

/// Reads the words, or says what is none of their business, and where: `place` counts letters from 1.
pub(super) fn read(text: &str) -> Result<Vec<String>, Problem> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars().zip(1_usize..);
    while let Some((letter, place)) = letters.next() {
        if letter.is_control() {
            return Err(Problem::new("command-control").with("place", place));
        }
        match letter {
            ' ' => words.extend(word.take()),
            '\'' => within(&mut letters, place, word.get_or_insert_default())?,
            '"' => within_double(&mut letters, place, word.get_or_insert_default())?,
            '\\' => match letters.next() {
                Some((next, _)) if !next.is_control() => {
                    word.get_or_insert_default().push(next);
                }
                _ => return Err(Problem::new("command-backslash").with("place", place)),
            },
            _ => {
                let code = acted_on(letter, word.is_none());
                if let Some(code) = code {
                    let problem = Problem::new(code).with("sign", letter);
                    return Err(problem.with("place", place));
                }
                word.get_or_insert_default().push(letter);
            }
        }
    }
    words.extend(word);
    Ok(words)
}

/// The code for what a shell would do about a letter outside of quotes.
const fn acted_on(letter: char, begins: bool) -> Option<&'static str> {
    match letter {
        '|' => Some("command-pipe"),
        '<' | '>' => Some("command-redirect"),
        ';' | '&' | '(' | ')' => Some("command-several"),
        '$' | '`' | '*' | '?' | '[' | ']' | '{' | '}' => Some("command-expansion"),
        '~' if begins => Some("command-expansion"),
        '#' if begins => Some("command-comment"),
        _ => None,
    }
}

/// Up to the other single quote, everything stands for itself.
fn within(
    letters: &mut impl Iterator<Item = (char, usize)>,
    opened: usize,
    word: &mut String,
) -> Result<(), Problem> {
    for (letter, place) in letters {
        match letter {
            '\'' => return Ok(()),
            _ if letter.is_control() => {
                return Err(Problem::new("command-control").with("place", place));
            }
            _ => word.push(letter),
        }
    }
    Err(Problem::new("command-open-quote").with("place", opened))
}

/// Up to the other double quote, a backslash keeps quotes, backslashes and signs of expansion.
fn within_double(
    letters: &mut impl Iterator<Item = (char, usize)>,
    opened: usize,
    word: &mut String,
) -> Result<(), Problem> {
    let open = || Problem::new("command-open-quote").with("place", opened);
    while let Some((letter, place)) = letters.next() {
        match letter {
            '"' => return Ok(()),
            '\\' => match letters.next().ok_or_else(open)? {
                (next @ ('"' | '\\' | '$' | '`'), _) => word.push(next),
                (next, place) if next.is_control() => {
                    return Err(Problem::new("command-control").with("place", place));
                }
                (next, _) => word.extend(['\\', next]),
            },
            '$' | '`' => {
                let problem = Problem::new("command-expansion").with("sign", letter);
                return Err(problem.with("place", place));
            }
            _ if letter.is_control() => {
                return Err(Problem::new("command-control").with("place", place));
            }
            _ => word.push(letter),
        }
    }
    Err(open())
}

/// A word as it is read again.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
