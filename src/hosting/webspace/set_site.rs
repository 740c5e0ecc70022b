//! `webspace.set_document_root`, `set_https_redirect`, `set_quota`, `set_full_addresses`, `set_php`

use crate::webspace::{model::Webspace, store};
use serde_json::{Value, json};
use wabe_access::command::House;
use wabe_access::{Command, Door, InTickets, Inverse, Permission, Refusal, plan};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{PhpVersion, Problem, Quota, RelPath, fields};

/// Days that full addresses may be logged by one instruction.
const FULL_ADDRESS_DAYS: i64 = 7;

/// The webspace as it is before a change, for a command that may touch it.
pub(crate) async fn before(door: &mut Door<'_>, id: WebspaceId) -> Result<Webspace, Refusal> {
    let customer = door.customer();
    let house = door.tools().house.clone();
    let found = store::find(door.tx(), customer, id, &house).await?;
    found.standing.present()?;
    Ok(found)
}

/// Wishes, records, and answers the webspace as it is now.
pub(crate) async fn after(door: &mut Door<'_>, before: &Webspace) -> Result<Webspace, Refusal> {
    let customer = door.customer();
    let house = door.tools().house.clone();
    door.wish(&before.id.to_string()).await?;
    let after = store::find(door.tx(), customer, before.id, &house).await?;
    door.record(after.object(), before.snapshot(), after.snapshot());
    Ok(after)
}

/// The inverse of a command that sets one field: the same command with the value before.
pub(crate) fn back(command: &'static str, field: &str, before: &Value) -> Option<Inverse> {
    let mut input = json!({ "id": before.get("id")? });
    input
        .as_object_mut()?
        .insert(field.to_owned(), before.get(field)?.clone());
    Some(Inverse::new(command, input))
}

fields! {
    /// Serves another folder.
    pub struct SetDocumentRoot {
        /// Which webspace.
        pub id: WebspaceId,
        /// The folder, beneath the webspace's own; that one itself when absent.
        pub document_root: Option<RelPath>,
    }
}

impl Command for SetDocumentRoot {
    const NAME: &'static str = "webspace.set_document_root";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        let root = self.document_root.clone().unwrap_or_default();
        store::set_root(door.tx(), customer, self.id, &root).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "document_root", before)
    }
}

fields! {
    /// Sends plain HTTP on to HTTPS, or not.
    pub struct SetHttpsRedirect {
        /// Which webspace.
        pub id: WebspaceId,
        /// Whether it is sent on.
        pub https_redirect: bool,
    }
}

impl Command for SetHttpsRedirect {
    const NAME: &'static str = "webspace.set_https_redirect";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        store::set_redirect(door.tx(), customer, self.id, self.https_redirect).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "https_redirect", before)
    }
}

fields! {
    /// Gives a webspace more room, or less. What is in it stays.
    pub struct SetWebspaceQuota {
        /// Which webspace.
        pub id: WebspaceId,
        /// The most its files may take, in bytes.
        pub quota_bytes: Quota,
    }
}

impl Command for SetWebspaceQuota {
    const NAME: &'static str = "webspace.set_quota";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        crate::move_storage(door, was.quota_bytes, self.quota_bytes.bytes()).await?;
        store::set_quota(door.tx(), customer, self.id, self.quota_bytes).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "quota_bytes", before)
    }
}

fields! {
    /// Instructs the hoster to log full addresses of visitors for seven days, or to stop.
    pub struct SetFullAddresses {
        /// Which webspace.
        pub id: WebspaceId,
        /// Whether full addresses are logged.
        pub full_addresses: bool,
    }
}

impl Command for SetFullAddresses {
    const NAME: &'static str = "webspace.set_full_addresses";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        let until = self
            .full_addresses
            .then_some(door.now().plus_days(FULL_ADDRESS_DAYS));
        store::set_full_addresses(door.tx(), customer, self.id, until).await?;
        after(door, &was).await
    }
}

fields! {
    /// Runs the PHP of a webspace with another version, or not at all.
    pub struct SetPhp {
        /// Which webspace.
        pub id: WebspaceId,
        /// The version, one of those that are offered; no PHP when absent.
        pub php: Option<PhpVersion>,
    }
}

impl SetPhp {
    /// Only what the node has and the plan allows can be had; to be without is always possible.
    async fn check(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let Some(version) = self.php else {
            return Ok(());
        };
        if !door.tools().house.php.contains(&version) {
            return Err(Refusal::field("php", Problem::new("php-not-offered")));
        }
        let customer = door.customer();
        let allowed = plan::allows_php(door.tx(), customer).await?;
        if allowed {
            Ok(())
        } else {
            Err(Refusal::Conflict("php-not-in-plan"))
        }
    }
}

impl Command for SetPhp {
    const NAME: &'static str = "webspace.set_php";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    fn possible(house: &House) -> bool {
        !house.php.is_empty()
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        self.check(door).await?;
        store::set_php(door.tx(), customer, self.id, self.php).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "php", before)
    }
}
