//! Staff: users employed by the hoster, and their roles.
//!
//! Invariants: a role is asked for by one person and given by another, neither of whom gives it to
//! themselves, which the database holds too; the panel's own command line makes the first people; a role
//! is taken away at once and by one person; the last operator stays. Source: controls MWK-3-02, MWK-7-07.

pub mod create;
pub mod decide;
pub mod leave;
pub(crate) mod letter;
pub mod read;
pub mod request;
pub mod request_store;
pub mod used;
pub mod withdraw;
