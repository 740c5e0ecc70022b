//! Logging in.
//!
//! Invariants: every refusal is one answer, made by the same work and released on one grid of time;
//! a guess is counted before it is checked; what went wrong is told to the security log only. A
//! machine that is too busy says so to everybody alike. Source: bar 3.2, 3.3.

pub mod attempt;
pub mod outcome;
