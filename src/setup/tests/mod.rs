//! What plans promise, on machines of any kind; and what carrying them out leaves on a disk.
#![expect(clippy::disallowed_methods, reason = "a test's own files")]

mod carried_out;
mod machines;
mod planned;
mod read;
