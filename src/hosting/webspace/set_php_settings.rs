//! `webspace.set_php_settings`

use crate::webspace::model::Webspace;
use crate::webspace::rule_store;
use crate::webspace::set_site::{after, back, before};
use serde_json::Value;
use wabe_access::{Command, Door, Inverse, Permission, Refusal, Scope, plan};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{PhpRow, PhpSettings, PhpValues, fields};
use wabe_store::Tx;

fields! {
    /// Says what the PHP of a webspace runs with, within the plan. All of it at once: what is not named is as usual
    /// again.
    pub struct SetPhpSettings {
        /// Which webspace.
        pub id: WebspaceId,
        /// Each setting by its name; a dot of PHP's is an underscore.
        pub php_settings: PhpSettings,
    }
}

impl SetPhpSettings {
    /// Only what the plan allows.
    async fn check(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let customer = door.customer();
        let most = plan::php_ceiling(door.tx(), customer).await?;
        let beyond = |problem| Refusal::field("php_settings", problem);
        most.holds(&self.php_settings).map_err(beyond)
    }
}

impl Command for SetPhpSettings {
    const NAME: &'static str = "webspace.set_php_settings";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        self.check(door).await?;
        rule_store::set_php_settings(door.tx(), (customer, self.id), &self.php_settings).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "php_settings", before)
    }
}

/// What the PHP of this webspace runs with, and who decided about each value.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn php_rows(
    tx: &mut Tx,
    scope: &Scope,
    settings: &PhpSettings,
) -> Result<Vec<PhpRow>, Refusal> {
    scope.needs(Permission::WebspaceRead)?;
    let most = plan::php_ceiling(tx, scope.customer()).await?;
    Ok(PhpValues::rows(settings, &most))
}
