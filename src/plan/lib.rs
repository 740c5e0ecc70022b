//! The planner: desired and observed state become steps. Pure; no clock, no IO, no choice left to
//! whoever carries the steps out.
//!
//! Invariants: the same input gives the same steps; a node that is as wanted needs none; carrying the
//! steps out makes it so.
#![deny(missing_docs)]
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions
)]
#![deny(clippy::wildcard_enum_match_arm)]

mod by_hand;
mod domain;
#[cfg(test)]
mod tests;

use wabe_kernel::desired::{
    Act, Alias, Database, Desired, Mailbox, Observed, ObservedCertificate, ObservedPublic,
    ObservedWebspace, Revision, Step, Subject, Webspace, Wish,
};
use wabe_kernel::id::{AliasId, DatabaseId, MailboxId, WebspaceId};
use wabe_kernel::{DomainName, Timestamp};

pub use by_hand::waits_for_answer;

/// A certificate is renewed when it ends within so many days.
const RENEW_DAYS: i64 = 30;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// These steps, in this order; none when all is as wanted.
    Steps(Vec<Step>),
    /// Nothing can be done before the customer did something (a domain is not proved).
    Waiting,
    /// The observation is of another kind than the wish; nothing is done.
    Mismatch,
}

/// The resource a wish is about.
#[must_use]
pub const fn subject(desired: &Desired) -> Subject {
    match desired {
        Desired::Webspace(id, _) => Subject::Webspace(*id),
        Desired::Mailbox(id, _) => Subject::Mailbox(*id),
        Desired::Alias(id, _) => Subject::Alias(*id),
        Desired::Database(id, _) => Subject::Database(*id),
        Desired::Domain(id, _) => Subject::Domain(*id),
    }
}

/// The steps from `observed` to `desired`.
#[must_use]
pub fn plan(desired: &Desired, observed: &Observed, revision: Revision, now: Timestamp) -> Plan {
    let acts = match (desired, observed) {
        (Desired::Webspace(id, wish), Observed::Webspace(seen)) => webspace(*id, wish, seen, now),
        (Desired::Mailbox(id, wish), Observed::Mailbox { folder, entry }) => {
            mailbox(*id, wish, *folder, entry.as_ref())
        }
        (Desired::Alias(id, wish), Observed::Alias(entry)) => alias(*id, wish, entry.as_ref()),
        (Desired::Database(id, wish), Observed::Database { file, entry, .. }) => {
            database(*id, wish, *file, entry.as_ref())
        }
        (Desired::Domain(id, wish), Observed::Domain(seen)) => {
            let acts = domain::acts(*id, wish, seen, now);
            if acts.is_empty() && matches!(wish, Wish::Present(domain) if !domain.verified) {
                return Plan::Waiting;
            }
            acts
        }
        _ => return Plan::Mismatch,
    };
    let subject = subject(desired);
    Plan::Steps(
        acts.into_iter()
            .map(|act| Step {
                subject,
                revision,
                act,
            })
            .collect(),
    )
}

/// Whether a certificate covers exactly these names, and for long enough.
fn is_fresh(held: &ObservedCertificate, names: &[DomainName], now: Timestamp) -> bool {
    held.names == names && held.ends_at > now.plus_days(RENEW_DAYS)
}

/// What the public names are served with: what is supplied for them, else one that stands in. What was left
/// behind by names that are no more goes once the site is configured without it.
fn public(
    id: WebspaceId,
    wanted: &Webspace,
    seen: &ObservedWebspace,
    now: Timestamp,
) -> Option<Act> {
    let names = wanted.public_names();
    let held = seen.public.as_deref();
    if names.is_empty() {
        return held.map(|_left| Act::DropCertificate(id));
    }
    if let Some(fingerprint) = &wanted.supplied {
        let there = held.is_some_and(|held| held.fingerprint.as_ref() == Some(fingerprint));
        return (!there).then(|| Act::SupplyCertificate(id, fingerprint.clone()));
    }
    let stands = |held: &ObservedPublic| {
        held.fingerprint.is_none() && is_fresh(&held.certificate, &names, now)
    };
    (!held.is_some_and(stands)).then_some(Act::StandIn(id, names))
}

fn webspace(
    id: WebspaceId,
    wish: &Wish<Webspace>,
    seen: &ObservedWebspace,
    now: Timestamp,
) -> Vec<Act> {
    let mut acts = Vec::new();
    let (wanted, shown) = match wish {
        Wish::Present(webspace) => (webspace, true),
        Wish::Hidden(webspace) => (webspace, false),
        Wish::Gone => {
            if seen.site.is_some() || seen.certificate.is_some() || seen.public.is_some() {
                acts.push(Act::RemoveSite(id));
            }
            if seen.folder {
                acts.push(Act::RemoveFolder(id));
            }
            return acts;
        }
    };
    let held = by_hand::held(wish, seen);
    let root = |seen: &Wish<Webspace>| match seen {
        Wish::Present(seen) | Wish::Hidden(seen) => seen.document_root == wanted.document_root,
        Wish::Gone => false,
    };
    if !seen.folder || !(held.is_some() || seen.site.as_ref().is_some_and(root)) {
        let root = wanted.document_root.clone();
        acts.push(Act::MakeFolder(id, root, wanted.customer));
    }
    let names = wanted.local_names();
    // What was asked to be replaced serves until there is another.
    let unwanted = |held: &ObservedCertificate| {
        let unwanted = wanted.unwanted_certificate.as_ref();
        unwanted == Some(&held.serial)
    };
    let fresh = |held| is_fresh(held, &names, now) && !unwanted(held);
    if !seen.certificate.as_ref().is_some_and(fresh) {
        acts.push(Act::IssueCertificate(id, names));
    }
    let public = public(id, wanted, seen, now);
    let drops = matches!(public, Some(Act::DropCertificate(_)));
    if !drops {
        acts.extend(public.clone());
    }
    acts.extend(by_hand::restored(id, wanted, seen));
    let wish = held.clone().unwrap_or_else(|| by_hand::kept(wish));
    if by_hand::is_put_back(wanted, seen) || seen.site.as_ref() != Some(&wish) {
        acts.push(Act::ConfigureSite(wish));
    }
    if drops && held.is_none() {
        acts.extend(public);
    }
    // What somebody wrote by hand need not answer as ours does.
    if shown && held.is_none() && !acts.is_empty() {
        acts.push(Act::ProbeSite(id, wanted.preview.clone()));
    }
    acts
}

fn mailbox(
    id: MailboxId,
    wish: &Wish<Mailbox>,
    folder: bool,
    entry: Option<&Wish<Mailbox>>,
) -> Vec<Act> {
    let mut acts = Vec::new();
    if *wish == Wish::Gone {
        if entry.is_some() {
            acts.push(Act::RemoveMailboxEntry(id));
        }
        if folder {
            acts.push(Act::RemoveMaildir(id));
        }
        return acts;
    }
    if !folder {
        acts.push(Act::MakeMaildir(id));
    }
    if entry != Some(wish) {
        acts.push(Act::ConfigureMailbox(wish.clone()));
    }
    acts
}

fn alias(id: AliasId, wish: &Wish<Alias>, entry: Option<&Wish<Alias>>) -> Vec<Act> {
    match (wish, entry) {
        (Wish::Gone, None) => Vec::new(),
        (Wish::Gone, Some(_)) => vec![Act::RemoveAlias(id)],
        (wish, entry) if entry == Some(wish) => Vec::new(),
        (wish, _) => vec![Act::ConfigureAlias(wish.clone())],
    }
}

fn database(
    id: DatabaseId,
    wish: &Wish<Database>,
    file: bool,
    entry: Option<&Wish<Database>>,
) -> Vec<Act> {
    let mut acts = Vec::new();
    let wanted = match wish {
        Wish::Present(database) | Wish::Hidden(database) => database,
        Wish::Gone => {
            if file || entry.is_some() {
                acts.push(Act::RemoveDatabase(id));
            }
            return acts;
        }
    };
    if !file {
        acts.push(Act::MakeDatabase(wanted.clone()));
    }
    if entry != Some(wish) {
        acts.push(Act::ConfigureDatabase(wish.clone()));
    }
    acts
}
