//! Which commands plugins may ever ask for.
//!
//! Invariants: nothing is an effect because nobody thought of it. What needs proof of a person, belongs
//! to the hoster, to a person or to plugins themselves is out by its kind; everything else is named
//! here, one way or the other, and what is not named is no effect.

use std::fmt;
use wabe_access::{Authority, CommandSpec, Permission, Risk};
use wabe_package::capability::MAIL_COMMAND;

/// Whether plugins may ask for a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They may, where it was granted.
    Effect,
    /// They may not, for this reason.
    Never(Why),
    /// Nobody decided yet: they may not.
    Open,
}

/// Why a command is no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is the hoster's.
    Hoster,
    /// It asks for a proof that only a person can give.
    Proof,
    /// It is somebody's own affair, or about who belongs to a customer.
    Person,
    /// It is about plugins and what they may.
    Plugin,
    /// It says yes or no in somebody's name, to somebody else.
    Consent,
    /// It makes, replaces or ends what somebody logs in with.
    Credential,
    /// The panel alone does it.
    Panel,
    /// It decides what programs run outside of the walls that plugins have.
    Program,
    /// It carries the bytes of a file, which no recording of a run is to hold.
    File,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Effect => "effect",
            Self::Open => "not decided",
            Self::Never(Why::Hoster) => "never: the hoster's",
            Self::Never(Why::Proof) => "never: needs proof of a person",
            Self::Never(Why::Person) => "never: a person's",
            Self::Never(Why::Plugin) => "never: about plugins",
            Self::Never(Why::Consent) => "never: consent",
            Self::Never(Why::Credential) => "never: credentials",
            Self::Never(Why::Panel) => "never: the panel's alone",
            Self::Never(Why::Program) => "never: runs programs",
            Self::Never(Why::File) => "never: carries a file",
        })
    }
}

/// Whole kinds of commands that are somebody's, by what they need.
const KINDS: [(Permission, Why); 6] = [
    (Permission::SelfWrite, Why::Person),
    (Permission::TokenWrite, Why::Person),
    (Permission::MemberWrite, Why::Person),
    (Permission::CustomerWrite, Why::Person),
    (Permission::AutomationRead, Why::Plugin),
    (Permission::AutomationWrite, Why::Plugin),
];

/// Single commands that are not for plugins, although others of their kind are.
const NEVER: [(&str, Why); 29] = [
    ("access_key.create", Why::Credential),
    ("access_key.delete", Why::Credential),
    ("cron_job.create", Why::Program),
    ("cron_job.delete", Why::Program),
    ("cron_job.run", Why::Program),
    ("cron_job.set_command", Why::Program),
    ("cron_job.set_enabled", Why::Program),
    ("cron_job.set_schedule", Why::Program),
    ("database.reset_password", Why::Credential),
    ("database.set_password", Why::Credential),
    ("database.set_remote_addresses", Why::Credential),
    ("domain.consent", Why::Consent),
    ("domain.withdraw", Why::Panel),
    ("instruction.confirm", Why::Consent),
    ("instruction.decline", Why::Consent),
    ("instruction.end", Why::Consent),
    ("instruction.give", Why::Consent),
    ("mailbox.reset_password", Why::Credential),
    ("mailbox.set_password", Why::Credential),
    ("ticket.attach", Why::File),
    ("ticket.collect_secret", Why::Credential),
    ("ticket.put_secret", Why::Credential),
    ("webspace.protect_folder", Why::Credential),
    ("webspace.remove_certificate", Why::Credential),
    ("webspace.reset_upload_password", Why::Credential),
    ("webspace.set_proxy", Why::Program),
    ("webspace.set_upload_password", Why::Credential),
    ("webspace.unprotect_folder", Why::Credential),
    ("webspace.upload_certificate", Why::Credential),
];

/// What plugins may ask for. A new mailbox comes with its first password: that opens nothing which
/// somebody had before.
const EFFECTS: &[&str] = &[
    "alias.create",
    "alias.delete",
    "alias.restore",
    "alias.resume",
    "alias.retry",
    "alias.set_targets",
    "alias.suspend",
    "database.create",
    "database.delete",
    "database.restore",
    "database.resume",
    "database.retry",
    "database.set_connections",
    "database.set_quota",
    "database.suspend",
    "domain.create",
    "domain.delete",
    "domain.restore",
    "domain.retry",
    "domain.set_redirect",
    "domain.verify",
    "mailbox.create",
    "mailbox.delete",
    "mailbox.restore",
    "mailbox.resume",
    "mailbox.retry",
    "mailbox.set_quota",
    "mailbox.suspend",
    "ticket.create",
    "ticket.reopen",
    "ticket.reply",
    "ticket.solve",
    "webspace.add_host",
    "webspace.create",
    "webspace.delete",
    "webspace.reissue_certificate",
    "webspace.remove_host",
    "webspace.restore",
    "webspace.resume",
    "webspace.retry",
    "webspace.set_document_root",
    "webspace.set_error_pages",
    "webspace.set_full_addresses",
    "webspace.set_hsts",
    "webspace.set_https_redirect",
    "webspace.set_php",
    "webspace.set_php_settings",
    "webspace.set_quota",
    "webspace.set_redirects",
    "webspace.set_server",
    "webspace.set_upload_size",
    "webspace.suspend",
];

/// What was decided about a command.
#[must_use]
pub fn decide(spec: &CommandSpec) -> Decision {
    if spec.name == MAIL_COMMAND {
        return Decision::Effect;
    }
    // Work on a ticket is its staff's: a plugin never answers as one of them.
    if spec.authority != Authority::Customer {
        return Decision::Never(Why::Hoster);
    }
    let kind = KINDS.iter().find(|(kind, _)| *kind == spec.permission);
    let single = NEVER.iter().find(|(name, _)| *name == spec.name);
    let never = kind.map(|(_, why)| *why).or(single.map(|(_, why)| *why));
    match never {
        Some(why) => Decision::Never(why),
        None if spec.risk != Risk::Routine => Decision::Never(Why::Proof),
        None if EFFECTS.contains(&spec.name) => Decision::Effect,
        None => Decision::Open,
    }
}

/// Whether a plugin may ever ask for this command.
#[must_use]
pub fn may_be_effect(spec: &CommandSpec) -> bool {
    decide(spec) == Decision::Effect
}

/// Every command that is named here: a name that no command has is a mistake.
#[must_use]
pub fn named() -> Vec<&'static str> {
    let never = NEVER.iter().map(|(name, _)| *name);
    never.chain(EFFECTS.iter().copied()).collect()
}
