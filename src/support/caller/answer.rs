//! `consent.write_down`

use crate::caller::{heard, take_up};
use crate::consent::{self, Answer, Consent, Said};
use crate::ticket::{message, tell, work};
use wabe_access::{ActorKind, Authority, Command, Door, Permission, Reach, Refusal};
use wabe_kernel::fields;
use wabe_kernel::id::{ConsentId, TicketId};

fields! {
    /// Writes down what a caller answers to what staff asked for in their ticket, as if they had answered
    /// in the portal. Only for whoever typed their telephone PIN in this ticket, within 15 minutes, and only
    /// for callers who run the customer. They are told by letter.
    pub struct WriteDownConsent {
        /// In which ticket.
        pub id: TicketId,
        /// What is answered.
        pub consent: ConsentId,
        /// Yes or no.
        pub answer: Answer,
        /// For how many days, 1 to 30; 7 when nothing is said. It ends with the ticket in any case, and what
        /// reads content after a day unless a second person of the hoster approves more.
        pub days: Option<i64>,
        /// Whether messages in mailboxes may be read. What is not said is not given.
        pub reads_mail: Option<bool>,
        /// Whether files of webspaces may be read.
        pub reads_files: Option<bool>,
        /// Whether rows of databases may be read.
        pub reads_rows: Option<bool>,
        /// Whether sensitive ticket actions may be carried out.
        pub acts: Option<bool>,
    }
}

impl WriteDownConsent {
    fn reach(&self) -> Reach {
        Reach::chosen([
            self.reads_mail,
            self.reads_files,
            self.reads_rows,
            self.acts,
        ])
    }
}

impl Command for WriteDownConsent {
    const NAME: &'static str = "consent.write_down";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    const WHILE_SUSPENDED: bool = true;
    type Output = Consent;

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Consent, Refusal> {
        // What opens pages is for people to hear, and not for their programs.
        if door.actor().kind != ActorKind::Staff {
            return Err(Refusal::Forbidden);
        }
        let (mut ticket, _before) = work::begin(door, self.id).await?;
        let heard = heard(door, &mut ticket).await?;
        if !heard.scope.has(Permission::MemberWrite) {
            return Err(Refusal::Conflict("caller-may-not-answer"));
        }
        let (days, reach) = match self.answer {
            Answer::Given => (Some(consent::days(self.days)?), self.reach()),
            Answer::Refused => (None, Reach::default()),
        };
        let said = Said {
            answer: self.answer,
            days,
            reach,
            user: heard.user,
            telephone: Some(heard.by),
        };
        let (before, after) = consent::keep(door, (self.id, self.consent), said).await?;
        message::write_down(door, self.id, &heard, (Some(self.answer.event()), "")).await?;
        take_up(door, &mut ticket, &heard).await?;
        tell::answered_by_telephone(door, &ticket, &after).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after)
    }
}
