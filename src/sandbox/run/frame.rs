//! Frames of the wire: a length, and so many bytes of JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt};
use wabe_package::wire::FRAME_BYTES;

/// Why the wire cannot be used any more.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The other side has gone, between two frames.
    Over,
    /// It went within a frame, or the socket failed.
    Socket(std::io::Error),
    /// A frame was announced that is larger than any may be.
    TooLarge(usize),
    /// A frame was not what it should be.
    Words(serde_json::Error),
    /// A frame came where it must not.
    Order(&'static str),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Over => f.write_str("the panel has gone"),
            Self::Socket(error) => write!(f, "the socket to the panel failed: {error}"),
            Self::TooLarge(bytes) => {
                write!(
                    f,
                    "the panel announced a frame of {bytes} bytes; {FRAME_BYTES} are allowed"
                )
            }
            Self::Words(error) => write!(f, "the panel said what is not understood: {error}"),
            Self::Order(what) => write!(f, "the panel sent {what}"),
        }
    }
}

/// Reads one frame.
pub(crate) async fn read<T: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
) -> Result<T, Broken> {
    let mut length = [0; 4];
    if from.read(&mut length[..1]).await.map_err(Broken::Socket)? == 0 {
        return Err(Broken::Over);
    }
    from.read_exact(&mut length[1..])
        .await
        .map_err(Broken::Socket)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > FRAME_BYTES {
        return Err(Broken::TooLarge(length));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).await.map_err(Broken::Socket)?;
    serde_json::from_slice(&bytes).map_err(Broken::Words)
}

/// The frame of these words; nothing when it would be larger than any may be.
pub(crate) fn of(words: &impl Serialize) -> Option<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, words).ok()?;
    let length = frame.len().checked_sub(4)?;
    if length > FRAME_BYTES {
        return None;
    }
    let length = u32::try_from(length).ok()?;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    Some(frame)
}
