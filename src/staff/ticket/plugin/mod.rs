//! Acts of the customer's plugins at a ticket: they come after the page, and each has a page of its own
//! on which it is started.
//!
//! Invariants: only what somebody of the customer asked about is offered; every look and every act is
//! noted with the customer before the plugin runs; what becomes of an act is decided at the gate.

pub(crate) mod asked;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use wabe_automation::engine::{Found, Shown, Stand};
use wabe_kernel::Language;
use wabe_kernel::id::{InstallationId, TicketId};
use wabe_support::action::{PLUGIN_ACT, PLUGIN_LOOK, Topic};
use wabe_support::ticket::queue::Queued;
use wabe_web::filters;
use wabe_web::{Arrival, Failure, Form, Path2, Query, Routes, StaffMember, see_other};

use crate::ticket::action::Given;
use crate::ticket::plugin::asked::{Act, Asked, coded, noted, place, refused, say};
use crate::ticket::{PLACE, WORK, path};
use crate::{STAFF, Staff};

/// So many plugins and things are asked by the page itself; further ones are links.
const ASKED_MAX: usize = 6;

/// A place on the ticket's page that the acts of a plugin come to.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// What the plugin is called.
    pub(crate) plugin: String,
    /// What it is asked about.
    pub(crate) name: String,
    /// The same as a page.
    pub(crate) href: String,
    /// Where the inside is.
    pub(crate) load: String,
}

/// The acts of a plugin about one thing.
#[derive(Template)]
#[template(path = "staff/ticket/plugin_part.html")]
pub(crate) struct ActsPart {
    pub(crate) plugin: String,
    /// What they are about.
    pub(crate) name: String,
    pub(crate) acts: Vec<Act>,
    /// Whether something was typed that none of them fits.
    pub(crate) narrowed: bool,
    /// Why the plugin said nothing.
    pub(crate) trouble: Option<String>,
}

/// The page on which an act is started; without one, all of them.
#[derive(Template)]
#[template(path = "staff/ticket/plugin.html")]
pub(crate) struct PluginPage {
    pub(crate) queued: Queued,
    pub(crate) plugin: String,
    /// Where it is sent.
    pub(crate) action: String,
    /// The id of the thing it is about.
    pub(crate) object: String,
    /// What people call it.
    pub(crate) name: String,
    /// What can be started.
    pub(crate) acts: Vec<Act>,
    /// The one that is meant.
    pub(crate) act: Option<Act>,
    pub(crate) given: Given,
    /// Why nothing became of it.
    pub(crate) trouble: Option<String>,
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/plugins/{installation}", WORK, ask)
        .id("tkt")
        .post(
            "/staff/tickets/{id}/plugins/{installation}",
            WORK,
            carry_out,
        )
        .id("tkt")
        .get(
            "/staff/tickets/{id}/plugins/{installation}/acts",
            WORK,
            part,
        )
        .id("tkt")
}

/// The places that acts of plugins come to: each plugin with each thing that was asked about.
pub(super) async fn slots(
    staff: &Staff,
    member: &StaffMember,
    ticket: TicketId,
    (about, search): (&[Topic], &str),
) -> Result<Vec<Slot>, Failure> {
    let Some(customer) = about.first().map(|topic| topic.customer) else {
        return Ok(Vec::new());
    };
    let mut slots = Vec::new();
    for found in staff.automation.at_tickets(customer).await? {
        let plugin = found.version.manifest.name.get(member.language);
        let base = place(ticket, found.installation.id);
        for topic in about {
            let object = coded(&topic.given.object);
            let asked = slots.len() < ASKED_MAX;
            let load = || format!("{base}/acts?object={object}&do={}", coded(search));
            slots.push(Slot {
                plugin: plugin.to_owned(),
                name: topic.given.object_name.clone(),
                href: format!("{base}?object={object}"),
                load: if asked { load() } else { String::new() },
            });
        }
    }
    Ok(slots)
}

impl PluginPage {
    fn of(asked: Asked, language: Language, (acts, act): (Vec<Act>, Option<Act>)) -> Self {
        Self {
            plugin: asked.plugin(language),
            action: asked.place(),
            object: asked.topic.given.object,
            name: asked.topic.given.object_name,
            queued: asked.queued,
            given: asked.given,
            trouble: None,
            acts,
            act,
        }
    }
}

/// The acts that fit what was typed: those with one of its words.
fn fitting(acts: Vec<Act>, about: &str, search: &str) -> Vec<Act> {
    let search = search.to_lowercase();
    let typed: Vec<&str> = search.split_whitespace().collect();
    let fits = |act: &Act| {
        let words = format!("{} {} {about}", act.title, act.text).to_lowercase();
        typed.is_empty() || typed.iter().any(|word| words.contains(word))
    };
    acts.into_iter().filter(fits).collect()
}

/// Where staff are told that nobody asked about the thing.
fn lacking(ticket: TicketId) -> Response {
    see_other(&format!("{}?lacks=1#actions-t", path(ticket)))
}

async fn part(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path2(id, installation): Path2<TicketId, InstallationId>,
    query: Query,
) -> Result<Response, Failure> {
    let (place, about) = ((id, installation), (query.get("object"), PLUGIN_LOOK));
    let Some(asked) = noted(&staff, (&member, &arrival), place, about).await? else {
        return Ok(lacking(id));
    };
    let plugin = asked.plugin(member.language);
    let name = asked.given.name.clone();
    let offered = asked.acts(&staff, &member).await?;
    let (all, trouble) = match offered {
        Ok(acts) => (acts, None),
        Err(trouble) => (Vec::new(), Some(trouble)),
    };
    let total = all.len();
    let acts = fitting(all, &format!("{plugin} {name}"), query.get("do"));
    Ok(member
        .part(ActsPart {
            narrowed: acts.len() < total,
            plugin,
            name,
            acts,
            trouble,
        })
        .into_response())
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path2(id, installation): Path2<TicketId, InstallationId>,
    query: Query,
) -> Result<Response, Failure> {
    let (place, about) = ((id, installation), (query.get("object"), PLUGIN_LOOK));
    let Some(asked) = noted(&staff, (&member, &arrival), place, about).await? else {
        return Ok(lacking(id));
    };
    let page = drawn(&staff, &member, asked, query.get("act")).await?;
    let status = match page.trouble {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    Ok(member.at(PLACE).page(page).status(status).into_response())
}

/// The page of an act, as the plugin describes it now.
async fn drawn(
    staff: &Staff,
    member: &StaffMember,
    asked: Asked,
    wanted: &str,
) -> Result<PluginPage, Failure> {
    let (acts, trouble) = match asked.acts(staff, member).await? {
        Ok(acts) => (acts, None),
        Err(trouble) => (Vec::new(), Some(trouble)),
    };
    let act = acts.iter().find(|act| act.name == wanted).cloned();
    Ok(PluginPage {
        trouble,
        ..PluginPage::of(asked, member.language, (acts, act))
    })
}

/// What an act stands on: whoever is here, the ticket, and the thing that was asked about.
fn stand(member: &StaffMember, asked: &Asked) -> Stand {
    let (ticket, by) = (asked.queued.ticket.id, member.visitor.user);
    let topic = asked.topic.clone();
    let writes_down = move |found: Found| {
        let run = (found.run, found.installation);
        topic.kept((ticket, by), run, (found.plugin, found.text))
    };
    Stand {
        ticket,
        writes_down: Arc::new(writes_down),
    }
}

/// Why nothing became of an act that was tried; nothing when something did.
fn trouble(language: Language, shown: &Shown) -> Option<String> {
    let code = shown.code?;
    Some(say(language, &format!("run-code-{code}")))
}

async fn carry_out(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path2(id, installation): Path2<TicketId, InstallationId>,
    form: Form,
) -> Result<Response, Failure> {
    let (place, about) = ((id, installation), (form.get("object"), PLUGIN_ACT));
    let Some(asked) = noted(&staff, (&member, &arrival), place, about).await? else {
        return Ok(lacking(id));
    };
    let wanted = form.get("act");
    let (input, stand) = (json!({}), stand(&member, &asked));
    let ask = asked.ask(asked.language);
    let acted = Box::pin(staff.automation.act(ask, (wanted, &input), stand)).await;
    let trouble = match acted {
        Ok(shown) => match trouble(member.language, &shown) {
            None => {
                return Ok(see_other(&format!(
                    "{}?done=plugin#{}",
                    path(id),
                    shown.run
                )));
            }
            Some(trouble) => trouble,
        },
        Err(refusal) => refused(&staff, member.language, refusal)?,
    };
    let page = drawn(&staff, &member, asked, wanted).await?;
    let page = PluginPage {
        trouble: Some(trouble),
        ..page
    };
    let page = member.at(PLACE).page(page).status(StatusCode::CONFLICT);
    Ok(page.into_response())
}

#[cfg(test)]
pub(super) mod tests {
    use super::asked::Act;
    use super::fitting;

    /// An act for samples.
    pub(in crate::ticket) fn sample() -> Act {
        Act {
            name: "check".to_owned(),
            title: "Postfach <prüfen>".to_owned(),
            text: "Sieht nach, warum <keine> E-Mails ankommen.".to_owned(),
            href: "/staff/tickets/tkt_1/plugins/ins_1?object=mbx_1&act=check".to_owned(),
        }
    }

    #[test]
    fn what_is_typed_finds_acts_by_any_of_its_words() {
        let found = |search| fitting(vec![sample()], "E-Mail-Prüfung info@a.test", search).len();
        assert_eq!(found(""), 1);
        assert_eq!(found("ANKOMMEN"), 1);
        assert_eq!(found("info@a.test platz"), 1);
        assert_eq!(found("datenbank"), 0);
    }
}
