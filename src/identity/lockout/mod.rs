//! How guessing is slowed down without locking people out.
//!
//! Invariants: what is limited is a way in, never a person: an account over untrusted clients, one
//! trusted device, one net. A guess is counted before it is checked, in one statement, so that
//! parallel guesses cannot get past the limit. Nothing here shows in an answer. Source: bar 3.2.

pub mod alarm;
pub mod device;
pub mod guard;
pub mod net;
pub mod rate;
pub mod store;
pub mod throttle;
