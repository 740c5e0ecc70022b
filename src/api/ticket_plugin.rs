//! `GET /staff/tickets/{id}/plugins/{installation}/acts`: what a plugin of the customer's offers to do about a
//! thing that somebody asked about, and `POST …/acts/{act}`: programs of the hoster's have it done.
//!
//! Invariants: as at the desk, only what an instruction covers is asked about; every look and every act is
//! noted with the customer before the plugin runs; what becomes of an act is decided at the gate. There is no
//! preview, because what a plugin changes is known when it has run.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, JSON_BYTES_MAX};
use crate::json::Lines;
use crate::problem::{Place, Problem};
use crate::read::ticket::note_about;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use wabe_access::{Permission, Refusal, Scope};
use wabe_automation::engine::{Found, Stand, TicketAsk};
use wabe_identity::user::store as users;
use wabe_kernel::id::{
    ChangeId, CustomerId, InstallationId, InstructionId, RunId, TicketId, UserId,
};
use wabe_kernel::{Field as _, FieldErrors, Language, Line, Problem as FieldProblem};
use wabe_package::entry::Action;
use wabe_support::action::{PLUGIN_ACT, PLUGIN_LOOK, Topic, topic};
use wabe_support::ticket::queue;
use wabe_web::Cost;

/// A plugin of the customer's that can be asked what it offers about a thing.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PluginAtTicket {
    /// The installation.
    installation: InstallationId,
    /// What the plugin is called, in the caller's language.
    plugin: String,
    /// The id of the thing that it would be about.
    object: String,
    /// What kind of thing that is.
    object_kind: String,
    /// What people call it.
    object_name: String,
    /// The instruction that it stands on.
    instruction: InstructionId,
}

/// What a plugin offers to do.
#[derive(Debug, Serialize, JsonSchema)]
struct PluginAct {
    /// Its name, as the path takes it.
    name: String,
    /// What it does, in the plugin's words.
    title: String,
    /// The same in a sentence.
    description: String,
}

/// What an act is started with.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read by hand, to name what is wrong"
)]
struct PluginAsked {
    /// The id of the thing that it is about.
    object: String,
}

/// What a plugin did.
#[derive(Debug, Serialize, JsonSchema)]
struct PluginActed {
    /// The run; the message in the ticket names it too.
    run: RunId,
    /// What it found, as it stands in the ticket.
    text: String,
    /// The changes that it made, in their order.
    changes: Vec<ChangeId>,
}

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let acts = Operation::get(
        "ticket_plugin_act_list",
        "/api/v1/staff/tickets/{id}/plugins/{installation}/acts",
        Permission::TicketWork,
        Answers::List(|| schema_for!(PluginAct)),
    );
    let start = Operation::get(
        "ticket_plugin_act",
        "/api/v1/staff/tickets/{id}/plugins/{installation}/acts/{act}",
        Permission::TicketWork,
        Answers::Json(200, || schema_for!(PluginActed)),
    );
    let start = start
        .by("POST", Sends::Json(|| schema_for!(PluginAsked)))
        .example(r#"{"object":"mbx_01kaj8xv00e0m9f8w2v3x4y5z6"}"#);
    let acts = acts.id("tkt").query(&["object"]).cost(Cost::Normal);
    book.add(acts, list_acts).add(start.id("tkt"), start_act)
}

/// The plugins that can be asked about these things, each with each of them. None of them runs for that.
pub(crate) async fn at_ticket(
    api: &Api,
    language: Language,
    about: &[Topic],
) -> Result<Vec<PluginAtTicket>, Problem> {
    let Some(customer) = about.first().map(|topic| topic.customer) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for one in api.automation.at_tickets(customer).await? {
        let plugin = one.version.manifest.name.get(language);
        found.extend(about.iter().map(|topic| PluginAtTicket {
            installation: one.installation.id,
            plugin: plugin.to_owned(),
            object: topic.given.object.clone(),
            object_kind: topic.given.object_kind.clone(),
            object_name: topic.given.object_name.clone(),
            instruction: topic.given.id,
        }));
    }
    Ok(found)
}

/// A plugin of the ticket's customer, and a thing that it is asked about.
struct Asked {
    ticket: TicketId,
    customer: CustomerId,
    installation: InstallationId,
    topic: Topic,
    /// The language of whoever asked for help.
    language: Language,
}

/// What the path and `object` name, with the look noted at the customer.
async fn asked(
    api: &Api,
    call: &Call,
    (object, area): (&str, &'static str),
) -> Result<Asked, Problem> {
    let ticket: TicketId = call.id("id")?;
    let installation: InstallationId = call.id("installation")?;
    let mut tx = api.gate.store().read().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    let (queued, topic) = topic(&mut tx, &scope, ticket, object).await?;
    let opener = topic.as_ref().and_then(|one| one.opened_by);
    let language = users::language_of(&mut tx, opener).await?;
    tx.rollback().await?;
    let customer = queued.customer_id;
    api.automation.at_ticket(customer, installation).await?;
    let topic = topic.ok_or(Refusal::Conflict("not-instructed"))?;
    note_about(api, call, (customer, ticket), (object, area)).await?;
    Ok(Asked {
        ticket,
        customer,
        installation,
        topic,
        language,
    })
}

impl Asked {
    fn ask(&self, language: Language) -> TicketAsk<'_> {
        TicketAsk {
            customer: self.customer,
            installation: self.installation,
            ticket: &self.topic.shown,
            language,
        }
    }

    /// What an act stands on: whose program this is, the ticket, and the thing that was asked about.
    fn stand(&self, by: UserId) -> Stand {
        let (ticket, topic) = (self.ticket, self.topic.clone());
        let writes_down = move |found: Found| {
            let run = (found.run, found.installation);
            topic.kept((ticket, by), run, (found.plugin, found.text))
        };
        Stand {
            ticket,
            writes_down: Arc::new(writes_down),
        }
    }
}

async fn list_acts(api: Api, call: Call) -> Answer {
    let object = call.query("object").unwrap_or_default();
    if object.is_empty() {
        let problem = FieldProblem::new("required");
        return Err(Problem::wrong(Place::Query, "object", problem));
    }
    let language = call.voice.language;
    let asked = asked(&api, &call, (object, PLUGIN_LOOK)).await?;
    let described = Box::pin(api.automation.describe(asked.ask(language))).await?;
    let actions = described.map_err(|code| Problem::of_run(code, language))?;
    let act = |action: Action| {
        value_of(&PluginAct {
            name: action.name,
            title: action.title,
            description: action.description,
        })
    };
    let acts: Result<Vec<_>, _> = actions.into_iter().map(act).collect();
    Ok(answer::all(&acts?))
}

/// The thing that a body names; notes everything that is wrong with it.
fn named(input: &Map<String, Value>, errors: &mut FieldErrors) -> Option<Line> {
    for name in input.keys().filter(|name| *name != "object") {
        errors.add(name, FieldProblem::new("unknown-field"));
    }
    let object = input.get("object").filter(|value| !value.is_null());
    let line = object.map_or(Err(FieldProblem::new("required")), Line::from_json);
    line.map_err(|problem| errors.add("object", problem)).ok()
}

async fn start_act(api: Api, mut call: Call) -> Answer {
    let body = call.bytes(JSON_BYTES_MAX).await?;
    let (input, mut errors) = call.object(&body, Lines::One)?;
    let object = match named(&input, &mut errors) {
        Some(object) if errors.is_empty() => object,
        _ => return Err(errors.into()),
    };
    let by = call.actor().user.ok_or(Refusal::Forbidden)?;
    let asked = asked(&api, &call, (object.as_str(), PLUGIN_ACT)).await?;
    let (act, input) = (call.text("act"), json!({}));
    let (ask, stand) = (asked.ask(asked.language), asked.stand(by));
    let shown = Box::pin(api.automation.act(ask, (act, &input), stand)).await?;
    if let Some(code) = shown.code {
        return Err(Problem::of_run(code, call.voice.language));
    }
    let mut tx = api.gate.store().read().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    let written = queue::messages(&mut tx, &scope, asked.ticket).await?;
    tx.rollback().await?;
    let card = written.into_iter().find(|one| one.run == Some(shown.run));
    answer::ok(&PluginActed {
        run: shown.run,
        text: card.map_or_else(String::new, |card| card.body),
        changes: shown.made,
    })
}
