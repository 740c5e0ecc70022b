//! The panel's configuration of a node: what has to stand in it, and the file that is written where nobody wrote one.

use crate::change::Served;
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

/// Whether an agent shows the sites, as it is or as it is wished.
fn has_agent(present: &Table, wish: &Wish) -> bool {
    let node = present.get("node").and_then(Value::as_table);
    wish.has(Part::Agent) || node.is_some_and(|node| node.contains_key("agent"))
}

/// The keys that this wish needs, and nothing else.
#[must_use]
pub fn needed(present: &Table, wish: &Wish) -> Table {
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
        let contact = acme.contact.to_string();
        set(&mut table, "acme", "directory", text(&acme.directory));
        set(&mut table, "acme", "contact", text(&contact));
    }
    if wish.has(Part::Agent) {
        set(&mut table, "node", "agent", text(AGENT_SOCKET));
    }
    if wish.has(Part::Web) && !has_agent(present, wish) {
        set(&mut table, "web", "server", text("nginx"));
    }
    table
}

/// The keys of the section `web` that can contradict an agent.
const AGAINST_AGENT: [&str; 2] = ["server", "php_without_users"];

/// Whether nothing is to be changed for this wish.
#[must_use]
pub fn is_enough(present: &Table, wish: &Wish) -> bool {
    let web = present.get("web").and_then(Value::as_table);
    let against = |web: &Table| {
        let server = web.get("server").and_then(Value::as_str);
        let shared = web.get("php_without_users").and_then(Value::as_bool);
        server.is_some_and(|server| server != "embedded") || shared == Some(true)
    };
    let contradicts = has_agent(present, wish) && web.is_some_and(against);
    !contradicts && holds(present, &needed(present, wish))
}

/// What stands in a configuration, and what the wish needs, without what contradicts it.
#[must_use]
pub fn changed(mut present: Table, wish: &Wish) -> Table {
    let needed = needed(&present, wish);
    if has_agent(&present, wish) {
        let web = present.get_mut("web").and_then(Value::as_table_mut);
        let is_empty = web.is_some_and(|web| {
            for key in AGAINST_AGENT {
                web.remove(key);
            }
            web.is_empty()
        });
        if is_empty {
            present.remove("web");
        }
    }
    merged(present, &needed)
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
    let listens = present.contains_key("listen");
    let mut table = changed(present, wish);
    if (wish.has(Part::Web) || wish.has(Part::Agent)) && !listens {
        for (key, at) in REACHED {
            set(&mut table, "listen", key, text(at));
        }
    }
    let body = toml::to_string(&table);
    let body = body.map_err(|error| Fault::because("render the configuration", error))?;
    Ok(format!("{HEAD}{body}"))
}

/// The socket of this name.
fn socket(table: &Table, name: &str) -> Option<SocketAddr> {
    let listen = table.get("listen").and_then(Value::as_table)?;
    listen.get(name)?.as_str()?.parse().ok()
}

/// The ports that a panel with this configuration takes.
#[must_use]
pub fn ports(table: &Table) -> Vec<u16> {
    let sockets = SOCKETS.into_iter();
    let port = |(key, usual)| socket(table, key).map_or(usual, |at| at.port());
    sockets.map(port).collect()
}

/// What an agent beside a panel with this configuration serves.
#[must_use]
pub fn served(table: &Table) -> Served {
    let named = table.get("preview_suffix").and_then(Value::as_str);
    let at = |name: &str, usual: u16| {
        let usual = SocketAddr::from(([127, 0, 0, 1], usual));
        socket(table, name).unwrap_or(usual)
    };
    Served {
        previews: named.and_then(|name| name.parse().ok()),
        http: at("sites_http", 8080),
        https: at("sites_https", 8444),
    }
}
