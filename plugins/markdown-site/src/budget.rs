//! What one run may use, counted before it is used.

use crate::build::Files;
use std::ops::ControlFlow;
use wabe::files::{self, Entry};
use wabe::{Problem, Result};

/// Calls and bytes that are left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Calls of the host.
    pub(crate) calls: u32,
    /// Bytes to and from files.
    pub(crate) bytes: u64,
}

impl Budget {
    /// For a scheduled run, which may make 500 calls with 8 MiB; the store needs some of both.
    pub(crate) const TASK: Self = Self {
        calls: 440,
        bytes: 6 << 20,
    };
    /// For a page that somebody waits for: it has a tenth of a second of processor time.
    pub(crate) const PAGE: Self = Self {
        calls: 150,
        bytes: 512 << 10,
    };

    /// Takes calls and bytes: `Break` when it is too much, and nothing is taken.
    pub(crate) fn take(&mut self, calls: u32, bytes: u64) -> ControlFlow<()> {
        if self.calls < calls || self.bytes < bytes {
            return ControlFlow::Break(());
        }
        self.calls -= calls;
        self.bytes -= bytes;
        ControlFlow::Continue(())
    }

    /// Takes for reading a file of this size, a look at what is in the way, and writing what it becomes.
    pub(crate) fn take_for(&mut self, size: u64) -> ControlFlow<()> {
        self.take(3, size.saturating_mul(3).saturating_add(8 << 10))
    }
}

/// The files of a webspace.
pub(crate) struct Webspace<'id> {
    /// Its id.
    pub(crate) id: &'id str,
    /// What is left.
    pub(crate) budget: Budget,
}

impl Files for Webspace<'_> {
    fn list(&mut self, path: &str) -> Result<Option<Vec<Entry>>, Problem> {
        self.budget.calls = self.budget.calls.saturating_sub(1);
        files::list(self.id, path)
    }

    fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, Problem> {
        files::read(self.id, path)
    }

    fn write(&mut self, path: &str, content: &[u8]) -> Result<(), Problem> {
        files::write(self.id, path, content)
    }

    fn delete(&mut self, path: &str) -> Result<(), Problem> {
        files::delete(self.id, path).map(drop)
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }
}
