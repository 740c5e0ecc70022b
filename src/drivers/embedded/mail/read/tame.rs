//! Makes a message harmless to the parser, which trusts the structure that the sender wrote.
//!
//! Attached messages become plain attachments: the parser would build a tree of them as deep as the
//! sender likes, and taking such a tree down again overflows the stack. Messages with absurdly many
//! parts, header lines or containers are not parsed at all: each would cost memory or another pass
//! over everything behind it.
//!
//! Invariant: the result has the length of the input, so offsets into one are offsets into the other.

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

/// Stands for the type `message`, in the same number of bytes.
pub(super) const MESSAGE: &str = "x_msg_x";
/// Stands for the subtype `digest`, whose parts are messages unless they say otherwise.
pub(super) const DIGEST: &str = "x_dg_x";

/// The most `Content-Type` and `Content-Disposition` fields.
const FIELDS_MAX: usize = 2_000;
/// The longest such field, in bytes.
const FIELD_MAX: usize = 64 * 1024;
/// The most multipart containers, wherever they are.
const CONTAINERS_MAX: usize = 50;
/// The most lines that may be a boundary.
const BOUNDARIES_MAX: usize = 20_000;
/// The most lines that may be header lines.
const HEADERS_MAX: usize = 100_000;

/// A message whose structure is beyond what is taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooComplex;

/// The message with attached messages made plain.
pub(super) fn tame(mut bytes: Vec<u8>) -> Result<Vec<u8>, TooComplex> {
    let fields = survey(&bytes)?;
    let mut containers: usize = 0;
    for at in fields {
        match flatten(&mut bytes, at)? {
            Kind::Container => containers = containers.saturating_add(1),
            Kind::Plain => {}
        }
        if containers > CONTAINERS_MAX {
            return Err(TooComplex);
        }
    }
    Ok(bytes)
}

/// Counts what costs, and finds where the values of the two fields begin.
///
/// Over-approximates: the parser may begin a header in the middle of a line, behind a boundary, and
/// drops blanks within names.
fn survey(bytes: &[u8]) -> Result<Vec<usize>, TooComplex> {
    let mut fields = Vec::new();
    let (mut boundaries, mut headers): (usize, usize) = (0, 0);
    let mut in_header = true;
    let mut start: usize = 0;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let dashes = line.windows(2).any(|pair| pair == b"--");
        if dashes {
            boundaries = boundaries.saturating_add(1);
            in_header = true;
        } else if line.iter().all(u8::is_ascii_whitespace) {
            in_header = false;
        }
        if in_header && line.contains(&b':') {
            headers = headers.saturating_add(1);
        }
        for (colon, _) in line.iter().enumerate().filter(|(_, b)| **b == b':') {
            if names_a_field(line.get(..colon).unwrap_or_default()) {
                fields.push(start.saturating_add(colon).saturating_add(1));
            }
        }
        if boundaries > BOUNDARIES_MAX || headers > HEADERS_MAX || fields.len() > FIELDS_MAX {
            return Err(TooComplex);
        }
        start = start.saturating_add(line.len());
    }
    Ok(fields)
}

/// Whether the bytes before a colon end in the name of one of the fields, blanks aside.
fn names_a_field(before: &[u8]) -> bool {
    let ends_in = |name: &[u8]| {
        let letters = before.iter().rev().filter(|b| !b.is_ascii_whitespace());
        let mut letters = letters.map(u8::to_ascii_lowercase);
        name.iter().rev().all(|b| letters.next() == Some(*b))
    };
    ends_in(b"content-type") || ends_in(b"content-disposition")
}

/// What a field describes, once it is flat.
enum Kind {
    Container,
    Plain,
}

/// Overwrites the type of the field whose value begins at `at` until it is no message's.
///
/// Asks the parser itself what it makes of the field, so that there is no second opinion.
fn flatten(bytes: &mut [u8], at: usize) -> Result<Kind, TooComplex> {
    loop {
        let value = bytes.get_mut(at..).unwrap_or_default();
        let mut stream = MessageStream::new(value);
        let parsed = stream.parse_content_type();
        let length = stream.offset();
        if length > FIELD_MAX {
            return Err(TooComplex);
        }
        let HeaderValue::ContentType(kind) = &parsed else {
            return Ok(Kind::Plain);
        };
        let (word, stand_in) = match (kind.ctype(), kind.subtype()) {
            ("message", _) => ("message", MESSAGE),
            ("multipart", Some("digest")) => ("digest", DIGEST),
            ("multipart", _) => return Ok(Kind::Container),
            _ => return Ok(Kind::Plain),
        };
        drop(parsed);
        let value = value.get_mut(..length).unwrap_or_default();
        let place = value
            .windows(word.len())
            .position(|part| part.eq_ignore_ascii_case(word.as_bytes()))
            .ok_or(TooComplex)?;
        for (byte, new) in value.iter_mut().skip(place).zip(stand_in.bytes()) {
            *byte = new;
        }
    }
}
