//! Mail for addresses that are nobody's mailbox: whoever takes it keeps it.

use std::fmt::Debug;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use wabe_kernel::Fault;
use wabe_kernel::desired::Working;

/// The largest letter, in bytes.
pub(super) const LETTER_MAX: u64 = 30_000_000;

/// A letter as it arrived.
pub struct Letter {
    /// Where the envelope says that failures go; empty for nowhere.
    pub return_path: String,
    /// Whom it is for.
    pub recipient: String,
    /// The letter, with `\n` at the ends of its lines.
    pub bytes: Vec<u8>,
}

/// Takes mail that goes into no mailbox.
pub trait Post: Debug + Send + Sync + 'static {
    /// Whether mail for this recipient is for it.
    fn takes(&self, recipient: &str) -> bool;

    /// Keeps a letter; once this answers, it is kept for good.
    fn keep(&self, letter: Letter) -> Working<'_, Result<(), Fault>>;
}

/// The bytes of a letter that came in whole.
pub(super) fn bytes_of(file: &File, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(usize::MAX)];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}
