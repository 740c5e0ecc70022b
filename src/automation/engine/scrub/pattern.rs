//! The forms in which a secret stands in texts of others.

use crate::engine::scrub::SHORTEST;
use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use wabe_kernel::Secret;

/// The longest way to write a character in a page that is looked for, in bytes.
const ENTITY_MAX: usize = 10;

/// How the bytes of a form are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As they are.
    Plain,
    /// Hexadecimal digits in either case.
    Hex,
    /// The part of a Base64 text that holds nothing but the secret; lines may be broken in it. The
    /// characters beside it hold bits of it, too, where this says so.
    Base64 { before: bool, behind: bool },
}

/// One form of a secret.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    text: Secret,
    form: Form,
    /// What takes its place.
    pub(super) instead: String,
}

/// Every form of a secret.
pub(super) fn patterns(secret: &str, instead: &str) -> Vec<Pattern> {
    let of = |text: &str, form| Pattern {
        text: Secret::new(text),
        form,
        instead: instead.to_owned(),
    };
    let mut all = vec![of(secret, Form::Plain)];
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"');
    if json != secret && json.len() >= SHORTEST {
        all.push(of(json, Form::Plain));
    }
    let hex = |byte: u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16));
    let hex: String = secret.bytes().flat_map(hex).flatten().collect();
    all.push(of(&hex, Form::Hex));
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for (text, form) in fragments(secret.as_bytes(), &engine) {
            let known = all.iter().any(|one| one.text.expose() == text);
            if text.len() >= SHORTEST && !known {
                all.push(of(&text, form));
            }
        }
    }
    all
}

/// What a Base64 text shows of a secret that begins at the first, second or third byte of three.
fn fragments(secret: &[u8], engine: &GeneralPurpose) -> [(String, Form); 3] {
    // Characters that hold bits of what stands before the secret.
    [(0, 0), (1, 2), (2, 3)].map(|(ahead, foreign)| {
        let bytes = [&vec![0; ahead], secret].concat();
        let (whole, open) = (bytes.len() * 8 / 6, bytes.len() * 8 % 6);
        let text = engine.encode(&bytes);
        let form = Form::Base64 {
            before: ahead > 0,
            behind: open > 0,
        };
        (
            text.get(foreign..whole).unwrap_or_default().to_owned(),
            form,
        )
    })
}

/// Whether a byte is of one of the Base64 alphabets.
const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn digit(byte: Option<&u8>) -> Option<u8> {
    let value = char::from(*byte?).to_digit(16)?;
    u8::try_from(value).ok()
}

impl Pattern {
    /// The bytes with which it may begin, as [`begins`] reads them.
    pub(super) fn first(&self) -> Vec<u8> {
        let first = self.text.expose().bytes().next();
        let upper = first.map(|byte| byte.to_ascii_uppercase());
        let upper = upper.filter(|upper| self.form == Form::Hex && first != Some(*upper));
        let blank = first.filter(|byte| *byte == b' ').map(|_blank| b'+');
        first.into_iter().chain(upper).chain(blank).collect()
    }

    /// Whether it is the same form of the same secret.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.form == other.form
            && self.instead == other.instead
            && self.text.expose() == other.text.expose()
    }

    /// How many of these bytes are this secret, when they begin with it.
    pub(super) fn length_in(&self, bytes: &[u8]) -> Option<usize> {
        let text = self.text.expose().as_bytes();
        if bytes.starts_with(text) {
            return Some(text.len());
        }
        let (mut at, mut done) = (0, 0);
        while let Some(wanted) = text.get(done..).filter(|wanted| !wanted.is_empty()) {
            while done > 0 && self.is_break(bytes.get(at)) {
                at += 1;
            }
            let (taken, length) = self.next_in(bytes.get(at..)?, wanted)?;
            (at, done) = (at + length, done + taken);
        }
        Some(at)
    }

    /// How many bytes of what is wanted the text goes on with, and how long they are there.
    fn next_in(&self, bytes: &[u8], wanted: &[u8]) -> Option<(usize, usize)> {
        // The sign that an escape begins with may be the very one that it stands for.
        if let Some((letter, length)) = escaped(bytes) {
            let mut room = [0; 4];
            let letter = letter.encode_utf8(&mut room).as_bytes();
            if self.is_start(letter, wanted) {
                return Some((letter.len(), length));
            }
        }
        let (byte, length) = read(bytes, *wanted.first()?)?;
        self.is_start(&[byte], wanted).then_some((1, length))
    }

    /// Whether what is wanted begins with these bytes.
    fn is_start(&self, bytes: &[u8], wanted: &[u8]) -> bool {
        let start = wanted.get(..bytes.len()).unwrap_or_default();
        match self.form {
            Form::Hex => start.eq_ignore_ascii_case(bytes),
            Form::Plain | Form::Base64 { .. } => start == bytes,
        }
    }

    /// Whether a Base64 text goes on behind this.
    fn is_break(&self, byte: Option<&u8>) -> bool {
        matches!(self.form, Form::Base64 { .. }) && matches!(byte, Some(b'\r' | b'\n'))
    }

    /// Takes the character away that was written before, when it holds bits of the secret.
    pub(super) fn take_edge(&self, out: &mut Vec<u8>) {
        let shared = matches!(self.form, Form::Base64 { before: true, .. });
        if shared && out.last().is_some_and(|byte| is_base64(*byte)) {
            out.pop();
        }
    }

    /// How many bytes behind hold bits of the secret.
    pub(super) fn edge_behind(&self, rest: &[u8]) -> usize {
        if !matches!(self.form, Form::Base64 { behind: true, .. }) {
            return 0;
        }
        // As some write a slash into a JSON text.
        if rest.starts_with(b"\\/") {
            return 2;
        }
        usize::from(rest.first().is_some_and(|byte| is_base64(*byte)))
    }
}

/// With which bytes of a secret a text may begin: its own first, and what that stands for.
pub(super) fn begins(bytes: &[u8]) -> [Option<u8>; 2] {
    let first = bytes.first().copied();
    let meant = match first {
        Some(b'%') => read(bytes, b'%').map(|(byte, _)| byte),
        Some(b'\\' | b'&') => escaped(bytes).map(|(letter, _)| {
            let mut room = [0; 4];
            let letter = letter.encode_utf8(&mut room).as_bytes();
            letter.first().copied().unwrap_or_default()
        }),
        _ => None,
    };
    [first, meant.filter(|meant| Some(*meant) != first)]
}

/// The next byte of a text that may be percent-encoded, and how long it is there.
fn read(bytes: &[u8], wanted: u8) -> Option<(u8, usize)> {
    let first = *bytes.first()?;
    if first == b'%'
        && let (Some(high), Some(low)) = (digit(bytes.get(1)), digit(bytes.get(2)))
    {
        return Some((high << 4 | low, 3));
    }
    // Forms write a blank as a plus.
    let blank = first == b'+' && wanted == b' ';
    Some((if blank { b' ' } else { first }, 1))
}

/// A character that is escaped in a JSON text or in a page, and how long it is there.
fn escaped(bytes: &[u8]) -> Option<(char, usize)> {
    match (*bytes.first()?, *bytes.get(1)?) {
        (b'\\', sign @ (b'/' | b'"' | b'\'' | b'\\')) => Some((char::from(sign), 2)),
        (b'\\', b'u') => unicode(bytes),
        (b'&', _) => entity(bytes),
        _ => None,
    }
}

/// `\u00e4`, and two of them where one is not enough. Source: RFC 8259, 7.
fn unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let value = |sum: u16, one: &u8| Some(sum << 4 | u16::from(digit(Some(one))?));
        digits.iter().try_fold(0, value)
    };
    let first = unit(0)?;
    if let Some(Ok(letter)) = char::decode_utf16([first]).next() {
        return Some((letter, 6));
    }
    let letter = char::decode_utf16([first, unit(6)?]).next()?;
    Some((letter.ok()?, 12))
}

/// `&amp;`, `&#38;` or `&#x26;`.
fn entity(bytes: &[u8]) -> Option<(char, usize)> {
    let most = bytes.get(..ENTITY_MAX).unwrap_or(bytes);
    let end = most.iter().position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(most.get(1..end)?).ok()?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)?
        }
    };
    Some((letter, end + 1))
}
