//! Taking a passkey away.

use crate::desk::Desk;
use crate::factor::enrol_totp::oneself;
use crate::factor::{demand, letter, store as factors};
use crate::outbox::MailKind;
use crate::passkey::add::shown;
use crate::passkey::store;
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::PasskeyId;

fields! {
    /// Takes one of one's passkeys away. Whoever must have a second factor keeps the last one.
    pub struct RemovePasskey {
        /// Which one.
        pub id: PasskeyId,
    }
}

impl Command for RemovePasskey {
    const NAME: &'static str = "user.remove_passkey";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let user = oneself(door)?;
        let (desk, now) = (Desk::of(door.tools())?, door.now());
        let tx = door.tx();
        tx.unscope().await?;
        let before = store::list(tx, user).await?;
        if !store::remove(tx, self.id, user).await? {
            return Err(Refusal::NotFound);
        }
        if !factors::standing(tx, user).await?.any() {
            if demand::of(tx, &desk, user).await?.is_some() {
                return Err(Refusal::Conflict("last-factor"));
            }
            factors::remove_codes(tx, user).await?;
        }
        let object = letter::tell(tx, &desk, (user, MailKind::FactorRemoved), now).await?;
        let after = store::list(tx, user).await?;
        tx.rescope().await?;
        door.record(object, shown(&before), shown(&after));
        Ok(())
    }
}
