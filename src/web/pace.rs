//! How fast a form with files is read: as fast as it is understood.
//!
//! A reader of parts that looks for the end of a part's head holds everything that came since. Here it
//! gets one frame at a time, and it gets no more once it has taken a mebibyte without making anything of
//! it, so that neither a head nor a preamble without end takes memory.

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::Stream;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

/// The most bytes that may come before something is made of them.
const PENDING_BYTES_MAX: u64 = 1 << 20;

/// How many bytes came since something was made of them.
#[derive(Clone, Default)]
pub(crate) struct Pace(Arc<AtomicU64>);

impl Pace {
    /// Something was made of what came.
    pub(crate) fn rest(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// The body at this pace.
    pub(crate) fn set(&self, body: Body) -> Body {
        Body::from_stream(Paced {
            pace: self.clone(),
            frames: body.into_data_stream(),
            gave: false,
        })
    }
}

struct Paced {
    pace: Pace,
    frames: BodyDataStream,
    /// Whether the reader has not looked at the last frame yet.
    gave: bool,
}

impl Stream for Paced {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.gave) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.pace.0.load(Ordering::Relaxed) > PENDING_BYTES_MAX {
            let error = std::io::Error::other("a part without end");
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        let next = Pin::new(&mut self.frames).poll_next(cx);
        if let Poll::Ready(Some(Ok(frame))) = &next {
            let size = u64::try_from(frame.len()).unwrap_or(u64::MAX);
            self.pace.0.fetch_add(size, Ordering::Relaxed);
            self.gave = true;
        }
        next
    }
}
