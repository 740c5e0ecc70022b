//! What a child says on its standard error, for the operator's log: so many lines of so many bytes.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes of a line; the rest of a longer one is left out.
const LINE_BYTES: usize = 1_024;
/// Lines of one child that are logged.
const LINES: usize = 200;

/// The last line of a child.
#[derive(Debug, Clone, Default)]
pub(super) struct LastLine(Arc<Mutex<String>>);

impl LastLine {
    /// It, or nothing.
    pub(super) fn get(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, line: &str) {
        line.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Reads to the end, so that a child that talks too much is not held up, and logs what may be.
pub(super) async fn log(from: impl AsyncRead + Unpin, last: LastLine) {
    let mut lines: usize = 0;
    each(from, |line| {
        lines = lines.saturating_add(1);
        last.set(line);
        if lines <= LINES {
            tracing::warn!(line, "the sandbox says");
        } else if lines == LINES + 1 {
            tracing::warn!("the sandbox says more, which is not logged");
        }
    })
    .await;
}

/// Gives each line, cut and without control characters, to `take`.
async fn each(mut from: impl AsyncRead + Unpin, mut take: impl FnMut(&str)) {
    let (mut line, mut chunk) = (Vec::new(), [0; 512]);
    while let Ok(count @ 1..) = from.read(&mut chunk).await {
        for byte in chunk.iter().take(count) {
            if *byte == b'\n' {
                take(&plain(&line));
                line.clear();
            } else if line.len() < LINE_BYTES {
                line.push(*byte);
            }
        }
    }
    if !line.is_empty() {
        take(&plain(&line));
    }
}

fn plain(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_cut_and_plain() {
        let text = format!("one\n\x1b[31mtwo\r\n{}\n\nlast", "x".repeat(5_000));
        let mut lines = Vec::new();
        each(text.as_bytes(), |line| lines.push(line.to_owned())).await;
        assert_eq!(lines.len(), 5);
        assert_eq!((&*lines[0], &*lines[1]), ("one", " [31mtwo "));
        assert_eq!(lines[2].len(), LINE_BYTES);
        assert_eq!((&*lines[3], &*lines[4]), ("", "last"));
    }
}
