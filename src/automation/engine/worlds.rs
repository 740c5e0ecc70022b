//! What the engine stands on, and others implement: the sandbox, other hosts, what may be read.

use serde_json::{Map, Value};
use std::net::IpAddr;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::Timestamp;
use wabe_kernel::desired::Working;
use wabe_kernel::id::CustomerId;
use wabe_package::entry::{Context, Entry};
use wabe_package::wire::{
    Answer, Ending, FetchRequest, FetchResponse, HostCall, LogLine, Problem, Usage,
};
use wabe_package::{Blob, Host, Limits};

/// One run, as the sandbox gets it.
#[derive(Debug, Clone)]
pub struct Order {
    /// The SHA-256 of the component, in hexadecimal; the sandbox knows its artifact.
    pub component: String,
    /// What the guest learns about itself.
    pub context: Context,
    /// What is called.
    pub entry: Entry,
    /// What it may use.
    pub limits: Limits,
    /// Of randomness.
    pub seed: Blob,
}

/// A run that came to its end.
#[derive(Debug, Clone)]
pub struct Ended {
    /// How.
    pub ending: Ending,
    /// What it used.
    pub usage: Usage,
    /// Its log.
    pub log: Vec<LogLine>,
}

/// The sandbox is not there, or went away during the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Down;

/// Answers what a guest asks its host for; one call of a run at a time.
pub trait Answers: Send + Sync {
    /// Decides about a call.
    fn answer(&self, call: HostCall) -> Working<'_, Result<Answer, Problem>>;
}

/// Runs guests, in a process of its own.
pub trait Sandbox: Send + Sync + 'static {
    /// Whether it is there; runs wait meanwhile.
    fn is_up(&self) -> bool;

    /// While it is not there: why, a stable word. The Fluent message is `sandbox-{word}`.
    fn trouble(&self) -> Option<&'static str>;

    /// Runs an order to its end. Dropping the future ends the run.
    fn run<'a>(
        &'a self,
        order: Order,
        answers: &'a dyn Answers,
    ) -> Working<'a, Result<Ended, Down>>;
}

/// A request to another host, with its secrets filled in: it is not for logs.
pub struct Outgoing {
    /// On whose behalf: requests of one customer share its allowance.
    pub customer: CustomerId,
    /// The request.
    pub request: FetchRequest,
    /// The only hosts that it may go to.
    pub hosts: Vec<Host>,
    /// Milliseconds that are left of the run.
    pub within_ms: u32,
}

/// Asks other hosts: HTTPS alone, addresses of the public internet alone, no redirects followed.
pub trait Fetch: Send + Sync + 'static {
    /// Sends a request and reads the whole answer.
    fn fetch(&self, outgoing: Outgoing) -> Working<'_, Result<FetchResponse, Problem>>;
}

/// A type of things that plugins may read.
#[derive(Debug, Clone, Copy)]
pub struct RecordType {
    /// Its name in `records:…`, such as `mailbox`.
    pub name: &'static str,
    /// The fields that may be asked for; never a secret.
    pub fields: &'static [&'static str],
    /// What whoever granted the right must be permitted.
    pub permission: Permission,
    /// Whether answering asks the world outside: a run may do that as often as it may ask other hosts.
    pub asks_outside: bool,
}

/// What a plugin asks for.
#[derive(Debug, Clone)]
pub struct RecordQuery {
    /// The type's name.
    pub kind: String,
    /// Only this one.
    pub id: Option<String>,
    /// Only those whose name contains this, lower case; all when empty.
    pub search: String,
    /// Where the page begins, as the page before said it.
    pub cursor: Option<String>,
    /// How many at most, 1 to 200.
    pub limit: i64,
}

/// A page of things with all their fields; the engine leaves out what was not granted.
#[derive(Debug, Clone, Default)]
pub struct RecordPage {
    /// Things, each with its fields by name.
    pub items: Vec<Map<String, Value>>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Reads what the customer owns.
pub trait Records: Send + Sync + 'static {
    /// What there is to read.
    fn types(&self) -> &[RecordType];

    /// Reads a page within the scope of a run: its customer's, and what both the grant and whoever
    /// granted it permit.
    fn query<'a>(
        &'a self,
        scope: &'a Scope,
        query: RecordQuery,
    ) -> Working<'a, Result<RecordPage, Refusal>>;
}

/// A request that came in over an installation's address.
#[derive(Debug, Clone)]
pub struct WebhookRequest {
    /// Upper case.
    pub method: String,
    /// The piece of the address behind the slug: the trigger's path.
    pub path: String,
    /// What follows it, beginning with a slash, or empty.
    pub rest: String,
    /// Without the question mark.
    pub query: String,
    /// As received, names in lower case.
    pub headers: Vec<(String, String)>,
    /// As received, at most 1 MiB.
    pub body: Vec<u8>,
    /// The caller's address.
    pub remote: IpAddr,
}

/// What the caller is answered. Every refusal before the plugin ran is the same `404` or `401`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookReply {
    /// 200, 202, 204, or from 400 on.
    pub status: u16,
    /// `application/json` or `text/plain`, both with `charset=utf-8` when they are sent.
    pub content_type: &'static str,
    /// At most 4 KiB.
    pub body: Vec<u8>,
    /// Whether the caller is to be asked for a user name and a password.
    pub ask_for_password: bool,
    /// Seconds after which another request makes sense.
    pub retry_after: Option<u32>,
}

/// What happened to the use of a quota.
#[derive(Debug, Clone)]
pub struct QuotaReached {
    /// Whose.
    pub customer: CustomerId,
    /// The noun of the thing, its id, and what people call it.
    pub object: (&'static str, String, String),
    /// Bytes in use.
    pub used_bytes: i64,
    /// Bytes allowed.
    pub max_bytes: i64,
    /// The level that was reached: 80, 95 or 100.
    pub percent: i64,
    /// When it was measured.
    pub at: Timestamp,
}
