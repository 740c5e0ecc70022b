//! SFTP packets on a channel (draft-ietf-secsh-filexfer-02, version 3).

use bytes::{Buf, Bytes};
use russh_sftp::protocol::Packet;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};

/// As OpenSSH has it.
pub(super) const PACKET_MAX: u32 = 256 * 1_024;

/// A request from a client.
pub(super) enum Request {
    Known(Packet),
    /// Of a kind that version 3 does not have; with its id.
    Unknown(u32),
}

/// The next request; `None` at the end.
///
/// Errors: the stream is not usable any more, not even for the next packet, after one that is too
/// long or cannot be read.
pub(super) async fn read<S>(stream: &mut S) -> io::Result<Option<Request>>
where
    S: AsyncRead + Unpin,
{
    let length = match stream.read_u32().await {
        Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        length => length?,
    };
    let length = match usize::try_from(length) {
        Ok(bytes) if (1..=PACKET_MAX).contains(&length) => bytes,
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).await?;
    decode(Bytes::from(bytes)).map(Some)
}

fn decode(mut bytes: Bytes) -> io::Result<Request> {
    // Kinds that only servers send are not even read.
    if matches!(bytes.first(), Some(1 | 3..=20 | 200)) {
        let packet = Packet::try_from(&mut bytes).map_err(io::Error::other)?;
        return Ok(Request::Known(packet));
    }
    bytes.try_get_u8().map_err(io::Error::other)?;
    let id = bytes.try_get_u32().map_err(io::Error::other)?;
    Ok(Request::Unknown(id))
}

/// The bytes of an answer.
pub(super) fn encode(packet: Packet) -> io::Result<Bytes> {
    Bytes::try_from(packet).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[tokio::test]
    async fn an_over_long_packet_ends_the_stream() {
        let mut bytes: &[u8] = &[0xff; 64];
        assert!(read(&mut bytes).await.is_err());
        let mut bytes: &[u8] = &[0, 0, 0, 0, 1];
        assert!(read(&mut bytes).await.is_err());
        let mut bytes: &[u8] = &[];
        assert!(read(&mut bytes).await.unwrap().is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_decoder(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
            drop(decode(Bytes::from(bytes)));
        }
    }
}
