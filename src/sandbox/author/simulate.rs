//! `wabe plugin simulate`

use crate::author::case::{Around, Given, Scene};
use crate::author::judge::{data, effect, usable};
use crate::author::project::Project;
use crate::author::screen::{Done, Trouble, bytes, fuel, harmless, next, say};
use crate::author::stage::{Ran, Stage, failure, recording};
use crate::author::world::World;
use crate::author::{build, disk, examples};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_package::entry::Outcome;
use wabe_package::wire::Ending;

/// What comes in.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    call: Call,
    /// The event's payload, or the form's input, from a JSON file instead of an example
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Settings from a JSON file, on top of the defaults
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The world from a JSON file, as the part "host" of a case
    #[arg(long, value_name = "FILE")]
    host: Option<PathBuf>,
    /// The language of whoever looks
    #[arg(long, default_value = "en", value_parser = ["de", "en"])]
    locale: String,
    /// Keep this run as a case
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Keep this run as a recording, for replay
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Run the component that is there
    #[arg(long)]
    no_build: bool,
}

/// One of them.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Call {
    /// An event of this topic, such as mailbox.create
    #[arg(long, value_name = "TOPIC")]
    event: Option<String>,
    /// The schedule of this name
    #[arg(long, value_name = "NAME")]
    task: Option<String>,
    /// A request, such as "update?hostname=example.org"
    #[arg(long, value_name = "PATH")]
    webhook: Option<String>,
    /// Looking at the form of this name; with --input: sending it
    #[arg(long, value_name = "NAME")]
    form: Option<String>,
}

/// Runs once and shows everything that came out.
pub(crate) fn simulate(project: &Project, arguments: &Arguments) -> Done {
    let given = given(arguments)?;
    let (call, around, scene) = parts(arguments, &given)?;
    let component = build::build(project, !arguments.no_build)?;
    let stage = Stage::new(project, &component)?;
    let world = Arc::new(World::new(&project.manifest));
    let ran = stage
        .run(&world, (&call, &around, &scene), (project, None))
        .map_err(|cause| {
            let step = "Change what you asked for, or add it to plugin.toml";
            Trouble::one("simulate", &cause, step)
        })?;
    show(&ran);
    for surprise in &world.state().http.surprises {
        say(&harmless(&format!("request  {surprise}")));
    }
    if let Some(path) = &arguments.save {
        let case = case(&given, arguments, &ran)?;
        let text = serde_json::to_string_pretty(&case).unwrap_or_default();
        disk::write(path, format!("{text}\n").as_bytes())?;
        say(&format!("saved    {}", disk::shown(path)));
    }
    if let Some(path) = &arguments.record {
        disk::write(path, recording(&stage, &ran, &world).write().as_bytes())?;
        say(&format!("recorded {}", disk::shown(path)));
    }
    if let Some(failure) = failure(&ran.ended.ending) {
        let step = "Mend the plugin; what it was told is above";
        return Err(Trouble::one("simulate", &harmless(&failure), step));
    }
    let grants = project.grants(&scene.deny).unwrap_or_default();
    if let Ending::Done { outcome } = &ran.ended.ending {
        let wrong = usable((&ran.order.entry, outcome), (&project.manifest, &grants));
        if !wrong.is_empty() {
            return Err(Trouble(wrong.iter().map(|line| harmless(line)).collect()));
        }
    }
    next("wabe plugin test");
    Ok(())
}

/// The call as a case writes it.
fn given(arguments: &Arguments) -> Result<Value, Trouble> {
    let input: Option<Value> = arguments.input.as_deref().map(json_file).transpose()?;
    let call = &arguments.call;
    Ok(if let Some(topic) = &call.event {
        let payload = input.unwrap_or_else(|| examples::payload(topic));
        json!({"entry": "event", "topic": topic, "payload": payload})
    } else if let Some(task) = &call.task {
        json!({"entry": "task", "task": task})
    } else if let Some(form) = &call.form {
        match input {
            Some(input) => json!({"entry": "submit", "form": form, "input": input}),
            None => json!({"entry": "render", "form": form}),
        }
    } else {
        let typed = call.webhook.as_deref().unwrap_or_default();
        let (path, query) = typed.split_once('?').unwrap_or((typed, ""));
        let path = format!("/{}", path.trim_start_matches('/'));
        let mut call = json!({"entry": "webhook", "path": path, "query": query, "user": "me"});
        if let (Some(body), Value::Object(call)) = (input, &mut call) {
            call.insert("method".to_owned(), json!("POST"));
            call.insert("body".to_owned(), json!(body.to_string()));
        }
        call
    })
}

fn parts(arguments: &Arguments, given: &Value) -> Result<(Given, Around, Scene), Trouble> {
    let call = serde_json::from_value(given.clone());
    let call =
        call.map_err(|error| Trouble::one("simulate", &error.to_string(), "Change the input"))?;
    let settings = arguments.settings.as_deref().map(json_file).transpose()?;
    let around = Around {
        locale: arguments.locale.clone(),
        settings: settings.unwrap_or_else(|| Value::Object(Map::new())),
        ..Around::default()
    };
    let scene = arguments.host.as_deref().map(json_file).transpose()?;
    Ok((call, around, scene.unwrap_or_default()))
}

fn json_file<T: DeserializeOwned>(path: &Path) -> Result<T, Trouble> {
    serde_json::from_str(&disk::read_text(path)?)
        .map_err(|error| Trouble::one(&disk::shown(path), &error.to_string(), "Mend the place"))
}

fn show(ran: &Ran) {
    for line in &ran.ended.log {
        let fields = if line.fields.is_empty() { "" } else { " " };
        say(&harmless(&format!(
            "log      {}: {}{fields}{}",
            line.level, line.message, line.fields
        )));
    }
    if let Ending::Done { outcome } = &ran.ended.ending {
        for found in &outcome.effects {
            say(&harmless(&format!("effect   {}", effect(found))));
        }
        if let Some(reply) = &outcome.reply {
            let body = String::from_utf8_lossy(&reply.body.0);
            say(&harmless(&format!(
                "reply    {} {} {body:?}",
                reply.status, reply.content_type
            )));
        }
        let more = [
            ("ui", outcome.ui.as_deref()),
            ("data", Some(outcome.data.as_str())),
            ("cursor", outcome.cursor.as_deref()),
        ];
        for (name, text) in more {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                say(&harmless(&format!("{name:8} {text}")));
            }
        }
        for action in &outcome.actions {
            say(&harmless(&format!(
                "action   {}: {}",
                action.name, action.title
            )));
        }
    }
    let usage = &ran.ended.usage;
    say(&format!(
        "used     {} of {} units of fuel, {} of {} of memory, {} of {} calls",
        fuel(usage.fuel.unwrap_or(0)),
        fuel(ran.order.limits.fuel),
        bytes(usage.memory_bytes),
        bytes(ran.order.limits.memory_bytes),
        usage.calls,
        ran.order.limits.calls,
    ));
}

/// The run as a case that holds.
fn case(given: &Value, arguments: &Arguments, ran: &Ran) -> Result<Value, Trouble> {
    let settings: Option<Value> = arguments.settings.as_deref().map(json_file).transpose()?;
    let host: Option<Value> = arguments.host.as_deref().map(json_file).transpose()?;
    let expect = match &ran.ended.ending {
        Ending::Done { outcome } => expect(outcome),
        Ending::Failed { failure } => json!({"failure": {"code": failure.code}}),
        _ => json!({}),
    };
    Ok(json!({
        "about": "what it does now",
        "entry": given,
        "context": {"locale": arguments.locale, "settings": settings.unwrap_or_else(|| json!({}))},
        "host": host.unwrap_or_else(|| json!({})),
        "expect": expect,
    }))
}

fn expect(outcome: &Outcome) -> Value {
    let mut expect = Map::new();
    let effects: Vec<Value> = outcome
        .effects
        .iter()
        .map(|found| {
            let mut found = effect(found);
            if let Some(found) = found.as_object_mut() {
                found.remove("key");
            }
            found
        })
        .collect();
    if !effects.is_empty() {
        expect.insert("effects".to_owned(), json!(effects));
    }
    if !outcome.data.is_empty() {
        expect.insert("data".to_owned(), data(&outcome.data));
    }
    if let Some(cursor) = &outcome.cursor {
        expect.insert("cursor".to_owned(), json!(cursor));
    }
    if let Some(page) = &outcome.ui {
        expect.insert("ui".to_owned(), data(page));
    }
    if let Some(reply) = &outcome.reply {
        let body = String::from_utf8_lossy(&reply.body.0);
        let reply =
            json!({"status": reply.status, "content_type": reply.content_type, "body": body});
        expect.insert("reply".to_owned(), reply);
    }
    Value::Object(expect)
}
