//! What a command holds while it applies itself.

use crate::actor::Actor;
use crate::command::Tools;
use crate::gate::Made;
use crate::limit::Limit;
use crate::refusal::Refusal;
use crate::standing::Standing;
use crate::{resource, usage};
use serde_json::Value;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Fault, ResourceKind, Rng, Secret, State, Timestamp};
use wabe_store::Tx;

/// What a change is about.
#[derive(Debug, Clone)]
pub struct Object {
    /// The noun: `webspace`, `member`, …
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// What a command left at the door.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) object: Object,
    pub(crate) before: Value,
    pub(crate) after: Value,
}

/// The way into the tables, open for one command in one customer. Only the gate makes one.
pub struct Door<'a> {
    pub(crate) tx: &'a mut Tx,
    pub(crate) actor: &'a Actor,
    pub(crate) tools: &'a Tools,
    pub(crate) customer: CustomerId,
    pub(crate) now: Timestamp,
    pub(crate) made: &'a [Made],
    pub(crate) handed: &'a mut Option<Secret>,
    pub(crate) record: Option<Record>,
    pub(crate) news: Vec<(String, Option<State>)>,
    pub(crate) wished: bool,
}

impl Door<'_> {
    /// The transaction.
    pub const fn tx(&mut self) -> &mut Tx {
        self.tx
    }

    /// Who acts.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        self.actor
    }

    /// The customer whose data this is about; the only one the command may touch.
    #[must_use]
    pub const fn customer(&self) -> CustomerId {
        self.customer
    }

    /// The time of this change.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What the commands before this one changed in the same transaction.
    #[must_use]
    pub const fn made(&self) -> &[Made] {
        self.made
    }

    /// Hands a secret that was made for the customer's people to whoever keeps it for them later in the same
    /// transaction. It is in no answer and in no record; where nobody keeps it, nothing happened. Only for
    /// commands with [`Command::HANDS_OVER`](crate::Command::HANDS_OVER).
    pub fn hand_over(&mut self, secret: Secret) {
        *self.handed = Some(secret);
    }

    /// Takes what a command before this one handed over, to keep it.
    pub const fn handed_over(&mut self) -> Option<Secret> {
        self.handed.take()
    }

    /// Randomness for ids and tokens.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        self.tools.rng.as_ref()
    }

    /// What the command prepared with; no slow work in here.
    #[must_use]
    pub const fn tools(&self) -> &Tools {
        self.tools
    }

    /// Takes so much of a limit.
    ///
    /// # Errors
    /// `Limit` when the plan does not allow it.
    pub async fn take(&mut self, limit: Limit, wanted: i64) -> Result<(), Refusal> {
        usage::take(self.tx, self.customer, limit, wanted).await
    }

    /// Gives so much of a limit back.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn give(&mut self, limit: Limit, amount: i64) -> Result<(), Refusal> {
        usage::give(self.tx, self.customer, limit, amount).await
    }

    /// Makes a resource that is not there yet; the reconciler will see to it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn create_resource(
        &mut self,
        kind: ResourceKind,
        id: &str,
        name: &str,
    ) -> Result<(), Refusal> {
        let row = resource::NewResource {
            id,
            customer: self.customer,
            kind,
            name,
            now: self.now,
        };
        resource::insert(self.tx, &row).await?;
        self.news.push((id.to_owned(), Some(State::Pending)));
        self.wished = true;
        Ok(())
    }

    /// Says that what is wanted of a resource changed; the reconciler will see to it. Answers how it
    /// stands since.
    ///
    /// # Errors
    /// `NotFound` when it is not this customer's.
    pub async fn wish(&mut self, id: &str) -> Result<Standing, Refusal> {
        let standing = resource::bump(self.tx, self.customer, id, self.now).await?;
        self.news.push((id.to_owned(), Some(standing.state)));
        self.wished = true;
        Ok(standing)
    }

    /// Says the same of a resource of another customer, where what happens here decides whether it is
    /// served: a name below theirs came or went. Their pages hear of it from the reconciler. The
    /// transaction must not be scoped.
    ///
    /// # Errors
    /// `NotFound` when it is not that customer's.
    pub async fn wish_of(&mut self, customer: CustomerId, id: &str) -> Result<(), Refusal> {
        resource::bump(self.tx, customer, id, self.now).await?;
        self.wished = true;
        Ok(())
    }

    /// Records what the command is about and what it changed. Every command does this exactly once.
    pub fn record(&mut self, object: Object, before: Value, after: Value) {
        self.news.push((object.id.clone(), None));
        self.record = Some(Record {
            object,
            before,
            after,
        });
    }

    pub(crate) fn recorded(&mut self) -> Result<Record, Fault> {
        self.record
            .take()
            .ok_or(Fault::new("a command recorded no change"))
    }
}
