//! Setting up an authenticator app.

use crate::desk::Desk;
use crate::factor::{letter, recovery_code, store, totp};
use crate::outbox::MailKind;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::{ActorKind, Command, Door, Permission, Refusal, Risk};
use wabe_kernel::id::UserId;
use wabe_kernel::{Problem, Secret, fields};

fields! {
    /// Sets up the app whose secret was shown, by its first code. Takes the place of an earlier app.
    pub struct EnrolTotp {
        /// The code that the app shows now.
        pub code: Secret,
    }
}

/// What somebody has to keep.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Enrolled {
    /// The recovery codes, shown once; none when there are some already.
    pub recovery_codes: Vec<String>,
}

impl Enrolled {
    /// Shows these codes, once.
    pub(crate) fn with(codes: &[Secret]) -> Self {
        let shown = codes.iter().map(|code| code.expose().to_owned());
        Self {
            recovery_codes: shown.collect(),
        }
    }
}

/// Whose own affair this is. A token is no person.
pub(crate) fn oneself(door: &Door<'_>) -> Result<UserId, Refusal> {
    if matches!(door.actor().kind, ActorKind::Token(_)) {
        return Err(Refusal::Forbidden);
    }
    door.actor().user.ok_or(Refusal::Forbidden)
}

impl Command for EnrolTotp {
    const NAME: &'static str = "user.enrol_totp";
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
        let pending = totp::pending(tx, desk.passwords.pepper(), user, now).await?;
        let pending = pending.ok_or(Refusal::Conflict("enrolment-over"))?;
        let wrong = || Refusal::field("code", Problem::new("code-wrong"));
        let typed = pending.step_typed(&self.code, (now, desk.profile.totp_drift_steps))?;
        let step = typed.ok_or_else(wrong)?;
        if !store::enrol(tx, user, step, now).await? {
            return Err(Refusal::Conflict("enrolment-over"));
        }
        let codes = if before.codes == 0 {
            recovery_code::renew(tx, user, (now, tools.rng.as_ref())).await?
        } else {
            Vec::new()
        };
        let object = letter::tell(tx, &desk, (user, MailKind::FactorAdded), now).await?;
        let after = store::standing(tx, user).await?;
        tx.rescope().await?;
        let shown =
            |known: store::Standing| json!({ "totp": known.totp, "recovery_codes": known.codes });
        door.record(object, shown(before), shown(after));
        Ok(Enrolled::with(&codes))
    }
}
