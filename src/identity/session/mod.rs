//! Sessions: a browser that somebody logged in with.
//!
//! Invariants: the token has 256 random bits and only its SHA-256 is kept; it is another one after
//! every login, proof, password change, change of customer and change of side, and the old one is dead
//! at once; a session ends idle, ends absolutely, ends with its user or their membership.
//! Source: bar 3.5.

pub mod alive;
pub mod list;
pub mod login_agent;
pub mod model;
pub mod open;
pub mod prove;
pub mod store;
pub mod switch_customer;
pub mod switch_side;
