//! Keys whose signatures on packages the hoster trusts.
//!
//! Invariant: a key that was removed vouches for nothing uploaded afterwards; what it vouched for
//! before was reviewed by people and stays.

mod add;
mod remove;
pub(crate) mod store;

pub use add::AddTrustedKey;
pub use remove::RemoveTrustedKey;
pub use store::{TrustedKey, list};
