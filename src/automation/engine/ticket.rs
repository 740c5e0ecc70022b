//! Acts that plugins offer on tickets.
//!
//! Invariants: describing changes nothing; what an act changes stands on the instructions of its ticket,
//! effect by effect, as everything that staff do for a customer; what it found is written into the
//! conversation in the transaction of its effects, or nothing happened.

use crate::engine::Engine;
use crate::engine::begin::Now;
use crate::engine::form::{Shown, shown};
use crate::engine::verdict::Settled;
use crate::installation::{InstallationState, Installed, store as installations};
use crate::run::{Mode, TriggerKind, code};
use serde_json::Value;
use std::sync::Arc;
use wabe_access::Refusal;
use wabe_access::command::BoxedCommand;
use wabe_kernel::Language;
use wabe_kernel::id::{CustomerId, InstallationId, RunId, TicketId};
use wabe_package::Entry;
use wabe_package::Trigger;
use wabe_package::entry::Action;
use wabe_package::names::Slug;

/// The most acts of one installation that are shown.
const ACTS_MAX: usize = 10;

/// What runs that only describe are called: no act has this name, and lists of runs know them by it as looks.
const LOOK: &str = "";

/// Which installation is asked, about which ticket. Whoever asks has decided that the ticket may be
/// seen: it is of this customer, and holds what the grant lets a plugin see.
#[derive(Debug, Clone)]
pub struct TicketAsk<'a> {
    /// Whose ticket.
    pub customer: CustomerId,
    /// The installation, of the same customer.
    pub installation: InstallationId,
    /// What it may see of the ticket: a JSON object.
    pub ticket: &'a Value,
    /// The language of whoever looks.
    pub language: Language,
}

/// What an act found, for whoever writes it down.
#[derive(Debug, Clone)]
pub struct Found {
    /// The run.
    pub run: RunId,
    /// The installation that ran.
    pub installation: InstallationId,
    /// What its plugin is called, in the language that was asked for.
    pub plugin: String,
    /// What it shows, as plain text, without the secrets of the installation.
    pub text: String,
}

/// Makes a command of what an act found.
pub type WritesDown = Arc<dyn Fn(Found) -> BoxedCommand + Send + Sync>;

/// What an act stands on.
#[derive(Clone)]
pub struct Stand {
    /// The ticket in which somebody of the hoster starts it.
    pub ticket: TicketId,
    /// The command behind its effects, in their transaction. It is refused when nothing carries the act any
    /// more; then nothing happened.
    pub writes_down: WritesDown,
}

/// What a run at a ticket takes along.
#[derive(Clone)]
pub(crate) struct AtTicket {
    pub(crate) ticket: TicketId,
    pub(crate) card: Arc<dyn Fn(RunId, String) -> BoxedCommand + Send + Sync>,
}

impl Stand {
    fn of(self, found: &Installed, language: Language) -> AtTicket {
        let Self {
            ticket,
            writes_down,
        } = self;
        let installation = found.installation.id;
        let plugin = found.version.manifest.name.get(language).to_owned();
        let card = move |run, text| {
            writes_down(Found {
                run,
                installation,
                plugin: plugin.clone(),
                text,
            })
        };
        AtTicket {
            ticket,
            card: Arc::new(card),
        }
    }
}

/// Whether an installation offers acts on tickets now.
fn offers(found: &Installed) -> bool {
    let rights = found.rights();
    let mut triggers = found.version.manifest.triggers.iter();
    triggers.any(|trigger| matches!(trigger, Trigger::Ticket) && rights.may_trigger(trigger))
}

impl Engine {
    /// The installations of a customer that offer acts on tickets, in the order in which they were made.
    /// Whoever asks has decided that they may be seen.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn at_tickets(&self, customer: CustomerId) -> Result<Vec<Installed>, Refusal> {
        let mut tx = self.parts.gate.store().read_for(customer).await?;
        let mut found = installations::all(&mut tx, customer).await?;
        tx.rollback().await?;
        found.retain(|one| one.installation.state == InstallationState::Active && offers(one));
        Ok(found)
    }

    /// The one of [`Engine::at_tickets`] with this id.
    ///
    /// # Errors
    /// `NotFound` for another customer's and for none alike; a fault of the database.
    pub async fn at_ticket(
        &self,
        customer: CustomerId,
        installation: InstallationId,
    ) -> Result<Installed, Refusal> {
        let mut all = self.at_tickets(customer).await?.into_iter();
        let found = all.find(|one| one.installation.id == installation);
        found.ok_or(Refusal::NotFound)
    }

    /// The acts that an installation offers on a ticket; `Err` with the code of the run, `run-code-{code}`,
    /// when it did not end well.
    ///
    /// # Errors
    /// `NotFound` when it offers none at all, `Conflict` when it is paused, `Busy`, or a fault.
    pub async fn describe(
        self: &Arc<Self>,
        ask: TicketAsk<'_>,
    ) -> Result<Result<Vec<Action>, &'static str>, Refusal> {
        let found = self.ticket(&ask).await?;
        let entry = Entry::Describe {
            ticket: ask.ticket.to_string(),
        };
        let settled = self.act_on(&found, &ask, (LOOK, entry), None).await?;
        let code = settled.code.unwrap_or(code::FAILED);
        let actions = settled.outcome.map(|outcome| outcome.actions);
        let readable = |all: Vec<Action>| {
            let shown = all.iter().filter_map(Action::readable);
            shown.take(ACTS_MAX).collect()
        };
        Ok(actions.map(readable).ok_or(code))
    }

    /// Carries an act out, on what it stands on.
    ///
    /// # Errors
    /// As [`Engine::describe`].
    pub async fn act(
        self: &Arc<Self>,
        ask: TicketAsk<'_>,
        (action, input): (&str, &Value),
        stand: Stand,
    ) -> Result<Shown, Refusal> {
        // What is no name is offered by nobody; without one it would pass for a look.
        let action: Slug = action.parse().map_err(|_defect| Refusal::NotFound)?;
        let found = self.ticket(&ask).await?;
        let action = action.as_str();
        let entry = Entry::Action {
            action: action.to_owned(),
            ticket: ask.ticket.to_string(),
            input: input.to_string(),
        };
        let at = stand.of(&found, ask.language);
        let settled = self.act_on(&found, &ask, (action, entry), Some(at)).await?;
        Ok(shown(&found, &settled))
    }

    async fn ticket(&self, ask: &TicketAsk<'_>) -> Result<Installed, Refusal> {
        let mut tx = self.parts.gate.store().read_for(ask.customer).await?;
        let found = installations::find(&mut tx, ask.customer, ask.installation).await?;
        let found = installations::installed(&mut tx, found).await?;
        tx.rollback().await?;
        if offers(&found) {
            Ok(found)
        } else {
            Err(Refusal::NotFound)
        }
    }

    async fn act_on(
        self: &Arc<Self>,
        found: &Installed,
        ask: &TicketAsk<'_>,
        (name, entry): (&str, Entry),
        at: Option<AtTicket>,
    ) -> Result<Settled, Refusal> {
        self.run_now(Now {
            installation: found.installation.clone(),
            mode: Mode::Live,
            trigger: TriggerKind::Ticket,
            name: name.to_owned(),
            entry,
            language: ask.language,
            at,
            once: None,
        })
        .await
    }
}
