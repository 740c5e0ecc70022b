//! `ticket.assign`, `ticket.set_status`, `ticket.set_priority`, `ticket.set_category`,
//! `ticket.follow_up`: where a ticket stands, and who has it.

use crate::ticket::model::{Category, Day, Priority, Status};
use crate::ticket::{targets, work};
use wabe_access::{Authority, Command, Door, Permission, Refusal, StaffRole, member};
use wabe_kernel::id::{TicketId, UserId};
use wabe_kernel::{Problem, Timestamp, fields};

/// The latest that a ticket comes back, in days.
const FOLLOW_UP_DAYS_MAX: i64 = 366;

macro_rules! on_a_ticket {
    () => {
        const PERMISSION: Permission = Permission::TicketWork;
        const AUTHORITY: Authority = Authority::Ticket;
        type Output = ();

        fn ticket(&self) -> Option<TicketId> {
            Some(self.id)
        }
    };
}

fields! {
    /// Gives a ticket to somebody of the hoster's people.
    pub struct AssignTicket {
        /// Which one.
        pub id: TicketId,
        /// Who has it from now on; somebody who works on tickets.
        pub owner: UserId,
    }
}

impl Command for AssignTicket {
    const NAME: &'static str = "ticket.assign";
    on_a_ticket!();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = work::begin(door, self.id).await?;
        let team = member::at_work(door.tx()).await?;
        let works = |(user, role): &(UserId, StaffRole)| {
            *user == self.owner && role.permissions().contains(&Permission::TicketWork)
        };
        if !team.iter().any(works) {
            return Err(Refusal::field("owner", Problem::new("no-such-owner")));
        }
        ticket.owner = Some(self.owner);
        if ticket.status == Status::New {
            ticket.turn(Status::Open, door.now());
        }
        work::keep(door, &ticket, before).await
    }
}

fields! {
    /// Says where a ticket stands.
    pub struct SetTicketStatus {
        /// Which one.
        pub id: TicketId,
        /// `open`, `waits_for_customer`, `solved` or `closed`.
        pub status: Status,
    }
}

impl Command for SetTicketStatus {
    const NAME: &'static str = "ticket.set_status";
    on_a_ticket!();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = work::begin(door, self.id).await?;
        if matches!(self.status, Status::New | Status::FollowUp) {
            return Err(Refusal::field("status", Problem::new("not-a-choice")));
        }
        work::take_on(door, &mut ticket)?;
        ticket.turn(self.status, door.now());
        work::keep(door, &ticket, before).await
    }
}

fields! {
    /// Says how much a ticket presses; its targets follow.
    pub struct SetTicketPriority {
        /// Which one.
        pub id: TicketId,
        /// The priority.
        pub priority: Priority,
    }
}

impl Command for SetTicketPriority {
    const NAME: &'static str = "ticket.set_priority";
    on_a_ticket!();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = work::begin(door, self.id).await?;
        let plan = targets::of(door.tx(), ticket.customer).await?;
        let (old, new) = (
            ticket.priority.of_targets(plan),
            self.priority.of_targets(plan),
        );
        let moved = |at: Timestamp, old: i64, new: i64| at.plus_seconds(new - old);
        ticket.first_answer_due = moved(
            ticket.first_answer_due,
            old.answer_seconds,
            new.answer_seconds,
        );
        ticket.solution_due = moved(
            ticket.solution_due,
            old.solution_seconds,
            new.solution_seconds,
        );
        ticket.priority = self.priority;
        work::keep(door, &ticket, before).await
    }
}

fields! {
    /// Says what a ticket is about.
    pub struct SetTicketCategory {
        /// Which one.
        pub id: TicketId,
        /// The category.
        pub category: Category,
    }
}

impl Command for SetTicketCategory {
    const NAME: &'static str = "ticket.set_category";
    on_a_ticket!();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = work::begin(door, self.id).await?;
        ticket.category = self.category;
        work::keep(door, &ticket, before).await
    }
}

fields! {
    /// Puts a ticket aside until a date, on which it comes back by itself.
    pub struct FollowUpTicket {
        /// Which one.
        pub id: TicketId,
        /// The day on which it comes back; within a year.
        pub day: Day,
    }
}

impl Command for FollowUpTicket {
    const NAME: &'static str = "ticket.follow_up";
    on_a_ticket!();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (mut ticket, before) = work::begin(door, self.id).await?;
        let now = door.now();
        let at = self.day.morning();
        if at <= now || at > now.plus_days(FOLLOW_UP_DAYS_MAX) {
            return Err(Refusal::field("day", Problem::new("not-within-a-year")));
        }
        work::take_on(door, &mut ticket)?;
        ticket.turn(Status::FollowUp, now);
        ticket.follow_up_at = Some(at);
        work::keep(door, &ticket, before).await
    }
}
