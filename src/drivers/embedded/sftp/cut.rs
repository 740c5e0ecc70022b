//! A stream that can be cut from outside, whatever its reader is waiting for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

type Signal = Pin<Box<WaitForCancellationFutureOwned>>;

/// Ends reading and fails writing once the token is cancelled.
pub(super) struct Cut<S> {
    stream: S,
    // Reader and writer are polled by different tasks' wakers, so each waits by itself.
    reading: Signal,
    writing: Signal,
}

impl<S> Cut<S> {
    pub(super) fn new(stream: S, cut: CancellationToken) -> Self {
        Self {
            stream,
            reading: Box::pin(cut.clone().cancelled_owned()),
            writing: Box::pin(cut.cancelled_owned()),
        }
    }

    fn may_write(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.writing.as_mut().poll(cx) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Cut<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.reading.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Cut<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.may_write(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.may_write(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
