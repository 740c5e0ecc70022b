//! What a run writes: the end of it, and how much it was.

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use std::io::{self, PipeReader, Read as _};
use wabe_kernel::cron::OUTPUT_BYTES_MAX;

/// Taken at one look at most, in bytes.
const LOOK_BYTES: u64 = 1 << 20;

/// The reading end of a pipe that both outputs of a program go to.
pub(super) struct Output {
    pipe: PipeReader,
    end: Vec<u8>,
    /// Bytes in all.
    pub(super) written: u64,
}

impl Output {
    /// Over a pipe, which is never waited for.
    pub(super) fn new(pipe: PipeReader) -> io::Result<Self> {
        fcntl_setfl(&pipe, fcntl_getfl(&pipe)? | OFlags::NONBLOCK)?;
        Ok(Self {
            pipe,
            end: Vec::new(),
            written: 0,
        })
    }

    /// Takes what is there.
    pub(super) fn take(&mut self) {
        let mut piece = [0_u8; 8_192];
        let before = self.written;
        while self.written.saturating_sub(before) < LOOK_BYTES {
            // What would block and what is over are the same to us.
            let Ok(count @ 1..) = self.pipe.read(&mut piece) else {
                return;
            };
            self.written += u64::try_from(count).unwrap_or(0);
            self.end.extend(piece.iter().take(count));
            if self.end.len() > 2 * OUTPUT_BYTES_MAX {
                self.shorten();
            }
        }
    }

    fn shorten(&mut self) {
        let over = self.end.len().saturating_sub(OUTPUT_BYTES_MAX);
        self.end.drain(..over);
    }

    /// The end as text, and whether there was more.
    pub(super) fn text(mut self) -> (String, bool) {
        self.shorten();
        let kept = u64::try_from(self.end.len()).unwrap_or(u64::MAX);
        let is_cut = self.written > kept;
        let mut text = String::from_utf8_lossy(&self.end).into_owned();
        // What is replaced takes three bytes for one.
        while text.len() > OUTPUT_BYTES_MAX {
            let over = text.len() - OUTPUT_BYTES_MAX;
            let cut = text.ceil_char_boundary(over);
            text.drain(..cut);
        }
        (text, is_cut)
    }
}
