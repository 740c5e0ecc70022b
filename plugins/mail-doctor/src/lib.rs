//! Looks why mail to an address does not arrive, or why mail from it counts as spam, and says how to mend it.
//!
//! It changes nothing: every finding names what somebody has to do.

mod dns;
mod finding;
mod mailbox;

use dns::Dns;
use finding::{Finding, page};
use mailbox::{Intake, Mailbox};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wabe::ui::{Button, Field, Ui};
use wabe::{Action, Context, Failure, Form, Input, Result, json, log, records};

/// Things that the page offers to check.
const OFFERED_MAX: usize = 200;

/// What a ticket shows of itself.
#[derive(Debug, Deserialize)]
struct Ticket {
    object: Object,
}

/// What it is about.
#[derive(Debug, Deserialize)]
struct Object {
    id: String,
    kind: String,
}

#[derive(Debug, Deserialize)]
struct Domain {
    id: String,
    name_unicode: String,
    verified: bool,
}

#[wabe::ticket]
#[expect(clippy::unnecessary_wraps, reason = "the entry point may fail")]
fn offer(context: &Context, ticket: &Ticket) -> Result<Vec<Action>> {
    let (title, description) = match ticket.object.kind.as_str() {
        "mailbox" => (
            context.text("Postfach prüfen", "Check the mailbox"),
            context.text(
                "Prüft Speicherplatz, letzte Eingänge, MX, SPF, DKIM und DMARC. Geändert wird nichts.",
                "Checks storage, last arrivals, MX, SPF, DKIM and DMARC. Nothing is changed.",
            ),
        ),
        "domain" => (
            context.text("E-Mail der Domain prüfen", "Check the domain's mail"),
            context.text(
                "Prüft MX, SPF, DKIM und DMARC. Geändert wird nichts.",
                "Checks MX, SPF, DKIM and DMARC. Nothing is changed.",
            ),
        ),
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Action::new("check", title, description)])
}

#[wabe::action("check")]
fn check(context: &Context, ticket: &Ticket, _input: &Input) -> Result<Ui> {
    let object = &ticket.object;
    let findings = look(context, &object.kind, &object.id)?;
    Ok(page(context, &findings))
}

/// The page on which the customer checks: what there is, and what was found of the one that is chosen.
#[wabe::form("main")]
fn main(context: &Context, form: &Form) -> Result<Ui> {
    let mut choices = Vec::new();
    let mailboxes: Vec<Mailbox> = records::of("mailbox").all()?;
    let domains: Vec<Domain> = records::of("domain").all()?;
    let boxes = mailboxes.iter().map(|one| (&one.id, one.address.as_str()));
    let all = boxes.chain(
        domains
            .iter()
            .map(|one| (&one.id, one.name_unicode.as_str())),
    );
    for (id, name) in all.take(OFFERED_MAX) {
        choices.push((id.clone(), name.to_owned()));
    }
    if choices.is_empty() {
        return Ok(Ui::new().empty_state(
            context.text("Noch nichts zu prüfen", "Nothing to check yet"),
            context.text(
                "Legen Sie zuerst ein E-Mail-Postfach oder eine Domain an.",
                "Create a mailbox or a domain first.",
            ),
            Ui::new().link(
                context.text("Zu den Postfächern", "To the mailboxes"),
                "/mailboxes",
            ),
        ));
    }
    let sent = form.sent().map_or("", |input| input.text("object"));
    let chosen = sent.to_owned();
    let known = choices.iter().any(|(id, _)| *id == chosen);
    let ui = asking(context, &choices, &chosen);
    if !known {
        return Ok(ui);
    }
    let kind = if mailboxes.iter().any(|one| one.id == chosen) {
        "mailbox"
    } else {
        "domain"
    };
    let findings = look(context, kind, &chosen)?;
    Ok(findings
        .iter()
        .fold(ui, |ui, finding| finding.draw(context, ui)))
}

/// What can be chosen.
fn asking(context: &Context, choices: &[(String, String)], chosen: &str) -> Ui {
    let label = context.text("Postfach oder Domain", "Mailbox or domain");
    let options = choices
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()));
    let options: Vec<(&str, &str)> = options.collect();
    let field = Field::select("object", label, &options).value(chosen);
    let button = Button::new("check", context.text("Prüfen", "Check")).primary();
    Ui::new().field(field).button(button)
}

/// Everything that can be said about a mailbox or a domain, the worst first.
fn look(context: &Context, kind: &str, id: &str) -> Result<Vec<Finding>> {
    let mut findings = match kind {
        "mailbox" => {
            let mailbox: Mailbox = needed(records::of("mailbox").id(id).first()?)?;
            let intake = granted(records::of("mail_intake").id(id).first::<Intake>())?;
            mailbox::findings(context, &mailbox, intake.as_ref())
        }
        "domain" => {
            let domain: Domain = needed(records::of("domain").id(id).first()?)?;
            unproved(context, &domain).into_iter().collect()
        }
        other => {
            let message = format!("there is nothing to check about a {other}");
            return Err(Failure::new("not-checkable", message));
        }
    };
    let found: Option<Dns> = records::of("mail_dns").id(id).first()?;
    findings.extend(dns::findings(context, &needed(found)?));
    findings.sort_by_key(Finding::rank);
    let worst: Vec<&str> = findings.iter().map(|one| one.title.as_str()).collect();
    log::with("info", "checked", &json!({ "findings": worst }));
    Ok(findings)
}

/// What is there, or the failure that says that it is not.
fn needed<T>(found: Option<T>) -> Result<T> {
    let gone = || Failure::new("not-found", "what is to be checked is not there any more");
    found.ok_or_else(gone)
}

/// What an optional right answers; nothing without it.
fn granted<T: DeserializeOwned>(found: Result<Option<T>>) -> Result<Option<T>> {
    match found {
        Err(failure) if matches!(failure.code.as_str(), "denied" | "unavailable") => Ok(None),
        found => found,
    }
}

fn unproved(context: &Context, domain: &Domain) -> Option<Finding> {
    if domain.verified {
        return None;
    }
    let name = &domain.name_unicode;
    let title = if context.is_german() {
        format!("Das Recht an {name} ist noch nicht nachgewiesen")
    } else {
        format!("The right to {name} is not proved yet")
    };
    Some(Finding::bad(title).mend(context.text(
        "Auf der Seite der Domain steht, welcher Eintrag fehlt. Vorher kommt hier keine E-Mail an.",
        "The domain's page says which record is missing. Before that no mail arrives here.",
    )))
}
