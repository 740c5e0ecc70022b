//! What this room asks of others: to send a mail, and to say whether a domain is hosted here.

use std::collections::BTreeMap;
use wabe_kernel::desired::Working;
use wabe_kernel::{DomainName, Fault, Language, MailAddress, Secret};
use wabe_store::Tx;

/// What a mail of this room is about; the Fluent messages are `notice-{word}-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// The way to a new password.
    Reset,
    /// The way past a lock.
    Unlock,
    /// The way to the first password.
    Setup,
    /// An invitation to become a member. Arguments: `customer`, `role`.
    Invitation,
    /// A password is another one now.
    PasswordChanged,
    /// Somebody logged in from an unknown device. Arguments: `device`, `at`.
    NewLogin,
    /// An API token was made. Arguments: `name`.
    TokenCreated,
    /// A customer's contact addresses changed; goes to the old ones. Arguments: `customer`,
    /// `address`, the new one shortened.
    EmailChanged,
    /// An address shall belong to a login; goes to that address.
    ConfirmEmail,
    /// Somebody wanted an address for their login that is another one's; goes to that one.
    EmailTaken,
    /// A login has other addresses; goes to the old ones. Arguments: `address`, the new one shortened.
    LoginEmailChanged,
    /// A login has its former addresses again; goes to all of them. Arguments: `address`, as before.
    LoginEmailRestored,
    /// A second factor was set up. Arguments: `at`.
    FactorAdded,
    /// A second factor was taken away. Arguments: `at`.
    FactorRemoved,
    /// A recovery code was used. Arguments: `at`, `count`, how many are left.
    RecoveryCodeUsed,
    /// The recovery codes are others now. Arguments: `at`.
    RecoveryCodesRenewed,
    /// A passkey's counter did not grow, so there may be a copy of it. Arguments: `at`, `name`.
    PasskeyCopied,
    /// Far more logins fail than usual; goes to operators. Arguments: `count`, `usual`.
    LoginAlarm,
    /// Somebody says that a second factor is lost; goes to every address, with the way to stop it.
    /// Arguments: `at`.
    FactorLossAsked,
    /// Somebody stopped that. Arguments: `at`.
    FactorLossStopped,
    /// The lost second factor was taken away. Arguments: `at`.
    FactorLossApproved,
    /// The second factor stays. Arguments: `at`, `message`.
    FactorLossRefused,
    /// A lost second factor waits for a decision; goes to operators. Arguments: `object`.
    FactorLossDue,
    /// Nobody decided that for a day; goes to management, too. Arguments: `object`.
    FactorLossLate,
    /// Somebody asks for a role for somebody; goes to who may give it. Arguments: `object`, whose.
    StaffRequested,
    /// Nobody answered that for a while; goes to who may give it and who may ask. Arguments: `object`.
    StaffRequestLate,
    /// A role was given; goes to who asked. Arguments: `object`, `message`.
    StaffGranted,
    /// A role was refused; goes to who asked. Arguments: `object`, `message`.
    StaffRefused,
    /// A review of all rights began; goes to who reviews. Arguments: `object`, the quarter.
    AccessReviewOpened,
    /// A review of all rights is overdue; goes to who reviews. Arguments: `object`, the quarter.
    AccessReviewOverdue,
    /// Staff ask that somebody else owns a customer; goes to every address of its owners, with the way to
    /// stop it. Arguments: `customer`, `object`, who shall own it, `at`, `message`, why.
    OwnerChangeAsked,
    /// That does not happen. Arguments: `customer`, `object`, `at`.
    OwnerChangeOff,
    /// Somebody else owns a customer; goes to them and to whoever did. Arguments: `customer`, `object`,
    /// who, `at`.
    OwnerChanged,
    /// Two people of the hoster agreed that everything of a customer is removed; goes to every address of its
    /// owners, with the way to stop it. Arguments: `customer`, `message`, why.
    ErasureComing,
    /// That does not happen. Arguments: `customer`, `at`.
    ErasureOff,
    /// A consent to read content holds for longer than a day by a second person's word; goes to who gave it.
    /// Arguments: `customer`, `object`, the ticket, `at`.
    ConsentExtended,
    /// Something waits for a second person; goes to who may decide. Arguments: `object`, the customer.
    ApprovalWaiting,
    /// Nobody decided for a day; goes to management, too. Arguments: `object`, the customer.
    ApprovalLate,
    /// What somebody asked for was done; goes to them. Arguments: `object`, the customer, `message`.
    ApprovalApproved,
    /// What somebody asked for was refused; goes to them. Arguments: `object`, the customer, `message`.
    ApprovalRefused,
    /// Somebody of the customer stopped what was asked for; goes to who asked. Arguments: `object`, the
    /// customer.
    ApprovalStopped,
    /// A telephone PIN was set. Arguments: `at`.
    PhonePinSet,
    /// A telephone PIN is locked after wrong guesses. Arguments: `at`.
    PhonePinLocked,
    /// The way past the lock of an SFTP login; goes to whoever runs the webspace. Arguments: `object`,
    /// the webspace, and `name`, the login.
    UploadUnlock,
    /// A login's address is kept here, and there is no second one. Arguments: `address`.
    SecondEmailMissing,
    /// The same of a customer's contact. Arguments: `customer`, `address`.
    SecondContactMissing,
}

impl MailKind {
    /// All of them.
    pub const ALL: [Self; 46] = [
        Self::Reset,
        Self::Unlock,
        Self::Setup,
        Self::Invitation,
        Self::PasswordChanged,
        Self::NewLogin,
        Self::TokenCreated,
        Self::EmailChanged,
        Self::ConfirmEmail,
        Self::EmailTaken,
        Self::LoginEmailChanged,
        Self::LoginEmailRestored,
        Self::FactorAdded,
        Self::FactorRemoved,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesRenewed,
        Self::PasskeyCopied,
        Self::LoginAlarm,
        Self::FactorLossAsked,
        Self::FactorLossStopped,
        Self::FactorLossApproved,
        Self::FactorLossRefused,
        Self::FactorLossDue,
        Self::FactorLossLate,
        Self::StaffRequested,
        Self::StaffRequestLate,
        Self::StaffGranted,
        Self::StaffRefused,
        Self::AccessReviewOpened,
        Self::AccessReviewOverdue,
        Self::OwnerChangeAsked,
        Self::OwnerChangeOff,
        Self::OwnerChanged,
        Self::ErasureComing,
        Self::ErasureOff,
        Self::ConsentExtended,
        Self::ApprovalWaiting,
        Self::ApprovalLate,
        Self::ApprovalApproved,
        Self::ApprovalRefused,
        Self::ApprovalStopped,
        Self::PhonePinSet,
        Self::PhonePinLocked,
        Self::UploadUnlock,
        Self::SecondEmailMissing,
        Self::SecondContactMissing,
    ];

    /// The word in queues and message names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Unlock => "unlock",
            Self::Setup => "setup",
            Self::Invitation => "invitation",
            Self::PasswordChanged => "password-changed",
            Self::NewLogin => "new-login",
            Self::TokenCreated => "token-created",
            Self::EmailChanged => "email-changed",
            Self::ConfirmEmail => "confirm-email",
            Self::EmailTaken => "email-taken",
            Self::LoginEmailChanged => "login-email-changed",
            Self::LoginEmailRestored => "login-email-restored",
            Self::FactorAdded => "factor-added",
            Self::FactorRemoved => "factor-removed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::RecoveryCodesRenewed => "recovery-codes-renewed",
            Self::PasskeyCopied => "passkey-copied",
            Self::LoginAlarm => "login-alarm",
            Self::FactorLossAsked => "factor-loss-asked",
            Self::FactorLossStopped => "factor-loss-stopped",
            Self::FactorLossApproved => "factor-loss-approved",
            Self::FactorLossRefused => "factor-loss-refused",
            Self::FactorLossDue => "factor-loss-due",
            Self::FactorLossLate => "factor-loss-late",
            Self::StaffRequested => "staff-requested",
            Self::StaffRequestLate => "staff-request-late",
            Self::StaffGranted => "staff-granted",
            Self::StaffRefused => "staff-refused",
            Self::AccessReviewOpened => "access-review-opened",
            Self::AccessReviewOverdue => "access-review-overdue",
            Self::OwnerChangeAsked => "owner-change-asked",
            Self::OwnerChangeOff => "owner-change-off",
            Self::OwnerChanged => "owner-changed",
            Self::ErasureComing => "erasure-coming",
            Self::ErasureOff => "erasure-off",
            Self::ConsentExtended => "consent-extended",
            Self::ApprovalWaiting => "approval-waiting",
            Self::ApprovalLate => "approval-late",
            Self::ApprovalApproved => "approval-approved",
            Self::ApprovalRefused => "approval-refused",
            Self::ApprovalStopped => "approval-stopped",
            Self::PhonePinSet => "phone-pin-set",
            Self::PhonePinLocked => "phone-pin-locked",
            Self::UploadUnlock => "upload-unlock",
            Self::SecondEmailMissing => "second-email-missing",
            Self::SecondContactMissing => "second-contact-missing",
        }
    }
}

/// A mail on its way out. The sender writes the text in the recipient's language.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// To whom.
    pub to: MailAddress,
    /// In which language.
    pub language: Language,
    /// About what.
    pub kind: MailKind,
    /// Named values for the text; never secrets.
    pub args: BTreeMap<&'static str, String>,
    /// A link with a secret in it: the path below the portal's configured origin.
    pub path: Option<Secret>,
}

impl OutgoingMail {
    /// A mail without link and arguments.
    #[must_use]
    pub const fn new(to: MailAddress, language: Language, kind: MailKind) -> Self {
        Self {
            to,
            language,
            kind,
            args: BTreeMap::new(),
            path: None,
        }
    }

    /// The same mail with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.args.insert(name, value.to_string());
        self
    }

    /// The same mail with the link `/{noun}/{token}`.
    #[must_use]
    pub fn linking(mut self, noun: &str, token: &Secret) -> Self {
        self.path = Some(Secret::new(format!("/{noun}/{}", token.expose())));
        self
    }
}

/// Takes mails inside a transaction; they leave after it committed, never inline (bar 3.3 T3).
pub trait Outbox: Send + Sync + 'static {
    /// Queues a mail. `tx` is outside of any customer's scope.
    fn queue<'a>(&'a self, tx: &'a mut Tx, mail: OutgoingMail) -> Working<'a, Result<(), Fault>>;
}

/// Knows which domains' mail this installation keeps.
pub trait HostedDomains: Send + Sync + 'static {
    /// Whether `name` or a name above it is hosted here. `tx` is outside of any customer's scope.
    fn is_hosted<'a>(
        &'a self,
        tx: &'a mut Tx,
        name: &'a DomainName,
    ) -> Working<'a, Result<bool, Fault>>;
}
