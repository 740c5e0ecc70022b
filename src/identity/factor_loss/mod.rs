//! A second factor that is lost with every recovery code.
//!
//! Invariants: whoever asks has given the password, and that opens nothing; every address of the
//! account is told, and whoever reads one of them stops it with a link that no newer link, password or
//! change voids; nothing is taken away by time alone: after 72 hours somebody else of the hoster
//! decides, which the database holds too; using the factor, or a recovery code, ends it.
//! Source: bar 3.4 T5, 3.8 T7.

pub mod ask;
pub mod decide;
pub mod due;
pub mod keep;
pub(crate) mod letter;
pub mod store;
