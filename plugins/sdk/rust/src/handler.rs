//! The functions that an author gave an attribute, and which of them a call goes to.

use crate::context::Context;
use crate::event::Event;
use crate::failure::{Failure, Result};
use crate::form::{Form, Input};
use crate::outcome::{Outcome, Page, Slice};
use crate::task::Task;
use crate::ticket::Action;
use crate::webhook::{Reply, Request};
use serde::de::DeserializeOwned;
use std::cell::RefCell;

type EventCall = Box<dyn Fn(&Context, &Event<String>) -> Result<Outcome>>;
type TaskCall = Box<dyn Fn(&Context, &Task) -> Result<Slice>>;
type WebhookCall = Box<dyn Fn(&Context, &Request) -> Result<Reply>>;
type FormCall = Box<dyn Fn(&Context, &Form) -> Result<Page>>;
type TicketCall = Box<dyn Fn(&Context, &str) -> Result<Vec<Action>>>;
type ActionCall = Box<dyn Fn(&Context, &str, &Input) -> Result<Page>>;

/// Everything that was named, by kind.
#[derive(Default)]
struct Handlers {
    events: Vec<(&'static str, EventCall)>,
    tasks: Vec<(&'static str, TaskCall)>,
    webhooks: Vec<(&'static str, WebhookCall)>,
    forms: Vec<(&'static str, FormCall)>,
    tickets: Vec<(&'static str, TicketCall)>,
    actions: Vec<(&'static str, ActionCall)>,
}

thread_local! {
    static HANDLERS: RefCell<Handlers> = RefCell::default();
}

/// A function for events.
pub fn event<T: DeserializeOwned, R: Into<Outcome>>(
    topic: &'static str,
    function: impl Fn(&Context, &Event<T>) -> Result<R> + 'static,
) {
    let call = move |context: &Context, event: &Event<String>| {
        Ok(function(context, &event.typed()?)?.into())
    };
    HANDLERS.with_borrow_mut(|all| all.events.push((topic, Box::new(call))));
}

/// A function for a schedule.
pub fn task<R: Into<Slice>>(
    name: &'static str,
    function: impl Fn(&Context, &Task) -> Result<R> + 'static,
) {
    let call = move |context: &Context, task: &Task| Ok(function(context, task)?.into());
    HANDLERS.with_borrow_mut(|all| all.tasks.push((name, Box::new(call))));
}

/// A function for requests from outside.
pub fn webhook<R: Into<Reply>>(
    path: &'static str,
    function: impl Fn(&Context, &Request) -> Result<R> + 'static,
) {
    let call = move |context: &Context, request: &Request| Ok(function(context, request)?.into());
    HANDLERS.with_borrow_mut(|all| all.webhooks.push((path, Box::new(call))));
}

/// A function for a form.
pub fn form<R: Into<Page>>(
    name: &'static str,
    function: impl Fn(&Context, &Form) -> Result<R> + 'static,
) {
    let call = move |context: &Context, form: &Form| Ok(function(context, form)?.into());
    HANDLERS.with_borrow_mut(|all| all.forms.push((name, Box::new(call))));
}

/// A function for a card: a form that is only looked at.
pub fn card<R: Into<Page>>(name: &'static str, function: impl Fn(&Context) -> Result<R> + 'static) {
    form(name, move |context: &Context, _: &Form| function(context));
}

/// The function that says which acts there are.
pub fn ticket<T: DeserializeOwned>(
    name: &'static str,
    function: impl Fn(&Context, &T) -> Result<Vec<Action>> + 'static,
) {
    let call =
        move |context: &Context, ticket: &str| function(context, &read("the ticket", ticket)?);
    HANDLERS.with_borrow_mut(|all| all.tickets.push((name, Box::new(call))));
}

/// A function for an act on a ticket.
pub fn action<T: DeserializeOwned, R: Into<Page>>(
    name: &'static str,
    function: impl Fn(&Context, &T, &Input) -> Result<R> + 'static,
) {
    let call = move |context: &Context, ticket: &str, input: &Input| {
        Ok(function(context, &read("the ticket", ticket)?, input)?.into())
    };
    HANDLERS.with_borrow_mut(|all| all.actions.push((name, Box::new(call))));
}

/// Reads what came in.
pub(crate) fn read<T: DeserializeOwned>(what: &str, json: &str) -> Result<T> {
    let json = if json.is_empty() { "{}" } else { json };
    serde_json::from_str(json).map_err(|error| {
        let message = format!("{what} has another shape than the plugin expects");
        Failure::new("input-invalid", message).detail(error.to_string())
    })
}

/// What is called when nothing fits.
fn missing<R>(what: &str, attribute: &str) -> Result<R> {
    let message = format!("the plugin has no function for {what}");
    Err(Failure::new("not-implemented", message).detail(format!("add {attribute} to one")))
}

pub(crate) fn call_event(context: &Context, event: &Event<String>) -> Result<Outcome> {
    HANDLERS.with_borrow(|all| {
        let fitting = all
            .events
            .iter()
            .filter(|(topic, _)| fits(topic, &event.topic));
        match fitting.min_by_key(|(topic, _)| stars(topic)) {
            Some((_, call)) => call(context, event),
            None => missing(
                &format!("the topic {}", event.topic),
                &format!("#[wabe::event(\"{}\")]", event.topic),
            ),
        }
    })
}

pub(crate) fn call_task(context: &Context, task: &Task) -> Result<Slice> {
    HANDLERS.with_borrow(|all| match find(&all.tasks, &task.name) {
        Some(call) => call(context, task),
        None => missing(
            &format!("the schedule {}", task.name),
            &format!("#[wabe::task(\"{}\")]", task.name),
        ),
    })
}

pub(crate) fn call_webhook(context: &Context, request: &Request) -> Result<Reply> {
    HANDLERS.with_borrow(|all| {
        let fitting = all
            .webhooks
            .iter()
            .filter(|(path, _)| is_below(path, &request.path));
        match fitting.max_by_key(|(path, _)| path.len()) {
            Some((_, call)) => call(context, request),
            None => missing(&format!("requests to {}", request.path), "#[wabe::webhook]"),
        }
    })
}

pub(crate) fn call_form(context: &Context, form: &Form) -> Result<Page> {
    HANDLERS.with_borrow(|all| match find(&all.forms, &form.name) {
        Some(call) => call(context, form),
        None => missing(
            &format!("the form {}", form.name),
            &format!("#[wabe::form(\"{}\")]", form.name),
        ),
    })
}

pub(crate) fn call_ticket(context: &Context, ticket: &str) -> Result<Vec<Action>> {
    HANDLERS.with_borrow(|all| match all.tickets.first() {
        Some((_, call)) => call(context, ticket),
        None => missing("tickets", "#[wabe::ticket]"),
    })
}

pub(crate) fn call_action(
    context: &Context,
    action: &str,
    ticket: &str,
    input: &Input,
) -> Result<Page> {
    HANDLERS.with_borrow(|all| match find(&all.actions, action) {
        Some(call) => call(context, ticket, input),
        None => missing(
            &format!("the act {action}"),
            &format!("#[wabe::action(\"{action}\")]"),
        ),
    })
}

fn find<'all, T>(all: &'all [(&'static str, T)], name: &str) -> Option<&'all T> {
    let (_, call) = all.iter().find(|(known, _)| *known == name)?;
    Some(call)
}

/// Whether a topic fits a pattern whose words may be stars; a star alone fits every topic.
fn fits(pattern: &str, topic: &str) -> bool {
    let words = || pattern.split('.').zip(topic.split('.'));
    let as_many = pattern.split('.').count() == topic.split('.').count();
    pattern == "*" || (as_many && words().all(|(pattern, word)| pattern == "*" || pattern == word))
}

/// How little a pattern says: fewer is better.
fn stars(pattern: &str) -> (bool, usize) {
    (
        pattern == "*",
        pattern.split('.').filter(|word| *word == "*").count(),
    )
}

/// Whether a path is this one or below it, slashes at its ends aside.
fn is_below(prefix: &str, path: &str) -> bool {
    let prefix = prefix.trim_matches('/');
    let path = path.trim_start_matches('/');
    prefix.is_empty()
        || path
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn named(name: &'static str) -> impl Fn(&Context, &Event<Value>) -> Result<Outcome> {
        move |_, _| Ok(Outcome::new().data(name))
    }

    #[test]
    fn the_function_with_the_fewest_stars_runs() {
        for topic in ["*", "mailbox.*", "*.create", "mailbox.create"] {
            event(topic, named(topic));
        }
        let ran = |topic: &str| {
            let event = Event {
                topic: topic.to_owned(),
                payload: "{}".to_owned(),
                ..Event::default()
            };
            call_event(&Context::default(), &event).unwrap().data
        };
        assert_eq!(ran("mailbox.create"), "mailbox.create");
        assert_eq!(ran("mailbox.delete"), "mailbox.*");
        assert_eq!(ran("domain.create"), "*.create");
        assert_eq!(ran("quota.reached"), "*");
    }

    #[test]
    fn what_has_no_function_is_not_implemented() {
        let task = Task {
            name: "nightly".to_owned(),
            ..Task::default()
        };
        let failure = call_task(&Context::default(), &task).unwrap_err();
        assert_eq!(failure.code, "not-implemented");
        assert!(
            failure
                .detail
                .unwrap()
                .contains("#[wabe::task(\"nightly\")]")
        );
    }

    #[test]
    fn webhooks_are_found_by_the_beginning_of_the_path() {
        assert!(
            is_below("", "/") && is_below("update", "/update") && is_below("/update/", "/update/x")
        );
        assert!(!is_below("update", "/updates") && !is_below("update", "/"));
    }
}
