//! What becomes of a wish while somebody edited the site's file by hand.
//!
//! The file stays until somebody answered. What is not in the file goes on; what must not wait, such as a site that is to
//! be hidden, does not.

use wabe_kernel::Edited;
use wabe_kernel::desired::{Act, Desired, Observed, ObservedWebspace, Webspace, Wish};
use wabe_kernel::id::WebspaceId;

/// Whether part of a wish waits because somebody wrote by hand what would have to be written over, and nobody
/// answered yet what is to become of that.
#[must_use]
pub fn waits_for_answer(desired: &Desired, observed: &Observed) -> bool {
    match (desired, observed) {
        (Desired::Webspace(_, wish), Observed::Webspace(seen)) => {
            held(wish, seen).is_some_and(|goes_on| goes_on != kept(wish))
        }
        _ => false,
    }
}

/// What goes on while the file stays as somebody wrote it; nothing where it does not stay.
pub(crate) fn held(wish: &Wish<Webspace>, seen: &ObservedWebspace) -> Option<Wish<Webspace>> {
    let (Wish::Present(wanted), Some(Wish::Present(shown))) = (wish, &seen.site) else {
        return None;
    };
    let edited = seen.edited.as_deref()?;
    if edited.aside.is_some() || is_answered(wanted, edited) {
        return None;
    }
    Some(Wish::Present(beside(wanted, shown)))
}

fn is_answered(wanted: &Webspace, edited: &Edited) -> bool {
    wanted.overwrites.as_ref() == Some(&edited.mark)
}

/// What is shown, with everything that is wanted and is not in its file. Whole addresses are logged no longer than is
/// wanted.
fn beside(wanted: &Webspace, shown: &Webspace) -> Webspace {
    let both = wanted.full_addresses_until.zip(shown.full_addresses_until);
    Webspace {
        quota: wanted.quota,
        upload: wanted.upload.clone(),
        unwanted_certificate: wanted.unwanted_certificate.clone(),
        supplied: wanted.supplied.clone(),
        customer: wanted.customer,
        full_addresses_until: both.map(|(one, two)| one.min(two)),
        overwrites: None,
        ..shown.clone()
    }
}

/// What a node keeps of a wish: all but the answer about what was written by hand.
pub(crate) fn kept(wish: &Wish<Webspace>) -> Wish<Webspace> {
    let without = |webspace: &Webspace| Webspace {
        overwrites: None,
        ..webspace.clone()
    };
    match wish {
        Wish::Present(webspace) => Wish::Present(without(webspace)),
        Wish::Hidden(webspace) => Wish::Hidden(without(webspace)),
        Wish::Gone => Wish::Gone,
    }
}

/// The act that follows on an answer.
pub(crate) fn restored(id: WebspaceId, wanted: &Webspace, seen: &ObservedWebspace) -> Option<Act> {
    let edited = seen.edited.as_deref()?;
    is_answered(wanted, edited).then(|| Act::RestoreSite(id, edited.mark.clone()))
}

/// Whether a file is put back. What lies there by hand was loaded, or would be with the next change: what is put in its
/// place has to be as well.
pub(crate) fn is_put_back(wanted: &Webspace, seen: &ObservedWebspace) -> bool {
    let lies = |edited: &Edited| edited.aside.is_none() && is_answered(wanted, edited);
    seen.edited.as_deref().is_some_and(lies)
}
