//! The one door that turns a command into a change.
//!
//! In one transaction: lock and number the customer's changes, check permission and risk, take
//! limits, apply, write the audit entry, bump the wish, commit. Then wake the reconciler and publish
//! the news. If the entry cannot be written, nothing happened.

use crate::actor::{Actor, ActorKind, HOUSE};
use crate::command::{Authority, Command, CommandSpec, Preparing, Risk, Tools};
use crate::customer::CustomerState;
use crate::door::Door;
use crate::events::{Change, Events};
use crate::refusal::Refusal;
use crate::scope::{Scope, admitted};
use serde_json::Value;
use std::sync::Arc;
use wabe_audit::{Entry, Recorder};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{ChangeId, CustomerId};
use wabe_kernel::{State, Timestamp};
use wabe_store::{Store, Tx, statements};

statements! {
    NUMBER = "access.gate.number" =>
        "UPDATE customer SET change_seq = change_seq + 1 WHERE id = $1 \
         RETURNING change_seq, suspended_reason";
    ONCE = "access.gate.once" =>
        "INSERT INTO idempotency (customer_id, key, request_hash, change_id, created_at) \
         VALUES ($1, $2, $3, $4, $5)";
    FIND_ONCE = "access.gate.find_once" =>
        "SELECT request_hash, change_id FROM idempotency WHERE customer_id = $1 AND key = $2";
    DROP_ONCE = "access.gate.drop_once" => "DELETE FROM idempotency WHERE created_at < $1";
}

/// How long a proof of identity opens sensitive commands, in seconds. Source: bar 3.6 T5.
pub const STEP_UP_SECONDS: i64 = 600;

/// Whether a command is carried out or only shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Carried out.
    Commit,
    /// The same path, rolled back at its end.
    Preview,
}

/// A key under which a request is carried out at most once.
#[derive(Debug, Clone)]
pub struct Once {
    /// The client's key, with whoever sent it.
    pub key: String,
    /// A hash of the whole request.
    pub request_hash: String,
}

/// What a command did, or would do.
#[derive(Debug)]
pub struct Done<T> {
    /// Its answer.
    pub output: T,
    /// The record; also in a preview, where it is not kept.
    pub change: ChangeId,
    /// What it is about.
    pub object: String,
    /// The object before; null when it was not there.
    pub before: Value,
    /// The object after; null when it is gone.
    pub after: Value,
    /// In a preview: the steps the planner would send, as words.
    pub steps: Vec<&'static str>,
}

impl<T> Done<T> {
    /// The same with another answer.
    ///
    /// # Errors
    /// What `to` says.
    pub fn try_map<U>(self, to: impl FnOnce(T) -> Result<U, Refusal>) -> Result<Done<U>, Refusal> {
        let Self {
            output,
            change,
            object,
            before,
            after,
            steps,
        } = self;
        Ok(Done {
            output: to(output)?,
            change,
            object,
            before,
            after,
            steps,
        })
    }
}

/// Tells what the planner would send for an object, inside the preview's transaction.
pub trait Foresight: Send + Sync + 'static {
    /// The steps as words.
    fn steps<'a>(&'a self, tx: &'a mut Tx, object: &'a str) -> Working<'a, Vec<&'static str>>;
}

/// The gate.
pub struct Gate {
    store: Store,
    recorder: Arc<Recorder>,
    tools: Tools,
    events: Arc<Events>,
    commands: Vec<CommandSpec>,
    foresight: std::sync::OnceLock<Arc<dyn Foresight>>,
}

/// A transaction on its way through the gate.
struct Passage {
    tx: Tx,
    customer: CustomerId,
    seq: i64,
    now: Timestamp,
}

impl Gate {
    /// A gate over this database, for these commands.
    #[must_use]
    pub const fn new(
        store: Store,
        recorder: Arc<Recorder>,
        tools: Tools,
        events: Arc<Events>,
        commands: Vec<CommandSpec>,
    ) -> Self {
        Self {
            store,
            recorder,
            tools,
            events,
            commands,
            foresight: std::sync::OnceLock::new(),
        }
    }

    /// Gives previews the planner's eyes; the first call counts.
    pub fn set_foresight(&self, foresight: Arc<dyn Foresight>) {
        self.foresight.get_or_init(|| foresight);
    }

    /// Every command that can pass.
    #[must_use]
    pub fn commands(&self) -> &[CommandSpec] {
        &self.commands
    }

    /// The command of this name.
    #[must_use]
    pub fn command(&self, name: &str) -> Option<&CommandSpec> {
        self.commands.iter().find(|spec| spec.name == name)
    }

    /// The database, for reads.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The record.
    #[must_use]
    pub const fn recorder(&self) -> &Arc<Recorder> {
        &self.recorder
    }

    /// The news.
    #[must_use]
    pub const fn events(&self) -> &Arc<Events> {
        &self.events
    }

    /// What commands prepare with.
    #[must_use]
    pub const fn tools(&self) -> &Tools {
        &self.tools
    }

    /// Carries out a command, or shows what it would do.
    ///
    /// # Errors
    /// Why not; then nothing happened.
    pub async fn run<C: Command>(
        &self,
        actor: &Actor,
        command: C,
        mode: Mode,
    ) -> Result<Done<C::Output>, Refusal> {
        self.run_once(actor, command, mode, None).await
    }

    /// As [`Gate::run`], at most once per key.
    ///
    /// # Errors
    /// `Repeated` when the same request passed before, `Conflict` when the key was used for another.
    pub async fn run_once<C: Command>(
        &self,
        actor: &Actor,
        mut command: C,
        mode: Mode,
        once: Option<Once>,
    ) -> Result<Done<C::Output>, Refusal> {
        if C::PREPARES {
            self.admit::<C>(actor).await?;
            let with = Preparing {
                store: &self.store,
                tools: &self.tools,
                actor,
            };
            Box::pin(command.prepare(&with)).await?;
        }
        let customer = match C::AUTHORITY {
            Authority::Customer => actor.customer,
            Authority::Hoster => command.customer().unwrap_or(HOUSE),
        };
        let mut passage = self.enter(actor, customer, C::AUTHORITY).await?;
        check::<C>(&mut passage.tx, actor, passage.now).await?;
        if let Some(once) = &once {
            refuse_repeated(&mut passage, once).await?;
        }
        let mut door = Door {
            tx: &mut passage.tx,
            actor,
            tools: &self.tools,
            customer,
            now: passage.now,
            record: None,
            news: Vec::new(),
            wished: false,
        };
        for (limit, amount) in C::TAKES {
            door.take(*limit, *amount).await?;
        }
        let output = Box::pin(command.apply(&mut door)).await?;
        let record = door.recorded()?;
        let (news, wished) = (door.news, door.wished);
        let entry = entry::<C>(actor, &passage, &record);
        let change = self.recorder.append(&mut passage.tx, &entry).await?;
        if let Some(once) = &once {
            remember(&mut passage, once, change).await?;
        }
        let object = record.object.id;
        let steps = self.leave(passage, mode, news, wished, &object).await?;
        Ok(Done {
            output,
            change,
            object,
            before: record.before,
            after: record.after,
            steps,
        })
    }

    /// The check before slow work: who may not do it shall not cause it either.
    async fn admit<C: Command>(&self, actor: &Actor) -> Result<(), Refusal> {
        let mut tx = match C::AUTHORITY {
            Authority::Customer => self.store.read_for(actor.customer).await?,
            Authority::Hoster => self.store.read().await?,
        };
        let admitted = check::<C>(&mut tx, actor, self.tools.clock.now()).await;
        tx.rollback().await?;
        admitted
    }

    /// Begins the transaction, locks the customer and numbers the change.
    async fn enter(
        &self,
        actor: &Actor,
        customer: CustomerId,
        authority: Authority,
    ) -> Result<Passage, Refusal> {
        let mut tx = match authority {
            Authority::Customer => self.store.write_for(customer).await?,
            Authority::Hoster => self.store.write().await?,
        };
        let row = NUMBER
            .bind(customer)
            .optional(&mut tx)
            .await?
            .ok_or(Refusal::NotFound)?;
        let suspended = row.text_or_null("suspended_reason")?.is_some();
        admitted(actor, &CustomerState { suspended })?;
        let seq = row.int("change_seq")?;
        Ok(Passage {
            tx,
            customer,
            seq,
            now: self.tools.clock.now(),
        })
    }

    /// Ends the transaction: keeps the change and spreads the news, or shows what would follow.
    async fn leave(
        &self,
        mut passage: Passage,
        mode: Mode,
        news: Vec<(String, Option<State>)>,
        wished: bool,
        object: &str,
    ) -> Result<Vec<&'static str>, Refusal> {
        if mode == Mode::Preview {
            let steps = match self.foresight.get() {
                Some(foresight) if wished => foresight.steps(&mut passage.tx, object).await,
                _ => Vec::new(),
            };
            passage.tx.rollback().await?;
            return Ok(steps);
        }
        passage.tx.commit().await?;
        if wished {
            self.events.wake();
        }
        for (object, state) in news {
            let state = state.map(State::word);
            let (customer, seq) = (passage.customer, passage.seq);
            self.events.publish(Change {
                customer,
                seq,
                object,
                state,
            });
        }
        Ok(Vec::new())
    }

    /// Takes a change back with the inverse of its command, where there is one and nothing touched
    /// the same fields since.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` with `no-undo` or `changed-since`, or what the inverse is refused for.
    pub async fn undo(
        &self,
        actor: &Actor,
        change: ChangeId,
        mode: Mode,
    ) -> Result<Done<Value>, Refusal> {
        let mut tx = self.store.read_for(actor.customer).await?;
        let found = self.recorder.load(&mut tx, actor.customer, change).await?;
        let found = found.ok_or(Refusal::NotFound)?;
        let later = self
            .recorder
            .later(&mut tx, actor.customer, &found.object_id, found.seq)
            .await?;
        tx.rollback().await?;
        let spec = self
            .command(&found.command)
            .ok_or(Refusal::Conflict("no-undo"))?;
        let inverse =
            (spec.inverse)(&found.before, &found.after).ok_or(Refusal::Conflict("no-undo"))?;
        let touched = touched(&found.before, &found.after);
        let same = |keys: &[String]| keys.iter().any(|key| touched.contains(key));
        if later
            .iter()
            .any(|change| same(&self::touched(&change.before, &change.after)))
        {
            return Err(Refusal::Conflict("changed-since"));
        }
        let spec = self
            .command(inverse.command)
            .ok_or(Refusal::Conflict("no-undo"))?;
        (spec.run)(self, actor, inverse.input, mode, None).await
    }

    /// Forgets idempotency keys older than a day.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn forget_keys(&self) -> Result<(), Refusal> {
        let mut tx = self.store.write().await?;
        DROP_ONCE
            .bind(self.tools.clock.now().plus_days(-1))
            .execute(&mut tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// The top-level fields in which two snapshots differ.
#[must_use]
pub fn touched(before: &Value, after: &Value) -> Vec<String> {
    let empty = serde_json::Map::new();
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    let keys = before
        .keys()
        .chain(after.keys().filter(|key| !before.contains_key(*key)));
    keys.filter(|key| before.get(*key) != after.get(*key))
        .cloned()
        .collect()
}

/// Permission, purpose and fresh proof, by the tables' state in this transaction.
async fn check<C: Command>(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
    Scope::of(tx, actor).await?.needs(C::PERMISSION)?;
    if C::AUTHORITY == Authority::Hoster
        && actor.kind == ActorKind::Staff
        && actor.purpose.is_none()
    {
        return Err(Refusal::PurposeMissing);
    }
    if C::RISK == Risk::Routine || actor.sensitive {
        return Ok(());
    }
    let proofs = [actor.authenticated_at, actor.second_factor_at];
    let fresh = |at: &Timestamp| now.seconds_since(*at) <= STEP_UP_SECONDS;
    if proofs.iter().flatten().any(fresh) {
        Ok(())
    } else {
        Err(Refusal::StepUp)
    }
}

async fn refuse_repeated(passage: &mut Passage, once: &Once) -> Result<(), Refusal> {
    let found = FIND_ONCE
        .bind(passage.customer)
        .bind(&once.key)
        .optional(&mut passage.tx)
        .await?;
    match found {
        None => Ok(()),
        Some(row) if row.text("request_hash")? == once.request_hash => {
            Err(Refusal::Repeated(row.parsed("change_id")?))
        }
        Some(_) => Err(Refusal::Conflict("key-reused")),
    }
}

async fn remember(passage: &mut Passage, once: &Once, change: ChangeId) -> Result<(), Refusal> {
    let query = ONCE
        .bind(passage.customer)
        .bind(&once.key)
        .bind(&once.request_hash);
    Ok(query
        .bind(change)
        .bind(passage.now)
        .execute_one(&mut passage.tx)
        .await?)
}

fn entry<C: Command>(actor: &Actor, passage: &Passage, record: &crate::door::Record) -> Entry {
    Entry {
        customer: passage.customer,
        seq: passage.seq,
        at: passage.now,
        actor_kind: actor.kind.word(),
        actor_user: actor.user,
        actor_token: match actor.kind {
            ActorKind::Token(token) => Some(token),
            _ => None,
        },
        purpose: actor.purpose.as_ref().map(ToString::to_string),
        command: C::NAME,
        object_kind: record.object.kind,
        object_id: record.object.id.clone(),
        object_name: record.object.name.clone(),
        before: record.before.clone(),
        after: record.after.clone(),
    }
}
