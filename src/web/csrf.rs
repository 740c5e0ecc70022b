//! Requests that another site made somebody's browser send.
//!
//! Two independent walls: the browser's own word about where a request comes from, and a token of
//! the session in the form. Sites on sibling names (customers' webspaces) count as hostile. The token
//! in a page is masked anew each time, so that compression tells nothing about it (BREACH).
//! Source: bar 3.5 T6; Fetch Metadata (W3C); OWASP CSRF.

use crate::failure::Failure;
use crate::web::Incoming;
use http::{HeaderMap, Method, header};
use subtle::ConstantTimeEq;
use wabe_kernel::rng::{Rng, random};
use wabe_kernel::{Secret, hex};

/// The name of the token's form field and, in lower case, of nothing else.
pub const FIELD: &str = "csrf";
/// The header that scripts of this site send the token in.
pub const HEADER: &str = "x-csrf-token";

/// Headers that a browser sends by itself and a program does not.
const BROWSERS: [&str; 4] = [
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-user",
];
const BYTES: usize = 32;

/// A token for a new session: 64 hexadecimal digits.
#[must_use]
pub fn new_token(rng: &dyn Rng) -> Secret {
    Secret::new(hex(&random::<BYTES>(rng)))
}

/// The token as a page carries it: a random mask and the token under it, 128 hexadecimal digits.
#[must_use]
pub fn masked(token: &Secret, rng: &dyn Rng) -> String {
    let mask = random::<BYTES>(rng);
    let Some(token) = unhex(token.expose()) else {
        return String::new();
    };
    let under: Vec<u8> = mask.iter().zip(token).map(|(a, b)| a ^ b).collect();
    hex(&mask) + &hex(&under)
}

/// Whether `sent` is the session's token under some mask, in time that does not depend on where they
/// differ.
#[must_use]
pub fn verify(token: &Secret, sent: &str) -> bool {
    let (Some(token), Some((mask, under))) =
        (unhex(token.expose()), sent.split_at_checked(BYTES * 2))
    else {
        return false;
    };
    let (Some(mask), Some(under)) = (unhex(mask), unhex(under)) else {
        return false;
    };
    let opened: Vec<u8> = mask.iter().zip(under).map(|(a, b)| a ^ b).collect();
    opened.ct_eq(&token).into()
}

/// Whether `sent` is the token of the session that the request uses; without a session there is nothing
/// to protect.
///
/// # Errors
/// `Stale`.
pub(crate) fn prove(incoming: &Incoming, sent: Option<&str>) -> Result<(), Failure> {
    match &incoming.visitor {
        Some(visitor) if !verify(&visitor.csrf, sent.unwrap_or("")) => Err(Failure::Stale),
        _ => Ok(()),
    }
}

/// Where an unsafe request says that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From a page of this panel.
    Here,
    /// From a page of somebody else's: refused.
    Elsewhere,
    /// It does not say. No browser leaves both headers out of an unsafe request, so this is a program;
    /// it passes only where a route is meant for [programs](crate::Routes::programs).
    Unsaid,
}

/// Where a request says that it comes from.
///
/// `Sec-Fetch-Site` must be `same-origin`; a browser too old to send it sends an `Origin`, which must be
/// one of `origins`. Each header counts once. Whatever else only browsers send is as good as a word
/// from elsewhere: a program sends none of it. Source: bar 3.5 T6, ADR 0006.
#[must_use]
pub fn source(headers: &HeaderMap, origins: &[String]) -> Source {
    let here = |fine: bool| {
        if fine {
            Source::Here
        } else {
            Source::Elsewhere
        }
    };
    let mut sites = headers.get_all("sec-fetch-site").iter();
    if let Some(site) = sites.next() {
        return here(site == "same-origin" && sites.next().is_none());
    }
    let mut sent = headers.get_all(header::ORIGIN).iter();
    match (sent.next(), sent.next()) {
        (None, _) if BROWSERS.iter().any(|name| headers.contains_key(*name)) => Source::Elsewhere,
        (None, _) => Source::Unsaid,
        (Some(origin), None) => here(origins.iter().any(|own| origin == own.as_str())),
        (Some(_), Some(_)) => Source::Elsewhere,
    }
}

/// Whether the method changes nothing by its meaning (RFC 9110, 9.2.1).
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn unhex(text: &str) -> Option<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    if text.len() != BYTES * 2 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, index) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(index..index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU8);
    impl Rng for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_token_is_known_under_every_mask_and_never_looks_the_same() {
        let rng = Counting(7.into());
        let token = new_token(&rng);
        let (first, second) = (masked(&token, &rng), masked(&token, &rng));
        assert_ne!(first, second);
        assert!(verify(&token, &first) && verify(&token, &second));
        assert!(!verify(&new_token(&rng), &first));
        for wrong in ["", "ä", token.expose(), &first[1..], &format!("{first}0")] {
            assert!(!verify(&token, wrong), "{wrong}");
        }
    }
}
