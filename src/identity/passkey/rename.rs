//! Calling a passkey something else.

use crate::factor::enrol_totp::oneself;
use crate::passkey::add::shown;
use crate::passkey::store;
use crate::user::disable::object;
use crate::user::store as users;
use wabe_access::{Command, Door, Permission, Refusal};
use wabe_kernel::id::PasskeyId;
use wabe_kernel::{Line, fields};

fields! {
    /// Gives one of one's passkeys another name.
    pub struct RenamePasskey {
        /// Which one.
        pub id: PasskeyId,
        /// What to call it.
        pub label: Line,
    }
}

impl Command for RenamePasskey {
    const NAME: &'static str = "user.rename_passkey";
    const PERMISSION: Permission = Permission::SelfWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let user = oneself(door)?;
        let tx = door.tx();
        tx.unscope().await?;
        let before = store::list(tx, user).await?;
        if !store::rename(tx, (self.id, user), &self.label).await? {
            return Err(Refusal::NotFound);
        }
        let after = store::list(tx, user).await?;
        let user = users::find(tx, user).await?.ok_or(Refusal::NotFound)?;
        tx.rescope().await?;
        door.record(object(&user), shown(&before), shown(&after));
        Ok(())
    }
}
