//! Frames of the wire: a length, and so many bytes of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};
use wabe_package::wire::FRAME_BYTES;

/// Why the wire cannot be used any more.
#[derive(Debug)]
pub(super) enum Broken {
    /// The other side has gone.
    Over,
    /// It said what makes no sense.
    Nonsense(String),
}

/// Reads one frame.
pub(super) async fn read<T: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
) -> Result<T, Broken> {
    let mut length = [0; 4];
    from.read_exact(&mut length).await.map_err(gone)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > FRAME_BYTES {
        let text = format!("a frame of {length} bytes; {FRAME_BYTES} are allowed");
        return Err(Broken::Nonsense(text));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).await.map_err(gone)?;
    serde_json::from_slice(&bytes).map_err(|error| Broken::Nonsense(error.to_string()))
}

/// Whatever the socket's failure is called: nobody is there any more.
fn gone(_error: io::Error) -> Broken {
    Broken::Over
}

/// The frame of these words; nothing when it would be larger than any may be.
pub(super) fn of(words: &impl Serialize) -> Option<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, words).ok()?;
    let length = frame.len().checked_sub(4)?;
    if length > FRAME_BYTES {
        return None;
    }
    let length = u32::try_from(length).ok()?;
    frame.splice(..4, length.to_be_bytes());
    Some(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_package::wire::{Ending, FromSandbox, Usage};

    /// Everything that a stream of bytes says, until it breaks.
    fn heard(mut bytes: &[u8]) -> (Vec<FromSandbox>, Broken) {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            let mut words = Vec::new();
            loop {
                match read(&mut bytes).await {
                    Ok(one) => words.push(one),
                    Err(broken) => return (words, broken),
                }
            }
        })
    }

    fn ended(run: u64) -> FromSandbox {
        FromSandbox::Ended {
            run,
            ending: Ending::Cancelled,
            usage: Usage::default(),
            log: Vec::new(),
        }
    }

    #[test]
    fn frames_follow_each_other() {
        let bytes = [of(&ended(1)).unwrap(), of(&ended(2)).unwrap()].concat();
        let (words, broken) = heard(&bytes);
        assert_eq!(words.len(), 2);
        assert!(matches!(broken, Broken::Over));
        let (words, broken) = heard(&bytes[..bytes.len() - 1]);
        assert_eq!(words.len(), 1);
        assert!(matches!(broken, Broken::Over));
    }

    #[test]
    fn what_is_too_large_is_neither_read_nor_written() {
        let length = u32::try_from(FRAME_BYTES + 1).unwrap().to_be_bytes();
        assert!(matches!(heard(&length).1, Broken::Nonsense(_)));
        assert!(of(&"x".repeat(FRAME_BYTES)).is_none());
        assert!(of(&"x".repeat(FRAME_BYTES - 2)).is_some());
    }

    proptest! {
        #[test]
        fn any_bytes_are_words_or_the_end(
            bytes: Vec<u8>,
            say in "\\{\"say\":\"(ready|call|ended|x)\"[a-z\":,{}0-9]{0,60}\\}",
            length in 0_u32..100,
        ) {
            heard(&bytes);
            let exact = u32::try_from(say.len()).unwrap();
            for length in [exact, length] {
                heard(&[&length.to_be_bytes()[..], say.as_bytes()].concat());
            }
        }
    }
}
