//! What comes between DATA and the lone dot.
//!
//! Invariant: only CRLF, dot, CRLF ends a message. A message with any other line end is read to that
//! end and refused, so that no two servers can disagree about where it ended (SMTP smuggling).
//! Lines are kept with `\n` alone, as Maildirs have them.

use std::fs::File;
use std::io;

use tokio::io::AsyncWriteExt;
use wabe_kernel::MailAddress;
use wabe_kernel::quota::Bytes;

use crate::embedded::mail::smtp::wire::Wire;

/// The longest line with its end. Source: RFC 5321 4.5.3.1.6.
const LINE_MAX: usize = 1_000;
/// So many `Received` lines are a loop. Source: RFC 5321 6.3.
const HOPS_MAX: usize = 30;
/// The most `Delivered-To` lines that are remembered; more are a loop.
const DELIVERED_MAX: usize = 100;
/// How much is collected before it is written.
const CHUNK: usize = 64 * 1024;

/// Why a message is refused once it has come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A line ended in a bare LF, or held a bare CR or a NUL.
    BadBytes,
    /// A line was too long.
    LongLine,
    /// It was too large.
    TooLarge,
    /// It went in circles.
    Loop,
    /// The disk is full.
    DiskFull,
    /// The disk failed.
    Disk,
}

impl Fault {
    /// The reply.
    pub(super) const fn reply(self) -> &'static str {
        match self {
            Self::BadBytes => "550 5.6.0 bare LF, bare CR or NUL in message",
            Self::LongLine => "550 5.6.0 line too long",
            Self::TooLarge => "552 5.3.4 message too large",
            Self::Loop => "554 5.4.6 mail loop",
            Self::DiskFull => "452 4.3.1 no space",
            Self::Disk => "451 4.3.0 try again later",
        }
    }
}

/// A message that came in whole.
pub(super) struct Taken {
    /// Its bytes.
    pub(super) file: File,
    /// How many.
    pub(super) size: u64,
    /// Whether it begins with a header line or an empty line.
    pub(super) has_header: bool,
    /// Addresses it was delivered to before.
    pub(super) delivered_to: Vec<MailAddress>,
}

/// Reads a message to its end. `None` when the client went away before.
///
/// # Errors
/// What the connection says; faults of the message are in the answer.
pub(super) async fn take(
    wire: &mut Wire,
    file: io::Result<File>,
    size_max: Bytes,
) -> io::Result<Option<Result<Taken, Fault>>> {
    let mut sink = Sink::new(file);
    let mut reading = Reading::new(size_max);
    loop {
        let Some(piece) = wire.next(LINE_MAX).await? else {
            return Ok(None);
        };
        match reading.piece(&piece) {
            Some(line) if reading.fault.is_none() => {
                if let Err(fault) = sink.put(line).await {
                    reading.fault = Some(fault);
                }
            }
            Some(_) => {}
            None => break,
        }
    }
    if let Some(fault) = reading.fault {
        return Ok(Some(Err(fault)));
    }
    let has_header = reading.has_header.unwrap_or(true);
    Ok(Some(sink.done().await.map(|(file, size)| Taken {
        file,
        size,
        has_header,
        delivered_to: reading.delivered_to,
    })))
}

/// What is known of the message so far.
struct Reading {
    size_left: Bytes,
    fault: Option<Fault>,
    has_header: Option<bool>,
    in_header: bool,
    hops: usize,
    delivered_to: Vec<MailAddress>,
    /// The last piece ended in CRLF, so the next begins a line.
    at_start: bool,
    last: u8,
}

impl Reading {
    const fn new(size_max: Bytes) -> Self {
        Self {
            size_left: size_max,
            fault: None,
            has_header: None,
            in_header: true,
            hops: 0,
            delivered_to: Vec::new(),
            at_start: true,
            last: b'\n',
        }
    }

    /// The content of a piece, without its line end and stuffed dot; `None` at the end of the message.
    fn piece<'a>(&mut self, piece: &'a [u8]) -> Option<&'a [u8]> {
        let starts = self.at_start;
        let (crlf, line) = match piece {
            [line @ .., b'\r', b'\n'] => (true, line),
            // The two halves of a line end came apart at the length limit.
            [b'\n'] if self.last == b'\r' && !starts => (true, &[][..]),
            [line @ .., b'\n'] => {
                self.blame(Fault::BadBytes);
                (false, line)
            }
            line => {
                self.blame(Fault::LongLine);
                (false, line)
            }
        };
        if starts && crlf && line == b"." {
            return None;
        }
        self.at_start = crlf;
        self.last = piece.last().copied().unwrap_or(0);
        let line = match line {
            [b'.', rest @ ..] if starts => rest,
            line => line,
        };
        if line.iter().any(|b| matches!(b, b'\r' | 0)) {
            self.blame(Fault::BadBytes);
        }
        let length = Bytes::try_from(line.len()).unwrap_or(Bytes::MAX);
        self.size_left = self.size_left.saturating_sub(length.saturating_add(2));
        if self.size_left < 0 {
            self.blame(Fault::TooLarge);
        }
        if self.in_header {
            self.header(line);
        }
        Some(line)
    }

    fn blame(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    fn header(&mut self, line: &[u8]) {
        if line.is_empty() {
            self.in_header = false;
            self.has_header.get_or_insert(true);
            return;
        }
        let colon = line.iter().position(|&b| b == b':').unwrap_or(0);
        let name = line.get(..colon).unwrap_or_default().trim_ascii_end();
        if self.has_header.is_none() {
            let named = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
            self.has_header = Some(named);
            self.in_header = named;
        }
        if name.eq_ignore_ascii_case(b"received") {
            self.hops = self.hops.saturating_add(1);
        } else if name.eq_ignore_ascii_case(b"delivered-to") {
            let value = line.get(colon.saturating_add(1)..).unwrap_or_default();
            let value = std::str::from_utf8(value).ok().map(str::parse);
            if let Some(Ok(address)) = value {
                self.delivered_to.push(address);
            }
        }
        if self.hops > HOPS_MAX || self.delivered_to.len() > DELIVERED_MAX {
            self.blame(Fault::Loop);
        }
    }
}

/// Where the lines go.
struct Sink {
    file: Result<tokio::fs::File, Fault>,
    buffer: Vec<u8>,
    size: u64,
}

impl Sink {
    fn new(file: io::Result<File>) -> Self {
        Self {
            file: file
                .map(tokio::fs::File::from_std)
                .map_err(|error| fault(&error)),
            buffer: Vec::with_capacity(CHUNK),
            size: 0,
        }
    }

    async fn put(&mut self, line: &[u8]) -> Result<(), Fault> {
        self.buffer.extend_from_slice(line);
        self.buffer.push(b'\n');
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        self.flush().await
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        let file = self.file.as_mut().map_err(|fault| *fault)?;
        let written = file.write_all(&self.buffer).await;
        written.map_err(|error| fault(&error))?;
        let length = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        self.size = self.size.saturating_add(length);
        self.buffer.clear();
        Ok(())
    }

    async fn done(mut self) -> Result<(File, u64), Fault> {
        self.flush().await?;
        let mut file = self.file?;
        file.flush().await.map_err(|error| fault(&error))?;
        Ok((file.into_std().await, self.size))
    }
}

fn fault(error: &io::Error) -> Fault {
    tracing::error!(%error, "smtp: a message cannot be kept");
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Fault::DiskFull,
        _ => Fault::Disk,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::time::Duration;

    use proptest::collection::vec;
    use proptest::prelude::{Strategy, any};
    use proptest::sample::select;
    use proptest::{prop_assert, prop_assert_eq, prop_oneof, proptest};

    use super::*;

    /// A message with line ends of every kind, and what follows it.
    fn sent() -> impl Strategy<Value = Vec<u8>> {
        let pieces = [
            "\r\n.\r\n",
            "\r\n",
            "\n",
            "\r",
            ".",
            "..",
            ".\r\n",
            "\n.\n",
            "x",
            "A: b",
            "\0",
        ];
        let piece = prop_oneof![
            8 => select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
            1 => vec(any::<u8>(), 0..20),
            1 => (990_usize..1_010).prop_map(|length| vec![b'y'; length]),
        ];
        vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    /// Where the standard says that the message ends: behind the first CRLF, dot, CRLF.
    fn end(sent: &[u8]) -> Option<usize> {
        let whole = [b"\r\n", sent].concat();
        whole
            .windows(5)
            .position(|five| five == b"\r\n.\r\n")
            .map(|at| at + 3)
    }

    proptest! {
        // Bar 3.15 T4: no two servers disagree about where a message ended.
        #[test]
        fn any_message_ends_where_the_standard_says(sent in sent()) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            runtime.block_on(async {
                let mut wire = Wire::new(Box::new(Cursor::new(sent.clone())), Duration::from_secs(9));
                let file = tempfile::tempfile();
                let taken = take(&mut wire, file, 1 << 20).await.unwrap();
                prop_assert_eq!(taken.is_some(), end(&sent).is_some());
                let Some(end) = end(&sent) else { return Ok(()) };
                let mut left = Vec::new();
                while let Some(piece) = wire.next(1).await.unwrap() {
                    left.extend(piece);
                }
                prop_assert_eq!(&left, &sent[end..]);
                if let Some(Ok(taken)) = taken {
                    prop_assert!(taken.size <= u64::try_from(end).unwrap());
                }
                Ok(())
            })?;
        }
    }
}
