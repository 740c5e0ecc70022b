//! `consent.ask`

use crate::consent::model::Consent;
use crate::consent::store;
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::model::Status;
use crate::ticket::store as tickets;
use crate::ticket::{tell, work};
use serde_json::Value;
use wabe_access::actor::HOUSE;
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Reach, Refusal};
use wabe_kernel::Reason;
use wabe_kernel::fields;
use wabe_kernel::id::{ConsentId, TicketId};
use wabe_kernel::mask::mask;

fields! {
    /// Asks the customer for consent to look at their pages, in a ticket. The ticket waits for them. What is
    /// in their things stays shut unless it is asked for.
    pub struct AskConsent {
        /// In which ticket.
        pub id: TicketId,
        /// Why; the customer reads it.
        pub reason: Reason,
        /// Whether messages in mailboxes shall be read.
        pub reads_mail: Option<bool>,
        /// Whether files of webspaces shall be read.
        pub reads_files: Option<bool>,
        /// Whether rows of databases shall be read.
        pub reads_rows: Option<bool>,
        /// Whether sensitive ticket actions shall be carried out.
        pub acts: Option<bool>,
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
        if ticket.customer == HOUSE {
            return Err(Refusal::Conflict("ticket-without-account"));
        }
        let (customer, now) = (door.customer(), door.now());
        let user = door.actor().user;
        let people = matches!(door.actor().kind, ActorKind::Staff | ActorKind::Token(_));
        let asked_by = user.filter(|_| people).ok_or(Refusal::Forbidden)?;
        let before = store::of_ticket(door.tx(), customer, self.id).await?;
        if before.iter().any(Consent::is_asked) {
            return Err(Refusal::Conflict("consent-asked"));
        }
        let asks = Reach::chosen([
            self.reads_mail,
            self.reads_files,
            self.reads_rows,
            self.acts,
        ]);
        // Whoever was given less may ask for more.
        if before
            .iter()
            .any(|consent| consent.in_force(now) && consent.reach.covers(asks))
        {
            return Err(Refusal::Conflict("consent-given"));
        }
        let consent = Consent {
            id: ConsentId::new(now, door.rng()),
            customer,
            ticket: self.id,
            ticket_name: ticket.object().name,
            ticket_open: true,
            reason: mask(self.reason.as_str()).text,
            asks,
            reach: Reach::default(),
            asked_by,
            asked_at: now,
            answer: None,
            answered_by: None,
            answered_at: None,
            until: None,
            agreed_until: None,
            extended: false,
            by_telephone: false,
            telephone: None,
            withdrawn_at: None,
        };
        store::insert(door.tx(), &consent).await?;
        message::note_event(door, self.id, TicketEvent::ConsentAsked).await?;
        ticket.owner = ticket.owner.or(Some(asked_by));
        ticket.turn(Status::WaitsForCustomer, now);
        tickets::update(door.tx(), &ticket).await?;
        tell::asked_for_consent(door, &ticket, &consent).await?;
        door.record(consent.object(), Value::Null, consent.snapshot());
        Ok(consent)
    }
}
