//! One request to a FastCGI application over its socket, as far as asking PHP-FPM how it is needs one.
//!
//! Source: FastCGI Specification 1.0, parts 3 (records), 3.4 (names and values) and 6.2 (the answer).

use std::io;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

const VERSION: u8 = 1;
const BEGIN_REQUEST: u8 = 1;
const END_REQUEST: u8 = 3;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const STDOUT: u8 = 6;
/// The number of the only request of a connection.
const REQUEST: u16 = 1;
/// The application answers, and closes the connection behind it.
const RESPONDER: [u8; 8] = [0, 1, 0, 0, 0, 0, 0, 0];
/// The most of an answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1_024;

/// What the application behind a connection writes when it is asked with these parameters and no body: headers, an
/// empty line, and the rest.
///
/// # Errors
/// When the connection breaks, or what comes back is no answer.
pub(super) async fn ask(
    mut stream: UnixStream,
    parameters: &[(&str, &str)],
) -> io::Result<Vec<u8>> {
    let unfit = || io::Error::from(io::ErrorKind::InvalidInput);
    let request = request(parameters).ok_or_else(unfit)?;
    stream.write_all(&request).await?;
    let mut answer = Vec::new();
    stream
        .take(ANSWER_BYTES_MAX)
        .read_to_end(&mut answer)
        .await?;
    let cut = || io::Error::new(io::ErrorKind::InvalidData, "no answer of FastCGI");
    stdout_of(&answer).ok_or_else(cut)
}

/// A whole request; nothing when it would be too long.
fn request(parameters: &[(&str, &str)]) -> Option<Vec<u8>> {
    let mut pairs = Vec::new();
    for (name, value) in parameters {
        for text in [name, value] {
            // Longer ones have another form, which nobody needs here.
            let length = u8::try_from(text.len()).ok().filter(|length| *length < 128);
            pairs.push(length?);
        }
        pairs.extend_from_slice(name.as_bytes());
        pairs.extend_from_slice(value.as_bytes());
    }
    let records = [
        record(BEGIN_REQUEST, &RESPONDER)?,
        record(PARAMS, &pairs)?,
        record(PARAMS, &[])?,
        record(STDIN, &[])?,
    ];
    Some(records.concat())
}

fn record(kind: u8, content: &[u8]) -> Option<Vec<u8>> {
    let [request_high, request_low] = REQUEST.to_be_bytes();
    let [high, low] = u16::try_from(content.len()).ok()?.to_be_bytes();
    let head = [VERSION, kind, request_high, request_low, high, low, 0, 0];
    Some([head.as_slice(), content].concat())
}

/// What stands in the records of an answer; nothing when it does not end as answers do.
fn stdout_of(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut stdout = Vec::new();
    loop {
        let (head, rest) = bytes.split_first_chunk::<8>()?;
        let [version, kind, _, _, high, low, padding, _] = *head;
        let length = usize::from(u16::from_be_bytes([high, low]));
        let (content, rest) = rest.split_at_checked(length)?;
        match kind {
            _ if version != VERSION => return None,
            STDOUT => stdout.extend_from_slice(content),
            END_REQUEST => return Some(stdout),
            // What it complains about is in its own log.
            _ => {}
        }
        bytes = rest.get(usize::from(padding)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_request_is_four_records() {
        let sent = request(&[("A", "bc")]).unwrap();
        let known: &[u8] = &[
            1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, // begins
            1, 4, 0, 1, 0, 5, 0, 0, 1, 2, b'A', b'b', b'c', // parameters
            1, 4, 0, 1, 0, 0, 0, 0, // no more of them
            1, 5, 0, 1, 0, 0, 0, 0, // no body
        ];
        assert_eq!(sent, known);
        assert_eq!(request(&[("A", &"b".repeat(128))]), None);
    }

    #[test]
    fn an_answer_is_put_together_and_one_that_breaks_off_is_none() {
        let whole = [
            1, 6, 0, 1, 0, 2, 1, 0, b'a', b'b', 0, // with a byte that fills up
            1, 7, 0, 1, 0, 1, 0, 0, b'!', // a complaint
            1, 6, 0, 1, 0, 1, 0, 0, b'c', 1, 3, 0, 1, 0, 0, 0, 0,
        ];
        assert_eq!(stdout_of(&whole), Some(b"abc".to_vec()));
        for end in 0..whole.len() {
            assert_eq!(stdout_of(&whole[..end]), None, "{end}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let read = stdout_of(&bytes).map_or(0, |stdout| stdout.len());
            prop_assert!(read <= bytes.len());
            let mut ended = record(STDOUT, &bytes).unwrap();
            ended.extend(record(END_REQUEST, &[0; 8]).unwrap());
            prop_assert_eq!(stdout_of(&ended), Some(bytes));
        }
    }
}
