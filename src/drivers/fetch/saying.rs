//! What goes wrong with a request, in words for whoever wrote the plugin. Never an address: what the
//! names of a private network lead to is nobody's business.

use std::fmt::Display;
use std::time::Duration;
use wabe_package::wire::Problem;
use wabe_package::{Capability, Host};

/// What to do about failures that may pass.
const AGAIN: &str = "fail with retryable = true, or go on without it";

/// The request is none.
pub(super) fn invalid(message: impl Into<String>) -> Problem {
    Problem::new("invalid", message, "mend the request")
}

/// A header that the host sets itself.
pub(super) fn not_yours(name: &str) -> Problem {
    let message = format!("the header {name} is not the plugin's to set");
    Problem::new("invalid", message, "leave it out; the host sees to it")
}

/// The host is not among those that the request may go to.
pub(super) fn not_granted(host: &Host) -> Problem {
    let needed = Capability::Http(host.clone());
    Problem::new("denied", format!("{needed} was not granted"), needed.how())
}

/// The name leads to where no plugin may go.
pub(super) fn not_public(host: &Host) -> Problem {
    let message = format!("{host} leads to an address that is not of the public internet");
    let how = "use a host of the public internet; the hoster can allow named internal ones";
    Problem::new("denied", message, how)
}

/// The name leads nowhere.
pub(super) fn no_address(host: &Host) -> Problem {
    let how = "check the name; if it is right, fail with retryable = true";
    Problem::new("unavailable", format!("{host} has no address now"), how)
}

/// Nobody listens there.
pub(super) fn no_connection(host: &Host) -> Problem {
    Problem::new("unavailable", format!("{host} takes no connection"), AGAIN)
}

/// The host could not prove its name.
pub(super) fn no_trust(host: &Host, error: &impl Display) -> Problem {
    let message = format!("{host} did not prove that it is {}: {error}", host.name);
    let how = "whoever runs the host has to mend its certificate";
    Problem::new("unavailable", message, how)
}

/// The connection broke before the answer.
pub(super) fn broken(host: &Host, error: &hyper::Error) -> Problem {
    let message = format!("the connection to {host} broke: {error}");
    Problem::new("unavailable", message, AGAIN)
}

/// There was no answer, or its head was none.
pub(super) fn no_answer(host: &Host, error: &hyper::Error) -> Problem {
    if error.is_parse_too_large() {
        return too_much(format!("the head of the answer of {host} is too large"));
    }
    broken(host, error)
}

/// The answer is one that nobody asked for.
pub(super) fn unasked(host: &Host, what: &str) -> Problem {
    let how = "whoever runs the host has to mend it";
    Problem::new("unavailable", format!("{host} {what}"), how)
}

/// The compressed body is damaged.
pub(super) fn damaged(host: &Host) -> Problem {
    unasked(host, "sent a compressed body that is damaged")
}

/// It took too long.
pub(super) fn too_slow(host: &Host, within: Duration) -> Problem {
    let millis = within.as_millis();
    let message = format!("{host} did not answer within {millis} ms");
    Problem::new("unavailable", message, AGAIN)
}

/// The run is nearly over.
pub(super) fn no_time_left() -> Problem {
    let message = "the run has no time left for a request";
    Problem::new("limit", message, "ask earlier, or do less in one run")
}

/// It is larger than it may be.
pub(super) fn too_much(message: impl Into<String>) -> Problem {
    Problem::new("limit", message, "ask for less, or in pieces")
}

/// The customer's allowance is used up for now.
pub(super) fn too_often(seconds: i64) -> Problem {
    let message = "this customer's plugins ask other hosts too often";
    let how = format!("try again in {seconds} s: fail with retry-after");
    Problem::new("limit", message, how)
}

/// Too many requests of the customer wait.
pub(super) fn too_many() -> Problem {
    let message = "too many requests of this customer's plugins wait for their turn";
    Problem::new("limit", message, AGAIN)
}
