//! The first password of a user whom somebody else makes: chosen for them, made by the machine, or
//! left to them behind a mailed link.
//!
//! Whoever chose or saw it is not its owner: it must be changed at the first login, and one that the
//! machine made opens nothing after a day. Only the system itself, which owns the machine, may set one
//! that stays. Source: ASVS 6.4.1, 6.4.6.

use crate::desk::Desk;
use crate::password::initial::{INITIAL_HOURS, generate};
use crate::recovery::request::mail_link;
use crate::recovery::store::LinkKind;
use crate::user::store::{self, NewUser};
use wabe_access::command::{HashFor, Hashing as _, Preparing};
use wabe_access::{ActorKind, Door, Refusal};
use wabe_kernel::id::UserId;
use wabe_kernel::{Language, MailAddress, PersonName, Secret};

/// A first password, worked out before the transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct FirstPassword {
    hash: Option<String>,
    generated: Option<Secret>,
}

/// Who is made.
pub(crate) struct Person<'a> {
    pub(crate) name: &'a PersonName,
    pub(crate) email: &'a MailAddress,
    /// A second address, where the first depends on what is hosted here.
    pub(crate) second_email: Option<&'a MailAddress>,
    pub(crate) language: Language,
}

/// The user, and their password when the machine made it: shown once.
pub(crate) struct MadeUser {
    pub(crate) id: UserId,
    pub(crate) initial_password: Option<Secret>,
}

impl FirstPassword {
    /// Checks and hashes `chosen`, or makes a password, or neither when the person gets a link. `field`
    /// is where a problem shows.
    pub(crate) async fn prepare(
        with: &Preparing<'_>,
        person: &Person<'_>,
        (field, chosen): (&str, Option<&Secret>),
        by_mail: bool,
    ) -> Result<Self, Refusal> {
        let desk = Desk::of(with.tools)?;
        let email = person.email.to_string();
        let (secret, generated) = match chosen {
            Some(chosen) => {
                let context = [person.name.as_str(), &email];
                let beside = desk.profile.factor_for_all();
                let checked = desk.passwords.check_beside(beside, chosen, &context);
                checked.map_err(|problem| Refusal::field(field, problem))?;
                (chosen.clone(), None)
            }
            None if by_mail => return Ok(Self::default()),
            None => {
                let made = generate(with.tools.rng.as_ref());
                (made.clone(), Some(made))
            }
        };
        let hash = desk.passwords.hash(&secret, HashFor::Panel).await?;
        Ok(Self {
            hash: Some(hash),
            generated,
        })
    }

    /// Makes the user, or finds the one who has this address and leaves their password alone. Outside
    /// of any customer's scope.
    pub(crate) async fn make(
        &self,
        door: &mut Door<'_>,
        person: &Person<'_>,
    ) -> Result<MadeUser, Refusal> {
        let desk = Desk::of(door.tools())?;
        let now = door.now();
        let rng = door.tools().rng.clone();
        let by_owner = door.actor().kind == ActorKind::System && self.generated.is_none();
        let generated = self.generated.as_ref();
        let new = NewUser {
            id: UserId::new(now, rng.as_ref()),
            email: person.email,
            second_email: person.second_email,
            name: person.name,
            language: person.language,
            hash: self.hash.as_deref(),
            must_change: self.hash.is_some() && !by_owner,
            initial_expires_at: generated.map(|_made| now.plus_seconds(INITIAL_HOURS * 3_600)),
        };
        let tx = door.tx();
        if !store::insert(tx, &new, now).await? {
            let known = store::find_by_email(tx, person.email).await?;
            return Ok(MadeUser {
                id: known.ok_or(Refusal::Conflict("changed-meanwhile"))?.id,
                initial_password: None,
            });
        }
        if self.hash.is_none() {
            let user = store::find(tx, new.id).await?.ok_or(Refusal::NotFound)?;
            mail_link(tx, &desk, &user, LinkKind::Setup, (now, rng.as_ref())).await?;
        }
        Ok(MadeUser {
            id: new.id,
            initial_password: self.generated.clone(),
        })
    }
}
