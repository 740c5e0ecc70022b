//! `access.open`, `access.close` and `access.end`

use crate::consent::store;
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::work;
use serde_json::{Value, json};
use wabe_access::consent::agreed_by;
use wabe_access::grant::{self, GRANT_SECONDS, Grant};
use wabe_access::{ActorKind, Authority, Command, Door, Object, Permission, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::{ConsentId, GrantId, TicketId};

fn object(id: GrantId, name: String) -> Object {
    Object {
        kind: "access",
        id: id.to_string(),
        name,
    }
}

fields! {
    /// Begins to look at the customer's pages, on a consent and as far as it reaches: for an hour, read-only,
    /// and the customer sees it.
    pub struct OpenAccess {
        /// In which ticket.
        pub id: TicketId,
        /// On which consent.
        pub consent: ConsentId,
    }
}

impl Command for OpenAccess {
    const NAME: &'static str = "access.open";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = Grant;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Grant, Refusal> {
        // A look belongs to a person and their session; no program looks around.
        let person = door.actor().kind == ActorKind::Staff;
        let user = door.actor().user.filter(|_| person);
        let staff = user.ok_or(Refusal::Forbidden)?;
        let (ticket, _before) = work::begin(door, self.id).await?;
        let (customer, now) = (door.customer(), door.now());
        let consent = store::find(door.tx(), customer, self.consent).await?;
        if consent.ticket != self.id {
            return Err(Refusal::NotFound);
        }
        let until = consent.until.filter(|_| consent.in_force(now));
        let until = until.filter(|_| ticket.is_open());
        let until = until.ok_or(Refusal::Conflict("not-consented"))?;
        // Whoever agreed as the second person is not the first one as well.
        let place = (customer, self.consent);
        if agreed_by(door.tx(), place).await? == Some(staff) {
            return Err(Refusal::Conflict("own-approval"));
        }
        grant::end_of_staff(door.tx(), customer, staff, now).await?;
        let grant = Grant {
            id: GrantId::new(now, door.rng()),
            customer,
            ticket: self.id,
            ticket_number: ticket.number.0,
            consent: self.consent,
            reach: consent.reach,
            staff,
            started_at: now,
            until: until.min(now.plus_seconds(GRANT_SECONDS)),
        };
        grant::insert(door.tx(), &grant).await?;
        message::note_event(door, self.id, TicketEvent::AccessOpened).await?;
        let mut after = json!({ "id": grant.id, "ticket": self.id, "until": grant.until });
        after["reach"] = json!(grant.reach.words());
        door.record(object(grant.id, ticket.object().name), Value::Null, after);
        Ok(grant)
    }
}

fields! {
    /// Ends one's own look.
    pub struct CloseAccess {
        /// In which ticket.
        pub id: TicketId,
        /// Which look.
        pub access: GrantId,
    }
}

impl Command for CloseAccess {
    const NAME: &'static str = "access.close";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (ticket, _before) = work::begin(door, self.id).await?;
        let (customer, now, user) = (door.customer(), door.now(), door.actor().user);
        let look = grant::find(door.tx(), customer, self.access).await?;
        if Some(look.staff) != user || look.ticket != self.id {
            return Err(Refusal::NotFound);
        }
        if !grant::end(door.tx(), (customer, self.access), user, now).await? {
            return Err(Refusal::Conflict("access-over"));
        }
        let said = |open: bool| json!({ "id": self.access, "open": open });
        door.record(
            object(self.access, ticket.object().name),
            said(true),
            said(false),
        );
        Ok(())
    }
}

fields! {
    /// Ends a look of staff at the customer's pages, at once. The consent stays: `consent.withdraw` ends
    /// that.
    pub struct EndAccess {
        /// Which look.
        pub id: GrantId,
    }
}

impl Command for EndAccess {
    const NAME: &'static str = "access.end";
    const PERMISSION: Permission = Permission::MemberWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, now, by) = (door.customer(), door.now(), door.actor().user);
        let look = grant::find(door.tx(), customer, self.id).await?;
        if !grant::end(door.tx(), (customer, self.id), by, now).await? {
            return Err(Refusal::Conflict("access-over"));
        }
        let said = |open: bool| json!({ "id": self.id, "open": open });
        let name = crate::ticket::TicketNumber(look.ticket_number).to_string();
        door.record(object(self.id, name), said(true), said(false));
        Ok(())
    }
}
