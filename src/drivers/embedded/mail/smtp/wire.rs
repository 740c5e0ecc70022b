//! Bytes to lines, with limits on length and time.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// What a session talks over, before and after STARTTLS.
pub(in crate::embedded::mail) trait Stream:
    AsyncRead + AsyncWrite + Send + Unpin
{
}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection, read line by line.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    buffer: Vec<u8>,
    start: usize,
    idle: Duration,
}

impl Wire {
    /// Reads from and writes to `stream`; `idle` is the time for one line.
    pub(super) fn new(stream: Box<dyn Stream>, idle: Duration) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            start: 0,
            idle,
        }
    }

    /// The next piece: a line with its `\n`, or `max` bytes of a longer line. `None` at the end.
    ///
    /// Safe to drop while waiting: what was read stays for the next call.
    ///
    /// # Errors
    /// `TimedOut` when no line came in time; what the stream says.
    pub(super) async fn next(&mut self, max: usize) -> io::Result<Option<Vec<u8>>> {
        if let Some(piece) = self.take(max, 0) {
            return Ok(Some(piece));
        }
        let idle = self.idle;
        tokio::time::timeout(idle, self.filled(max))
            .await
            .unwrap_or_else(|late| Err(io::Error::new(io::ErrorKind::TimedOut, late)))
    }

    async fn filled(&mut self, max: usize) -> io::Result<Option<Vec<u8>>> {
        loop {
            self.buffer.drain(..self.start);
            self.start = 0;
            let searched = self.buffer.len();
            self.buffer.reserve(8 * 1024);
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
            if let Some(piece) = self.take(max, searched) {
                return Ok(Some(piece));
            }
        }
    }

    /// A piece of what is there; the first `searched` bytes are known to hold no line end.
    fn take(&mut self, max: usize, searched: usize) -> Option<Vec<u8>> {
        let waiting = self.buffer.get(self.start..)?;
        let unsearched = waiting.get(searched..).unwrap_or_default();
        let end = unsearched.iter().position(|&b| b == b'\n');
        let length = match end.map(|end| end.saturating_add(searched).saturating_add(1)) {
            Some(length) => length.min(max),
            None if waiting.len() >= max => max,
            None => return None,
        };
        let piece = waiting.get(..length)?.to_vec();
        self.start = self.start.saturating_add(length);
        Some(piece)
    }

    /// Sends reply lines; each ends in `\r\n` already.
    ///
    /// # Errors
    /// `TimedOut` when the client does not read; what the stream says.
    pub(super) async fn send(&mut self, lines: &str) -> io::Result<()> {
        let idle = self.idle;
        let write = async {
            self.stream.write_all(lines.as_bytes()).await?;
            self.stream.flush().await
        };
        tokio::time::timeout(idle, write)
            .await
            .unwrap_or_else(|late| Err(io::Error::new(io::ErrorKind::TimedOut, late)))
    }

    /// True when the client sent more than was asked for.
    pub(super) fn has_more(&self) -> bool {
        self.start < self.buffer.len()
    }

    /// The stream alone, to be wrapped.
    pub(super) fn into_stream(self) -> Box<dyn Stream> {
        self.stream
    }
}
