//! API tokens: a member's program acts for them, within scopes and until a day.
//!
//! Invariants: the token has 256 random bits, is shown once, and only its SHA-256 is kept; it never
//! may more than its owner may at that moment. A token of the hoster's own is made on the command line
//! alone, ended there or at the desk by who looks after staff, and never approves. Source: bar 3.7, design part 11.

pub mod authenticate;
pub mod create;
pub(crate) mod end;
pub mod revoke;
pub mod revoke_hoster;
pub mod store;
