//! The panel's configuration of a node: what has to stand in it, and the file that is written where nobody wrote one.

use crate::machine::{AGENT_SOCKET, DATA};
use crate::wish::{Part, Wish};
use std::net::SocketAddr;
use toml::{Table, Value};
use wabe_kernel::Fault;

/// What the package puts there; whoever leaves it as it is has decided nothing.
pub const SHIPPED: &str = include_str!("../../packaging/wabe.toml");

/// What stands above a configuration that this program wrote.
const HEAD: &str = "# The configuration of this node, written by `wabe node install`; every key is explained in\n\
    # /usr/share/doc/wabe/operators.md. Edit it as you like: it is yours from then on.\n\n";

/// The sockets of the panel and of sites that other machines have to reach.
const REACHED: [(&str, &str); 4] = [
    ("portal", "0.0.0.0:8443"),
    ("sites_http", "0.0.0.0:80"),
    ("sites_https", "0.0.0.0:443"),
    ("sftp", "0.0.0.0:2222"),
];

/// All sockets, with the port that the panel takes where the configuration says nothing.
const SOCKETS: [(&str, u16); 6] = [
    ("portal", 8443),
    ("sites_http", 8080),
    ("sites_https", 8444),
    ("sftp", 2222),
    ("smtp", 2525),
    ("webhooks", 8445),
];

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

/// Sets a key in a section.
fn set(table: &mut Table, section: &str, key: &str, value: Value) {
    let entry = table.entry(section.to_owned());
    let inner = entry.or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(inner) = inner {
        inner.insert(key.to_owned(), value);
    }
}

/// The keys that this wish needs, and nothing else.
#[must_use]
pub fn needed(wish: &Wish) -> Table {
    let mut table = Table::new();
    table.insert("data".to_owned(), text(DATA));
    if let Some(host) = &wish.host {
        let names = [
            ("portal_url", format!("https://{host}:8443")),
            ("preview_suffix", format!("preview.{host}")),
            ("name_server_suffix", format!("ns.{host}")),
        ];
        for (key, name) in names {
            table.insert(key.to_owned(), Value::String(name));
        }
    }
    if let Some(acme) = &wish.acme {
        set(&mut table, "acme", "directory", text(&acme.directory));
        set(
            &mut table,
            "acme",
            "contact",
            text(&acme.contact.to_string()),
        );
    }
    if wish.has(Part::Web) {
        set(&mut table, "web", "server", text("nginx"));
    }
    if wish.has(Part::Agent) {
        set(&mut table, "node", "agent", text(AGENT_SOCKET));
    }
    table
}

/// Whether everything in `wanted` stands in `present`, whatever else does.
#[must_use]
pub fn holds(present: &Table, wanted: &Table) -> bool {
    wanted
        .iter()
        .all(|(key, value)| match (present.get(key), value) {
            (Some(Value::Table(inner)), Value::Table(wanted)) => holds(inner, wanted),
            (Some(found), wanted) => found == wanted,
            (None, _) => false,
        })
}

/// `present` with everything that `wanted` has.
#[must_use]
pub fn merged(mut present: Table, wanted: &Table) -> Table {
    for (key, value) in wanted {
        match (present.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(wanted)) => {
                *inner = merged(std::mem::take(inner), wanted);
            }
            (Some(place), wanted) => place.clone_from(wanted),
            (None, wanted) => drop(present.insert(key.clone(), wanted.clone())),
        }
    }
    present
}

/// What stands in a configuration.
///
/// # Errors
/// When it is no TOML.
pub fn read(bytes: &[u8]) -> Result<Table, Fault> {
    let wrong = |error| Fault::because("read the configuration", std::io::Error::other(error));
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
    let table: Result<Table, toml::de::Error> = toml::from_str(text);
    table.map_err(|error| wrong(error.message().to_owned()))
}

/// The file of a node that had none of its own: reached from outside where sites are shown by nginx.
///
/// # Errors
/// When it cannot be rendered.
pub fn fresh(present: Table, wish: &Wish) -> Result<String, Fault> {
    let mut table = present;
    let listens = table.contains_key("listen");
    if wish.has(Part::Web) && !listens {
        for (key, at) in REACHED {
            set(&mut table, "listen", key, text(at));
        }
    }
    let table = merged(table, &needed(wish));
    let body = toml::to_string(&table);
    let body = body.map_err(|error| Fault::because("render the configuration", error))?;
    Ok(format!("{HEAD}{body}"))
}

/// The ports that a panel with this configuration takes.
#[must_use]
pub fn ports(table: &Table) -> Vec<u16> {
    let listen = table.get("listen").and_then(Value::as_table);
    let named = |key: &str| {
        let at = listen.and_then(|listen| listen.get(key))?.as_str()?;
        Some(at.parse::<SocketAddr>().ok()?.port())
    };
    let sockets = SOCKETS.into_iter();
    sockets
        .map(|(key, usual)| named(key).unwrap_or(usual))
        .collect()
}
