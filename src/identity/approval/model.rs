//! What is asked for, and how that ends.

use serde_json::{Value, json};
use wabe_access::{Object, words};
use wabe_kernel::id::{ApprovalId, CustomerId, MemberId, TicketId, UserId};
use wabe_kernel::{Fault, MailAddress, PersonName, Timestamp};

/// How long one waits at most. Source: ADR 0018.
pub const OPEN_DAYS: i64 = 7;
/// How long whoever could still say no has for that. Source: bar 3.4 T5.
pub const WAIT_SECONDS: i64 = 72 * 3_600;
/// After so long without a decision, management is told. Source: ADR 0018.
pub const LATE_SECONDS: i64 = 24 * 3_600;

words! {
    /// How one ended.
    Ending {
        /// Somebody else agreed, and it was done.
        Approved = "approved",
        /// Somebody else said no.
        Refused = "refused",
        /// Whoever asked took it back, or left.
        Retracted = "retracted",
        /// Somebody of the customer followed the link in the letter.
        Stopped = "stopped",
        /// Nobody decided.
        Lapsed = "lapsed",
    }
}

/// What shall be done, with everything that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A member becomes the owner; whoever owned the customer is an administrator from then on.
    Owner {
        /// Which member.
        member: MemberId,
        /// Who that is.
        user: UserId,
        /// Who owned the customer when it was asked for.
        owners: Vec<UserId>,
    },
}

impl Deed {
    /// The word in the database and in messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Owner { .. } => "owner",
        }
    }

    /// Who gains by it, and has no say in it.
    #[must_use]
    pub const fn user(&self) -> UserId {
        match self {
            Self::Owner { user, .. } => *user,
        }
    }

    /// The id of the thing that changes.
    pub(crate) fn object(&self) -> String {
        match self {
            Self::Owner { member, .. } => member.to_string(),
        }
    }

    /// What the database keeps of it beside its kind, and who gains by it.
    pub(crate) fn arguments(&self) -> Value {
        match self {
            Self::Owner { member, owners, .. } => json!({ "member": member, "owners": owners }),
        }
    }

    /// What the database kept.
    ///
    /// # Errors
    /// A fault when the row is inconsistent.
    pub(crate) fn read(kind: &str, arguments: &Value, user: UserId) -> Result<Self, Fault> {
        let broken = Fault::new("read what an approval is about");
        let member = arguments.get("member").and_then(Value::as_str);
        let member = member.and_then(|text| text.parse::<MemberId>().ok());
        let owners = arguments.get("owners").and_then(Value::as_array);
        let owners: Option<Vec<UserId>> = owners.and_then(|all| {
            let ids = all.iter().map(|one| one.as_str()?.parse::<UserId>().ok());
            ids.collect()
        });
        match (kind, member, owners) {
            ("owner", Some(member), Some(owners)) => Ok(Self::Owner {
                member,
                user,
                owners,
            }),
            _ => Err(broken),
        }
    }
}

/// What somebody asks for.
pub(crate) struct Request {
    pub(crate) id: ApprovalId,
    pub(crate) customer: CustomerId,
    pub(crate) ticket: TicketId,
    pub(crate) deed: Deed,
    pub(crate) reason: String,
    pub(crate) by: UserId,
    pub(crate) at: Timestamp,
    pub(crate) due_at: Timestamp,
}

/// Something that waits for a decision.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Which one.
    pub id: ApprovalId,
    /// Whose affair it is.
    pub customer: CustomerId,
    /// What that customer is called.
    pub customer_name: String,
    /// In which ticket it was asked for.
    pub ticket: TicketId,
    /// The number of that ticket.
    pub ticket_number: i64,
    /// Whether that ticket is neither solved nor closed.
    pub ticket_open: bool,
    /// What shall be done.
    pub deed: Deed,
    /// What whoever gains by it is called.
    pub name: PersonName,
    /// What they log in with.
    pub email: MailAddress,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub requested_by: UserId,
    /// What they are called.
    pub requester: PersonName,
    /// When they asked.
    pub requested_at: Timestamp,
    /// From when on somebody may agree.
    pub due_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Approval {
    /// Whether somebody may agree by now.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        now >= self.due_at
    }

    /// Whether this person may decide: they did not ask and do not gain by it.
    #[must_use]
    pub fn is_anothers(&self, user: UserId) -> bool {
        self.requested_by != user && self.deed.user() != user
    }

    /// How the record names it: by who gains by it.
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "approval",
            id: self.id.to_string(),
            name: self.email.to_string(),
        }
    }

    /// What the record keeps of it; never the reason, which is a text of the ticket's.
    pub(crate) fn snapshot(&self, standing: &str) -> Value {
        json!({
            "id": self.id,
            "ticket": self.ticket,
            "email": self.email,
            "approval": standing,
        })
    }
}

/// The same as the people of its ticket see it, also when it is over.
#[derive(Debug, Clone)]
pub struct InTicket {
    /// Which one.
    pub id: ApprovalId,
    /// What shall be done.
    pub deed: Deed,
    /// Who asked.
    pub requested_by: UserId,
    /// From when on somebody may agree.
    pub due_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// How and when it ended.
    pub ended: Option<(Ending, Timestamp)>,
}

impl InTicket {
    /// Whether it waits for a decision.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn what_was_asked_for_is_read_as_it_was_kept_and_nothing_else() {
        let user = UserId::from_uuid(Uuid::from_u128(7));
        let deed = Deed::Owner {
            member: MemberId::from_uuid(Uuid::from_u128(8)),
            user,
            owners: vec![UserId::from_uuid(Uuid::from_u128(9))],
        };
        let kept = deed.arguments();
        assert_eq!(Deed::read(deed.kind(), &kept, user).unwrap(), deed);
        for (kind, arguments) in [
            ("owners", kept),
            ("owner", json!({})),
            ("owner", json!({ "member": deed.object() })),
            ("owner", json!({ "member": "mem_1", "owners": [] })),
            ("owner", json!({ "member": deed.object(), "owners": [7] })),
        ] {
            assert!(Deed::read(kind, &arguments, user).is_err(), "{arguments}");
        }
    }
}
