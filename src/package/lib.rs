//! Plugins as data: what a package is made of, what it may ask for, its limits, the pages it may
//! draw, and what the panel and the sandbox say to each other.
//!
//! Invariants: pure, as the kernel is: no IO, no async runtime, no SQL, no engine. Both sides of the
//! wall use the same types, so that an author's machine judges a package as the panel does. Start
//! reading at [`wire`].
#![deny(missing_docs)]

pub mod bytes;
pub mod entry;
pub mod limits;
pub mod wire;

pub use bytes::Blob;
pub use entry::Entry;
pub use limits::{LimitName, Limits};
