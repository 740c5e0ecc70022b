//! New passwords that support had made: shown once, to who may set them.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Mode, Permission, Scope};
use wabe_kernel::Timestamp;
use wabe_kernel::id::{TicketHandoverId, TicketId};
use wabe_store::Tx;
use wabe_support::handover::{self, CollectSecret, Handover};
use wabe_web::{Failure, Form, Member, Path};

use crate::Portal;
use crate::carry_out::carry_out;
use crate::reading::with_field;
use crate::refused::Refused;
use crate::ticket::{PLACE, show};

/// That there is one, as the page shows it.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    /// Which.
    pub(crate) id: TicketHandoverId,
    /// What it opens.
    pub(crate) name: String,
    /// Until when it can be seen; it is gone when nothing is said.
    pub(crate) until: Option<Timestamp>,
    /// When somebody saw it.
    pub(crate) seen_at: Option<Timestamp>,
    /// Whether who looks may see it.
    pub(crate) mine: bool,
}

impl Waiting {
    fn of(found: Handover, scope: &Scope, now: Timestamp) -> Self {
        let waits = found.waits(now);
        Self {
            id: found.id,
            mine: waits && scope.has(Permission::to_change(found.kind)),
            until: waits.then_some(found.expires_at),
            seen_at: found.emptied_at.filter(|_| found.collected_by.is_some()),
            name: found.name,
        }
    }
}

/// Those of a ticket. Whoever asks has found the ticket before.
pub(super) async fn waiting(
    tx: &mut Tx,
    (member, scope): (&Member, &Scope),
    ticket: TicketId,
) -> Result<Vec<Waiting>, Failure> {
    let found = handover::list(tx, scope.customer(), ticket).await?;
    let waiting = |one| Waiting::of(one, scope, member.now);
    Ok(found.into_iter().map(waiting).collect())
}

/// The secret is in the answer to the POST and nowhere else.
pub(super) async fn collect(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<CollectSecret>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(done) => {
            let mut page = show::page(&portal, &member, id, Refused::default()).await?;
            page.revealed = Some(done.output);
            Ok(member.at(PLACE).page(page).into_response())
        }
        Err(refused) => show::again(&portal, &member, id, refused).await,
    }
}
