//! Dumps on their way in and out, piece by piece.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::ChildStdin;
use wabe_kernel::content::{ByteSource, ContentError, DUMP_BYTES_MAX};
use wabe_kernel::desired::Working;
use wabe_kernel::quota::Bytes;

use crate::embedded::database::child::{Running, fault};

/// The size of a piece, in bytes.
const PIECE_BYTES: usize = 64 << 10;
/// What tells the program that the dump is complete; without it nothing is kept, so a sender that
/// dies in the middle leaves no half of a dump behind.
const END: u8 = 0;

/// Feeds a dump to the program and answers its bytes.
pub(super) async fn feed(
    mut stdin: ChildStdin,
    from: &mut dyn ByteSource,
    progress: &(dyn Fn(Bytes) + Send + Sync),
) -> Result<Bytes, ContentError> {
    let mut total: Bytes = 0;
    while let Some(piece) = from.next().await {
        let piece = piece?;
        if piece.contains(&END) {
            return Err(ContentError::Rejected("unrecognized token: NUL".to_owned()));
        }
        total = total.saturating_add(Bytes::try_from(piece.len()).unwrap_or(Bytes::MAX));
        if total > DUMP_BYTES_MAX {
            return Err(ContentError::TooLarge {
                max: DUMP_BYTES_MAX,
            });
        }
        stdin.write_all(&piece).await.map_err(fault)?;
        progress(total);
    }
    stdin.write_all(&[END]).await.map_err(fault)?;
    Ok(total)
}

/// A dump that is being written; the child waits when nobody reads.
pub(super) struct Dump {
    running: Running,
    first: Option<Vec<u8>>,
    ended: bool,
}

impl Dump {
    /// Waits for the first piece, so that what fails at once is known at once.
    pub(super) async fn begin(running: Running) -> Result<Self, ContentError> {
        let mut dump = Self {
            running,
            first: None,
            ended: false,
        };
        dump.first = dump.read().await?;
        Ok(dump)
    }

    async fn read(&mut self) -> Result<Option<Vec<u8>>, ContentError> {
        let mut piece = vec![0; PIECE_BYTES];
        let length = self.running.stdout.read(&mut piece).await.map_err(fault)?;
        if length == 0 {
            self.running.finish().await?;
            return Ok(None);
        }
        piece.truncate(length);
        Ok(Some(piece))
    }
}

impl ByteSource for Dump {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        Box::pin(async move {
            if let Some(first) = self.first.take() {
                return Some(Ok(first));
            }
            if self.ended {
                return None;
            }
            let piece = self.read().await.transpose();
            self.ended = !matches!(piece, Some(Ok(_)));
            piece
        })
    }
}
