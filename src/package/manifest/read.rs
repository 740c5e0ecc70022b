//! From TOML to a manifest.

use crate::capability::{Capability, Request};
use crate::cron::Zone;
use crate::flaw::{Defect, Flaw};
use crate::manifest::table::{Notes, Table};
use crate::manifest::{API_VERSIONS, BYTES_MAX, Manifest, PART, SecretSlot, check};
use crate::names::Slug;
use crate::topic::{Filter, Scalar};
use crate::trigger::{Auth, Trigger};
use semver::Version;
use std::collections::BTreeMap;
use std::str::FromStr;
use toml::de::{DeTable, DeValue};

const ROOT: [&str; 13] = [
    "id",
    "version",
    "api",
    "author",
    "name",
    "summary",
    "capability",
    "trigger",
    "secret",
    "links",
    "settings",
    "icon",
    "component",
];

pub(super) fn read(text: &str) -> Result<Manifest, Vec<Flaw>> {
    if text.len() > BYTES_MAX {
        let defect = Defect::PartTooLarge {
            name: PART.to_owned(),
            max: BYTES_MAX.to_string(),
            found: text.len().to_string(),
        };
        return Err(vec![Flaw::of_part(PART, defect)]);
    }
    let mut notes = Notes::new(text);
    let (parsed, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(10) {
        let at = error.span().map_or(0, |span| span.start);
        let reason = error.message().replace('\n', ", ");
        notes.note(at.max(1), "", Defect::NotToml { reason });
    }
    if !notes.flaws.0.is_empty() {
        return notes.flaws.done(None);
    }
    let root = Table::root(parsed.get_ref());
    let manifest = read_root(&mut notes, &root);
    if let Some(manifest) = &manifest {
        check::check(&mut notes, &root, manifest);
    }
    notes.flaws.done(manifest)
}

fn read_root(notes: &mut Notes, root: &Table) -> Option<Manifest> {
    root.only(notes, &ROOT);
    let id = root.parse(notes, "id");
    let version = root.parse::<Semantic>(notes, "version");
    let api = root.parse::<Api>(notes, "api");
    let author = root.line(notes, "author", 120);
    let name = root.texts(notes, "name", 60);
    let summary = root.texts(notes, "summary", 300);
    let capabilities = each(notes, root, ("capability", 40), read_request);
    let triggers = each(notes, root, ("trigger", 20), read_trigger);
    let secrets = each(notes, root, ("secret", 10), read_secret);
    let links = root.list(notes, "links");
    let settings = read_part(notes, root, "settings", ".json");
    let icon = read_part(notes, root, "icon", ".svg");
    let component = read_part(notes, root, "component", ".wasm");
    if component.is_none() {
        root.need(notes, "component");
    }
    Some(Manifest {
        id: id?,
        version: version?.0,
        api: api?.0,
        author: author?,
        name: name?,
        summary: summary?,
        capabilities,
        triggers,
        secrets,
        links,
        settings,
        icon,
        component: component?,
    })
}

fn each<T>(
    notes: &mut Notes,
    root: &Table,
    (name, max): (&str, usize),
    read: fn(&mut Notes, &Table) -> Option<T>,
) -> Vec<T> {
    let tables = root.tables(notes, name, max);
    tables
        .iter()
        .filter_map(|table| read(notes, table))
        .collect()
}

fn read_request(notes: &mut Notes, table: &Table) -> Option<Request> {
    table.only(notes, &["capability", "optional", "reason", "fields"]);
    let capability = table.parse::<Capability>(notes, "capability");
    let reason = table.texts(notes, "reason", 300);
    let optional = table.flag(notes, "optional");
    let fields: Vec<Slug> = table.list(notes, "fields");
    let capability = capability?;
    let word = capability.to_string();
    if capability.needs_fields() && fields.is_empty() {
        notes.note(
            table.at,
            &table.key("fields"),
            Defect::FieldsMissing { capability: word },
        );
    } else if !capability.needs_fields() && !fields.is_empty() {
        notes.note(
            table.at,
            &table.key("fields"),
            Defect::FieldsUnexpected { capability: word },
        );
    }
    Some(Request {
        capability,
        optional,
        reason: reason?,
        fields: fields.iter().map(ToString::to_string).collect(),
    })
}

fn read_secret(notes: &mut Notes, table: &Table) -> Option<SecretSlot> {
    table.only(notes, &["name", "optional", "title"]);
    let name = table.parse(notes, "name");
    let optional = table.flag(notes, "optional");
    let title = table.texts(notes, "title", 60);
    Some(SecretSlot {
        name: name?,
        optional,
        title: title?,
    })
}

fn read_trigger(notes: &mut Notes, table: &Table) -> Option<Trigger> {
    let (kind, at) = table.need(notes, "kind")?;
    match kind {
        "event" => read_event(notes, table),
        "schedule" => {
            table.only(notes, &["kind", "name", "cron", "zone"]);
            let name = table.parse(notes, "name");
            let cron = table.parse(notes, "cron");
            let zone = match table.text(notes, "zone") {
                Some(_) => table.parse(notes, "zone"),
                None => Some(Zone::default()),
            };
            Some(Trigger::Schedule {
                name: name?,
                cron: cron?,
                zone: zone?,
            })
        }
        "webhook" => {
            table.only(notes, &["kind", "path", "auth"]);
            let path = table.parse(notes, "path");
            let before = notes.flaws.0.len();
            let auth: Vec<Auth> = table.list(notes, "auth");
            if auth.is_empty() && notes.flaws.0.len() == before {
                let name = "auth".to_owned();
                notes.note(table.at, &table.key("auth"), Defect::Missing { name });
            }
            Some(Trigger::Webhook { path: path?, auth })
        }
        "form" => {
            table.only(notes, &["kind", "name", "title", "card"]);
            let name = table.parse(notes, "name");
            let title = table.texts(notes, "title", 60);
            let card = table.flag(notes, "card");
            Some(Trigger::Form {
                name: name?,
                title: title?,
                card,
            })
        }
        "ticket" => {
            table.only(notes, &["kind"]);
            Some(Trigger::Ticket)
        }
        other => {
            let defect = Defect::NotAChoice {
                value: other.chars().take(40).collect(),
                known: Trigger::KINDS.join(", "),
            };
            notes.note(at, &table.key("kind"), defect);
            None
        }
    }
}

fn read_event(notes: &mut Notes, table: &Table) -> Option<Trigger> {
    table.only(notes, &["kind", "topic", "filter"]);
    let topic = table.parse(notes, "topic");
    let mut conditions = BTreeMap::new();
    let filter = table.table(notes, "filter");
    for (path, value) in filter.iter().flat_map(Table::entries) {
        let scalar = match value.get_ref() {
            DeValue::Boolean(flag) => Some(Scalar::Flag(*flag)),
            DeValue::String(text) => Some(Scalar::Text(text.to_string())),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(Scalar::Number),
            _ => None,
        };
        if let Some(scalar) = scalar {
            conditions.insert(path.to_owned(), scalar);
            continue;
        }
        let defect = Defect::BadFilter {
            path: path.chars().take(80).collect(),
            reason: "the value is no text, whole number or true or false; write the path in quotes"
                .to_owned(),
        };
        notes.note(value.span().start, &table.key("filter"), defect);
    }
    let filter = notes.keep(table.at, &table.key("filter"), Filter::new(conditions));
    Some(Trigger::Event {
        topic: topic?,
        filter: filter?,
    })
}

/// The name of a part, with this ending; absent is fine.
fn read_part(notes: &mut Notes, root: &Table, name: &str, ending: &str) -> Option<String> {
    let (text, at) = root.text(notes, name)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let good = text.len() <= 64
        && text.len() > ending.len()
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(plain)
        && text.ends_with(ending);
    let part = if good {
        Ok(text.to_owned())
    } else {
        Err(Defect::BadName {
            value: text.chars().take(80).collect(),
            shape: format!("a file beside plugin.toml whose name ends in {ending}"),
        })
    };
    // A bad name still counts as given, so that it is not called missing too.
    Some(notes.keep(at, &root.key(name), part).unwrap_or_default())
}

struct Semantic(Version);

impl FromStr for Semantic {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        match Version::parse(text) {
            Ok(version) if version.build.is_empty() && text.len() <= 40 => Ok(Self(version)),
            _ => Err(Defect::BadVersion {
                value: text.chars().take(40).collect(),
            }),
        }
    }
}

struct Api(String);

impl FromStr for Api {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        if API_VERSIONS.contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Defect::UnknownApi {
            value: text.chars().take(40).collect(),
            known: API_VERSIONS.join(", "),
        })
    }
}

impl FromStr for Auth {
    type Err = Defect;

    fn from_str(text: &str) -> Result<Self, Defect> {
        match text {
            "basic" => Ok(Self::Basic),
            "hmac" => Ok(Self::Hmac),
            other => Err(Defect::NotAChoice {
                value: other.chars().take(40).collect(),
                known: Self::WORDS.join(", "),
            }),
        }
    }
}
