//! What should be, what is, and the steps between: the language of planner, reconciler and drivers.
//!
//! Plain data. A step is idempotent and carries the revision of its wish; drivers refuse older ones than they applied.

use crate::id::{AliasId, CustomerId, DatabaseId, DomainId, MailboxId, WebspaceId};
use crate::quota::Bytes;
use crate::time::Timestamp;
use crate::{
    DomainName, EditMark, Edited, Engine, MailAddress, PasswordVerifier, PhpVersion,
    RedirectTarget, RelPath, RemoteAddresses, ServerName, SiteRules,
};
use serde::{Deserialize, Serialize};
use std::pin::Pin;

pub use crate::step_failure::StepFailure;

/// Counts the wishes for one resource; each accepted change adds one.
pub type Revision = i64;

/// The result of work that takes a while; the kernel knows no runtime, only this shape.
pub type Working<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What should become of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish<T> {
    /// It should be there, like this.
    Present(T),
    /// It should be out of reach, its data kept (suspended or in the trash).
    Hidden(T),
    /// It should be gone, data and all.
    Gone,
}

/// What opens a webspace over SFTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadAccess {
    /// The login name.
    pub login: String,
    /// A PHC string of argon2id; no password login without.
    pub password_hash: Option<String>,
    /// Public keys in OpenSSH's one-line form.
    pub keys: Vec<String>,
}

/// A webspace as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webspace {
    /// Which one.
    pub id: WebspaceId,
    /// Where it is reachable at once; never indexed by search engines.
    pub preview: DomainName,
    /// The customer's own names for it, the main one first; all of them proved.
    pub hosts: Vec<DomainName>,
    /// The folder that is served, beneath the webspace's folder.
    pub document_root: RelPath,
    /// The most its files may take, in bytes.
    pub quota: Bytes,
    /// Whether plain HTTP is sent on to HTTPS.
    pub https_redirect: bool,
    /// Until when the access log may hold full addresses (a recorded instruction).
    pub full_addresses_until: Option<Timestamp>,
    /// How files are uploaded.
    pub upload: UploadAccess,
    /// Shown to visitors instead of the site while it is hidden: true when suspended, false in the trash.
    pub suspended: bool,
    /// The serial number of the certificate that is to be replaced; absent while any good one will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwanted_certificate: Option<String>,
    /// What runs its PHP; its files are only ever read while absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub php: Option<PhpVersion>,
    /// What it does beside showing its files.
    #[serde(default, skip_serializing_if = "SiteRules::is_empty")]
    pub rules: Box<SiteRules>,
    /// The fingerprint of its public names' certificate; one that nobody signed stands in while absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplied: Option<String>,
    /// Whose it is: all of a customer's webspaces run as one user of the node. Absent in what was written before
    /// nodes had such users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// What somebody wrote by hand that may be written over. It is for whoever plans, and no part of what a node keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwrites: Option<EditMark>,
}

/// A mailbox as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Which one.
    pub id: MailboxId,
    /// The domain it is part of; its passwd file bears this id.
    pub domain: DomainId,
    /// Its address.
    pub address: MailAddress,
    /// A PHC string of argon2id without pepper, as Dovecot reads it.
    pub password_hash: String,
    /// The most it may hold, in bytes.
    pub quota: Bytes,
}

/// An alias as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Which one.
    pub id: AliasId,
    /// The domain it is part of.
    pub domain: DomainId,
    /// The address that receives.
    pub address: MailAddress,
    /// Mailboxes of this installation that it delivers to.
    pub targets: Vec<MailAddress>,
}

/// What opens a database on a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseLogin {
    /// What the database and its one user are called there.
    pub name: ServerName,
    /// What the server verifies the password with.
    pub verifier: PasswordVerifier,
    /// Connections that programs may hold at once.
    #[serde(default = "connections_before")]
    pub connections: u32,
    /// Where programs elsewhere may come from, over TLS.
    #[serde(default, skip_serializing_if = "RemoteAddresses::is_empty")]
    pub remote: RemoteAddresses,
}

/// What every database had while that was no choice; entries of nodes from then do not say it.
const fn connections_before() -> u32 {
    20
}

/// A database as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// Which one.
    pub id: DatabaseId,
    /// What runs it.
    pub engine: Engine,
    /// The most it may hold, in bytes.
    pub quota: Bytes,
    /// What opens it; absent where no server runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<DatabaseLogin>,
}

/// A domain as it should be; by itself a node serves nothing of it but its redirect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Which one.
    pub id: DomainId,
    /// Its name.
    pub name: DomainName,
    /// Whether the customer's right to it was proved.
    pub verified: bool,
    /// Where its visitors are sent, when it carries no webspace.
    pub redirect: Option<RedirectTarget>,
}

/// A host name that sends every visitor to one place, whatever path they asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// The domain it is of.
    pub id: DomainId,
    /// The host name.
    pub name: DomainName,
    /// Where visitors are sent.
    pub target: RedirectTarget,
}

/// One resource and what should become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Desired {
    /// A webspace.
    Webspace(WebspaceId, Wish<Webspace>),
    /// A mailbox.
    Mailbox(MailboxId, Wish<Mailbox>),
    /// An alias.
    Alias(AliasId, Wish<Alias>),
    /// A database.
    Database(DatabaseId, Wish<Database>),
    /// A domain.
    Domain(DomainId, Wish<Domain>),
}

/// Which resource to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// A webspace.
    Webspace(WebspaceId),
    /// A mailbox.
    Mailbox(MailboxId),
    /// An alias.
    Alias(AliasId),
    /// A database.
    Database(DatabaseId),
    /// A domain.
    Domain(DomainId),
}

/// A certificate that a node serves names with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedCertificate {
    /// The names it covers.
    pub names: Vec<DomainName>,
    /// Who signed it, in the certificate's own words.
    pub issuer: String,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Its serial number: no two of one signer have the same.
    #[serde(default)]
    pub serial: String,
}

/// What a node serves the public names of a webspace with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedPublic {
    /// The certificate; its names are those of the site's that it covers.
    pub certificate: ObservedCertificate,
    /// Stands for exactly its chain; absent for one that stands in, which nobody signed.
    pub fingerprint: Option<String>,
}

/// What a node has of a webspace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObservedWebspace {
    /// The folder exists.
    pub folder: bool,
    /// Its certificate; absent without a usable one.
    pub certificate: Option<ObservedCertificate>,
    /// What its public names are served with; absent without a usable one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<Box<ObservedPublic>>,
    /// The site as configured, and whether it is shown (`Present`) or hidden.
    pub site: Option<Wish<Webspace>>,
    /// Why the node took back the newest configuration, for the operator; absent while it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What somebody wrote by hand; absent while nobody did. The site counts as configured then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Box<Edited>>,
}

/// What a node has of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObservedDomain {
    /// It has a folder, with whatever its redirect left behind.
    pub folder: bool,
    /// The certificate of its redirect; absent without a usable one.
    pub certificate: Option<ObservedCertificate>,
    /// The redirect as configured.
    pub redirect: Option<Redirect>,
    /// Why the node took back the newest configuration, for the operator; absent while it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// What a node has of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "most are webspaces")]
pub enum Observed {
    /// Of a webspace.
    Webspace(ObservedWebspace),
    /// Of a mailbox: its folder exists, and its login entry (hidden ones cannot log in or receive).
    Mailbox {
        /// The Maildir exists.
        folder: bool,
        /// The entry as configured.
        entry: Option<Wish<Mailbox>>,
    },
    /// Of an alias: the entry as configured.
    Alias(Option<Wish<Alias>>),
    /// Of a database: it exists, and the entry as configured.
    Database {
        /// Its file exists, or the server has it or its user.
        file: bool,
        /// The entry as configured; absent where the server's rights are others.
        entry: Option<Wish<Database>>,
        /// It holds more than it may, so nothing more is written into it.
        #[serde(default)]
        full: bool,
    },
    /// Of a domain.
    Domain(ObservedDomain),
}

/// One idempotent act on a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Make the webspace's folder with its document root and a first page, where missing; for the user of this
    /// customer where the node has one for each.
    MakeFolder(WebspaceId, RelPath, Option<CustomerId>),
    /// Issue a certificate for exactly these names and put it in place.
    IssueCertificate(WebspaceId, Vec<DomainName>),
    /// Make a certificate that nobody signed for exactly these public names, and put it in place.
    StandIn(WebspaceId, Vec<DomainName>),
    /// Put the certificate of this fingerprint in place for the public names.
    SupplyCertificate(WebspaceId, String),
    /// Take away what the public names were served with.
    DropCertificate(WebspaceId),
    /// Put back what should lie where somebody wrote exactly this by hand, or stop telling of it where it was put aside.
    RestoreSite(WebspaceId, EditMark),
    /// Write the site's configuration (render, parse back, compare, swap) and load it. What somebody wrote by hand is
    /// not written over, unless the site is hidden.
    ConfigureSite(Wish<Webspace>),
    /// Ask the site over HTTPS and expect an answer.
    ProbeSite(WebspaceId, DomainName),
    /// Take the site and its certificate away.
    RemoveSite(WebspaceId),
    /// Delete the webspace's folder and logs.
    RemoveFolder(WebspaceId),
    /// Make the mailbox's Maildir, where missing.
    MakeMaildir(MailboxId),
    /// Write the mailbox's entry.
    ConfigureMailbox(Wish<Mailbox>),
    /// Take the entry away.
    RemoveMailboxEntry(MailboxId),
    /// Delete the Maildir.
    RemoveMaildir(MailboxId),
    /// Write the alias's entry.
    ConfigureAlias(Wish<Alias>),
    /// Take the alias away.
    RemoveAlias(AliasId),
    /// Make an empty database, where missing.
    MakeDatabase(Database),
    /// Write the database's entry (quota, shown or hidden); on a server its user and their rights too.
    ConfigureDatabase(Wish<Database>),
    /// Delete the database's file and entry; on a server the database and its user.
    RemoveDatabase(DatabaseId),
    /// Issue a certificate for the name of a redirect and put it in place.
    IssueRedirectCertificate(DomainId, DomainName),
    /// Write the redirect (render, parse back, compare, swap) and load it.
    ConfigureRedirect(Redirect),
    /// Ask the redirect over HTTPS and expect it to send the visitor on.
    ProbeRedirect(DomainId, DomainName),
    /// Take the redirect and its certificate away.
    RemoveRedirect(DomainId),
    /// Delete the folder of the domain's redirect, logs and all.
    RemoveRedirectFolder(DomainId),
}

/// An act, and the wish it serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which resource.
    pub subject: Subject,
    /// The wish's revision; an older one than applied is refused.
    pub revision: Revision,
    /// What to do.
    pub act: Act,
}

impl Act {
    /// The key of the step's plain words: the Fluent message `step-{word}`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::MakeFolder(..) => "make-folder",
            Self::IssueCertificate(..) => "issue-certificate",
            Self::StandIn(..) => "stand-in",
            Self::SupplyCertificate(..) => "supply-certificate",
            Self::DropCertificate(_) => "drop-certificate",
            Self::RestoreSite(..) => "restore-site",
            Self::ConfigureSite(Wish::Hidden(_)) => "hide-site",
            Self::ConfigureSite(Wish::Present(_) | Wish::Gone) => "configure-site",
            Self::ProbeSite(..) => "probe-site",
            Self::RemoveSite(_) => "remove-site",
            Self::RemoveFolder(_) => "remove-folder",
            Self::MakeMaildir(_) => "make-maildir",
            Self::ConfigureMailbox(Wish::Hidden(_)) => "hide-mailbox",
            Self::ConfigureMailbox(Wish::Present(_) | Wish::Gone) => "configure-mailbox",
            Self::RemoveMailboxEntry(_) => "remove-mailbox-entry",
            Self::RemoveMaildir(_) => "remove-maildir",
            Self::ConfigureAlias(Wish::Hidden(_)) => "hide-alias",
            Self::ConfigureAlias(Wish::Present(_) | Wish::Gone) => "configure-alias",
            Self::RemoveAlias(_) => "remove-alias",
            Self::MakeDatabase(_) => "make-database",
            Self::ConfigureDatabase(Wish::Hidden(_)) => "hide-database",
            Self::ConfigureDatabase(Wish::Present(_) | Wish::Gone) => "configure-database",
            Self::RemoveDatabase(_) => "remove-database",
            Self::IssueRedirectCertificate(..) => "issue-redirect-certificate",
            Self::ConfigureRedirect(_) => "configure-redirect",
            Self::ProbeRedirect(..) => "probe-redirect",
            Self::RemoveRedirect(_) => "remove-redirect",
            Self::RemoveRedirectFolder(_) => "remove-redirect-folder",
        }
    }
}

/// The hands of a node: looks, and carries out steps. It makes no choice of its own.
pub trait Driver: Send + Sync + 'static {
    /// What the node has of `subject`.
    fn observe(&self, subject: Subject) -> Working<'_, Result<Observed, StepFailure>>;

    /// Carries out one step; doing it twice changes nothing more.
    fn apply<'a>(&'a self, step: &'a Step) -> Working<'a, Result<(), StepFailure>>;
}
