//! What follows from a try: its effects, its end, and what comes next.

use crate::desk::Desk;
use crate::engine::Engine;
use crate::engine::effects::Planned;
use crate::engine::execute::Ready;
use crate::engine::host::Told;
use crate::engine::judge::{judge, result};
use crate::engine::recorder::{kept_result, kept_verdict, pack, recording};
use crate::engine::verdict::{Reading, Settled, Verdict, gone, reading};
use crate::engine::worlds::{Down, Ended};
use crate::installation::{PausedBy, store as installations};
use crate::run::finish::{End, FinishRun, keep};
use crate::run::rules::{self, Next};
use crate::run::store::NewRun;
use crate::run::{Closest, EffectState, Mode, Run, RunState, TriggerKind, code, store as runs};
use serde_json::json;
use wabe_access::command::BoxedCommand;
use wabe_access::gate::{Made, Stopped};
use wabe_access::{Mode as GateMode, Refusal};
use wabe_kernel::id::{ChangeId, RunId};
use wabe_kernel::{Fault, Timestamp};
use wabe_package::entry::{Entry, Outcome};
use wabe_package::wire::Ending;
use wabe_package::{LimitName, Page};

/// How often a run whose effects another run applied meanwhile looks again.
const LOOKS_MAX: usize = 3;
/// The most slices of one task.
const SLICES_MAX: i64 = 500;

impl Engine {
    /// Ends a try that came back from the sandbox.
    pub(crate) async fn settle(
        &self,
        ready: &Ready,
        ended: Result<Ended, Down>,
        told: Told,
    ) -> Result<Settled, Fault> {
        let Ok(ended) = ended else {
            return self
                .give_up(&ready.run, Verdict::ours(code::SANDBOX_DOWN))
                .await;
        };
        if ready.run.mode == Mode::Replay {
            return self.compare(ready, &ended, &told).await;
        }
        let end = self.end_of(ready, &ended, &told)?;
        let outcome = match judge(ready, &ended) {
            Ok(outcome) => outcome,
            Err(verdict) => {
                return self
                    .fail(&ready.run, end, kept_verdict(&told, verdict))
                    .await;
            }
        };
        for _look in 0..LOOKS_MAX {
            let planned = match self.plan_effects(ready, &outcome.effects).await? {
                Ok(planned) => planned,
                Err(verdict) => {
                    return self
                        .fail(&ready.run, end, kept_verdict(&told, verdict))
                        .await;
                }
            };
            let places = planned.places.clone();
            let (count, mut end) = (planned.commands.len(), end.clone());
            end.writes.clone_from(&told.writes);
            end.result = kept_result(&told, result(&outcome));
            end.follow = follow(ready, &outcome, self);
            let card = card(ready, &told, &outcome);
            match Box::pin(self.commit(ready, end, (planned, card))).await {
                Ok(changes) => {
                    return Ok(Settled {
                        run: ready.run.id,
                        state: RunState::Done,
                        code: None,
                        outcome: Some(outcome),
                        effects: count,
                        changes,
                    });
                }
                Err(stopped) => match reading(&stopped, &places) {
                    Reading::LookAgain => {}
                    Reading::TakenAway => return Ok(gone(&ready.run)),
                    Reading::Verdict(verdict) => {
                        let end = self.end_of(ready, &ended, &told)?;
                        return self
                            .fail(&ready.run, end, kept_verdict(&told, verdict))
                            .await;
                    }
                },
            }
        }
        self.fail(&ready.run, end, Verdict::ours(code::CONFLICT))
            .await
    }

    /// What every try leaves behind, however it ended.
    fn end_of(&self, ready: &Ready, ended: &Ended, told: &Told) -> Result<End, Fault> {
        let plugin = (ready.version.plugin, ready.version.manifest.id.to_string());
        let mut end = End::of(&ready.run, plugin, self.now());
        let named = match &ended.ending {
            Ending::Limit { limit, .. } => Some(*limit),
            _ => None,
        };
        let recording = recording(ready, ended, told);
        end.generation = Some(ready.installation.generation);
        end.usage = ended.usage.clone();
        end.closest = Closest::of(&ended.usage, &ready.order.limits, named);
        end.limit = named.map(LimitName::word);
        if let Some(recording) = recording {
            end.log.clone_from(&recording.log);
            end.recording = pack(recording)?;
        }
        Ok(end)
    }

    /// Applies the effects of a run with everything it leaves behind, and answers the changes that the gate
    /// made of them; or shows them.
    async fn commit(
        &self,
        ready: &Ready,
        mut end: End,
        (planned, card): (Planned, Option<BoxedCommand>),
    ) -> Result<Vec<ChangeId>, Stopped> {
        end.effects = planned.kept;
        if ready.run.mode == Mode::Dry {
            let shown = self.show(ready, end, planned.commands).await;
            return shown.map(|()| Vec::new());
        }
        if planned.commands.is_empty() && card.is_none() {
            let store = self.parts.gate.store();
            let mut tx = store.write_for(end.customer).await.map_err(Refusal::from)?;
            keep(&mut tx, &end, &[], self.now()).await?;
            tx.commit().await.map_err(Refusal::from)?;
            return Ok(Vec::new());
        }
        let mut behind: Vec<BoxedCommand> = vec![Box::new(FinishRun::of(end))];
        behind.extend(card);
        let gate = &self.parts.gate;
        let made = gate.run_then(&ready.actor, planned.commands, behind, GateMode::Commit);
        let made = made.await?.changes;
        Ok(made.into_iter().map(|one| one.change).collect())
    }

    /// A dry run: the same way through the gate, rolled back, and kept as what would happen.
    async fn show(
        &self,
        ready: &Ready,
        mut end: End,
        commands: Vec<BoxedCommand>,
    ) -> Result<(), Stopped> {
        let gate = &self.parts.gate;
        let made = if commands.is_empty() {
            Vec::new()
        } else {
            let finish: Vec<BoxedCommand> = vec![Box::new(FinishRun::of(end.clone()))];
            let shown = gate.run_then(&ready.actor, commands, finish, GateMode::Preview);
            shown.await?.changes
        };
        end.generation = None;
        end.writes.clear();
        end.follow = None;
        let mut made = made.iter();
        for effect in &mut end.effects {
            if effect.state == EffectState::Applied {
                effect.state = EffectState::Shown;
                let change: Option<&Made> = made.next();
                effect.shown =
                    change.map(|made| json!({ "before": made.before, "after": made.after }));
            }
        }
        let mut tx = gate
            .store()
            .write_for(end.customer)
            .await
            .map_err(Refusal::from)?;
        keep(&mut tx, &end, &[], self.now()).await?;
        tx.commit().await.map_err(Refusal::from)?;
        Ok(())
    }

    /// A replay: names the first difference from the recording.
    async fn compare(&self, ready: &Ready, ended: &Ended, told: &Told) -> Result<Settled, Fault> {
        let mut end = self.end_of(ready, ended, told)?;
        end.generation = None;
        end.recording = None;
        let replayed = recording(ready, ended, told);
        let recorded = ready.replayed.as_ref();
        let both = recorded.zip(replayed.as_ref());
        let difference = both.and_then(|(recorded, replayed)| recorded.first_difference(replayed));
        let Some(difference) = difference else {
            let mut tx = self.parts.gate.store().write_for(end.customer).await?;
            let kept = keep(&mut tx, &end, &[], self.now()).await;
            return match kept {
                Ok(()) => {
                    tx.commit().await?;
                    Ok(Settled {
                        run: ready.run.id,
                        state: RunState::Done,
                        code: None,
                        outcome: None,
                        effects: 0,
                        changes: Vec::new(),
                    })
                }
                Err(Refusal::Fault(fault)) => Err(fault),
                Err(_) => Ok(gone(&ready.run)),
            };
        };
        end.difference = serde_json::to_value(&difference).ok();
        let verdict = Verdict::lasting(code::DIVERGED).because(difference.to_string());
        self.fail(&ready.run, end, verdict).await
    }

    /// Ends a try that never reached the sandbox, or whose sandbox went away.
    pub(crate) async fn give_up(&self, run: &Run, verdict: Verdict) -> Result<Settled, Fault> {
        let mut tx = self.parts.gate.store().read_for(run.customer).await?;
        let version = self.versions.get(&mut tx, run.version).await?;
        tx.rollback().await?;
        let plugin = (version.plugin, version.manifest.id.to_string());
        let end = End::of(run, plugin, self.now());
        self.fail(run, end, verdict).await
    }

    /// Ends a try that did not end well: another one comes, or none; and perhaps it was one too many.
    async fn fail(&self, run: &Run, mut end: End, verdict: Verdict) -> Result<Settled, Fault> {
        let now = self.now();
        let tools = self.parts.gate.tools();
        let next = match run.mode {
            Mode::Live => rules::next(
                run.trigger,
                run.attempt,
                verdict.kind,
                now,
                tools.rng.as_ref(),
            ),
            Mode::Dry | Mode::Replay => Next::Over(RunState::Failed),
        };
        (end.state, end.due_at) = match next {
            Next::Again(at) => (RunState::Queued, at),
            Next::Over(state) => (state, now),
        };
        end.generation = None;
        end.writes.clear();
        end.effects.clear();
        end.follow = None;
        end.code = Some(verdict.code);
        end.message = verdict.message.clone();
        end.limit = verdict.limit.map(LimitName::word).or(end.limit);
        let counts = run.mode == Mode::Live && !code::is_ours(verdict.code);
        let mut tx = self.parts.gate.store().write_for(run.customer).await?;
        match keep(&mut tx, &end, &[], now).await {
            Ok(()) => {}
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(_) => return Ok(gone(run)),
        }
        let mut tripped = None;
        if counts {
            tripped = trips(&mut tx, run).await?;
        }
        tx.commit().await?;
        if let Some(reason) = tripped {
            self.stop(run, PausedBy::Breaker, reason).await?;
        }
        if verdict.code == code::GRANTER_GONE {
            self.stop(run, PausedBy::Granter, "plugin-granter").await?;
        }
        Ok(Settled {
            run: run.id,
            state: end.state,
            code: end.code,
            outcome: None,
            effects: 0,
            changes: Vec::new(),
        })
    }

    /// Whether a command may be an effect at all; for pages that explain a run.
    ///
    /// # Errors
    /// A fault when the wiring forgot the desk.
    pub fn may_be_effect(&self, command: &str) -> Result<bool, Fault> {
        let desk = Desk::of(self.parts.gate.tools())?;
        Ok(desk.effect(command).is_some())
    }
}

/// What writes a run at a ticket into its conversation, without the secrets of the installation. When it
/// cannot be promised that none is in it, the text is left out.
fn card(ready: &Ready, told: &Told, outcome: &Outcome) -> Option<BoxedCommand> {
    let at = ready.at.as_ref()?;
    let hosts = ready.version.manifest.link_hosts();
    let page = outcome.ui.as_deref();
    let page = page.and_then(|page| Page::read(page, &hosts).ok());
    let text = page.map(|page| page.plain()).zip(told.scrub.as_ref());
    let text = text.map(|(text, scrub)| scrub.text(&text));
    Some((at.card)(ready.run.id, text.unwrap_or_default()))
}

/// Counts the failure; the reason when it was one too many.
async fn trips(tx: &mut wabe_store::Tx, run: &Run) -> Result<Option<&'static str>, Fault> {
    let in_row = installations::failed(tx, run.customer, run.installation).await?;
    let (failed, of) = runs::recent_failures(tx, run, rules::LAST).await?;
    if !rules::stops(in_row, failed, of) {
        return Ok(None);
    }
    Ok(Some(if in_row >= rules::IN_ROW_MAX {
        "plugin-in-row"
    } else {
        "plugin-half"
    }))
}

/// The next slice of a task that is not through.
fn follow(ready: &Ready, outcome: &Outcome, engine: &Engine) -> Option<NewRun> {
    let run = &ready.run;
    let (
        Some(cursor),
        Entry::Task {
            task,
            scheduled_for_ms,
            ..
        },
    ) = (&outcome.cursor, &ready.order.entry)
    else {
        return None;
    };
    if run.trigger != TriggerKind::Schedule || run.slice + 1 >= SLICES_MAX {
        return None;
    }
    let now: Timestamp = engine.now();
    let tools = engine.parts.gate.tools();
    Some(NewRun {
        id: RunId::new(now, tools.rng.as_ref()),
        customer: run.customer,
        installation: run.installation,
        version: run.version,
        root: run.root,
        source: None,
        mode: Mode::Live,
        trigger: run.trigger,
        trigger_name: run.trigger_name.clone(),
        depth: run.depth,
        slice: run.slice + 1,
        entry: Entry::Task {
            task: task.clone(),
            scheduled_for_ms: *scheduled_for_ms,
            cursor: Some(cursor.clone()),
        },
        change_seq: 0,
        due_at: now,
    })
}
