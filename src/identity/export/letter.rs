//! Telling the owners that their file is ready: in the portal and by mail, without anything of it.

use crate::approval::owner::owners;
use crate::export::model::Work;
use wabe_access::customer;
use wabe_jobs::notice::{About, Notice, tell_members};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::id::UserId;
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use wabe_store::Tx;

/// Tells whoever owns the customer now. In a transaction of the system.
pub(crate) async fn ready(
    tx: &mut Tx,
    rng: &dyn Rng,
    (work, (now, until)): (&Work, (Timestamp, Timestamp)),
    link: String,
) -> Result<(), Fault> {
    let Some(found) = customer::find(tx, work.customer).await? else {
        return Ok(());
    };
    let owners = owners(tx, work.customer).await?;
    let people: Vec<UserId> = owners.iter().map(|owner| owner.user.id).collect();
    let args = Args::new().time("until", until);
    let notice = Notice {
        customer: work.customer,
        kind: NoticeKind::ExportReady,
        about: About {
            kind: None,
            id: work.id.to_string(),
            name: found.name,
        },
        args: args.link("link", Secret::new(link)),
        dedupe_key: Some(format!("export {}", work.id)),
    };
    tell_members(tx, now, rng, &notice, ("customer", people.as_slice())).await?;
    Ok(())
}
