//! Confirming an address by the link that was mailed to it.

use crate::address_change::follow::{self, Followed};
use crate::address_change::model::Addresses;
use crate::address_change::store as changes;
use crate::desk::Desk;
use crate::recovery::store::{self as links, LinkKind};
use crate::secret_token::digest;
use crate::user::store;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::{MailAddress, Secret, fields};

fields! {
    /// Confirms an address of a change that somebody asked for. Once all are confirmed it is in force.
    pub struct ConfirmEmail {
        /// The link's secret.
        pub token: Secret,
    }
}

impl ConfirmEmail {
    /// A confirmation with a link's secret.
    #[must_use]
    pub const fn of(token: Secret) -> Self {
        Self { token }
    }
}

/// What a link brought about.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EmailConfirmed {
    /// The addresses whose links are still to be followed; none when the change is in force.
    pub open: Vec<MailAddress>,
}

impl Command for ConfirmEmail {
    const NAME: &'static str = "user.confirm_email";
    const PERMISSION: Permission = Permission::SelfWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = EmailConfirmed;

    async fn apply(&self, door: &mut Door<'_>) -> Result<EmailConfirmed, Refusal> {
        let (tools, now) = (door.tools().clone(), door.now());
        let (desk, rng) = (Desk::of(&tools)?, tools.rng.as_ref());
        let tx = door.tx();
        tx.unscope().await?;
        let hash = digest(self.token.expose());
        let found = follow::find(tx, &hash, now).await?;
        let Some(Followed::Confirms { change, second, .. }) = found else {
            return Err(Refusal::NotFound);
        };
        // The link is used up in one statement: of many who come at once, one gets further.
        if links::use_up(tx, &hash, now).await? != Some(change.user) {
            return Err(Refusal::NotFound);
        }
        changes::confirm(tx, change.id, second, now).await?;
        let change = changes::find(tx, change.id).await?;
        let change = change.ok_or(Refusal::NotFound)?;
        let user = store::find(tx, change.user).await?;
        let user = user.ok_or(Refusal::NotFound)?;
        let open = change.open();
        if open.is_empty() {
            follow::come_into_force(tx, &desk, (&user, &change), (now, rng)).await?;
        }
        tx.rescope().await?;
        let object = Object {
            kind: "user",
            id: user.id.to_string(),
            name: user.name.to_string(),
        };
        let shown =
            |known: &Addresses| json!({ "email": known.first, "second_email": known.second });
        let after = if open.is_empty() {
            shown(&change.new)
        } else {
            shown(&change.old)
        };
        door.record(object, shown(&change.old), after);
        Ok(EmailConfirmed { open })
    }
}

impl LinkKind {
    /// Whether it confirms an address, and whether the second one.
    pub(crate) const fn confirms(self) -> Option<bool> {
        match self {
            Self::Email => Some(false),
            Self::SecondEmail => Some(true),
            _ => None,
        }
    }
}
