//! Passkeys: keys of authenticators that sign a challenge for this origin (WebAuthn). A second factor
//! after the password, like the codes of an app.
//!
//! Invariants: a challenge is good once, for one purpose of one person, for five minutes; origin and host
//! are exactly the portal's; of who works here the authenticator verified its person; a counter that does
//! not grow lets nobody in and is told. Source: bar 3.6 T2, W3C WebAuthn level 2, 7.1, 7.2.

pub mod add;
pub mod assertion;
mod authenticator;
pub mod challenge;
mod client_data;
mod cose;
pub mod login;
pub mod remove;
pub mod rename;
pub mod store;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wabe_kernel::id::UserId;

pub use cose::ALGORITHMS;

/// What authenticators keep of a user beside a key: nothing that says who they are.
#[must_use]
pub fn user_handle(user: UserId) -> String {
    URL_SAFE_NO_PAD.encode(user.uuid().as_bytes())
}

/// The bytes of a part that a page's script sent; nothing when it is longer than any of them.
fn bytes(text: &str) -> Option<Vec<u8>> {
    /// The most characters of a part that are looked at.
    const CHARS_MAX: usize = 16_384;
    let short = Some(text).filter(|text| text.len() <= CHARS_MAX);
    URL_SAFE_NO_PAD.decode(short?).ok()
}
