//! Response bodies: nothing, a fixed text, or a file read in pieces; and the count of what was sent.

use bytes::Bytes;
use futures_util::FutureExt;
use hyper::body::{Body, Frame, SizeHint};
use rustix::io::ReadWriteFlags;
use std::fs::File;
use std::io::{self, IoSliceMut};
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::task::JoinHandle;
use tower_http::BoxError;
use tower_http::compression::CompressionBody;

use crate::embedded::web::access_log::Note;

/// Bytes per piece of a file.
const PIECE: u64 = 64 * 1024;

/// What is answered, before compression.
pub(super) enum Content {
    Empty,
    Fixed(Option<Bytes>),
    File(Pieces),
}

/// A part of a file, read as it is sent.
pub(super) struct Pieces {
    file: Arc<File>,
    at: u64,
    left: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl Pieces {
    /// `length` bytes of `file` from `at` on.
    pub(super) const fn new(file: Arc<File>, at: u64, length: u64) -> Self {
        Self {
            file,
            at,
            left: length,
            reading: None,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let length = usize::try_from(self.left.min(PIECE)).unwrap_or(usize::MAX);
        let read = loop {
            if let Some(reading) = &mut self.reading {
                let read = ready!(reading.poll_unpin(cx));
                self.reading = None;
                break read.map_err(io::Error::other).flatten();
            }
            if let Some(bytes) = read_cached(&self.file, self.at, length) {
                break Ok(bytes);
            }
            let (file, at) = (Arc::clone(&self.file), self.at);
            let reading = tokio::task::spawn_blocking(move || read_waiting(&file, at, length));
            self.reading = Some(reading);
        };
        let bytes = match read {
            // The file became shorter: what was promised cannot be kept, so the connection breaks.
            Ok(bytes) if bytes.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            other => other,
        };
        let got = bytes.as_ref().map_or(self.left, |bytes| {
            u64::try_from(bytes.len()).unwrap_or(self.left)
        });
        self.at += got;
        self.left = self.left.saturating_sub(got);
        Poll::Ready(Some(bytes))
    }
}

/// Reads what lies in the page cache, without waiting for a disk; none when it does not.
fn read_cached(file: &File, at: u64, length: usize) -> Option<Bytes> {
    let mut piece = vec![0; length];
    let mut slices = [IoSliceMut::new(&mut piece)];
    match rustix::io::preadv2(file, &mut slices, at, ReadWriteFlags::NOWAIT) {
        Ok(0) | Err(_) => None,
        Ok(got) => {
            piece.truncate(got);
            Some(piece.into())
        }
    }
}

fn read_waiting(file: &File, at: u64, length: usize) -> io::Result<Bytes> {
    let mut piece = vec![0; length];
    let got = file.read_at(&mut piece, at)?;
    piece.truncate(got);
    Ok(piece.into())
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = match self.get_mut() {
            Self::Empty => None,
            Self::Fixed(bytes) => bytes.take().map(Ok),
            Self::File(pieces) => ready!(pieces.poll(cx)),
        };
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty | Self::Fixed(None) => true,
            Self::Fixed(Some(bytes)) => bytes.is_empty(),
            Self::File(pieces) => pieces.left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(match self {
            Self::Empty | Self::Fixed(None) => 0,
            Self::Fixed(Some(bytes)) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::File(pieces) => pieces.left,
        })
    }
}

/// A body on its way: as it is or compressed, counted for the access log.
pub(super) struct Sent {
    way: Way,
    note: Option<Note>,
}

enum Way {
    Plain(Content),
    Packed(Pin<Box<CompressionBody<Content>>>),
}

impl Sent {
    pub(super) const fn plain(content: Content) -> Self {
        Self {
            way: Way::Plain(content),
            note: None,
        }
    }

    pub(super) fn packed(body: CompressionBody<Content>) -> Self {
        Self {
            way: Way::Packed(Box::pin(body)),
            note: None,
        }
    }

    /// Has `note` count the bytes; it is written when the body ends, whichever way.
    pub(super) fn noted(mut self, note: Option<Note>) -> Self {
        self.note = note;
        self
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let frame = match &mut this.way {
            Way::Plain(content) => {
                ready!(Pin::new(content).poll_frame(cx)).map(|frame| frame.map_err(BoxError::from))
            }
            Way::Packed(body) => ready!(body.as_mut().poll_frame(cx)),
        };
        if let (Some(note), Some(Ok(frame))) = (&mut this.note, &frame) {
            note.count(frame.data_ref().map_or(0, Bytes::len));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match &self.way {
            Way::Plain(content) => content.is_end_stream(),
            Way::Packed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.way {
            Way::Plain(content) => content.size_hint(),
            Way::Packed(body) => body.size_hint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use std::io::Write;

    fn file(content: &[u8]) -> Arc<File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        Arc::new(file)
    }

    #[tokio::test]
    async fn a_part_of_a_file_arrives_in_pieces() {
        let content = vec![7; 150_000];
        let body = Content::File(Pieces::new(file(&content), 1, 149_998));
        assert_eq!(body.size_hint().exact(), Some(149_998));
        assert_eq!(
            body.collect().await.unwrap().to_bytes(),
            content[1..149_999]
        );
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_breaks_the_answer() {
        let mut body = Content::File(Pieces::new(file(b"12345"), 0, 9));
        let first = body.frame().await.unwrap().unwrap();
        assert_eq!(first.data_ref().unwrap().as_ref(), b"12345");
        let fault = body.frame().await.unwrap().unwrap_err();
        assert_eq!(fault.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn reading_that_may_wait_reads_the_same() {
        let read = read_waiting(&file(b"12345"), 1, 3).unwrap();
        assert_eq!(read.as_ref(), b"234");
    }
}
