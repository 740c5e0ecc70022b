//! Acts that plugins offer on tickets.

use crate::engine::Engine;
use crate::engine::begin::Now;
use crate::engine::form::{Shown, shown};
use crate::installation::{Installed, store as installations};
use crate::run::{Mode, TriggerKind};
use serde_json::Value;
use std::sync::Arc;
use wabe_access::Refusal;
use wabe_kernel::Language;
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_package::Entry;
use wabe_package::Trigger;
use wabe_package::entry::Action;

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

impl Engine {
    /// The acts that an installation offers on a ticket; none when it did not end well.
    ///
    /// # Errors
    /// `NotFound` when it offers none at all, `Conflict` when it is paused, `Busy`, or a fault.
    pub async fn describe(self: &Arc<Self>, ask: TicketAsk<'_>) -> Result<Vec<Action>, Refusal> {
        let found = self.ticket(&ask).await?;
        let entry = Entry::Describe {
            ticket: ask.ticket.to_string(),
        };
        let settled = self.act_on(&found, &ask, "describe", entry).await?;
        Ok(settled
            .outcome
            .map_or_else(Vec::new, |outcome| outcome.actions))
    }

    /// Carries an act out, with what was typed.
    ///
    /// # Errors
    /// As [`Engine::describe`].
    pub async fn act(
        self: &Arc<Self>,
        ask: TicketAsk<'_>,
        action: &str,
        input: &Value,
    ) -> Result<Shown, Refusal> {
        let found = self.ticket(&ask).await?;
        let entry = Entry::Action {
            action: action.to_owned(),
            ticket: ask.ticket.to_string(),
            input: input.to_string(),
        };
        let settled = self.act_on(&found, &ask, action, entry).await?;
        Ok(shown(&found, &settled))
    }

    async fn ticket(&self, ask: &TicketAsk<'_>) -> Result<Installed, Refusal> {
        let mut tx = self.parts.gate.store().read_for(ask.customer).await?;
        let found = installations::find(&mut tx, ask.customer, ask.installation).await?;
        let found = installations::installed(&mut tx, found).await?;
        tx.rollback().await?;
        let rights = found.rights();
        let mut triggers = found.version.manifest.triggers.iter();
        let has = triggers
            .any(|trigger| matches!(trigger, Trigger::Ticket) && rights.may_trigger(trigger));
        if has {
            Ok(found)
        } else {
            Err(Refusal::NotFound)
        }
    }

    async fn act_on(
        self: &Arc<Self>,
        found: &Installed,
        ask: &TicketAsk<'_>,
        name: &str,
        entry: Entry,
    ) -> Result<crate::engine::verdict::Settled, Refusal> {
        self.run_now(Now {
            installation: found.installation.clone(),
            mode: Mode::Live,
            trigger: TriggerKind::Ticket,
            name: name.to_owned(),
            entry,
            language: ask.language,
        })
        .await
    }
}
