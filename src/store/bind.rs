//! How values reach the database: two kinds of them, and their absence.

use wabe_kernel::id::{
    AccessKeyId, AccessReviewId, AccessReviewItemId, AliasId, ApprovalId, CannedReplyId, ChangeId,
    ConfirmationId, ConsentId, CronJobId, CronRunId, CustomerId, DatabaseId, DomainId, ErasureId,
    ExportId, GrantId, IncomingMailId, InstallationId, InstructionId, InvitationId, JobId,
    KnownProblemId, MailboxId, MemberId, NoticeId, PasskeyId, PlanId, PluginId, PluginVersionId,
    RunId, SessionId, StaffRequestId, TicketAttachmentId, TicketHandoverId, TicketId,
    TicketMessageId, TicketSecretId, TicketViewId, TokenId, TrustedKeyId, UserId, WebspaceId,
};
use wabe_kernel::{
    CommandLine, CronOutcome, DatabaseName, DomainName, Engine, Language, Line, MailAddress,
    PasswordVerifier, PersonName, PhoneNumber, Quota, Reason, RedirectTarget, RelPath,
    ResourceKind, Schedule, ServerName, State, Timestamp, WebspaceName,
};

/// A value for a placeholder.
#[derive(Debug)]
pub enum Value {
    /// A TEXT column.
    Text(Option<String>),
    /// A BIGINT column.
    Int(Option<i64>),
}

/// A type that knows its form in the database.
pub trait Bind {
    /// True for the types kept as BIGINT.
    const IS_INT: bool = false;

    /// The value for a placeholder.
    fn into_value(self) -> Value;
}

impl Bind for &str {
    fn into_value(self) -> Value {
        Value::Text(Some(self.to_owned()))
    }
}

impl Bind for String {
    fn into_value(self) -> Value {
        Value::Text(Some(self))
    }
}

impl Bind for &String {
    fn into_value(self) -> Value {
        Value::Text(Some(self.clone()))
    }
}

impl Bind for &serde_json::Value {
    fn into_value(self) -> Value {
        Value::Text(Some(self.to_string()))
    }
}

impl Bind for i64 {
    const IS_INT: bool = true;

    fn into_value(self) -> Value {
        Value::Int(Some(self))
    }
}

impl Bind for bool {
    const IS_INT: bool = true;

    fn into_value(self) -> Value {
        Value::Int(Some(i64::from(self)))
    }
}

impl Bind for Timestamp {
    const IS_INT: bool = true;

    fn into_value(self) -> Value {
        Value::Int(Some(self.0))
    }
}

impl Bind for Quota {
    const IS_INT: bool = true;

    fn into_value(self) -> Value {
        Value::Int(Some(self.bytes()))
    }
}

impl<T: Bind> Bind for Option<T> {
    const IS_INT: bool = T::IS_INT;

    fn into_value(self) -> Value {
        match self {
            Some(value) => value.into_value(),
            None if T::IS_INT => Value::Int(None),
            None => Value::Text(None),
        }
    }
}

macro_rules! texts {
    ($($name:ty),* $(,)?) => {$(
        impl Bind for $name {
            fn into_value(self) -> Value {
                Value::Text(Some(self.to_string()))
            }
        }

        impl Bind for &$name {
            fn into_value(self) -> Value {
                Value::Text(Some(self.to_string()))
            }
        }
    )*};
}

texts!(
    InstructionId,
    AccessKeyId,
    AliasId,
    ApprovalId,
    CannedReplyId,
    ChangeId,
    ConfirmationId,
    ConsentId,
    CronJobId,
    CronRunId,
    CustomerId,
    GrantId,
    DatabaseId,
    DomainId,
    ErasureId,
    ExportId,
    InstallationId,
    InvitationId,
    JobId,
    KnownProblemId,
    MailboxId,
    MemberId,
    NoticeId,
    PasskeyId,
    PlanId,
    PluginId,
    PluginVersionId,
    RunId,
    SessionId,
    TicketId,
    TicketMessageId,
    TicketSecretId,
    TicketHandoverId,
    IncomingMailId,
    TicketAttachmentId,
    TokenId,
    AccessReviewId,
    AccessReviewItemId,
    StaffRequestId,
    TicketViewId,
    TrustedKeyId,
    UserId,
    WebspaceId,
    CommandLine,
    CronOutcome,
    DatabaseName,
    DomainName,
    Engine,
    Language,
    Line,
    MailAddress,
    PasswordVerifier,
    PersonName,
    PhoneNumber,
    Reason,
    RedirectTarget,
    RelPath,
    ResourceKind,
    Schedule,
    ServerName,
    State,
    WebspaceName,
);
