//! Words of configurations, as nginx and Apache both know them: plain ones as they are, others in double quotes, in
//! which a backslash stands before quotes and backslashes.
//!
//! Invariant: control characters neither get out nor come in.

use wabe_kernel::desired::StepFailure;

/// nginx reads words of up to 4 096 bytes, Apache lines of up to 16 MB; none of ours is longer than this.
pub(crate) const BYTES_MAX: usize = 3_800;

/// What cannot be written.
pub(crate) fn unfit(why: &'static str) -> StepFailure {
    StepFailure::new("site-not-writable", why)
}

/// Adds a word to a text, in quotes unless all of it is plain.
///
/// Errors: `site-not-writable` for control characters, and for a word that is too long.
pub(crate) fn write(
    text: &mut String,
    word: &str,
    is_plain: impl Fn(u8) -> bool,
) -> Result<(), StepFailure> {
    if word.chars().any(char::is_control) {
        return Err(unfit("a control character"));
    }
    if word.len() > BYTES_MAX {
        return Err(unfit("a word too long"));
    }
    if !word.is_empty() && word.bytes().all(is_plain) {
        text.push_str(word);
        return Ok(());
    }
    text.push('"');
    for c in word.chars() {
        if c == '"' || c == '\\' {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    Ok(())
}

/// The word at the beginning of a text, and what is behind it; nothing where [`write`] wrote none.
pub(crate) fn read(text: &str, is_plain: impl Fn(u8) -> bool) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.bytes().position(|byte| !is_plain(byte));
        let (word, after) = text.split_at(end.unwrap_or(text.len()));
        return (!word.is_empty()).then(|| (word.to_owned(), after));
    };
    let mut word = String::new();
    let mut letters = quoted.char_indices();
    while let Some((place, c)) = letters.next() {
        match c {
            '"' => return Some((word, quoted.get(place + 1..)?)),
            '\\' => match letters.next()? {
                (_, escaped @ ('"' | '\\')) => word.push(escaped),
                _ => return None,
            },
            c if c.is_control() => return None,
            c => word.push(c),
        }
    }
    None
}
