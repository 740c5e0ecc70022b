//! Connections that stand still are closed.
//!
//! Whoever neither reads nor writes for the limit loses the connection, in whatever state it is, so
//! that slow senders and slow readers do not hold places for others (bar 3.15 T2, T3).

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A stream that fails once nothing moved for a while.
pub(super) struct Impatient<S> {
    stream: S,
    limit: Duration,
    moved_at: Instant,
    timer: Pin<Box<Sleep>>,
}

impl<S> Impatient<S> {
    /// Gives `stream` at most `limit` between two movements in either direction.
    pub(super) fn new(stream: S, limit: Duration) -> Self {
        Self {
            stream,
            limit,
            moved_at: Instant::now(),
            timer: Box::pin(tokio::time::sleep(limit)),
        }
    }

    /// Passes `result` on; the timer is looked at only while nothing moves, and set anew only when
    /// it rings, so that movement costs no more than a glance at the clock.
    fn watched<T>(
        &mut self,
        cx: &mut Context<'_>,
        result: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.moved_at = Instant::now();
            return result;
        }
        while self.timer.as_mut().poll(cx).is_ready() {
            let due = self.moved_at + self.limit;
            if Instant::now() >= due {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.timer.as_mut().reset(due);
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_read(cx, into);
        this.watched(cx, result)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.watched(cx, result)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_write_vectored(cx, pieces);
        this.watched(cx, result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // A flush with nothing to send is no movement, so only waiting for one is watched.
        let result = Pin::new(&mut this.stream).poll_flush(cx);
        if result.is_ready() {
            return result;
        }
        this.watched(cx, result)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let result = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.watched(cx, result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_connection_that_stands_still_is_closed() {
        let (mut other, stream) = tokio::io::duplex(8);
        let mut stream = Impatient::new(stream, Duration::from_millis(20));
        other.write_u8(7).await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), 7);
        let fault = stream.read_u8().await.unwrap_err();
        assert_eq!(fault.kind(), io::ErrorKind::TimedOut);
        stream.write_all(b"8 bytes.").await.unwrap();
        let fault = stream.write_all(b"more").await.unwrap_err();
        assert_eq!(fault.kind(), io::ErrorKind::TimedOut);
    }
}
