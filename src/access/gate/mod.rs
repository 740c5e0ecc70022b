//! The one door that turns a command into a change.
//!
//! In one transaction: lock and number the customer's changes, check permission and risk, take
//! limits, apply, write the audit entry, bump the wish, commit. Then wake the reconciler and publish
//! the news. If the entry cannot be written, nothing happened.

pub(crate) mod check;
pub(crate) mod number;
mod passage;
mod together;
mod undo;

pub use check::{STEP_UP_SECONDS, is_fresh, touched};
pub use passage::{AnyCommand, Made, Passage, Passed};
pub use together::{Stopped, Together};

use crate::actor::Actor;
use crate::command::{Authority, Command, CommandSpec, Preparing, Tools};
use crate::customer::CustomerState;
use crate::door::Door;
use crate::events::{Change, Events};
use crate::gate::check::{check, entry, refuse_repeated, remember};
use crate::gate::number::{NUMBER, OPENING};
use crate::instruction;
use crate::refusal::Refusal;
use crate::scope::admitted;
use crate::ticket;
use serde_json::Value;
use std::sync::Arc;
use wabe_audit::Recorder;
use wabe_kernel::Fault;
use wabe_kernel::desired::Working;
use wabe_kernel::id::{ChangeId, CustomerId};
use wabe_store::{Store, Tx, statements};

statements! {
    DROP_ONCE = "access.gate.drop_once" => "DELETE FROM idempotency WHERE created_at < $1";
}

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
        self.prepare(actor, &mut command).await?;
        let customer = self.customer_of(actor, &command).await?;
        let way = (C::AUTHORITY, C::WHILE_SUSPENDED, mode);
        let mut passage = self.enter(actor, customer, way).await?;
        let passed = self
            .pass(&mut passage, actor, &command, once.as_ref())
            .await?;
        let steps = self.leave(passage, &passed.object).await?;
        Ok(passed.done(steps))
    }

    async fn prepare<C: Command>(&self, actor: &Actor, command: &mut C) -> Result<(), Refusal> {
        // Who may not work on tickets shall not learn which there are.
        if C::PREPARES || C::AUTHORITY == Authority::Ticket {
            self.admit::<C>(actor).await?;
        }
        if C::PREPARES {
            let with = Preparing {
                store: &self.store,
                tools: &self.tools,
                actor,
            };
            Box::pin(command.prepare(&with)).await?;
        }
        Ok(())
    }

    /// One command's way through an open transaction.
    async fn pass<C: Command>(
        &self,
        passage: &mut Passage,
        actor: &Actor,
        command: &C,
        once: Option<&Once>,
    ) -> Result<Passed<C::Output>, Refusal> {
        check::<C>(&mut passage.tx, actor, passage.now).await?;
        if passage.mode == Mode::Preview && !C::PREVIEWS {
            return Err(Refusal::Forbidden);
        }
        if let Some(id) = command
            .ticket()
            .filter(|_| C::AUTHORITY == Authority::Ticket)
        {
            ticket::load_of(&mut passage.tx, passage.customer, id).await?;
        }
        if let Some(once) = once {
            refuse_repeated(passage, once).await?;
        }
        let kept = passage.handed.is_none();
        let mut door = Door {
            tx: &mut passage.tx,
            actor,
            tools: &self.tools,
            customer: passage.customer,
            now: passage.now,
            made: &passage.made,
            handed: &mut passage.handed,
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
        // What is handed over is announced on the page before: the command says so itself.
        if kept && passage.handed.is_some() && !C::HANDS_OVER {
            return Err(Fault::new("hand over a secret that was not announced").into());
        }
        let footing = match actor.ticket {
            Some(ticket) => {
                let place = (passage.customer, ticket);
                let done = (record.object.id.as_str(), passage.now);
                Some(instruction::covering::<C>(&mut passage.tx, actor, place, done).await?)
            }
            None => None,
        };
        passage.instruction = footing.map(|footing| footing.instruction);
        passage.consent = footing.and_then(|footing| footing.consent);
        passage.news.extend(news);
        passage.wished |= wished;
        let entry = entry(actor, passage, command, &record);
        let change = self.recorder.append(&mut passage.tx, &entry).await?;
        if let Some(once) = once {
            remember(passage, once, change).await?;
        }
        let made = Made::of::<C>(change, passage, record);
        let passed = Passed::of(output, &made);
        passage.made.push(made);
        Ok(passed)
    }

    /// The check before slow work: who may not do it shall not cause it either.
    async fn admit<C: Command>(&self, actor: &Actor) -> Result<(), Refusal> {
        let mut tx = match C::AUTHORITY {
            Authority::Customer => self.store.read_for(actor.customer).await?,
            Authority::Hoster | Authority::Ticket => self.store.read().await?,
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
        (authority, while_suspended, mode): (Authority, bool, Mode),
    ) -> Result<Passage, Refusal> {
        let entered = match authority {
            Authority::Customer => self.store.open_for(customer, OPENING).await?,
            Authority::Hoster | Authority::Ticket => {
                let mut tx = self.store.write().await?;
                let row = NUMBER.bind(customer).optional(&mut tx).await?;
                row.map(|row| (tx, row))
            }
        };
        let (tx, row) = entered.ok_or(Refusal::NotFound)?;
        let state = CustomerState {
            // What may be done while a customer is switched off is asked for with the command.
            suspended: !while_suspended && row.text_or_null("suspended_reason")?.is_some(),
            erasing: row.time_or_null("erasing_at")?.is_some(),
        };
        admitted(actor, state)?;
        let seq = row.int("change_seq")?;
        let now = self.tools.clock.now();
        Ok(Passage {
            tx,
            mode,
            customer,
            seq,
            now,
            made: Vec::new(),
            news: Vec::new(),
            wished: false,
            instruction: None,
            consent: None,
            handed: None,
        })
    }

    /// Ends the transaction: keeps the change and spreads the news, or shows what would follow.
    async fn leave(
        &self,
        mut passage: Passage,
        object: &str,
    ) -> Result<Vec<&'static str>, Refusal> {
        // What nobody keeps would be lost with the transaction: then nothing happened.
        if passage.handed.is_some() {
            return Err(Fault::new("keep a secret that was handed over").into());
        }
        if passage.mode == Mode::Preview {
            let steps = match self.foresight.get() {
                Some(foresight) if passage.wished => foresight.steps(&mut passage.tx, object).await,
                _ => Vec::new(),
            };
            passage.tx.rollback().await?;
            return Ok(steps);
        }
        passage.tx.commit().await?;
        if passage.wished {
            self.events.wake();
        }
        for (object, state) in passage.news {
            let (customer, seq) = (passage.customer, passage.seq);
            self.events
                .publish(Change::of(customer, seq, object, state));
        }
        Ok(Vec::new())
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
