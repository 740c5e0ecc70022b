//! Staff: users employed by the hoster.

pub mod create;
