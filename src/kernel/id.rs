//! Typed ids: a prefix that says what the thing is, and a UUIDv7 made from the injected clock and rng.
//!
//! Source: TypeID 0.3, RFC 9562.

use crate::rng::{Rng, random};
use crate::time::Timestamp;
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

/// A version 7 UUID for this moment. Ids made later sort later, within a millisecond in no order.
#[must_use]
pub fn uuid_at(now: Timestamp, rng: &dyn Rng) -> Uuid {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random(rng)).into_uuid()
}

/// Text that is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not an id of this kind")
    }
}

impl std::error::Error for NotAnId {}

/// Ties an id to its prefix in the id library's terms.
trait Tagged {
    type Tag: StaticType;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        const _: () = {
            /// The prefix as the id library wants to see it.
            #[derive(Default)]
            struct Tag;

            impl StaticType for Tag {
                const TYPE: &'static str = $prefix;
            }

            impl Tagged for $name {
                type Tag = Tag;
            }
        };

        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What the text form begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id for this moment.
            #[must_use]
            pub fn new(now: Timestamp, rng: &dyn Rng) -> Self {
                Self(uuid_at(now, rng))
            }

            /// The id with this UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID of this id.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }


        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&TypeSafeId::<<Self as Tagged>::Tag>::from_uuid(self.0), f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let id: TypeSafeId<<Self as Tagged>::Tag> = text.parse().map_err(|_wrong| NotAnId)?;
                Ok(Self(id.uuid()))
            }
        }

        crate::field::text_form!($name, "id", "not-an-id");
    )*};
}

ids! {
    /// A customer: the tenant.
    CustomerId = "cus";
    /// A person who can log in.
    UserId = "usr";
    /// A user's place in a customer.
    MemberId = "mem";
    /// An invitation to become a member.
    InvitationId = "inv";
    /// A logged-in browser.
    SessionId = "ses";
    /// A passkey of a person.
    PasskeyId = "psk";
    /// An API token.
    TokenId = "tok";
    /// A role at the hoster that somebody asked for.
    StaffRequestId = "srq";
    /// Something that one of the hoster's people asked for and another one decides.
    ApprovalId = "apv";
    /// Everything that the tables hold of a customer's, as one file.
    ExportId = "exp";
    /// Everything of a customer's removed for good.
    ErasureId = "era";
    /// A quarter's review of every right.
    AccessReviewId = "arv";
    /// One cause of many tickets.
    KnownProblemId = "kpr";
    /// A way through the queue of tickets that an employee kept.
    TicketViewId = "tvw";
    /// One right in a review.
    AccessReviewItemId = "ari";
    /// A plan: limits and features.
    PlanId = "pln";
    /// A webspace.
    WebspaceId = "web";
    /// A domain.
    DomainId = "dom";
    /// A mailbox.
    MailboxId = "mbx";
    /// An alias address.
    AliasId = "als";
    /// A database.
    DatabaseId = "dbs";
    /// A cron job: a program of a webspace's and when it runs.
    CronJobId = "crn";
    /// One run of a cron job.
    CronRunId = "crr";
    /// An SSH public key that opens a webspace.
    AccessKeyId = "key";
    /// A plugin of the hoster's catalogue.
    PluginId = "plg";
    /// One version of a plugin.
    PluginVersionId = "plv";
    /// A key whose signatures on packages are trusted.
    TrustedKeyId = "tky";
    /// A plugin in one customer.
    InstallationId = "ins";
    /// One invocation of an installation.
    RunId = "run";
    /// A ticket: somebody of a customer asks, staff help.
    TicketId = "tkt";
    /// A secret in a ticket's secure field.
    TicketSecretId = "tsc";
    /// A secret that was made for somebody of a customer, and waits for them in a ticket.
    TicketHandoverId = "tho";
    /// An answer that staff send again and again.
    CannedReplyId = "crp";
    /// A consent that staff asked a customer for.
    ConsentId = "cns";
    /// One look of staff at a customer's pages.
    GrantId = "acc";
    /// What a customer asked staff for, about one thing, in their own words.
    InstructionId = "itn";
    /// What somebody who wrote by mail was asked to confirm by letter.
    ConfirmationId = "cfm";
    /// One message of a ticket.
    TicketMessageId = "tms";
    /// A letter to the hoster's support that waits to be read.
    IncomingMailId = "eml";
    /// A file in a ticket.
    TicketAttachmentId = "tka";
    /// The record of one change.
    ChangeId = "chg";
    /// An outgoing notice.
    NoticeId = "ntc";
    /// A queued job.
    JobId = "job";
    /// One request to the panel.
    RequestId = "req";
}
