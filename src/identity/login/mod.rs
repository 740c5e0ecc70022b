//! Logging in.
//!
//! Invariants: every refusal is one answer, made by the same work and released on one grid of time;
//! a guess is counted before it is checked; with a second factor the password alone opens nothing but
//! the step that asks for it; what went wrong is told to the security log only. A
//! machine that is too busy says so to everybody alike. Source: bar 3.2, 3.3.

pub mod attempt;
pub(crate) mod enter;
pub mod half;
pub mod outcome;
pub(crate) mod store;
