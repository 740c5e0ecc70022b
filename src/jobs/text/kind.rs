//! The kinds of messages.

use serde_json::Value;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use wabe_kernel::{Field, Problem};

/// How much a message weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Info,
    /// Something needs attention soon.
    Warning,
    /// Something does not work, or concerns the safety of the login.
    Problem,
}

impl Weight {
    /// The word in the pages' markup.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// Whether a person may do without the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mailed {
    /// Security, or asked for by the person: always.
    Always,
    /// Unless the person said no.
    UnlessUnwanted,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $mailed:ident, $weight:ident, [$($arg:literal),*];)*) => {
        /// What a message is about. The word names its texts: `notice-{word}-subject` and `-body`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NoticeKind { $($(#[$doc])* $variant),* }

        impl NoticeKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database, the API and the names of texts.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            const fn mailed(self) -> Mailed {
                match self { $(Self::$variant => Mailed::$mailed),* }
            }

            /// How much it weighs.
            #[must_use]
            pub const fn weight(self) -> Weight {
                match self { $(Self::$variant => Weight::$weight),* }
            }

            /// The arguments that its texts need.
            #[must_use]
            pub const fn args(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($arg),*]),* }
            }
        }

        impl FromStr for NoticeKind {
            type Err = Problem;

            fn from_str(text: &str) -> Result<Self, Problem> {
                match text { $($word => Ok(Self::$variant),)* _ => Err(Problem::new("not-a-choice")) }
            }
        }
    };
}

kinds! {
    /// A link to a new password.
    Reset = "reset", Always, Info, ["link", "until"];
    /// A link that opens a locked login.
    Unlock = "unlock", Always, Warning, ["link", "until"];
    /// A link with which a new person sets up their login.
    Setup = "setup", Always, Info, ["link", "until"];
    /// A link that makes somebody a member of a customer; `customer`: its name.
    MemberInvited = "member-invited", Always, Info, ["customer", "link", "until"];
    /// The initial password was replaced by the person's own.
    InitialPasswordChanged = "initial-password-changed", Always, Info, ["at"];
    /// The password was changed.
    PasswordChanged = "password-changed", Always, Problem, ["at"];
    /// A login from a device not seen before; `device`: its description, `address`: shortened.
    NewLogin = "new-login", Always, Warning, ["at", "device", "address"];
    /// A contact address of a customer was changed; `address`: the new one, shortened.
    ContactChanged = "contact-changed", Always, Problem, ["customer", "at", "address"];
    /// A link that confirms that an address belongs to a login.
    ConfirmEmail = "confirm-email", Always, Info, ["link", "until"];
    /// Somebody wanted an address for their login that is the recipient's already.
    EmailTaken = "email-taken", Always, Warning, ["at"];
    /// A login has other addresses; `address`: the new one, shortened; `link` takes it back.
    LoginEmailChanged = "login-email-changed", Always, Problem, ["at", "address", "link", "until"];
    /// A login has its former addresses again; `address`: shortened.
    LoginEmailRestored = "login-email-restored", Always, Problem, ["at", "address"];
    /// A second factor was set up.
    FactorAdded = "factor-added", Always, Problem, ["at"];
    /// A second factor was taken away.
    FactorRemoved = "factor-removed", Always, Problem, ["at"];
    /// A recovery code was used; `count`: how many are left.
    RecoveryCodeUsed = "recovery-code-used", Always, Problem, ["at", "count"];
    /// There are new recovery codes in place of the old ones.
    RecoveryCodesRenewed = "recovery-codes-renewed", Always, Problem, ["at"];
    /// A passkey's counter did not grow; `name`: the passkey.
    PasskeyCopied = "passkey-copied", Always, Problem, ["at", "name"];
    /// Far more logins fail than usual: `count` and `usual` an hour. For operators.
    LoginAlarm = "login-alarm", Always, Problem, ["at", "count", "usual"];
    /// Somebody says that a second factor is lost; `link` stops it, `until`: nobody decides before.
    FactorLossAsked = "factor-loss-asked", Always, Problem, ["at", "link", "until"];
    /// Somebody stopped that.
    FactorLossStopped = "factor-loss-stopped", Always, Problem, ["at"];
    /// A lost second factor was taken away.
    FactorLossApproved = "factor-loss-approved", Always, Problem, ["at"];
    /// A second factor stays although somebody says that it is lost; `message`: why.
    FactorLossRefused = "factor-loss-refused", Always, Problem, ["at", "message"];
    /// A lost second factor waits for a decision; `object`: whose login. For operators.
    FactorLossDue = "factor-loss-due", Always, Warning, ["object"];
    /// Nobody decided that for a day. For management, too.
    FactorLossLate = "factor-loss-late", Always, Problem, ["object"];
    /// Somebody asks for a role for somebody, `object`. For who may give it.
    StaffRequested = "staff-requested", Always, Warning, ["object"];
    /// Nobody answered a request for a role for days; `object`: for whom it is.
    StaffRequestLate = "staff-request-late", Always, Problem, ["object"];
    /// A role that the reader asked for was given; `message`: on what that rests.
    StaffGranted = "staff-granted", Always, Warning, ["message", "object"];
    /// A role that the reader asked for was refused; `message`: why.
    StaffRefused = "staff-refused", Always, Warning, ["message", "object"];
    /// A review of all rights began; `object`: the quarter.
    AccessReviewOpened = "access-review-opened", Always, Warning, ["object"];
    /// A review of all rights is overdue; `object`: the quarter.
    AccessReviewOverdue = "access-review-overdue", Always, Problem, ["object"];
    /// Staff ask that `object` owns the customer in place of the reader; `message`: why, `link` stops it.
    OwnerChangeAsked = "owner-change-asked", Always, Problem, ["customer", "object", "at", "message", "link"];
    /// That does not happen.
    OwnerChangeOff = "owner-change-off", Always, Problem, ["customer", "object", "at"];
    /// `object` owns the customer now.
    OwnerChanged = "owner-changed", Always, Problem, ["customer", "object", "at"];
    /// Everything of the customer is removed for good after `until`; `message`: why, `link` stops it.
    ErasureComing = "erasure-coming", Always, Problem, ["customer", "until", "message", "link"];
    /// That does not happen.
    ErasureOff = "erasure-off", Always, Problem, ["customer", "at"];
    /// A second person agreed that what the reader allowed in the ticket `object` holds for longer than a day.
    ConsentExtended = "consent-extended", Always, Warning, ["customer", "object", "at"];
    /// Everything that is kept of the customer `object` is a file; its owners download it until `until`.
    ExportReady = "export-ready", Always, Warning, ["object", "until", "link"];
    /// Something about the customer `object` takes a second person. For who may decide.
    ApprovalWaiting = "approval-waiting", Always, Warning, ["object"];
    /// Nobody decided that for a day. For management, too.
    ApprovalLate = "approval-late", Always, Problem, ["object"];
    /// What the reader asked for about the customer `object` was done; `message`: on what that rests.
    ApprovalApproved = "approval-approved", Always, Warning, ["message", "object"];
    /// What the reader asked for about the customer `object` was refused; `message`: why.
    ApprovalRefused = "approval-refused", Always, Warning, ["message", "object"];
    /// Somebody of the customer `object` stopped what the reader asked for.
    ApprovalStopped = "approval-stopped", Always, Warning, ["object"];
    /// A telephone PIN was set.
    PhonePinSet = "phone-pin-set", Always, Problem, ["at"];
    /// A telephone PIN is locked after wrong guesses.
    PhonePinLocked = "phone-pin-locked", Always, Problem, ["at"];
    /// A link that opens a locked SFTP login, `name`, of the webspace `object`.
    UploadUnlock = "upload-unlock", Always, Warning, ["object", "name", "link", "until"];
    /// The address of a login is kept here, and there is no second one elsewhere.
    SecondEmailMissing = "second-email-missing", Always, Warning, ["address"];
    /// The same of the contact of a customer.
    SecondContactMissing = "second-contact-missing", Always, Warning, ["customer", "address"];
    /// An API token was made; `token`: its name.
    TokenCreated = "token-created", Always, Warning, ["at", "token"];
    /// API tokens were revoked; `count`: how many.
    TokensRevoked = "tokens-revoked", Always, Problem, ["at", "count"];
    /// 80 % of a quota are used.
    Quota80 = "quota-80", UnlessUnwanted, Info, ["object", "noun", "used", "max"];
    /// 95 % of a quota are used.
    Quota95 = "quota-95", UnlessUnwanted, Warning, ["object", "noun", "used", "max"];
    /// A quota is full.
    Quota100 = "quota-100", UnlessUnwanted, Problem, ["object", "noun", "used", "max"];
    /// A certificate could not be obtained or renewed; `until`: how long the present one is good.
    CertificateFailing = "certificate-failing", UnlessUnwanted, Warning, ["object", "reason", "next", "until"];
    /// A cron job of the webspace `object` went wrong, and had not before; `name`: the job.
    CronFailing = "cron-failing", UnlessUnwanted, Warning, ["object", "name", "reason", "at"];
    /// It went well again.
    CronRecovered = "cron-recovered", UnlessUnwanted, Info, ["object", "name", "at"];
    /// A change could not be carried out yet; `next`: the next attempt.
    ChangeFailed = "change-failed", UnlessUnwanted, Warning, ["object", "noun", "reason", "next"];
    /// A domain has proved to be the customer's.
    DomainVerified = "domain-verified", UnlessUnwanted, Info, ["object"];
    /// The proof of a domain is gone; `until`: when it is taken back unless it is there again.
    DomainMissing = "domain-missing", UnlessUnwanted, Problem, ["object", "until"];
    /// The proof of a domain was taken back.
    DomainLost = "domain-lost", UnlessUnwanted, Problem, ["object"];
    /// A plugin was stopped by the panel; `object`: its name.
    PluginPaused = "plugin-paused", UnlessUnwanted, Problem, ["object", "reason"];
    /// A newer version of a plugin asks for more and waits for somebody to agree.
    PluginUpdate = "plugin-update", UnlessUnwanted, Info, ["object", "version"];
    /// The hoster answered in a ticket; `message`: what was written; `letters`: 1 when an answer by mail
    /// is read. `over`: 1 when it is solved with that; then `changed`: how often something was changed on an
    /// instruction, `read`: how often content was, of `mail`, `files`, `rows` and `logs`, `seen`: settings and checks.
    TicketAnswered = "ticket-answered", UnlessUnwanted, Info, ["object", "message", "link", "letters", "over", "changed", "read", "mail", "files", "rows", "logs", "seen"];
    /// Staff ask to look at the customer's pages; `message`: why; `mail`, `files`, `rows`, `acts`: 1 when
    /// they ask for that too.
    ConsentAsked = "consent-asked", UnlessUnwanted, Warning, ["object", "message", "mail", "files", "rows", "acts", "link"];
    /// Staff wrote down what the recipient, or somebody they are responsible for, asked for on the
    /// telephone; `caller`: who said it, `thing`: about what, `message`: the words.
    InstructionByTelephone = "instruction-by-telephone", Always, Warning, ["object", "caller", "thing", "message", "link"];
    /// What the recipient, or somebody they are responsible for, wrote by mail was confirmed on the page
    /// behind the link of a letter; `thing`: about what, `message`: the words.
    InstructionByMail = "instruction-by-mail", Always, Warning, ["object", "thing", "message", "link"];
    /// Staff ask whether the recipient wrote this by mail; `link` leads to the page that confirms it.
    InstructionAsked = "instruction-asked", Always, Warning, ["object", "thing", "message", "link", "until"];
    /// What was answered to staff on the telephone; `caller`: by whom, `answer`: given or refused, `message`: why staff asked; `mail`,
    /// `files`, `rows`, `acts`: 1 when that was given too.
    ConsentByTelephone = "consent-by-telephone", Always, Warning, ["object", "caller", "answer", "until", "message", "mail", "files", "rows", "acts", "link"];
    /// Staff changed something on an instruction; `thing`: of what, `deed`: the command's verb.
    TicketActed = "ticket-acted", Always, Info, ["object", "thing", "deed", "before", "after", "link"];
    /// What somebody wrote by mail is a ticket; `customer`: for whom.
    TicketMailReceived = "ticket-mail-received", Always, Info, ["object", "customer", "link"];
    /// The same of a letter that names one thing; `confirm` leads to the page that confirms it.
    TicketMailConfirm = "ticket-mail-confirm", Always, Info, ["object", "customer", "link", "thing", "message", "confirm", "until"];
    /// Somebody wrote by mail who is not known here; `link`: the portal.
    TicketMailUnknown = "ticket-mail-unknown", Always, Info, ["link"];
    /// Somebody wrote to support without an account from this address, or said so; `link` proves it,
    /// `object`: the number of the ticket and nothing that they typed.
    ContactProof = "contact-proof", Always, Info, ["object", "link", "until"];
    /// The hoster answered somebody without an account; `letters`: 1 when an answer by mail is read.
    ContactAnswered = "contact-answered", Always, Info, ["object", "message", "letters"];
    /// A customer wrote in a ticket that the recipient has. For staff.
    TicketReplied = "ticket-replied", UnlessUnwanted, Info, ["object", "link"];
    /// What the hoster's people saw and changed in a customer between `from` and `until`: `message` has a line
    /// for each, `more`: how many it leaves out. Asked for by the person.
    AccessDigest = "access-digest", Always, Info, ["customer", "from", "until", "count", "more", "message"];
    /// A plugin says something; `subject` and `message` are its own words.
    PluginMessage = "plugin-message", UnlessUnwanted, Info, ["object", "subject", "message"];
}

impl NoticeKind {
    /// Whether it answers somebody's letter by itself. Source: RFC 3834, 3.1.7.
    #[must_use]
    pub const fn answers_a_letter(self) -> bool {
        matches!(
            self,
            Self::TicketMailReceived | Self::TicketMailConfirm | Self::TicketMailUnknown
        )
    }

    /// Whether the person says how often it comes, and without that never.
    #[must_use]
    pub const fn has_cadence(self) -> bool {
        matches!(self, Self::AccessDigest)
    }

    /// Whether people of customers ever get it: not what is work of the hoster's people, and not what
    /// strangers are told.
    #[must_use]
    pub const fn for_customers(self) -> bool {
        !matches!(
            self,
            Self::LoginAlarm
                | Self::FactorLossDue
                | Self::FactorLossLate
                | Self::StaffRequested
                | Self::StaffRequestLate
                | Self::StaffGranted
                | Self::StaffRefused
                | Self::AccessReviewOpened
                | Self::AccessReviewOverdue
                | Self::ApprovalWaiting
                | Self::ApprovalLate
                | Self::ApprovalApproved
                | Self::ApprovalRefused
                | Self::ApprovalStopped
                | Self::TicketMailUnknown
                | Self::ContactProof
                | Self::ContactAnswered
                | Self::TicketReplied
        )
    }

    /// Whether it is mailed whatever the person prefers.
    #[must_use]
    pub fn always_mailed(self) -> bool {
        self.mailed() == Mailed::Always
    }

    /// The kinds that no choice of a person turns off.
    pub fn fixed(staff: bool) -> impl Iterator<Item = Self> {
        let all = Self::ALL.iter().copied();
        let all = all.filter(move |kind| staff || kind.for_customers());
        all.filter(|kind| kind.always_mailed() && !kind.has_cadence())
    }

    /// The kinds that a person may choose not to have mailed.
    pub fn optional() -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|kind| !kind.always_mailed())
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Field for NoticeKind {
    fn from_json(value: &Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        text.parse()
    }
}

impl schemars::JsonSchema for NoticeKind {
    fn schema_name() -> Cow<'static, str> {
        "NoticeKind".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words: Vec<&str> = Self::ALL.iter().map(|kind| kind.word()).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}

impl wabe_store::Bind for NoticeKind {
    fn into_value(self) -> wabe_store::Value {
        self.word().into_value()
    }
}
