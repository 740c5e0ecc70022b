//! New recovery codes in place of the old ones.

use crate::desk::Desk;
use crate::factor::enrol_totp::{Enrolled, oneself};
use crate::factor::{letter, recovery_code, store};
use crate::outbox::MailKind;
use serde_json::json;
use wabe_access::{Command, Door, Permission, Refusal, Risk};
use wabe_kernel::fields;

fields! {
    /// Makes one's recovery codes anew; the old ones are void.
    pub struct RenewCodes {}
}

impl Command for RenewCodes {
    const NAME: &'static str = "user.renew_recovery_codes";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = Enrolled;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Enrolled, Refusal> {
        let user = oneself(door)?;
        let (tools, now) = (door.tools().clone(), door.now());
        let desk = Desk::of(&tools)?;
        let tx = door.tx();
        tx.unscope().await?;
        let before = store::standing(tx, user).await?;
        if !before.any() {
            return Err(Refusal::Conflict("factor-first"));
        }
        let codes = recovery_code::renew(tx, user, (now, tools.rng.as_ref())).await?;
        let object = letter::tell(tx, &desk, (user, MailKind::RecoveryCodesRenewed), now).await?;
        tx.rescope().await?;
        let shown = |codes: i64| json!({ "recovery_codes": codes });
        let many = i64::try_from(codes.len()).unwrap_or(0);
        door.record(object, shown(before.codes), shown(many));
        Ok(Enrolled::with(&codes))
    }
}
