//! Taking an authenticator app away.

use crate::desk::Desk;
use crate::factor::enrol_totp::oneself;
use crate::factor::{demand, letter, store};
use crate::outbox::MailKind;
use serde_json::json;
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::fields;

fields! {
    /// Takes one's authenticator app away. Whoever must have a second factor keeps the last one.
    pub struct RemoveTotp {}
}

impl Command for RemoveTotp {
    const NAME: &'static str = "user.remove_totp";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let user = oneself(door)?;
        let (tools, now) = (door.tools().clone(), door.now());
        let desk = Desk::of(&tools)?;
        let tx = door.tx();
        tx.unscope().await?;
        if !store::standing(tx, user).await?.totp {
            return Err(Refusal::NotFound);
        }
        store::remove_totp(tx, user).await?;
        if !store::standing(tx, user).await?.any() {
            if demand::of(tx, &desk, user).await?.is_some() {
                return Err(Refusal::Conflict("last-factor"));
            }
            store::remove_codes(tx, user).await?;
        }
        let object = letter::tell(tx, &desk, (user, MailKind::FactorRemoved), now).await?;
        tx.rescope().await?;
        door.record(object, json!({ "totp": true }), json!({ "totp": false }));
        Ok(())
    }
}
