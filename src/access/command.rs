//! What a request to change something looks like.

use crate::actor::Actor;
use crate::door::Door;
use crate::gate::{AnyCommand, Done, Gate, Mode, Once};
use crate::limit::Limit;
use crate::refusal::Refusal;
use crate::role::Permission;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value};
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, TicketId};
pub use wabe_kernel::outside::Lookup;
use wabe_kernel::{
    CallingCode, Clock, CronRuns, DomainName, Fault, FieldErrors, Fields, PhpVersion, Problem, Rng,
    Secret,
};
use wabe_store::{Store, Tx};

/// How much a mistake would cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// Everyday work, or easily undone.
    Routine,
    /// Touches credentials or people: needs a proof of identity not older than ten minutes.
    Sensitive,
    /// Destroys: as sensitive, and by staff only with a second person.
    Destructive,
}

/// On whose authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// On the customer's behalf.
    Customer,
    /// The hoster's own: contract, abuse, suspension. Needs a purpose, and the customer sees it.
    Hoster,
    /// Work on a ticket itself, by staff: the ticket is the purpose, and the customer sees it.
    Ticket,
}

/// Whether staff may carry a command out for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTickets {
    /// Only people of the customer do it.
    Never,
    /// A ticket action: staff do it in a ticket, on an instruction about exactly that thing.
    Instructed,
    /// A ticket action that takes more: consent to such acts in that ticket, and a fresh proof of who acts.
    Consented,
}

impl InTickets {
    /// Whether staff may do something of this risk in a ticket: what is routine on an instruction, what is
    /// sensitive on a consent beside one, and what destroys never.
    #[must_use]
    pub const fn admits(self, risk: Risk) -> bool {
        matches!(
            (self, risk),
            (Self::Instructed, Risk::Routine) | (Self::Consented, Risk::Routine | Risk::Sensitive)
        )
    }
}

/// The command that takes a change back.
#[derive(Debug, Clone)]
pub struct Inverse {
    /// Its name.
    pub command: &'static str,
    /// Its input.
    pub input: Map<String, Value>,
}

impl Inverse {
    /// An inverse with these fields.
    #[must_use]
    pub fn new(command: &'static str, input: Value) -> Self {
        let input = if let Value::Object(map) = input {
            map
        } else {
            Map::new()
        };
        Self { command, input }
    }
}

/// Which hashing a secret gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashFor {
    /// A person's login to the panel: with pepper.
    Panel,
    /// A service that verifies by itself, as Dovecot does: without pepper.
    Service,
}

/// Checks and hashes secrets on a bounded pool, outside of any transaction.
pub trait Hashing: Send + Sync + 'static {
    /// Whether a new secret follows the rules; `context` holds words it must not consist of.
    ///
    /// # Errors
    /// The rule it breaks.
    fn check(&self, secret: &Secret, context: &[&str]) -> Result<(), Problem>;

    /// A PHC string of argon2id with the profile's parameters.
    fn hash<'a>(
        &'a self,
        secret: &'a Secret,
        purpose: HashFor,
    ) -> Working<'a, Result<String, Refusal>>;
}

/// What commands may use before their transaction begins, and reads may use at all.
#[derive(Clone)]
pub struct Tools {
    /// Secrets.
    pub hashing: Arc<dyn Hashing>,
    /// The outside.
    pub lookup: Arc<dyn Lookup>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Facts of this installation that commands decide by.
    pub house: Arc<House>,
    /// What the rooms of commands work with beyond this, by type.
    pub rooms: Rooms,
}

/// What each room gives its own commands; one value of a type, put in where the panel is wired.
#[derive(Clone, Default)]
pub struct Rooms(Vec<Arc<dyn Any + Send + Sync>>);

impl Rooms {
    /// The same with one more.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(mut self, given: T) -> Self {
        self.0.push(Arc::new(given));
        self
    }

    /// What was put in of this type.
    ///
    /// # Errors
    /// A fault when the wiring forgot it.
    pub fn get<T: Send + Sync + 'static>(&self) -> Result<&T, Fault> {
        let found = self.0.iter().find_map(|given| given.downcast_ref());
        found.ok_or(Fault::new("find what a room's commands work with"))
    }
}

/// Facts of this installation.
#[derive(Debug, Clone)]
pub struct House {
    /// The portal's own host name; nobody may claim it.
    pub portal_host: String,
    /// Webspaces are reachable below this name at once.
    pub preview_suffix: DomainName,
    /// Names below this one are name servers of a single claim each; delegation to them proves it.
    pub name_server_suffix: DomainName,
    /// True in the demo: `.localhost` and `.test` names prove themselves.
    pub demo: bool,
    /// The portal's URL, without a slash at its end.
    pub portal_url: String,
    /// Where webhooks of plugins arrive, an origin of their own, without a slash at its end.
    pub webhooks_url: String,
    /// The port of hosted sites over HTTPS.
    pub sites_https_port: u16,
    /// Where files are uploaded, `host:port`.
    pub sftp: String,
    /// Where mail arrives, `host:port`.
    pub smtp: String,
    /// What the hoster is called.
    pub hoster: String,
    /// Where the hoster is called on the telephone; empty when nobody said.
    pub hoster_phone: String,
    /// The country in which telephone numbers are meant that name none.
    pub calling_code: CallingCode,
    /// The versions of PHP that the node was seen to have, oldest first; none where sites have no PHP.
    pub php: Vec<PhpVersion>,
    /// Whether nginx shows the sites; the embedded server keeps nobody out of folders and takes no uploads.
    pub nginx: bool,
    /// Whether Apache answers behind it for webspaces that want `.htaccess` read.
    pub apache: bool,
    /// Which cron jobs run here.
    pub cron: CronRuns,
}

/// What is at hand while a command prepares itself.
pub struct Preparing<'a> {
    /// The database, for reading.
    pub store: &'a Store,
    /// Everything else.
    pub tools: &'a Tools,
    /// Who asks.
    pub actor: &'a Actor,
}

/// A request to change something: parsed input that knows its rules and how to apply itself.
pub trait Command: Fields + JsonSchema + Clone + Send + Sync + 'static {
    /// `noun.verb`.
    const NAME: &'static str;
    /// What the actor needs.
    const PERMISSION: Permission;
    /// How much care it takes.
    const RISK: Risk = Risk::Routine;
    /// On whose authority.
    const AUTHORITY: Authority = Authority::Customer;
    /// Limits it always takes; amounts that depend on the input are taken in `apply`.
    const TAKES: &'static [(Limit, i64)] = &[];
    /// Whether it is a ticket action.
    const IN_TICKETS: InTickets = InTickets::Never;
    /// True when [`Command::prepare`] does something; then the permission is checked before it.
    const PREPARES: bool = false;
    /// True for what members may do while the hoster has switched their customer off: ask for help.
    const WHILE_SUSPENDED: bool = false;
    /// False for what a preview would give away: the answer is the deed.
    const PREVIEWS: bool = true;
    /// True for what makes a secret for the customer's people and hands it over at the door.
    const HANDS_OVER: bool = false;
    /// What it answers.
    type Output: Serialize + JsonSchema + Send;

    /// Whether it can be carried out in this installation at all; what cannot is not offered to anybody.
    #[must_use]
    fn possible(house: &House) -> bool {
        let _ = house;
        true
    }

    /// Whether it means anything for this thing of the customer's, by what the thing is; for what it does not, it
    /// is not offered.
    fn suits(
        tx: &mut Tx,
        customer: CustomerId,
        object: &str,
    ) -> impl Future<Output = Result<bool, Refusal>> + Send {
        let _ = (tx, customer, object);
        async { Ok(true) }
    }

    /// The customer a hoster's command is about; absent when there is none yet.
    fn customer(&self) -> Option<CustomerId> {
        None
    }

    /// The ticket that staff work on; its customer is whose record the change is in. Only asked of
    /// commands on the authority of a ticket, and absent where one is opened.
    fn ticket(&self) -> Option<TicketId> {
        None
    }

    /// Everything slow, before the transaction: hashing, DNS.
    fn prepare(
        &mut self,
        with: &Preparing<'_>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send {
        let _ = with;
        async { Ok(()) }
    }

    /// Touches rows, and records the object with before and after at the door.
    fn apply(
        &self,
        door: &mut Door<'_>,
    ) -> impl Future<Output = Result<Self::Output, Refusal>> + Send;

    /// The command that takes a change back, where that is safe; given its before and after.
    #[must_use]
    fn inverse(before: &Value, after: &Value) -> Option<Inverse> {
        let _ = (before, after);
        None
    }
}

/// A parsed command of any kind.
pub type BoxedCommand = Box<dyn AnyCommand>;

type RunAny = for<'a> fn(
    &'a Gate,
    &'a Actor,
    Map<String, Value>,
    Mode,
    Option<Once>,
) -> Working<'a, Result<Done<Value>, Refusal>>;

type SuitsAny = for<'a> fn(&'a mut Tx, CustomerId, &'a str) -> Working<'a, Result<bool, Refusal>>;

/// A command as the lists see it: the source of the policy matrix, the API and the documents.
#[derive(Clone, Copy)]
pub struct CommandSpec {
    /// `noun.verb`.
    pub name: &'static str,
    /// What the actor needs.
    pub permission: Permission,
    /// How much care it takes.
    pub risk: Risk,
    /// On whose authority.
    pub authority: Authority,
    /// Whether it is a ticket action.
    pub in_tickets: InTickets,
    /// Whether it makes a secret for the customer's people.
    pub hands_over: bool,
    /// Whether it can be carried out in an installation at all.
    pub possible: fn(&House) -> bool,
    /// Whether it means anything for a thing.
    pub suits: SuitsAny,
    /// Limits it takes.
    pub takes: &'static [(Limit, i64)],
    /// Its field names.
    pub fields: &'static [&'static str],
    /// The JSON Schema of its input.
    pub input: fn() -> Schema,
    /// The JSON Schema of its answer.
    pub output: fn() -> Schema,
    /// The command that takes a change back.
    pub inverse: fn(&Value, &Value) -> Option<Inverse>,
    /// Parses JSON and runs it.
    pub run: RunAny,
    /// Parses JSON into a command that can pass with others.
    pub parse: fn(&Map<String, Value>) -> Result<BoxedCommand, FieldErrors>,
    /// Parses a form into such a command.
    pub parse_form: fn(&BTreeMap<String, String>) -> Result<BoxedCommand, FieldErrors>,
    /// Only parses JSON.
    pub check: fn(&Map<String, Value>) -> Result<(), FieldErrors>,
    /// Only parses a form.
    pub check_form: fn(&BTreeMap<String, String>) -> Result<(), FieldErrors>,
}

impl CommandSpec {
    /// The specification of `C`.
    #[must_use]
    pub const fn of<C: Command>() -> Self {
        Self {
            name: C::NAME,
            permission: C::PERMISSION,
            risk: C::RISK,
            authority: C::AUTHORITY,
            in_tickets: C::IN_TICKETS,
            hands_over: C::HANDS_OVER,
            possible: C::possible,
            suits: suits_any::<C>,
            takes: C::TAKES,
            fields: C::NAMES,
            input: || schema_for!(C),
            output: || schema_for!(C::Output),
            inverse: C::inverse,
            run: run_any::<C>,
            parse: |object| {
                C::from_json(object).map(|command| Box::new(command) as Box<dyn AnyCommand>)
            },
            parse_form: |typed| {
                C::from_form(typed).map(|command| Box::new(command) as Box<dyn AnyCommand>)
            },
            check: |object| C::from_json(object).map(|_parsed| ()),
            check_form: |typed| C::from_form(typed).map(|_parsed| ()),
        }
    }

    /// The noun: what stands before the dot.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        let parts = self.name.split_once('.');
        parts.map_or(self.name, |(noun, _)| noun)
    }

    /// The verb: what stands behind the dot.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(_, verb)| verb)
    }
}

fn suits_any<'a, C: Command>(
    tx: &'a mut Tx,
    customer: CustomerId,
    object: &'a str,
) -> Working<'a, Result<bool, Refusal>> {
    Box::pin(C::suits(tx, customer, object))
}

fn run_any<'a, C: Command>(
    gate: &'a Gate,
    actor: &'a Actor,
    object: Map<String, Value>,
    mode: Mode,
    once: Option<Once>,
) -> Working<'a, Result<Done<Value>, Refusal>> {
    Box::pin(async move {
        let command = C::from_json(&object)?;
        let done = gate.run_once(actor, command, mode, once).await?;
        done.try_map(|output| {
            serde_json::to_value(output)
                .map_err(|error| Fault::because("render an answer", error).into())
        })
    })
}
