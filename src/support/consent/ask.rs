//! `consent.ask`

use crate::consent::model::Consent;
use crate::consent::store;
use crate::secret::mask::mask;
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::model::Status;
use crate::ticket::store as tickets;
use crate::ticket::{tell, work};
use serde_json::Value;
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Refusal};
use wabe_kernel::Reason;
use wabe_kernel::fields;
use wabe_kernel::id::{ConsentId, TicketId};

fields! {
    /// Asks the customer for consent to look at their pages, in a ticket. The ticket waits for them.
    pub struct AskConsent {
        /// In which ticket.
        pub id: TicketId,
        /// Why; the customer reads it.
        pub reason: Reason,
    }
}

impl Command for AskConsent {
    const NAME: &'static str = "consent.ask";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = Consent;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Consent, Refusal> {
        let (mut ticket, _before) = work::begin(door, self.id).await?;
        if !ticket.is_open() {
            return Err(Refusal::Conflict("ticket-not-open"));
        }
        let (customer, now) = (door.customer(), door.now());
        let user = door.actor().user;
        let people = matches!(door.actor().kind, ActorKind::Staff | ActorKind::Token(_));
        let asked_by = user.filter(|_| people).ok_or(Refusal::Forbidden)?;
        let before = store::of_ticket(door.tx(), customer, self.id).await?;
        if before.iter().any(Consent::is_asked) {
            return Err(Refusal::Conflict("consent-asked"));
        }
        if before.iter().any(|consent| consent.in_force(now)) {
            return Err(Refusal::Conflict("consent-given"));
        }
        let consent = Consent {
            id: ConsentId::new(now, door.rng()),
            customer,
            ticket: self.id,
            ticket_name: ticket.object().name,
            ticket_open: true,
            reason: mask(self.reason.as_str()).text,
            asked_by,
            asked_at: now,
            answer: None,
            answered_by: None,
            answered_at: None,
            until: None,
            by_telephone: false,
            telephone: None,
            withdrawn_at: None,
        };
        store::insert(door.tx(), &consent).await?;
        message::note_event(door, self.id, TicketEvent::ConsentAsked).await?;
        ticket.owner = ticket.owner.or(Some(asked_by));
        ticket.turn(Status::WaitsForCustomer, now);
        tickets::update(door.tx(), &ticket).await?;
        tell::asked_for_consent(door, &ticket, &consent.reason).await?;
        door.record(consent.object(), Value::Null, consent.snapshot());
        Ok(consent)
    }
}
