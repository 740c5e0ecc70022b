//! A ticket and its states. Pure: nothing here knows a table.
//!
//! `new -> open -> waits_for_customer | follow_up -> open -> solved -> closed`; a reply of the customer
//! brings it back to `open` from everywhere but `closed`. Invariant: a ticket that somebody of the
//! hoster worked on has an owner.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use wabe_access::door::Object;
use wabe_access::{Permission, words};
use wabe_kernel::id::{CustomerId, TicketId, UserId};
use wabe_kernel::{Field, Problem, ResourceKind, Timestamp};

words! {
    /// Where a ticket stands.
    Status {
        /// Nobody of the hoster took it on yet.
        New = "new",
        /// It is the hoster's turn.
        Open = "open",
        /// It is the customer's turn; without an answer it closes by itself.
        WaitsForCustomer = "waits_for_customer",
        /// It comes back at a date.
        FollowUp = "follow_up",
        /// Done; a reply opens it again.
        Solved = "solved",
        /// Done for good.
        Closed = "closed",
    }
}

words! {
    /// Where a ticket stands in the queue of the desk.
    Lane {
        /// Somebody of the hoster has to do something.
        Working = "working",
        /// It comes back by itself.
        Waiting = "waiting",
        /// Solved and closed.
        Done = "done",
    }
}

words! {
    /// How much it presses.
    Priority {
        /// It may wait.
        Low = "low",
        /// As everything does.
        Normal = "normal",
        /// Before the others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

words! {
    /// What it is about.
    Category {
        /// Websites and their files.
        Website = "website",
        /// Mailboxes and alias addresses.
        Email = "email",
        /// Domains and their settings.
        Domain = "domain",
        /// Databases.
        Database = "database",
        /// Plugins.
        Plugin = "plugin",
        /// Plan, invoice, contract.
        Contract = "contract",
        /// Logging in, members, roles.
        Login = "login",
        /// Everything else.
        Other = "other",
    }
}

words! {
    /// How it came.
    Channel {
        /// The form in the portal.
        Portal = "portal",
        /// The API.
        Api = "api",
        /// A mail.
        Mail = "mail",
        /// A call, written down at the desk.
        Phone = "phone",
        /// The form for who has no account, or cannot get in.
        Form = "form",
    }
}

impl Status {
    /// The lane that it stands in.
    #[must_use]
    pub const fn lane(self) -> Lane {
        match self {
            Self::New | Self::Open => Lane::Working,
            Self::WaitsForCustomer | Self::FollowUp => Lane::Waiting,
            Self::Solved | Self::Closed => Lane::Done,
        }
    }
}

/// Days after which a ticket that waits for its customer closes by itself.
pub const WAITING_DAYS: i64 = 10;
/// Days in which a solved ticket can be opened again.
pub const SOLVED_DAYS: i64 = 7;

/// A ticket's speakable number: `T` and five or more digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TicketNumber(pub i64);

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

impl FromStr for TicketNumber {
    type Err = Problem;

    /// `T10234`, also as people say it: `t 10 234`, `#10234`, `10234`.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = compact.trim_start_matches(['T', 't', '#']);
        let fits = (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| fits);
        number.map(Self).ok_or(Problem::new("not-a-ticket-number"))
    }
}

impl Serialize for TicketNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for TicketNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TicketNumber".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^T[0-9]{5,15}$" })
    }
}

/// A day, as `2026-12-24`; what comes back on it comes in the morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(Timestamp);

impl Day {
    /// The morning of this day.
    #[must_use]
    pub const fn morning(self) -> Timestamp {
        self.0
    }
}

impl FromStr for Day {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let at = format!("{text}T06:00:00Z").parse().ok().filter(|_| plain);
        at.map(Self).ok_or(Problem::new("not-a-day"))
    }
}

impl Field for Day {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        text.parse()
    }
}

impl JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

/// One thing of the customer that a ticket is about.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TicketObject {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: String,
    /// What it was called when the ticket was opened.
    pub name: String,
}

impl TicketObject {
    /// What kind of thing the login of a member is.
    pub const LOGIN: &'static str = "member";

    /// What somebody needs to see things of this kind.
    #[must_use]
    pub fn needs(kind: &str) -> Permission {
        match kind.parse() {
            Ok(ResourceKind::Webspace) => Permission::WebspaceRead,
            Ok(ResourceKind::Domain) => Permission::DomainRead,
            Ok(ResourceKind::Mailbox | ResourceKind::Alias) => Permission::MailboxRead,
            Ok(ResourceKind::Database) => Permission::DatabaseRead,
            Err(_) if kind == Self::LOGIN => Permission::MemberRead,
            Err(_) => Permission::AutomationRead,
        }
    }
}

/// The moments by which somebody is to have been answered, and helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Targets {
    /// Seconds to the first answer.
    pub answer_seconds: i64,
    /// Seconds to the solution, without the time that the customer was waited for.
    pub solution_seconds: i64,
}

impl Priority {
    /// What this priority makes of a plan's targets.
    #[must_use]
    pub const fn of_targets(self, plan: Targets) -> Targets {
        let Targets {
            answer_seconds,
            solution_seconds,
        } = plan;
        let (times, parts) = match self {
            Self::Low => (2, 1),
            Self::Normal => (1, 1),
            Self::High => (1, 2),
            Self::Urgent => (1, 4),
        };
        Targets {
            answer_seconds: answer_seconds * times / parts,
            solution_seconds: solution_seconds * times / parts,
        }
    }
}

/// A ticket.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Whose.
    #[serde(skip)]
    pub customer: CustomerId,
    /// Its number, as people say it.
    pub number: TicketNumber,
    /// What it is about, in a line.
    pub subject: String,
    /// The thing it is about.
    pub object: Option<TicketObject>,
    /// What it is about.
    pub category: Category,
    /// How much it presses.
    pub priority: Priority,
    /// Where it stands.
    pub status: Status,
    /// Who of the hoster has it.
    #[serde(skip)]
    pub owner: Option<UserId>,
    /// The member who opened it; nobody when the hoster wrote down a call.
    pub opened_by: Option<UserId>,
    /// How it came.
    pub channel: Channel,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was first answered.
    pub first_answer_at: Option<Timestamp>,
    /// By when it is to be answered first.
    pub first_answer_due: Timestamp,
    /// By when it is to be solved.
    pub solution_due: Timestamp,
    /// Since when it waits for the customer.
    #[serde(skip)]
    pub waiting_since: Option<Timestamp>,
    /// When it was solved.
    pub solved_at: Option<Timestamp>,
    /// When it closes by itself.
    pub closes_at: Option<Timestamp>,
    /// When it comes back.
    pub follow_up_at: Option<Timestamp>,
    /// When something last happened.
    pub last_activity_at: Timestamp,
}

impl Ticket {
    /// Whether it is neither solved nor closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lane() != Lane::Done
    }

    /// Where it stands in the queue.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        self.status.lane()
    }

    /// The next target: the first answer, then the solution.
    #[must_use]
    pub fn due(&self) -> Timestamp {
        if self.first_answer_at.is_some() {
            self.solution_due
        } else {
            self.first_answer_due
        }
    }

    /// What the queue is sorted by within a lane: the next target, the moment it comes back, and for
    /// what is done the latest first.
    #[must_use]
    pub fn queue_at(&self) -> i64 {
        match self.lane() {
            Lane::Working => self.due().0,
            Lane::Waiting => {
                self.closes_at
                    .or(self.follow_up_at)
                    .unwrap_or(self.solution_due)
                    .0
            }
            Lane::Done => -self.last_activity_at.0,
        }
    }

    /// Puts it into another state. Time in which the customer was waited for does not count against
    /// the solution.
    pub fn turn(&mut self, status: Status, now: Timestamp) {
        if let Some(since) = self.waiting_since.take() {
            self.solution_due = self.solution_due.plus_seconds(now.seconds_since(since));
        }
        self.status = status;
        self.last_activity_at = now;
        (self.closes_at, self.follow_up_at) = (None, None);
        match status {
            Status::WaitsForCustomer => {
                self.waiting_since = Some(now);
                self.closes_at = Some(now.plus_days(WAITING_DAYS));
            }
            Status::Solved => {
                self.solved_at = Some(now);
                self.closes_at = Some(now.plus_days(SOLVED_DAYS));
            }
            Status::Closed => self.solved_at = self.solved_at.or(Some(now)),
            Status::FollowUp => self.waiting_since = Some(now),
            Status::New | Status::Open => self.solved_at = None,
        }
    }

    /// The state in which it is the hoster's turn: nobody's as long as nobody took it on.
    #[must_use]
    pub const fn hosters_turn(&self) -> Status {
        if self.owner.is_some() {
            Status::Open
        } else {
            Status::New
        }
    }

    /// What the record calls it.
    #[must_use]
    pub fn object(&self) -> Object {
        Object {
            kind: "ticket",
            id: self.id.to_string(),
            name: format!("{} {}", self.number, self.subject),
        }
    }

    /// What the record keeps of it. Never what was written.
    #[must_use]
    pub fn snapshot(&self) -> Value {
        json!({
            "id": self.id, "subject": self.subject,
            "object": self.object.as_ref().map(|object| &object.id), "status": self.status,
            "category": self.category, "priority": self.priority,
            "follow_up_at": self.follow_up_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_say_it() {
        for text in ["T10234", "t 10 234", "#10234", "10234"] {
            assert_eq!(text.parse::<TicketNumber>().unwrap().to_string(), "T10234");
        }
        for text in ["", "T", "T123", "K10234", "T1023x", "9999999999999999"] {
            assert!(text.parse::<TicketNumber>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_higher_priority_has_less_time() {
        let plan = Targets {
            answer_seconds: 8 * 3_600,
            solution_seconds: 48 * 3_600,
        };
        let times = Priority::ALL
            .iter()
            .map(|one| one.of_targets(plan).answer_seconds);
        let mut falling: Vec<i64> = times.collect();
        let before = falling.clone();
        falling.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(falling, before);
    }
}
