//! Stopping it: in the portal by `erasure.stop`, with the link in a letter, or by switching the customer on
//! again.

use crate::desk::Desk;
use crate::erasure::model::{Ending, Waiting};
use crate::erasure::{letter, store};
use crate::identity::Identity;
use crate::outbox::MailKind;
use crate::recovery::store as links;
use crate::secret_token::digest;
use crate::staff::letter::{About, tell};
use serde_json::json;
use wabe_access::customer::{self, Customer};
use wabe_access::{ActorKind, Command, Door, Object, Permission, Refusal, Role, member};
use wabe_audit::Subject as Noted;
use wabe_kernel::id::{CustomerId, ErasureId};
use wabe_kernel::{Fault, Secret, Timestamp, fields};
use wabe_store::Tx;

fields! {
    /// Stops that everything of this customer is removed, which two people of the hoster agreed to. Only
    /// owners do, until it begins; every address of each of them is told, and so is whoever asked and agreed.
    pub struct StopErasure {
        /// Which one.
        pub id: ErasureId,
    }
}

/// Ends it, and tells whoever was told that it comes, in a transaction of the system.
///
/// # Errors
/// `NotFound` when somebody was faster, or it began.
async fn off(
    tx: &mut Tx,
    desk: &Desk,
    (waiting, name): (&Waiting, &str),
    (ending, now): (Ending, Timestamp),
) -> Result<(), Refusal> {
    if !store::stop(tx, waiting.id, ending, now).await? {
        return Err(Refusal::NotFound);
    }
    links::void_erasure_keep(tx, waiting.id, now).await?;
    Ok(letter::off(tx, desk, (waiting.customer, name), now).await?)
}

/// An owner says no: colleagues are told, too.
async fn stop(
    tx: &mut Tx,
    desk: &Desk,
    (waiting, name): (&Waiting, &str),
    now: Timestamp,
) -> Result<(), Refusal> {
    off(tx, desk, (waiting, name), (Ending::Stopped, now)).await?;
    for colleague in [waiting.asked_by, waiting.agreed_by] {
        let about = About {
            kind: MailKind::ApprovalStopped,
            object: name,
            message: "",
        };
        tell(tx, desk, colleague, &about).await?;
    }
    Ok(())
}

/// What the customer is called.
async fn name(tx: &mut Tx, id: CustomerId) -> Result<String, Refusal> {
    let found = customer::find(tx, id).await?;
    Ok(found.ok_or(Refusal::NotFound)?.name)
}

/// Calls off what waits for a customer that is switched on again. In a transaction of the system.
///
/// # Errors
/// `Conflict` when it began: there is no way back from then on.
pub(crate) async fn resumed(
    tx: &mut Tx,
    desk: &Desk,
    customer: &Customer,
    now: Timestamp,
) -> Result<(), Refusal> {
    if customer.erasing_at.is_some() {
        return Err(Refusal::Conflict("customer-erased"));
    }
    let Some(waiting) = store::waiting(tx, customer.id).await? else {
        return Ok(());
    };
    let about = (&waiting, customer.name.as_str());
    off(tx, desk, about, (Ending::Resumed, now)).await
}

impl Command for StopErasure {
    const NAME: &'static str = "erasure.stop";
    const PERMISSION: Permission = Permission::MemberWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        // What two people of the hoster decided, a person stops.
        let person = door.actor().kind == ActorKind::Member;
        let user = door.actor().user.filter(|_| person);
        let user = user.ok_or(Refusal::Forbidden)?;
        let (customer, now) = (door.customer(), door.now());
        let desk = Desk::of(door.tools())?;
        let tx = door.tx();
        if member::role(tx, user, customer).await? != Some(Role::Owner) {
            return Err(Refusal::Forbidden);
        }
        let name = name(tx, customer).await?;
        tx.unscope().await?;
        let found = store::find_waiting(tx, self.id).await?;
        let found = found.filter(|found| found.customer == customer);
        let waiting = found.ok_or(Refusal::NotFound)?;
        stop(tx, &desk, (&waiting, &name), now).await?;
        tx.rescope().await?;
        let object = Object {
            kind: "customer",
            id: customer.to_string(),
            name,
        };
        door.record(
            object,
            json!({ "erasure_due_at": waiting.due_at }),
            json!({ "erasure_due_at": null }),
        );
        Ok(())
    }
}

impl Identity {
    /// Whether a link still stops something; for the page that asks.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn keeps_customer(&self, token: &Secret) -> Result<bool, Fault> {
        let now = self.clock().now();
        let mut tx = self.store.read().await?;
        let link = links::keeps_customer(&mut tx, &digest(token.expose()), now).await?;
        let waits = match link {
            Some((_, id)) => store::find_waiting(&mut tx, id).await?,
            None => None,
        };
        tx.rollback().await?;
        Ok(waits.is_some())
    }

    /// Stops what a letter told of, and tells every address of every owner, who asked and who agreed. Logs
    /// nobody in.
    ///
    /// # Errors
    /// `NotFound` when the link does not work (any more), or nothing is left to be stopped.
    pub async fn keep_customer(&self, token: &Secret) -> Result<(), Refusal> {
        let (hash, now) = (digest(token.expose()), self.clock().now());
        let mut tx = self.store.write().await?;
        let link = links::keeps_customer(&mut tx, &hash, now).await?;
        let (user, id) = link.ok_or(Refusal::NotFound)?;
        let found = store::find_waiting(&mut tx, id).await?;
        let waiting = found.ok_or(Refusal::NotFound)?;
        let name = name(&mut tx, waiting.customer).await?;
        stop(&mut tx, &self.desk, (&waiting, &name), now).await?;
        self.note(
            &mut tx,
            "customer.erasure-stopped",
            Noted::User(user),
            (None, None),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}
