//! Redirects of domains: configured through steps like sites, and answered with one and the same place.
//!
//! Invariants: a redirect answers to exactly one host name; where it leads is what the driver wrote,
//! and nothing of a request goes into it; what certificate authorities ask for never leads away, so
//! that nobody gets a certificate for a name by being what it redirects to.

mod answer;
mod document;
mod index;
mod steps;

pub(super) use index::Redirects;
