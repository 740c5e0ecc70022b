//! Forms and cards: pages of plugins in the portal, drawn by our components.

use crate::engine::Engine;
use crate::engine::begin::Now;
use crate::engine::cards::Moment;
use crate::engine::verdict::Settled;
use crate::installation::{self, InstallationState, Installed};
use crate::run::{Mode, RunState, TriggerKind};
use serde_json::{Map, Value};
use std::sync::Arc;
use wabe_access::{Actor, Permission, Refusal, Scope, customer};
use wabe_kernel::Language;
use wabe_kernel::id::{ChangeId, InstallationId, RunId};
use wabe_package::{Entry, Page, Trigger};

/// Who looks at which form, and in which language.
#[derive(Debug, Clone)]
pub struct FormAsk<'a> {
    /// Whoever looks: a member of the customer.
    pub actor: &'a Actor,
    /// The installation.
    pub installation: InstallationId,
    /// The form's name in the manifest.
    pub form: &'a str,
    /// The language of whoever looks.
    pub language: Language,
}

/// What a form shows.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The run that drew it.
    pub run: RunId,
    /// The page; absent when the run did not end well.
    pub page: Option<Page>,
    /// How the run ended.
    pub state: RunState,
    /// Why it did not end well: `run-code-{code}`.
    pub code: Option<&'static str>,
    /// How many things it changed.
    pub changes: usize,
    /// The changes themselves, in their order.
    pub made: Vec<ChangeId>,
}

impl Engine {
    /// Draws a form as it is at first; `state` is a JSON object, `{}` at first.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `Conflict` when the installation is paused, `Busy`, or a fault.
    pub async fn render(
        self: &Arc<Self>,
        ask: FormAsk<'_>,
        state: &Value,
    ) -> Result<Shown, Refusal> {
        let found = self.form(&ask, Permission::AutomationRead, false).await?;
        let entry = Entry::Render {
            form: ask.form.to_owned(),
            state: state.to_string(),
        };
        self.show_form(&found, &ask, TriggerKind::Form, entry).await
    }

    /// Draws a card of the dashboard: a form whose trigger says so. Looks in short succession show what
    /// the first one drew, as long as nothing changed.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub async fn card(self: &Arc<Self>, ask: FormAsk<'_>) -> Result<Shown, Refusal> {
        let found = self.form(&ask, Permission::AutomationRead, true).await?;
        let installation = &found.installation;
        let key = (installation.id, ask.form.to_owned(), ask.language);
        let mut tx = self.parts.gate.store().read_for(ask.actor.customer).await?;
        let seq = customer::change_seq(&mut tx, ask.actor.customer).await?;
        tx.rollback().await?;
        let now = Moment::new(seq, installation, self.now());
        let runs = installation.state == InstallationState::Active;
        if let Some(shown) = self.cards.get(&key, now).filter(|_| runs) {
            return Ok(shown);
        }
        let entry = Entry::Render {
            form: ask.form.to_owned(),
            state: "{}".to_owned(),
        };
        let shown = self
            .show_form(&found, &ask, TriggerKind::Card, entry)
            .await?;
        // What failed may work at the next look.
        if shown.page.is_some() {
            self.cards.put(key, now, shown.clone());
        }
        Ok(shown)
    }

    /// Sends a form: its fields by name, as texts, and the name of the button.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub async fn submit(
        self: &Arc<Self>,
        ask: FormAsk<'_>,
        input: Map<String, Value>,
    ) -> Result<Shown, Refusal> {
        let found = self.form(&ask, Permission::AutomationWrite, false).await?;
        let entry = Entry::Submit {
            form: ask.form.to_owned(),
            input: Value::Object(input).to_string(),
        };
        self.show_form(&found, &ask, TriggerKind::Form, entry).await
    }

    /// The installation, when it has this form and may show it.
    async fn form(
        &self,
        ask: &FormAsk<'_>,
        needs: Permission,
        card: bool,
    ) -> Result<Installed, Refusal> {
        let mut tx = self.parts.gate.store().read_for(ask.actor.customer).await?;
        let scope = Scope::of(&mut tx, ask.actor).await?;
        scope.needs(needs)?;
        let found = installation::load(&mut tx, &scope, ask.installation).await?;
        tx.rollback().await?;
        let rights = found.rights();
        let mut triggers = found.version.manifest.triggers.iter();
        let has = triggers.any(|trigger| match trigger {
            Trigger::Form {
                name,
                card: is_card,
                ..
            } => {
                let fits = !card || (*is_card && rights.covers(&wabe_package::Capability::Card));
                name.as_str() == ask.form && fits && rights.may_trigger(trigger)
            }
            _ => false,
        });
        if has {
            Ok(found)
        } else {
            Err(Refusal::NotFound)
        }
    }

    async fn show_form(
        self: &Arc<Self>,
        found: &Installed,
        ask: &FormAsk<'_>,
        trigger: TriggerKind,
        entry: Entry,
    ) -> Result<Shown, Refusal> {
        let settled = self
            .run_now(Now {
                installation: found.installation.clone(),
                mode: Mode::Live,
                trigger,
                name: ask.form.to_owned(),
                entry,
                language: ask.language,
                at: None,
                once: None,
            })
            .await?;
        Ok(shown(found, &settled))
    }
}

/// The page of a run that ended well; it was read before, so it can be read again.
pub(crate) fn shown(found: &Installed, settled: &Settled) -> Shown {
    let hosts = found.version.manifest.link_hosts();
    let page = settled
        .outcome
        .as_ref()
        .and_then(|outcome| outcome.ui.as_deref());
    Shown {
        run: settled.run,
        page: page.and_then(|page| Page::read(page, &hosts).ok()),
        state: settled.state,
        code: settled.code,
        changes: settled.effects,
        made: settled.changes.clone(),
    }
}
