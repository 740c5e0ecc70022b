//! Letters about second factors.

use crate::desk::Desk;
use crate::outbox::{MailKind, OutgoingMail};
use crate::user::store as users;
use wabe_access::{Object, Refusal};
use wabe_kernel::Timestamp;
use wabe_kernel::id::UserId;
use wabe_store::Tx;

/// Tells somebody about their second factor; answers who they are, for the record.
pub(crate) async fn tell(
    tx: &mut Tx,
    desk: &Desk,
    (user, kind): (UserId, MailKind),
    now: Timestamp,
) -> Result<Object, Refusal> {
    let user = users::find(tx, user).await?.ok_or(Refusal::NotFound)?;
    let mail = OutgoingMail::new(user.email, user.language, kind);
    desk.outbox.queue(tx, mail.with("at", &now)).await?;
    Ok(Object {
        kind: "user",
        id: user.id.to_string(),
        name: user.name.to_string(),
    })
}
