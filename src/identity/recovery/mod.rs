//! Getting back in: a new password by mail, a way past a lock, a first password; and the way past the
//! lock of an SFTP login, for whoever runs the webspace.
//!
//! Invariants: asking is always answered alike and changes nothing of the account; a link holds 256
//! random bits of which only the SHA-256 is kept, works once, and dies with a newer one or a new
//! password; using one logs nobody in. Source: bar 3.4, 3.3.

pub mod by_mail;
pub mod contact;
pub mod help;
pub mod redeem;
pub mod request;
pub mod store;
pub mod unlock;
pub mod upload;
