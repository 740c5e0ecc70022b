//! `user.set_phone_pin`

use crate::desk::Desk;
use crate::factor::enrol_totp::oneself;
use crate::factor::letter;
use crate::outbox::MailKind;
use crate::phone_pin::{rules, store};
use serde_json::json;
use wabe_access::command::{HashFor, Hashing as _, Preparing};
use wabe_access::{ActorKind, Command, Door, Permission, Refusal, Risk};
use wabe_kernel::{Secret, fields};

fields! {
    /// Sets one's own telephone PIN, or another in its place; that ends a lock. It is never shown again.
    pub struct SetPhonePin {
        /// Six to twelve digits that nobody guesses.
        pub pin: Secret,
    }
    prepared {
        hash: Option<String>,
    }
}

impl Command for SetPhonePin {
    const NAME: &'static str = "user.set_phone_pin";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    const PREPARES: bool = true;
    type Output = ();

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        if matches!(with.actor.kind, ActorKind::Token(_)) {
            return Err(Refusal::Forbidden);
        }
        let pin = rules::plain(&self.pin);
        rules::check(&pin).map_err(|problem| Refusal::field("pin", problem))?;
        let desk = Desk::of(with.tools)?;
        self.hash = Some(desk.passwords.hash(&pin, HashFor::Panel).await?);
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let user = oneself(door)?;
        let desk = Desk::of(door.tools())?;
        let hash = self.hash.as_deref();
        let hash = hash.ok_or(wabe_kernel::Fault::new("prepare a telephone PIN"))?;
        let now = door.now();
        let tx = door.tx();
        tx.unscope().await?;
        let before = store::standing(tx, user, now).await?;
        store::set(tx, user, hash, now).await?;
        let object = letter::tell(tx, &desk, (user, MailKind::PhonePinSet), now).await?;
        tx.rescope().await?;
        let set_at = before.map(|standing| standing.set_at);
        let before = json!({ "phone_pin": set_at.is_some(), "phone_pin_set_at": set_at });
        let after = json!({ "phone_pin": true, "phone_pin_set_at": now });
        door.record(object, before, after);
        Ok(())
    }
}
