//! The entry points as the host calls them.
//!
//! A panic ends the instance, so it cannot be given back as a failure. Rust's own hook writes message
//! and place to the standard error, which the host keeps as the run's last words.

use crate::bindings::exports::wabe::plugin as exports;
use crate::bindings::wabe::plugin::types;
use crate::codec;
use crate::context::Context;
use crate::effect::Effect;
use crate::event::Event;
use crate::failure::{Failure, Result};
use crate::form::{Form, Input};
use crate::handler;
use crate::outcome::Page;
use crate::task::Task;
use crate::webhook::Request;
use serde_json::{Map, Value};

struct Plugin;

crate::bindings::export!(Plugin with_types_in crate::bindings);

impl exports::events::Guest for Plugin {
    fn handle(
        context: types::Context,
        event: types::Event,
    ) -> Result<types::Outcome, types::Failure> {
        let context = begin(context);
        let event = Event {
            id: event.id,
            topic: event.topic,
            schema_version: event.schema_version,
            occurred_at_ms: event.occurred_at_ms,
            payload: event.payload,
        };
        let outcome = handler::call_event(context, &event)?;
        Ok(types::Outcome {
            effects: effects(outcome.effects),
            data: data(&outcome.data),
        })
    }
}

impl exports::tasks::Guest for Plugin {
    fn run(
        context: types::Context,
        name: String,
        scheduled_for_ms: u64,
        cursor: Option<String>,
    ) -> Result<exports::tasks::TaskResult, types::Failure> {
        let context = begin(context);
        let task = Task {
            name,
            scheduled_for_ms,
            cursor,
        };
        let slice = handler::call_task(context, &task)?;
        Ok(exports::tasks::TaskResult {
            effects: effects(slice.outcome.effects),
            data: data(&slice.outcome.data),
            cursor: slice.cursor,
        })
    }
}

impl exports::actions::Guest for Plugin {
    fn describe(
        context: types::Context,
        ticket: String,
    ) -> Result<Vec<exports::actions::Action>, types::Failure> {
        let actions = handler::call_ticket(begin(context), &ticket)?;
        let action = |action: crate::ticket::Action| exports::actions::Action {
            name: action.name,
            title: action.title,
            description: action.description,
        };
        Ok(actions.into_iter().map(action).collect())
    }

    fn run(
        context: types::Context,
        action: String,
        ticket: String,
        input: String,
    ) -> Result<types::Page, types::Failure> {
        let context = begin(context);
        let input = Input(handler::read::<Map<String, Value>>("the input", &input)?);
        let answer = handler::call_action(context, &action, &ticket, &input)?;
        Ok(page(answer))
    }
}

impl exports::forms::Guest for Plugin {
    fn render(
        context: types::Context,
        name: String,
        state: String,
    ) -> Result<types::Page, types::Failure> {
        let context = begin(context);
        let form = Form {
            name,
            state: handler::read("the state", &state)?,
            input: None,
        };
        let answer = handler::call_form(context, &form)?;
        Ok(page(answer))
    }

    fn submit(
        context: types::Context,
        name: String,
        input: String,
    ) -> Result<types::Page, types::Failure> {
        let context = begin(context);
        let form = Form {
            name,
            state: Value::Object(Map::new()),
            input: Some(Input(handler::read("the input", &input)?)),
        };
        let answer = handler::call_form(context, &form)?;
        Ok(page(answer))
    }
}

impl exports::webhooks::Guest for Plugin {
    fn receive(
        context: types::Context,
        request: exports::webhooks::WebhookRequest,
    ) -> Result<exports::webhooks::WebhookReply, types::Failure> {
        let context = begin(context);
        let request = Request {
            method: request.method,
            path: request.path,
            query: request.query,
            headers: request.headers,
            body: request.body,
            remote: request.remote,
            user: request.user,
        };
        let reply = handler::call_webhook(context, &request)?;
        Ok(exports::webhooks::WebhookReply {
            status: reply.status,
            content_type: reply.content_type,
            body: reply.body,
            effects: effects(reply.effects),
            data: data(&reply.data),
        })
    }
}

/// The first thing in every entry point. The context lives as long as the instance, which serves one
/// call: code to take it apart would be a tenth of a small plugin.
#[inline(never)]
fn begin(context: types::Context) -> &'static Context {
    Box::leak(Box::new(Context {
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
    }))
}

#[inline(never)]
fn effects(effects: Vec<Effect>) -> Vec<types::Effect> {
    let effect = |effect: Effect| types::Effect {
        kind: effect.kind,
        target: effect.target,
        args: codec::write(&Value::Object(effect.args)),
        key: effect.key,
    };
    effects.into_iter().map(effect).collect()
}

#[inline(never)]
fn page(page: Page) -> types::Page {
    types::Page {
        ui: page.ui.to_json(),
        effects: effects(page.effects),
    }
}

#[inline(never)]
fn data(data: &Value) -> String {
    if data.is_null() {
        return String::new();
    }
    codec::write(data)
}

impl From<Failure> for types::Failure {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.code,
            message: failure.message,
            retryable: failure.retryable,
            retry_after_ms: failure.retry_after_ms,
            detail: failure.detail,
        }
    }
}
