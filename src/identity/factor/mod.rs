//! Second factors: an authenticator app (TOTP), and codes for the day it is lost.
//!
//! Invariants: a secret is sealed, shown until it is confirmed and never again; a step of an app is
//! accepted once, whatever the clock does; a guess is counted before it is checked; a recovery code
//! opens one login and proves nothing else; nobody who must have a factor can take their last one
//! away. Passkeys are beside (`passkey`) and count alike. Source: bar 3.6.

pub mod code;
pub mod demand;
pub mod enrol_totp;
pub mod letter;
pub mod recovery_code;
pub mod remove_totp;
pub mod renew_codes;
pub mod require;
pub mod store;
pub mod totp;
