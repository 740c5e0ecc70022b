//! Accepting an invitation, as a new user or as one who is known already.

use crate::address_change::model::{AddressChange, Addresses};
use crate::address_change::{letter, store as changes};
use crate::desk::Desk;
use crate::identity::Identity;
use crate::invitation::store::{self, Invitation};
use crate::second_address::missing::depends;
use crate::secret_token::digest;
use crate::user::model::User;
use crate::user::store::{self as users, NewUser};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::command::{HashFor, Hashing as _, Preparing};
use wabe_access::member::Member;
use wabe_access::{
    Actor, Command, Door, Gate, Mode, Object, Permission, Refusal, customer, member,
};
use wabe_kernel::id::{ChangeId, CustomerId, MemberId, UserId};
use wabe_kernel::{Fault, Language, MailAddress, PersonName, Problem, Secret, fields};
use wabe_store::Tx;

fields! {
    /// Makes whoever holds an invitation's link a member.
    pub struct AcceptInvitation {
        /// The link's secret.
        pub token: Secret,
        /// What the person is called; needed of new users.
        pub name: Option<PersonName>,
        /// The password they choose; needed of new users, ignored of others.
        pub password: Option<Secret>,
        /// In which language; of new users.
        pub language: Option<Language>,
        /// A second address of a new user, where the first depends on what is hosted here; in force once
        /// it was confirmed.
        pub second_email: Option<MailAddress>,
    }
    prepared {
        hash: Option<String>,
    }
}

/// A member that was just made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Accepted {
    /// The place.
    pub id: MemberId,
    /// The person.
    pub user: UserId,
}

/// What the page of an invitation shows before it is accepted.
#[derive(Debug, Clone)]
pub struct InvitationView {
    /// The invitation.
    pub invitation: Invitation,
    /// The customer's name.
    pub customer_name: String,
    /// Whether the address is a user's already, who then needs to choose nothing.
    pub known_user: bool,
    /// Whether a new user must say a second address.
    pub needs_second: bool,
}

async fn open(
    tx: &mut Tx,
    token: &Secret,
    now: wabe_kernel::Timestamp,
) -> Result<(Invitation, Option<User>), Refusal> {
    let found = store::find_by_hash(tx, &digest(token.expose()), now).await?;
    let invitation = found.ok_or(Refusal::NotFound)?;
    let user = users::find_by_email(tx, &invitation.email).await?;
    Ok((invitation, user))
}

impl AcceptInvitation {
    /// The person: who they are already, or who they become now.
    async fn user(
        &self,
        door: &mut Door<'_>,
        invitation: &Invitation,
        known: Option<User>,
    ) -> Result<UserId, Refusal> {
        if let Some(user) = known {
            return Ok(user.id);
        }
        let required = |field| Refusal::field(field, Problem::new("required"));
        let name = self.name.as_ref().ok_or_else(|| required("name"))?;
        let hash = self.hash.as_deref().ok_or_else(|| required("password"))?;
        let now = door.now();
        let new = NewUser {
            id: UserId::new(now, door.rng()),
            email: &invitation.email,
            second_email: None,
            name,
            language: self.language.unwrap_or_default(),
            hash: Some(hash),
            must_change: false,
            initial_expires_at: None,
        };
        if !users::insert(door.tx(), &new, now).await? {
            return Err(Refusal::Conflict("changed-meanwhile"));
        }
        if let Some(second) = &self.second_email {
            confirm_second(door, new.id, second).await?;
        }
        Ok(new.id)
    }

    /// What is wrong with the second address; nothing where none is needed and none was given.
    async fn check_second(
        &self,
        tx: &mut Tx,
        desk: &Desk,
        first: &MailAddress,
    ) -> Result<Option<Problem>, Fault> {
        let second = self.second_email.as_ref();
        if second == Some(first) {
            return Ok(Some(Problem::new("email-second-same")));
        }
        let silent = depends(tx, desk, (first, second)).await?;
        Ok(silent.then(|| {
            Problem::new(if second.is_some() {
                "contact-second-hosted-here"
            } else {
                "contact-needs-second"
            })
        }))
    }
}

/// Asks a second address whether it wants to be this new login's.
async fn confirm_second(
    door: &mut Door<'_>,
    user: UserId,
    second: &MailAddress,
) -> Result<(), Refusal> {
    let (tools, now) = (door.tools().clone(), door.now());
    let (desk, rng) = (Desk::of(&tools)?, tools.rng.as_ref());
    let tx = door.tx();
    let user = users::find(tx, user).await?.ok_or(Refusal::NotFound)?;
    let wanted = Addresses {
        first: user.email.clone(),
        second: Some(second.clone()),
    };
    let change = AddressChange::asked(ChangeId::new(now, rng), &user, wanted, now);
    changes::insert(tx, &change).await?;
    Ok(letter::ask(tx, &desk, (&user, &change), true, (now, rng)).await?)
}

impl Command for AcceptInvitation {
    const NAME: &'static str = "member.accept";
    const PERMISSION: Permission = Permission::MemberWrite;
    const PREPARES: bool = true;
    type Output = Accepted;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let desk = Desk::of(with.tools)?;
        let mut tx = with.store.read().await?;
        let (invitation, known) = open(&mut tx, &self.token, with.tools.clock.now()).await?;
        if known.is_some() {
            return Ok(());
        }
        let first = &invitation.email;
        let second = self.check_second(&mut tx, &desk, first).await?;
        tx.rollback().await?;
        let mut errors = wabe_kernel::FieldErrors::default();
        if let Some(problem) = second {
            errors.add("second_email", problem);
        }
        if self.name.is_none() {
            errors.add("name", Problem::new("required"));
        }
        let email = invitation.email.to_string();
        let name = self.name.as_ref().map_or("", PersonName::as_str);
        match &self.password {
            None => errors.add("password", Problem::new("required")),
            Some(password) => {
                let beside = desk.profile.factor_for_all();
                let checked = desk
                    .passwords
                    .check_beside(beside, password, &[name, &email]);
                if let Err(problem) = checked {
                    errors.add("password", problem);
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
        if let Some(password) = &self.password {
            self.hash = Some(desk.passwords.hash(password, HashFor::Panel).await?);
        }
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Accepted, Refusal> {
        let (now, customer) = (door.now(), door.customer());
        door.tx().unscope().await?;
        let (invitation, known) = open(door.tx(), &self.token, now).await?;
        if invitation.customer != customer {
            return Err(Refusal::NotFound);
        }
        let hash = digest(self.token.expose());
        if !store::use_up(door.tx(), customer, &hash, now).await? {
            return Err(Refusal::NotFound);
        }
        let user = self.user(door, &invitation, known).await?;
        door.tx().rescope().await?;
        let place = Member {
            id: MemberId::new(now, door.rng()),
            user,
            role: invitation.role,
            created_at: now,
        };
        if !member::insert(door.tx(), customer, &place).await? {
            return Err(Refusal::Conflict("already-member"));
        }
        let object = Object {
            kind: "member",
            id: place.id.to_string(),
            name: invitation.email.to_string(),
        };
        let after = json!({ "user": user, "email": invitation.email, "role": place.role });
        door.record(object, Value::Null, after);
        Ok(Accepted { id: place.id, user })
    }
}

impl Identity {
    /// What an invitation's link leads to; nothing when it does not work.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn invitation(&self, token: &Secret) -> Result<Option<InvitationView>, Fault> {
        let mut tx = self.store.read().await?;
        let opened = open(&mut tx, token, self.clock().now()).await;
        let view = match opened {
            Ok((invitation, known)) => {
                let found = customer::find(&mut tx, invitation.customer).await?;
                let known_user = known.is_some();
                let alone = (&invitation.email, None);
                Some(InvitationView {
                    customer_name: found.map(|found| found.name).unwrap_or_default(),
                    known_user,
                    needs_second: !known_user && depends(&mut tx, &self.desk, alone).await?,
                    invitation,
                })
            }
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(_void) => None,
        };
        tx.rollback().await?;
        Ok(view)
    }

    /// Accepts an invitation; a new user also brings `name`, `password` and `language`. Logs nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work, `Invalid`, `Busy`, `Conflict` with `already-member`.
    pub async fn accept_invitation(
        &self,
        gate: &Gate,
        command: AcceptInvitation,
    ) -> Result<Accepted, Refusal> {
        let mut tx = self.store.read().await?;
        let opened = open(&mut tx, &command.token, self.clock().now()).await;
        tx.rollback().await?;
        let customer: CustomerId = opened?.0.customer;
        let actor = Actor::system(customer);
        Ok(gate.run(&actor, command, Mode::Commit).await?.output)
    }
}

impl AcceptInvitation {
    /// An acceptance by somebody who is known already.
    #[must_use]
    pub const fn of(token: Secret) -> Self {
        Self {
            token,
            name: None,
            password: None,
            language: None,
            second_email: None,
            hash: None,
        }
    }

    /// An acceptance by somebody new.
    #[must_use]
    pub const fn new(
        token: Secret,
        name: PersonName,
        password: Secret,
        language: Language,
    ) -> Self {
        Self {
            token,
            name: Some(name),
            password: Some(password),
            language: Some(language),
            second_email: None,
            hash: None,
        }
    }

    /// The same with a second address.
    #[must_use]
    pub fn with_second(self, second_email: Option<MailAddress>) -> Self {
        Self {
            second_email,
            ..self
        }
    }
}
