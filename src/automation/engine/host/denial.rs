//! Why a call was not answered, in words for whoever wrote the plugin.

use wabe_access::Refusal;
use wabe_kernel::Fault;
use wabe_package::Capability;
use wabe_package::wire::Problem;

/// A problem in these words.
pub(super) fn said(code: &str, message: impl Into<String>, how: impl Into<String>) -> Problem {
    Problem::new(code, message, how)
}

/// The right is missing: the manifest does not ask for it, or the customer did not grant it.
pub(super) fn denied(needed: &Capability, asked: bool) -> Problem {
    if asked {
        let message = format!("{needed} was not granted");
        let how = "the customer can grant it on the page of the installation";
        said("denied", message, how)
    } else {
        let message = format!("{needed} is not in the manifest");
        said("denied", message, needed.how())
    }
}

/// The right was taken back while the run was under way.
pub(super) fn revoked() -> Problem {
    let message = "the rights of this run were taken back";
    said("denied", message, "stop; the next run has the new rights")
}

/// The customer was suspended while the run was under way.
pub(super) fn suspended() -> Problem {
    let message = "the customer is suspended";
    said("denied", message, "stop; it goes on when the customer does")
}

/// The webspace is not in the grant.
pub(super) fn other_webspace() -> Problem {
    let message = "the grant does not name this webspace";
    let how = "use one of the webspaces of the grant; the customer chooses them";
    said("denied", message, how)
}

/// The customer has not typed the secret yet.
pub(super) fn not_set(name: &str) -> Problem {
    let message = format!("the secret {name} is not set");
    let how = "the customer types it on the page of the installation";
    said("not-found", message, how)
}

/// The input cannot be used.
pub(super) fn invalid(message: impl Into<String>) -> Problem {
    said("invalid", message, "mend the arguments of the call")
}

/// A named bound was reached.
pub(super) fn limit(message: impl Into<String>) -> Problem {
    said("limit", message, "keep less, or ask the hoster for more")
}

/// Somebody else was faster.
pub(super) fn conflict(message: impl Into<String>) -> Problem {
    let how = "read the value again and decide anew";
    said("conflict", message, how)
}

/// There is no such thing.
pub(super) fn not_found(message: impl Into<String>) -> Problem {
    said("not-found", message, "check the name")
}

/// A dry run reaches nobody outside.
pub(super) fn dry() -> Problem {
    let message = "this is a dry run: nothing outside is reached or written";
    said("unavailable", message, "treat it as a failure that passes")
}

/// The recording has another call here.
pub(super) fn diverged(place: usize) -> Problem {
    let message = format!("the recording has another call at {place}");
    let how = "the replay has left its recording; the first difference is named at its end";
    said("unavailable", message, how)
}

/// The machine failed; the chain goes to the operator's log.
pub(super) fn fault(fault: &Fault) -> Problem {
    tracing::warn!(fault = %fault.chain(), "a plugin's call met a fault");
    let how = "fail with retryable = true";
    said("unavailable", "the panel could not do this now", how)
}

/// A read that was refused.
pub(super) fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Fault(inner) => fault(&inner),
        Refusal::NotFound => not_found("there is no such thing"),
        Refusal::Forbidden => {
            let message = "whoever granted the right may not do this themselves any more";
            said("denied", message, "somebody else has to grant it")
        }
        _ => invalid("the question cannot be answered"),
    }
}
