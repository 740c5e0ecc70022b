//! Where the links of a change of address lead.

use crate::address_change::letter;
use crate::address_change::model::{AddressChange, Pending};
use crate::address_change::store::{self, UNDO_SECONDS};
use crate::desk::Desk;
use crate::identity::Identity;
use crate::recovery::store::{self as links, Link, LinkKind};
use crate::secret_token::{self, digest};
use crate::user::confirm_email::{ConfirmEmail, EmailConfirmed};
use crate::user::model::User;
use crate::user::store as users;
use crate::user::undo_email::UndoEmail;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Gate, Mode, Refusal, member};
use wabe_audit::Subject as Noted;
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, MailAddress, Rng, Secret, Timestamp};
use wabe_store::Tx;

/// What a link that works is good for.
#[derive(Debug, Clone)]
pub enum Followed {
    /// It confirms an address.
    Confirms {
        /// Of which change.
        change: AddressChange,
        /// Which address.
        address: MailAddress,
        /// Whether it is the second one.
        second: bool,
    },
    /// It takes a change back.
    TakesBack {
        /// Which change.
        change: AddressChange,
    },
}

impl Followed {
    /// Whose login it is about.
    #[must_use]
    pub const fn user(&self) -> UserId {
        match self {
            Self::Confirms { change, .. } | Self::TakesBack { change } => change.user,
        }
    }
}

/// What a link is good for now; nothing when it does not work (any more).
pub(crate) async fn find(
    tx: &mut Tx,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Followed>, Fault> {
    let Some(link) = links::find(tx, hash, now).await? else {
        return Ok(None);
    };
    let Some(id) = link.about else {
        return Ok(None);
    };
    let Some(change) = store::find(tx, id).await? else {
        return Ok(None);
    };
    Ok(match link.kind.confirms() {
        Some(second) if change.changed_at.is_none() && change.undone_at.is_none() => {
            let (first, other) = (change.new.first.clone(), change.new.second.clone());
            let address = if second { other } else { Some(first) };
            address.map(|address| Followed::Confirms {
                change,
                address,
                second,
            })
        }
        None if link.kind == LinkKind::EmailUndo => {
            let at = change.changed_at.filter(|_| change.undone_at.is_none());
            let open = at.is_some_and(|at| now.seconds_since(at) < UNDO_SECONDS);
            open.then_some(Followed::TakesBack { change })
        }
        _ => None,
    })
}

/// Gives a user the addresses that were confirmed, voids what was mailed to the old ones, and tells
/// those with the way back.
///
/// # Errors
/// `NotFound` when the first address became somebody else's meanwhile.
pub(crate) async fn come_into_force(
    tx: &mut Tx,
    desk: &Desk,
    (user, change): (&User, &AddressChange),
    time: (Timestamp, &dyn Rng),
) -> Result<(), Refusal> {
    let free = users::is_free(tx, &change.new.first, user.id, time.0).await?;
    if !free || !store::changed(tx, change.id, time.0).await? {
        return Err(Refusal::NotFound);
    }
    if !users::set_addresses(tx, user.id, &change.new).await? {
        return Err(Refusal::NotFound);
    }
    links::supersede_all(tx, user.id, time.0).await?;
    Ok(letter::changed(tx, desk, (user, change), time).await?)
}

impl Identity {
    /// What a link leads to, for the page that opens it; it changes nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn email_link(&self, token: &Secret) -> Result<Option<Followed>, Fault> {
        let mut tx = self.store.read().await?;
        let found = find(&mut tx, &digest(token.expose()), self.clock().now()).await?;
        tx.rollback().await?;
        Ok(found)
    }

    /// What somebody asked for and did not confirm yet.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn pending_email(&self, user: UserId) -> Result<Option<Pending>, Fault> {
        let seconds = LinkKind::Email.seconds();
        let since = self.clock().now().plus_seconds(-seconds);
        let mut tx = self.store.read().await?;
        let found = store::pending(&mut tx, user, since).await?;
        tx.rollback().await?;
        Ok(found.map(|change| Pending {
            open: change.open(),
            until: change.asked_at.plus_seconds(seconds),
            new: change.new,
        }))
    }

    /// Who acts when a link of this user is followed: the system on their behalf, recorded in the
    /// customer they have belonged to longest.
    async fn follower(&self, user: UserId) -> Result<Actor, Fault> {
        let mut tx = self.store.read().await?;
        let places = member::of_user(&mut tx, user).await?;
        tx.rollback().await?;
        let customer = places.first().map_or(HOUSE, |(customer, _)| *customer);
        Ok(Actor {
            user: Some(user),
            ..Actor::system(customer)
        })
    }

    /// Confirms an address with a mailed link, once; logs nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more).
    pub async fn confirm_email(
        &self,
        gate: &Gate,
        token: &Secret,
    ) -> Result<EmailConfirmed, Refusal> {
        let found = self.email_link(token).await?.ok_or(Refusal::NotFound)?;
        let actor = self.follower(found.user()).await?;
        let command = ConfirmEmail::of(token.clone());
        let confirmed = gate.run(&actor, command, Mode::Commit).await?.output;
        if confirmed.open.is_empty() {
            self.noted(found.user(), "email.changed").await?;
        }
        Ok(confirmed)
    }

    /// Takes a change of address back with a mailed link, once. Answers the secret of a link to a new
    /// password: whoever reads the old address chooses it.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more).
    pub async fn undo_email(&self, gate: &Gate, token: &Secret) -> Result<Secret, Refusal> {
        let found = self.email_link(token).await?.ok_or(Refusal::NotFound)?;
        let user = found.user();
        let actor = self.follower(user).await?;
        let command = UndoEmail::of(token.clone());
        gate.run(&actor, command, Mode::Commit).await?;
        let (way, now) = (secret_token::new(self.rng()), self.clock().now());
        let mut tx = self.store.write().await?;
        let link = Link::of(LinkKind::Reset, user);
        links::insert(&mut tx, link, &digest(way.expose()), now).await?;
        tx.commit().await?;
        self.noted(user, "email.restored").await?;
        Ok(way)
    }

    async fn noted(&self, user: UserId, event: &'static str) -> Result<(), Fault> {
        let mut tx = self.store.write().await?;
        self.note(&mut tx, event, Noted::User(user), (None, None))
            .await?;
        tx.commit().await
    }
}
