//! Such files, for the page of their owners.

use crate::export::model::Export;
use crate::export::store;
use wabe_access::{Actor, ActorKind, Refusal, Role, Scope, member};
use wabe_kernel::Timestamp;
use wabe_kernel::id::ExportId;
use wabe_store::Tx;

/// Whether who looks owns the customer: themselves, by no token, and on no look of the hoster's.
///
/// # Errors
/// A fault of the database.
pub async fn owns(tx: &mut Tx, scope: &Scope, actor: &Actor) -> Result<bool, Refusal> {
    let person = actor.kind == ActorKind::Member && actor.looking.is_none();
    let Some(user) = scope.user().filter(|_| person) else {
        return Ok(false);
    };
    let role = member::role(tx, user, scope.customer()).await?;
    Ok(role == Some(Role::Owner))
}

/// The customer's latest, those first. For owners.
///
/// # Errors
/// `Forbidden` for anybody else, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope, actor: &Actor) -> Result<Vec<Export>, Refusal> {
    if !owns(tx, scope, actor).await? {
        return Err(Refusal::Forbidden);
    }
    Ok(store::list(tx, scope.customer()).await?)
}

/// One that can be downloaded. For owners; to everybody else there is none.
///
/// # Errors
/// `NotFound` when it is not there (any more), or a fault.
pub async fn there(
    tx: &mut Tx,
    (scope, actor): (&Scope, &Actor),
    id: ExportId,
    now: Timestamp,
) -> Result<Export, Refusal> {
    if !owns(tx, scope, actor).await? {
        return Err(Refusal::NotFound);
    }
    let found = store::find(tx, (scope.customer(), id)).await?;
    let found = found.filter(|found| found.is_there(now));
    found.ok_or(Refusal::NotFound)
}
