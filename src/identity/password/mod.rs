//! What a password must be, how it is kept, and how many are checked at once.
//!
//! Invariants: a password is never stored, logged or answered, only an argon2id hash of it; hashing
//! happens on a bounded pool and never inside a transaction. Source: bar 3.1.

pub mod blocklist;
pub mod coded_set;
pub mod hashing;
pub mod initial;
pub mod pepper;
pub mod phc;
pub mod rules;
