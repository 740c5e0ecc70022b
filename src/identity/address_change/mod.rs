//! A login address that somebody changes: asked for, confirmed by mail, taken back by mail.
//!
//! Invariants: nothing of the login changes before everything new was confirmed by a link mailed to
//! it; whether an address is somebody else's already shows in no answer; the addresses that were in
//! force get a link that puts them back for 72 hours, which no newer link, password or change voids,
//! and during which nobody else can take them. Source: bar 3.4 T4.

pub mod follow;
pub mod letter;
pub mod model;
pub mod store;
