//! Files: written where nobody else wrote, and shown where somebody did.

use crate::change::{Change, Content, File, Obstacle, Plan, Planned};
use crate::configuration::{self, SHIPPED};
use crate::difference::difference;
use crate::machine::{AGENT_ENVIRONMENT, CONFIGURATION, Found, Machine};
use crate::wish::{Part, Wish};
use std::path::{Path, PathBuf};
use toml::Table;
use wabe_kernel::Fault;

/// What the agent's unit reads, beside a panel with this configuration.
pub(super) fn environment(plan: &mut Plan, machine: &Machine, wish: &Wish, table: &Table) {
    if !wish.has(Part::Agent) {
        return;
    }
    let path = Path::new(AGENT_ENVIRONMENT);
    let served = configuration::served(table);
    let wanted = machine.user.map(|user| served.environment(user));
    let before = match machine.at(path) {
        Found::Nothing => None,
        Found::File(bytes) if wanted.as_ref().is_some_and(|text| text.as_bytes() == bytes) => {
            return;
        }
        Found::File(bytes) if machine.ledger.owns(path, bytes) => Some(bytes.clone()),
        other => {
            let wanted = wanted.unwrap_or_else(|| served.environment(0));
            plan.obstacles.push(not_ours(path, other, &wanted));
            return;
        }
    };
    plan.changes.push(Planned {
        now: now(before.as_ref()),
        then: "that of this panel".to_owned(),
        why: "the agent obeys the panel's user, and serves where the panel says",
        change: Change::Write(File {
            path: path.to_owned(),
            content: Content::Agent(served),
            mode: 0o644,
            is_read_by_panel: false,
            before,
        }),
    });
}

fn now(before: Option<&Vec<u8>>) -> String {
    before.map_or("missing", |_| "as it was written").to_owned()
}

/// What is said of a file that somebody else owns or edited.
fn not_ours(path: &Path, found: &Found, wanted: &str) -> Obstacle {
    let place = path.display();
    match found {
        Found::File(bytes) => {
            let difference = difference(&String::from_utf8_lossy(bytes), wanted);
            Obstacle {
                what: format!("{place} is yours, and would have to change:\n{difference}"),
                mend: format!("change {place} so that it says this too, and come again"),
            }
        }
        Found::Hidden => Obstacle {
            what: format!("{place} cannot be read"),
            mend: "look again as root".to_owned(),
        },
        Found::Nothing | Found::Link(_) | Found::Other => Obstacle {
            what: format!("{place} is no file"),
            mend: format!("look at it, and remove it to go on: ls -ld {place}"),
        },
    }
}

/// The panel's configuration as it will be.
pub(super) fn configuration(plan: &mut Plan, machine: &Machine, wish: &Wish) -> Table {
    let path = Path::new(CONFIGURATION);
    let found = machine.at(path);
    let (present, ours) = match found {
        Found::Nothing => (Ok(Table::new()), true),
        Found::File(bytes) => {
            let ours = bytes == SHIPPED.as_bytes() || machine.ledger.owns(path, bytes);
            (configuration::read(bytes), ours)
        }
        Found::Hidden | Found::Link(_) | Found::Other => {
            plan.obstacles.push(not_ours(path, found, ""));
            return Table::new();
        }
    };
    let written = present.and_then(|present| {
        if *found != Found::Nothing && configuration::is_enough(&present, wish) {
            return Ok((present, None));
        }
        let text = configuration::fresh(present.clone(), wish)?;
        Ok((present, Some(text)))
    });
    match written {
        Err(fault) => {
            plan.obstacles.push(unreadable(&fault));
            Table::new()
        }
        Ok((present, None)) => present,
        Ok((present, Some(text))) if ours => {
            let before = match found {
                Found::File(bytes) => Some(bytes.clone()),
                _ => None,
            };
            let after = configuration::read(text.as_bytes()).unwrap_or(present);
            write_configuration(plan, path.to_owned(), before, text);
            after
        }
        Ok((present, Some(_))) => {
            let merged = configuration::changed(present.clone(), wish);
            let rendered =
                [&present, &merged].map(|table| toml::to_string(table).unwrap_or_default());
            let [before, after] = rendered;
            let as_file = Found::File(before.into_bytes());
            plan.obstacles.push(not_ours(path, &as_file, &after));
            merged
        }
    }
}

fn unreadable(fault: &Fault) -> Obstacle {
    Obstacle {
        what: format!("{CONFIGURATION}: {}", fault.chain()),
        mend: format!("wabe config check --config {CONFIGURATION}"),
    }
}

fn write_configuration(plan: &mut Plan, path: PathBuf, before: Option<Vec<u8>>, text: String) {
    plan.changes.push(Planned {
        now: now(before.as_ref()),
        then: "that of a node".to_owned(),
        why: "it says who shows sites, and where the panel is reached",
        change: Change::Write(File {
            path,
            content: Content::Text(text),
            mode: 0o640,
            is_read_by_panel: true,
            before,
        }),
    });
}
