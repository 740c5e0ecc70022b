//! How the desk reads: with the roles of now, and never unseen.

use std::collections::BTreeSet;
use std::net::IpAddr;

use wabe_access::Scope;
use wabe_audit::{Access, AccessBy};
use wabe_kernel::CallingCode;
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_store::Tx;
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::{Failure, StaffMember};

use crate::Staff;

impl Staff {
    /// The country in which telephone numbers are meant that name none.
    pub(crate) fn calling_code(&self) -> &CallingCode {
        &self.gate.tools().house.calling_code
    }

    /// A read across customers, and what the employee may see.
    pub(crate) async fn read(&self, member: &StaffMember) -> Result<(Tx, Scope), Failure> {
        let mut tx = self.gate.store().read().await?;
        let scope = Scope::of(&mut tx, member.actor()).await?;
        Ok((tx, scope))
    }

    /// Notes that the employee looks at these customers; `area` is a code such as `contract.read`.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note(
        &self,
        member: &StaffMember,
        area: &'static str,
        customers: &[CustomerId],
        address: IpAddr,
    ) -> Result<(), Failure> {
        let about: Vec<_> = customers.iter().map(|customer| (*customer, None)).collect();
        self.note_each(member, (area, None), &about, Some(address))
            .await
    }

    /// The same of one customer on a page that comes back with its form: from where, the note of the page before
    /// says.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note_again(
        &self,
        member: &StaffMember,
        area: &'static str,
        customer: CustomerId,
    ) -> Result<(), Failure> {
        self.note_each(member, (area, None), &[(customer, None)], None)
            .await
    }

    /// Notes that the employee sees tickets of these customers among others.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note_tickets(
        &self,
        member: &StaffMember,
        customers: BTreeSet<CustomerId>,
        address: IpAddr,
    ) -> Result<(), Failure> {
        let place = (self.gate.store(), self.streams.as_ref());
        let who = (Some(member.visitor.user), AccessBy::Staff(None, None));
        Ok(queue::note(place, who, customers, Some(address)).await?)
    }

    /// Notes that the employee looks at one thing of a customer.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note_about(
        &self,
        member: &StaffMember,
        area: &'static str,
        about: (CustomerId, Option<String>),
        address: IpAddr,
    ) -> Result<(), Failure> {
        self.note_each(member, (area, None), &[about], Some(address))
            .await
    }

    /// Notes that the employee sees the page of a ticket, `with_things` of the customer's to choose from; also
    /// when a form comes back with it, where nobody asks again from where.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note_ticket(
        &self,
        member: &StaffMember,
        (queued, with_things): (&Queued, bool),
        address: Option<IpAddr>,
    ) -> Result<(), Failure> {
        let area = if with_things {
            "ticket.things"
        } else {
            "ticket.read"
        };
        let id = queued.ticket.id;
        let about = [(queued.customer_id, Some(id.to_string()))];
        self.note_each(member, (area, Some(id)), &about, address)
            .await
    }

    /// Notes that the employee looks at something in a ticket: the ticket itself, or the thing it is
    /// about.
    ///
    /// # Errors
    /// A fault of the database; then nothing may be shown.
    pub(crate) async fn note_in_ticket(
        &self,
        member: &StaffMember,
        (area, ticket): (&'static str, TicketId),
        about: (CustomerId, Option<String>),
        address: IpAddr,
    ) -> Result<(), Failure> {
        self.note_each(member, (area, Some(ticket)), &[about], Some(address))
            .await
    }

    async fn note_each(
        &self,
        member: &StaffMember,
        (area, ticket): (&'static str, Option<TicketId>),
        about: &[(CustomerId, Option<String>)],
        address: Option<IpAddr>,
    ) -> Result<(), Failure> {
        if about.is_empty() {
            return Ok(());
        }
        let mut tx = self.gate.store().write().await?;
        for (customer, object) in about {
            let access = Access {
                customer: *customer,
                user: Some(member.visitor.user),
                by: AccessBy::Staff(ticket, None),
                area,
                object_id: object.as_deref(),
                address,
            };
            self.streams.note_access(&mut tx, &access).await?;
        }
        Ok(tx.commit().await?)
    }
}
