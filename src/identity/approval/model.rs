//! What is asked for, and how that ends.

use serde_json::{Value, json};
use wabe_access::{Object, words};
use wabe_kernel::id::{
    ApprovalId, ConsentId, CustomerId, ErasureId, ExportId, MemberId, TicketId, UserId,
};
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
        /// Somebody of the customer stopped it: in the portal, or with the link in a letter.
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
    /// A consent that reads content holds for as long as it was given for, and not for a day.
    Content {
        /// Which consent.
        consent: ConsentId,
        /// Who of the hoster asked for it.
        asked_by: UserId,
        /// Until when it was given.
        until: Timestamp,
    },
    /// Everything that the tables hold of the customer is made into a file for its owners.
    Export {
        /// Which file that will be.
        export: ExportId,
    },
    /// Everything of the customer is removed for good, unless its owners say no in time.
    Erasure {
        /// Which erasure that will be.
        erasure: ErasureId,
    },
}

impl Deed {
    /// The word in the database and in messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Owner { .. } => "owner",
            Self::Content { .. } => "content",
            Self::Export { .. } => "export",
            Self::Erasure { .. } => "erasure",
        }
    }

    /// Who of the customer gains by it.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::Owner { user, .. } => Some(*user),
            Self::Content { .. } | Self::Export { .. } | Self::Erasure { .. } => None,
        }
    }

    /// Whether somebody has no say in it: they gain by it, or began it.
    #[must_use]
    pub fn concerns(&self, person: UserId) -> bool {
        match self {
            Self::Owner { user, .. } => *user == person,
            Self::Content { asked_by, .. } => *asked_by == person,
            Self::Export { .. } | Self::Erasure { .. } => false,
        }
    }

    /// Whether it makes somebody else the owner, which is the owners' to know and to stop.
    #[must_use]
    pub const fn is_owners(&self) -> bool {
        matches!(self, Self::Owner { .. })
    }

    /// Whether it makes a file for the owners.
    #[must_use]
    pub const fn is_export(&self) -> bool {
        matches!(self, Self::Export { .. })
    }

    /// Whether it removes everything of the customer.
    #[must_use]
    pub const fn is_erasure(&self) -> bool {
        matches!(self, Self::Erasure { .. })
    }

    /// Until when a consent was given, if that is what it is about.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Owner { .. } | Self::Export { .. } | Self::Erasure { .. } => None,
            Self::Content { until, .. } => Some(*until),
        }
    }

    /// The id of the thing that changes.
    pub(crate) fn object(&self) -> String {
        match self {
            Self::Owner { member, .. } => member.to_string(),
            Self::Content { consent, .. } => consent.to_string(),
            Self::Export { export } => export.to_string(),
            Self::Erasure { erasure } => erasure.to_string(),
        }
    }

    /// What the database keeps of it beside its kind, and who gains by it.
    pub(crate) fn arguments(&self) -> Value {
        match self {
            Self::Owner { member, owners, .. } => json!({ "member": member, "owners": owners }),
            Self::Content {
                consent,
                asked_by,
                until,
            } => json!({ "consent": consent, "asked_by": asked_by, "until": until }),
            Self::Export { export } => json!({ "export": export }),
            Self::Erasure { erasure } => json!({ "erasure": erasure }),
        }
    }

    /// What the database kept.
    ///
    /// # Errors
    /// A fault when the row is inconsistent.
    pub(crate) fn read(kind: &str, arguments: &Value, user: Option<UserId>) -> Result<Self, Fault> {
        let found = match (kind, user) {
            ("owner", Some(user)) => Self::owner(arguments, user),
            ("content", None) => Self::content(arguments),
            ("export", None) => Self::export(arguments),
            ("erasure", None) => Self::erasure(arguments),
            _ => None,
        };
        found.ok_or(Fault::new("read what an approval is about"))
    }

    fn owner(arguments: &Value, user: UserId) -> Option<Self> {
        let member = arguments.get("member")?.as_str()?.parse().ok()?;
        let owners = arguments.get("owners")?.as_array()?.iter();
        let owners = owners.map(|one| one.as_str()?.parse::<UserId>().ok());
        Some(Self::Owner {
            member,
            user,
            owners: owners.collect::<Option<_>>()?,
        })
    }

    fn content(arguments: &Value) -> Option<Self> {
        let text = |name: &str| arguments.get(name)?.as_str();
        Some(Self::Content {
            consent: text("consent")?.parse().ok()?,
            asked_by: text("asked_by")?.parse().ok()?,
            until: text("until")?.parse().ok()?,
        })
    }

    fn export(arguments: &Value) -> Option<Self> {
        let export = arguments.get("export")?.as_str()?;
        Some(Self::Export {
            export: export.parse().ok()?,
        })
    }

    fn erasure(arguments: &Value) -> Option<Self> {
        let erasure = arguments.get("erasure")?.as_str()?;
        Some(Self::Erasure {
            erasure: erasure.parse().ok()?,
        })
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
    pub(crate) expires_at: Timestamp,
}

/// Who shall own a customer.
#[derive(Debug, Clone)]
pub struct Heir {
    /// What they are called.
    pub name: PersonName,
    /// What they log in with.
    pub email: MailAddress,
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
    /// What that ticket is called.
    pub ticket_subject: String,
    /// Whether that ticket is neither solved nor closed.
    pub ticket_open: bool,
    /// What shall be done.
    pub deed: Deed,
    /// Who gains by it, where somebody of the customer does.
    pub heir: Option<Heir>,
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

    /// Whether this person may decide: they did not ask and it does not concern them.
    #[must_use]
    pub fn is_anothers(&self, user: UserId) -> bool {
        self.requested_by != user && !self.deed.concerns(user)
    }

    /// What it is called: by who gains by it, or by its ticket.
    pub(crate) fn name(&self) -> String {
        let email = self.heir.as_ref().map(|heir| heir.email.to_string());
        email.unwrap_or_else(|| self.ticket_subject.clone())
    }

    /// How the record names it.
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "approval",
            id: self.id.to_string(),
            name: self.name(),
        }
    }

    /// What the record keeps of it; never the reason, which is a text of the ticket's.
    pub(crate) fn snapshot(&self, standing: &str) -> Value {
        let mut kept = json!({ "id": self.id, "ticket": self.ticket, "approval": standing });
        if let Some(heir) = &self.heir {
            kept["email"] = json!(heir.email);
        }
        if let Some(until) = self.deed.until() {
            kept["agreed_until"] = json!(until);
        }
        kept
    }
}

/// The same as the people of its ticket see it, also when it is over.
#[derive(Debug, Clone)]
pub struct InTicket {
    /// Which one.
    pub id: ApprovalId,
    /// In which ticket it was asked for.
    pub ticket: TicketId,
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

    /// How and when it ended; it waits for a decision when nothing is said.
    #[must_use]
    pub fn ending(&self, now: Timestamp) -> Option<(Ending, Timestamp)> {
        let lapsed = (Ending::Lapsed, self.expires_at);
        self.ended.or((now >= self.expires_at).then_some(lapsed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn what_was_asked_for_is_read_as_it_was_kept_and_nothing_else() {
        let user = UserId::from_uuid(Uuid::from_u128(7));
        let owner = Deed::Owner {
            member: MemberId::from_uuid(Uuid::from_u128(8)),
            user,
            owners: vec![UserId::from_uuid(Uuid::from_u128(9))],
        };
        let content = Deed::Content {
            consent: ConsentId::from_uuid(Uuid::from_u128(8)),
            asked_by: user,
            until: Timestamp(1_795_266_300_000_000),
        };
        let export = Deed::Export {
            export: ExportId::from_uuid(Uuid::from_u128(8)),
        };
        let erasure = Deed::Erasure {
            erasure: ErasureId::from_uuid(Uuid::from_u128(8)),
        };
        for deed in [&owner, &content, &export, &erasure] {
            let read = Deed::read(deed.kind(), &deed.arguments(), deed.user());
            assert_eq!(&read.unwrap(), deed);
        }
        let (kept, member) = (owner.arguments(), owner.object());
        let (agreed, place) = (content.arguments(), content.object());
        for (kind, arguments, user) in [
            ("owners", kept.clone(), Some(user)),
            ("owner", kept.clone(), None),
            ("content", kept.clone(), None),
            ("export", kept, None),
            ("export", export.arguments(), Some(user)),
            ("erasure", export.arguments(), None),
            ("erasure", erasure.arguments(), Some(user)),
            ("export", json!({ "export": member }), None),
            ("owner", json!({}), Some(user)),
            ("owner", json!({ "member": member }), Some(user)),
            (
                "owner",
                json!({ "member": "mem_1", "owners": [] }),
                Some(user),
            ),
            (
                "owner",
                json!({ "member": member, "owners": [7] }),
                Some(user),
            ),
            ("owner", agreed.clone(), Some(user)),
            ("content", agreed, Some(user)),
            (
                "content",
                json!({ "consent": place, "asked_by": user }),
                None,
            ),
            (
                "content",
                json!({ "consent": place, "asked_by": user, "until": 7 }),
                None,
            ),
        ] {
            assert!(Deed::read(kind, &arguments, user).is_err(), "{arguments}");
        }
    }
}
