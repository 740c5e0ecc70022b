//! Frames: a length, and so many bytes of JSON, which must be one of the messages and nothing more.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Longer frames are neither written nor read, in bytes.
pub const FRAME_BYTES: usize = 1024 * 1024;

/// Why the way cannot be used any more.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The other side has gone.
    #[error("the other side has gone: {0}")]
    Over(#[from] io::Error),
    /// It said what makes no sense.
    #[error("{0}")]
    Nonsense(String),
}

fn too_long(length: usize) -> Broken {
    Broken::Nonsense(format!(
        "a frame of {length} bytes; {FRAME_BYTES} are allowed"
    ))
}

/// How many bytes a frame with this head has.
///
/// # Errors
/// `Nonsense` when it may not have so many.
pub fn length(head: [u8; 4]) -> Result<usize, Broken> {
    let length = usize::try_from(u32::from_be_bytes(head)).unwrap_or(usize::MAX);
    if length > FRAME_BYTES {
        return Err(too_long(length));
    }
    Ok(length)
}

/// The message of these bytes. A field that is none of its own is refused, however deep it lies.
///
/// # Errors
/// `Nonsense` when they are none.
pub fn read_words<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, Broken> {
    let nonsense = |error: serde_json::Error| Broken::Nonsense(error.to_string());
    let said: Value = serde_json::from_slice(bytes).map_err(nonsense)?;
    let words: T = serde_json::from_value(said.clone()).map_err(nonsense)?;
    // What was passed over while reading shows here.
    if serde_json::to_value(&words).map_err(nonsense)? != said {
        let text = "a message with more in it than this version knows";
        return Err(Broken::Nonsense(text.to_owned()));
    }
    Ok(words)
}

/// The frame of a message.
///
/// # Errors
/// `Nonsense` when it would be larger than any may be.
pub fn of(words: &impl Serialize) -> Result<Vec<u8>, Broken> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, words)
        .map_err(|error| Broken::Nonsense(error.to_string()))?;
    let bytes = frame.len().saturating_sub(4);
    let length = u32::try_from(bytes).map_err(|_huge| too_long(bytes))?;
    if bytes > FRAME_BYTES {
        return Err(too_long(bytes));
    }
    frame.splice(..4, length.to_be_bytes());
    Ok(frame)
}

/// Reads one message.
///
/// # Errors
/// Why there is none.
pub async fn read<T: DeserializeOwned + Serialize>(
    from: &mut (impl AsyncRead + Unpin),
) -> Result<T, Broken> {
    let mut head = [0; 4];
    from.read_exact(&mut head).await?;
    let mut bytes = vec![0; length(head)?];
    from.read_exact(&mut bytes).await?;
    read_words(&bytes)
}

/// Writes one message.
///
/// # Errors
/// Why it cannot be.
pub async fn write(
    to: &mut (impl AsyncWrite + Unpin),
    words: &impl Serialize,
) -> Result<(), Broken> {
    let frame = of(words)?;
    to.write_all(&frame).await?;
    Ok(())
}
