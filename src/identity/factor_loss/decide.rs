//! `user.approve_factor_loss`, `user.refuse_factor_loss`: somebody of the hoster decides, with a fresh
//! second factor of their own, and never about themselves or somebody of a customer of theirs.

use crate::desk::Desk;
use crate::factor::store as factors;
use crate::factor_loss::letter;
use crate::factor_loss::store::{self, Ending, Loss};
use crate::lockout::store::device_revoke_all;
use crate::outbox::MailKind;
use crate::passkey::store as passkeys;
use crate::recovery::store::{self as links, LinkKind};
use crate::session::store as sessions;
use crate::staff::request::judge;
use crate::token::end as tokens;
use crate::user::disable::{dealt_with, object};
use crate::user::model::User;
use serde_json::{Value, json};
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Permission, Refusal, Risk, member};
use wabe_kernel::id::{CustomerId, UserId};
use wabe_kernel::{Fault, fields};
use wabe_store::Tx;

fields! {
    /// Takes somebody's second factor and recovery codes away, after they said that all of it is lost and
    /// 72 hours went by in which nobody who reads their addresses stopped it. Ends all sessions, makes all
    /// devices unknown and revokes all API tokens. The purpose says how the person was recognised.
    pub struct ApproveFactorLoss {
        /// Whose.
        pub id: UserId,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

fields! {
    /// Leaves somebody's second factor as it is, although they said that it is lost. The purpose says why,
    /// and they read it.
    pub struct RefuseFactorLoss {
        /// Whose.
        pub id: UserId,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

/// In whose record the decision is written.
async fn customer_of(with: &Preparing<'_>, id: UserId) -> Result<Option<CustomerId>, Refusal> {
    let mut tx = with.store.read().await?;
    let found = store::open_of(&mut tx, id).await?;
    tx.rollback().await?;
    let found = found.ok_or(Refusal::NotFound)?;
    Ok(Some(found.customer))
}

/// A request on its way to a decision.
struct Case {
    loss: Loss,
    user: User,
    by: UserId,
    reason: String,
}

/// Whether both belong to one customer. Whoever knows a password there could report its factor lost, and be
/// the second person to that as well. In a transaction of the system.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn share_a_customer(
    tx: &mut Tx,
    one: UserId,
    other: UserId,
) -> Result<bool, Fault> {
    for (customer, _role) in member::of_user(tx, one).await? {
        if member::role(tx, other, customer).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The open request, for whoever may decide it: a person of the hoster who is not whose factor it is, and
/// belongs to no customer of theirs.
async fn case(door: &mut Door<'_>, id: UserId) -> Result<Case, Refusal> {
    let (by, reason) = judge(door)?;
    if by == id {
        return Err(Refusal::Conflict("yourself"));
    }
    let user = dealt_with(door, id).await?;
    let loss = store::open_of(door.tx(), id)
        .await?
        .ok_or(Refusal::NotFound)?;
    if loss.customer != door.customer() {
        return Err(Refusal::NotFound);
    }
    if share_a_customer(door.tx(), id, by).await? {
        return Err(Refusal::Conflict("own-customer"));
    }
    Ok(Case {
        loss,
        user,
        by,
        reason,
    })
}

async fn end(door: &mut Door<'_>, case: &Case, ending: Ending) -> Result<(), Refusal> {
    let now = door.now();
    let by = (case.by, case.reason.as_str());
    if !store::decide(door.tx(), case.loss.id, ending, by, now).await? {
        return Err(Refusal::NotFound);
    }
    Ok(links::supersede(door.tx(), case.user.id, LinkKind::FactorKeep, now).await?)
}

fn shown(standing: factors::Standing, ending: &str) -> Value {
    json!({
        "totp": standing.totp,
        "passkeys": standing.passkeys,
        "recovery_codes": standing.codes,
        "factor_loss": ending,
    })
}

impl Command for ApproveFactorLoss {
    const NAME: &'static str = "user.approve_factor_loss";
    const PERMISSION: Permission = Permission::HosterWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let case = case(door, self.id).await?;
        let now = door.now();
        if !case.loss.is_due(now) {
            return Err(Refusal::Conflict("factor-loss-waits"));
        }
        end(door, &case, Ending::Approved).await?;
        let desk = Desk::of(door.tools())?;
        let (tx, id) = (door.tx(), self.id);
        let before = factors::standing(tx, id).await?;
        factors::remove_totp(tx, id).await?;
        passkeys::remove_all(tx, id).await?;
        factors::remove_codes(tx, id).await?;
        sessions::end_others(tx, id, None).await?;
        device_revoke_all(tx, id).await?;
        tokens::all(tx, id, now).await?;
        let after = factors::standing(tx, id).await?;
        let about = (&case.user, MailKind::FactorLossApproved);
        letter::ended(tx, &desk, about, (now, &case.reason)).await?;
        door.record(
            object(&case.user),
            shown(before, "open"),
            shown(after, "approved"),
        );
        Ok(())
    }
}

impl Command for RefuseFactorLoss {
    const NAME: &'static str = "user.refuse_factor_loss";
    const PERMISSION: Permission = Permission::HosterWrite;
    const RISK: Risk = Risk::Sensitive;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let case = case(door, self.id).await?;
        let now = door.now();
        end(door, &case, Ending::Refused).await?;
        let desk = Desk::of(door.tools())?;
        let tx = door.tx();
        let standing = factors::standing(tx, self.id).await?;
        let about = (&case.user, MailKind::FactorLossRefused);
        letter::ended(tx, &desk, about, (now, &case.reason)).await?;
        door.record(
            object(&case.user),
            shown(standing, "open"),
            shown(standing, "refused"),
        );
        Ok(())
    }
}
