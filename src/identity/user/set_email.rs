//! Asking for another address to log in with.
//!
//! Nothing of the login changes before what is new was confirmed by mail. The answer is the same
//! whether the address is free or somebody else's, who then learns of it by mail. Source: bar 3.4 T4.

use crate::address_change::model::{AddressChange, Addresses};
use crate::address_change::{follow, letter, store as changes};
use crate::customer::set_contact::check_contact;
use crate::desk::Desk;
use crate::lockout::rate;
use crate::lockout::throttle::{self, Subject};
use crate::recovery::store::{self as links, LinkKind};
use crate::user::model::User;
use crate::user::store;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::command::Preparing;
use wabe_access::{ActorKind, Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::id::ChangeId;
use wabe_kernel::{MailAddress, Problem, Secret, Timestamp, fields};

/// Requests an hour of one user.
const PER_HOUR: i64 = 3;

fields! {
    /// Asks for another login address. It is in force once the link that is mailed to it was followed;
    /// the address until now gets a link that takes it back for 72 hours. An address whose mail is kept
    /// here needs a second one elsewhere, which is confirmed too.
    pub struct SetEmail {
        /// What one wants to log in with.
        pub email: MailAddress,
        /// A second address, where the first depends on what is hosted here.
        pub second_email: Option<MailAddress>,
        /// The owner's password; only API tokens need it.
        pub password: Option<Secret>,
    }
}

/// What was asked for; the same whether the address is free or not.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EmailAsked {
    /// What one wants to log in with.
    pub email: MailAddress,
    /// The second address.
    pub second_email: Option<MailAddress>,
    /// Until when the mailed links work; null when nothing needed to be confirmed and it is in force.
    pub confirm_until: Option<Timestamp>,
}

/// Whoever holds a token need not be its owner, and must not take their login over.
async fn prove_owner(with: &Preparing<'_>, password: Option<&Secret>) -> Result<(), Refusal> {
    let ActorKind::Token(token) = with.actor.kind else {
        return Ok(());
    };
    let owner = with.actor.user.ok_or(Refusal::Forbidden)?;
    let wrong = |code| Refusal::field("password", Problem::new(code));
    let password = password.ok_or_else(|| wrong("required"))?;
    let desk = Desk::of(with.tools)?;
    let slot = desk.passwords.enter(false).await?;
    let (subject, now) = (Subject::token(token), with.tools.clock.now());
    let rules = (desk.profile, desk.passwords.pepper().as_ref());
    let mut tx = with.store.write().await?;
    let count = throttle::count(&mut tx, rules, &subject, password, now).await?;
    let known = store::credential(&mut tx, owner).await?;
    tx.commit().await?;
    let hash = known.as_ref().and_then(|known| known.hash.as_deref());
    let verified = desk.passwords.verify_in(slot, password, hash).await?;
    if !(verified.ok && count.admitted) {
        return Err(wrong("password-wrong"));
    }
    let mut tx = with.store.write().await?;
    throttle::reset(&mut tx, &subject).await?;
    Ok(tx.commit().await?)
}

impl SetEmail {
    fn wanted(&self) -> Addresses {
        Addresses {
            first: self.email.clone(),
            second: self.second_email.clone(),
        }
    }

    /// What the person can mend before anything is sent.
    fn check(&self, user: &User) -> Result<(), Refusal> {
        let refused = |field, code| Err(Refusal::field(field, Problem::new(code)));
        if self.wanted() == Addresses::of(user) {
            return refused("email", "email-unchanged");
        }
        if self.second_email.as_ref() == Some(&self.email) {
            return refused("second_email", "email-second-same");
        }
        Ok(())
    }
}

impl Command for SetEmail {
    const NAME: &'static str = "user.set_email";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    const PREPARES: bool = true;
    type Output = EmailAsked;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        prove_owner(with, self.password.as_ref()).await
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<EmailAsked, Refusal> {
        let id = door.actor().user.ok_or(Refusal::Forbidden)?;
        check_contact(
            door,
            "second_email",
            &self.email,
            self.second_email.as_ref(),
        )
        .await?;
        let (tools, now) = (door.tools().clone(), door.now());
        let (desk, rng) = (Desk::of(&tools)?, tools.rng.as_ref());
        let tx = door.tx();
        tx.unscope().await?;
        let user = store::find(tx, id).await?.ok_or(Refusal::NotFound)?;
        self.check(&user)?;
        let change = AddressChange::asked(ChangeId::new(now, rng), &user, self.wanted(), now);
        for kind in [LinkKind::Email, LinkKind::SecondEmail] {
            links::supersede(tx, id, kind, now).await?;
        }
        changes::insert(tx, &change).await?;
        let open = change.open();
        if open.is_empty() {
            follow::come_into_force(tx, &desk, (&user, &change), (now, rng)).await?;
        } else {
            let pepper = desk.passwords.pepper();
            let own = ("email change", id.to_string());
            if !rate::allows(tx, pepper, (own.0, &own.1), PER_HOUR, now).await? {
                return Err(Refusal::field("email", Problem::new("email-too-often")));
            }
            let free = store::is_free(tx, &self.email, id, now).await?;
            letter::ask(tx, &desk, (&user, &change), free, (now, rng)).await?;
        }
        tx.rescope().await?;
        let object = Object {
            kind: "user",
            id: id.to_string(),
            name: user.name.to_string(),
        };
        let before = json!({ "email": user.email, "second_email": user.second_email });
        let after = json!({
            "email": user.email, "second_email": user.second_email,
            "wanted_email": self.email, "wanted_second_email": self.second_email,
        });
        door.record(object, before, after);
        let until = now.plus_seconds(LinkKind::Email.seconds());
        Ok(EmailAsked {
            email: self.email.clone(),
            second_email: self.second_email.clone(),
            confirm_until: (!open.is_empty()).then_some(until),
        })
    }
}
