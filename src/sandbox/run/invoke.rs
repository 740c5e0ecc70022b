//! Calls the entry point, and turns what it gives back into the house's own words.

use crate::run::bindings::exports::wabe::plugin::{actions, events, forms, tasks, webhooks};
use crate::run::bindings::wabe::plugin::types;
use crate::run::cell::Cell;
use crate::run::exceeded::Exceeded;
use crate::run::guest::Guest;
use wabe_package::bytes::Blob;
use wabe_package::entry::{Action, Context, Effect, Entry, Failure, Outcome, Reply};
use wabe_package::limits::{LimitName, Limits};
use wasmtime::Store;
use wasmtime::component::Instance;

/// What an entry point answered; nothing when the component does not have it.
pub(crate) type Returned = Option<Result<Outcome, Failure>>;

/// An interface of the right name and of another shape.
#[derive(Debug)]
pub(crate) struct Misfit;

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the interface has another shape than this host's")
    }
}

/// Makes the instance, and calls the entry point in it.
pub(crate) async fn invoke(
    guest: &Guest,
    store: &mut Store<Cell>,
    context: &Context,
    entry: &Entry,
) -> wasmtime::Result<Returned> {
    if !guest.entries.have(entry) {
        return Ok(None);
    }
    let instance = guest.pre.instantiate_async(&mut *store).await?;
    call(guest, (store, instance), context, entry).await
}

/// Calls the entry point in an instance that is there.
pub(crate) async fn call(
    guest: &Guest,
    (store, instance): (&mut Store<Cell>, Instance),
    context: &Context,
    entry: &Entry,
) -> wasmtime::Result<Returned> {
    let entries = &guest.entries;
    let context = given(context);
    let called = Called {
        store,
        instance,
        context,
    };
    let returned = match entry {
        Entry::Event { .. } => called.event(entries.events.as_ref(), entry).await?,
        Entry::Task { .. } => called.task(entries.tasks.as_ref(), entry).await?,
        Entry::Describe { .. } | Entry::Action { .. } => {
            called.action(entries.actions.as_ref(), entry).await?
        }
        Entry::Render { .. } | Entry::Submit { .. } => {
            called.form(entries.forms.as_ref(), entry).await?
        }
        Entry::Webhook { .. } => called.webhook(entries.webhooks.as_ref(), entry).await?,
    };
    Ok(returned.map(|returned| returned.map_err(failed)))
}

/// An instance that is about to be called.
struct Called<'a> {
    store: &'a mut Store<Cell>,
    instance: Instance,
    context: types::Context,
}

type Told = wasmtime::Result<Option<Result<Outcome, types::Failure>>>;

impl Called<'_> {
    async fn event(self, found: Option<&events::GuestIndices>, entry: &Entry) -> Told {
        let (Some(found), Some(event)) = (found, event(entry)) else {
            return Ok(None);
        };
        let guest = found
            .load(&mut *self.store, &self.instance)
            .map_err(misfit)?;
        let outcome = guest.call_handle(self.store, &self.context, &event).await?;
        Ok(Some(
            outcome.map(|outcome| changing(outcome.effects, outcome.data)),
        ))
    }

    async fn task(self, found: Option<&tasks::GuestIndices>, entry: &Entry) -> Told {
        let Some(found) = found else {
            return Ok(None);
        };
        let Entry::Task {
            task,
            scheduled_for_ms,
            cursor,
        } = entry
        else {
            return Ok(None);
        };
        let guest = found
            .load(&mut *self.store, &self.instance)
            .map_err(misfit)?;
        let (at, cursor) = (*scheduled_for_ms, cursor.as_deref());
        let slice = guest.call_run(self.store, &self.context, task, at, cursor);
        Ok(Some(slice.await?.map(sliced)))
    }

    async fn action(self, found: Option<&actions::GuestIndices>, entry: &Entry) -> Told {
        let Some(found) = found else {
            return Ok(None);
        };
        let guest = found
            .load(&mut *self.store, &self.instance)
            .map_err(misfit)?;
        let told = match entry {
            Entry::Describe { ticket } => {
                let actions = guest.call_describe(self.store, &self.context, ticket);
                actions.await?.map(described)
            }
            Entry::Action {
                action,
                ticket,
                input,
            } => {
                let page = guest.call_run(self.store, &self.context, action, ticket, input);
                page.await?.map(shown)
            }
            _ => return Ok(None),
        };
        Ok(Some(told))
    }

    async fn form(self, found: Option<&forms::GuestIndices>, entry: &Entry) -> Told {
        let Some(found) = found else {
            return Ok(None);
        };
        let guest = found
            .load(&mut *self.store, &self.instance)
            .map_err(misfit)?;
        let page = match entry {
            Entry::Render { form, state } => {
                guest
                    .call_render(self.store, &self.context, form, state)
                    .await?
            }
            Entry::Submit { form, input } => {
                guest
                    .call_submit(self.store, &self.context, form, input)
                    .await?
            }
            _ => return Ok(None),
        };
        Ok(Some(page.map(shown)))
    }

    async fn webhook(self, found: Option<&webhooks::GuestIndices>, entry: &Entry) -> Told {
        let (Some(found), Some(request)) = (found, request(entry)) else {
            return Ok(None);
        };
        let guest = found
            .load(&mut *self.store, &self.instance)
            .map_err(misfit)?;
        let reply = guest
            .call_receive(self.store, &self.context, &request)
            .await?;
        Ok(Some(reply.map(replied)))
    }
}

/// The functions are there, and are others than those that would be called.
fn misfit(error: wasmtime::Error) -> wasmtime::Error {
    error.context(Misfit)
}

fn event(entry: &Entry) -> Option<types::Event> {
    let Entry::Event {
        id,
        topic,
        schema_version,
        occurred_at_ms,
        payload,
    } = entry.clone()
    else {
        return None;
    };
    Some(types::Event {
        id,
        topic,
        schema_version,
        occurred_at_ms,
        payload,
    })
}

fn request(entry: &Entry) -> Option<webhooks::WebhookRequest> {
    let Entry::Webhook {
        method,
        path,
        query,
        headers,
        body,
        remote,
        user,
    } = entry.clone()
    else {
        return None;
    };
    Some(webhooks::WebhookRequest {
        method,
        path,
        query,
        headers,
        body: body.0,
        remote,
        user,
    })
}

/// Holds what was given back to its limits.
pub(crate) fn measure(
    returned: &Result<Outcome, Failure>,
    limits: &Limits,
) -> Result<(), Exceeded> {
    let bytes = match returned {
        Ok(outcome) => {
            let effects = u32::try_from(outcome.effects.len()).unwrap_or(u32::MAX);
            if effects > limits.effects {
                let most = limits.effects;
                let message =
                    format!("a run may ask for {most} effects, this one asked for {effects}");
                return Err(Exceeded::new(LimitName::Effects, message));
            }
            outcome_bytes(outcome)
        }
        Err(failure) => {
            failure.code.len() + failure.message.len() + length(failure.detail.as_ref())
        }
    };
    if u32::try_from(bytes).unwrap_or(u32::MAX) > limits.result_bytes {
        let most = limits.result_bytes;
        let message = format!("a run may give back {most} bytes, this one gave {bytes}");
        return Err(Exceeded::new(LimitName::Result, message));
    }
    Ok(())
}

fn outcome_bytes(outcome: &Outcome) -> usize {
    let effects = outcome.effects.iter().map(|effect| {
        effect.kind.len() + effect.target.len() + effect.args.len() + effect.key.len()
    });
    let actions = outcome
        .actions
        .iter()
        .map(|action| action.name.len() + action.title.len() + action.description.len() + 16);
    let reply = outcome.reply.as_ref();
    effects.chain(actions).sum::<usize>()
        + outcome.data.len()
        + length(outcome.cursor.as_ref())
        + length(outcome.ui.as_ref())
        + reply.map_or(0, |reply| reply.content_type.len() + reply.body.0.len())
}

fn length(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}

fn given(context: &Context) -> types::Context {
    let context = context.clone();
    types::Context {
        run_id: context.run_id,
        installation: context.installation,
        customer: context.customer,
        locale: context.locale,
        api: context.api,
        attempt: context.attempt,
        idempotency_key: context.idempotency_key,
        deadline_ms: context.deadline_ms,
        dry_run: context.dry_run,
        now_ms: context.now_ms,
        settings: context.settings,
    }
}

fn changing(effects: Vec<types::Effect>, data: String) -> Outcome {
    Outcome {
        effects: effects.into_iter().map(effect).collect(),
        data,
        ..Outcome::default()
    }
}

fn sliced(result: tasks::TaskResult) -> Outcome {
    Outcome {
        cursor: result.cursor,
        ..changing(result.effects, result.data)
    }
}

fn described(actions: Vec<actions::Action>) -> Outcome {
    let action = |action: actions::Action| Action {
        name: action.name,
        title: action.title,
        description: action.description,
    };
    Outcome {
        actions: actions.into_iter().map(action).collect(),
        ..Outcome::default()
    }
}

fn shown(page: types::Page) -> Outcome {
    Outcome {
        ui: Some(page.ui),
        ..changing(page.effects, String::new())
    }
}

fn replied(reply: webhooks::WebhookReply) -> Outcome {
    Outcome {
        reply: Some(Reply {
            status: reply.status,
            content_type: reply.content_type,
            body: Blob(reply.body),
        }),
        ..changing(reply.effects, reply.data)
    }
}

fn effect(effect: types::Effect) -> Effect {
    Effect {
        kind: effect.kind,
        target: effect.target,
        args: effect.args,
        key: effect.key,
    }
}

fn failed(failure: types::Failure) -> Failure {
    Failure {
        code: failure.code,
        message: failure.message,
        retryable: failure.retryable,
        retry_after_ms: failure.retry_after_ms,
        detail: failure.detail,
    }
}
