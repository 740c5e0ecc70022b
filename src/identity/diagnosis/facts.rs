//! What the tables say about a login, as far as whoever asks may know it.

use crate::desk::Desk;
use crate::factor::demand::{self, Demand};
use crate::factor::store::{self as factors, Standing};
use crate::factor_loss::store as losses;
use crate::lockout::net;
use crate::lockout::store as lockout;
use crate::lockout::throttle::{self, Subject, Tries};
use crate::recovery::store as links;
use crate::user::model::{Credential, User};
use crate::user::store as users;
use std::collections::BTreeSet;
use wabe_access::member::Member;
use wabe_access::{Refusal, Scope, Tools, customer};
use wabe_audit::Streams;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, PageRequest, Timestamp};
use wabe_store::Tx;

/// How far back failures are looked at, in seconds.
const BACK_SECONDS: i64 = 86_400;
/// How long a net waits that failed for many accounts, in seconds. Source: bar 3.2 T3.
/// Events of the security log that are looked at.
const EVENTS: i64 = 100;
/// Known browsers that are looked at, the last used first.
const DEVICES: usize = 50;

/// How it stands with the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Password {
    /// None was ever set; until when a mailed link leads to one.
    Never(Option<Timestamp>),
    /// It was taken away then: only a mailed link leads to another.
    Taken(Timestamp),
    /// The first one, which somebody else chose, and its end.
    Initial(Timestamp),
    /// Older than so many days, the most that the installation allows.
    Old(i64),
    /// Must be changed at the next login.
    ToChange,
    /// In order.
    Set,
}

/// What is known.
pub(super) struct Facts {
    /// Whether whoever asks is who is asked about.
    pub(super) own: bool,
    pub(super) disabled_at: Option<Timestamp>,
    pub(super) last_login_at: Option<Timestamp>,
    /// Why this customer is switched off.
    pub(super) suspended: Option<String>,
    pub(super) password: Password,
    /// Tries from browsers that this login does not know.
    pub(super) strange: Tries,
    /// Tries from browsers that it knows.
    pub(super) known: Tries,
    /// From how many networks it failed within a day.
    pub(super) networks: usize,
    /// Whether it failed from a network that has to wait.
    pub(super) net_waits: bool,
    /// Until when no code is checked.
    pub(super) codes_until: Option<Timestamp>,
    pub(super) factors: Standing,
    /// Why there must be a second factor, as far as whoever asks may know.
    pub(super) demand: Option<Demand>,
    /// From when on somebody decides about a factor that was said to be lost.
    pub(super) lost_until: Option<Timestamp>,
}

impl Facts {
    /// Reads them, and who it is about.
    pub(super) async fn load(
        tx: &mut Tx,
        scope: &Scope,
        (tools, streams): (&Tools, &Streams),
        (member, now): (&Member, Timestamp),
    ) -> Result<(User, Self), Refusal> {
        let desk = Desk::of(tools)?;
        let own = scope.user() == Some(member.user);
        let here = customer::find(tx, scope.customer()).await?;
        // A login belongs to a person, not to a customer.
        tx.unscope().await?;
        let credential = users::credential(tx, member.user).await?;
        let credential = credential.ok_or(Refusal::NotFound)?;
        let demand = if own {
            demand::of(tx, &desk, member.user).await?
        } else {
            demanded_here(tx, &desk, here.as_ref()).await?
        };
        let strange = throttle::tries(tx, &Subject::user(member.user), now).await?;
        let (networks, net_waits) = places(tx, streams, member.user, now).await?;
        let loss = losses::open_of(tx, member.user).await?;
        let facts = Self {
            own,
            disabled_at: credential.user.disabled_at,
            last_login_at: credential.user.last_login_at,
            suspended: here.and_then(|found| found.suspended_reason),
            password: password(tx, &desk, &credential, now).await?,
            strange,
            known: known(tx, member.user, now).await?,
            networks,
            net_waits,
            codes_until: factors::guesses_closed_until(tx, member.user, now).await?,
            factors: factors::standing(tx, member.user).await?,
            demand,
            // What is decided in another customer's record, or the hoster's, is told to the person alone.
            lost_until: loss
                .filter(|loss| own || loss.customer == scope.customer())
                .map(|loss| loss.due_at),
        };
        tx.rescope().await?;
        Ok((credential.user, facts))
    }
}

/// Why somebody else must have a second factor: what another customer of theirs wants, or that they work
/// for the hoster, is nobody's business here.
async fn demanded_here(
    tx: &mut Tx,
    desk: &Desk,
    here: Option<&customer::Customer>,
) -> Result<Option<Demand>, Fault> {
    if let Some(here) = here
        && factors::is_required(tx, here.id).await?
    {
        return Ok(Some(Demand::Customer(here.name.clone())));
    }
    let installation = !desk.profile.password_only_allowed;
    Ok(installation.then_some(Demand::Installation))
}

async fn password(
    tx: &mut Tx,
    desk: &Desk,
    credential: &Credential,
    now: Timestamp,
) -> Result<Password, Fault> {
    if credential.hash.is_none() {
        return Ok(match credential.changed_at {
            Some(at) => Password::Taken(at),
            None => Password::Never(links::password_link_until(tx, credential.user.id, now).await?),
        });
    }
    if let Some(end) = credential.initial_expires_at {
        return Ok(Password::Initial(end));
    }
    if credential.must_change(None, now) {
        return Ok(Password::ToChange);
    }
    let age = desk.profile.age_days_max;
    Ok(match age {
        Some(days) if credential.must_change(age, now) => Password::Old(days),
        _ => Password::Set,
    })
}

/// All tries from browsers that the login knows, together.
async fn known(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<Tries, Fault> {
    let mut all = Tries::default();
    let devices = lockout::device_list(tx, user, now).await?;
    for device in devices.iter().take(DEVICES) {
        let tries = throttle::tries(tx, &Subject::device(user, &device.id), now).await?;
        all.failures += tries.failures;
    }
    Ok(all)
}

/// From how many networks a login failed lately, and whether one of them has to wait.
async fn places(
    tx: &mut Tx,
    streams: &Streams,
    user: UserId,
    now: Timestamp,
) -> Result<(usize, bool), Fault> {
    let latest = PageRequest::first(EVENTS);
    let events = streams.list_security(tx, user, &latest).await?.items;
    let lately = |seconds: i64, at: Timestamp| now.seconds_since(at) < seconds;
    let failed = events.iter().filter(|event| event.event == "login.failed");
    let failed: Vec<_> = failed.collect();
    let networks: BTreeSet<_> = failed
        .iter()
        .filter(|event| lately(BACK_SECONDS, event.at))
        .filter_map(|event| event.address.as_deref())
        .collect();
    let waits = failed.iter().any(|event| {
        event.detail.as_deref() == Some("net-waits") && lately(net::WINDOW_SECONDS, event.at)
    });
    Ok((networks.len(), waits))
}
