//! Carrying a plan out: exactly its list, in its order. What breaks off is resumed by planning again.

use crate::change::{Change, Content, File, Plan, Planned};
use crate::disk::{Access, found, inside, keep, link, put, read};
use crate::ledger::Ledger;
use crate::look::number_of;
use crate::machine::{Found, LEDGER, USER, Unit};
use crate::tools::{Failure, Tool, Tools};
use std::path::{Path, PathBuf};
use wabe_kernel::Fault;

/// How far it came.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was done, in order.
    pub done: Vec<String>,
    /// Where that is kept which lay in place of a file.
    pub kept: Vec<PathBuf>,
    /// Why it stopped; the rest of the list was not begun.
    pub stopped: Option<String>,
    /// What of the list is left.
    pub left: Vec<String>,
}

/// Carries a plan out beneath this root, with the ledger that the plan was made with.
///
/// Nothing is begun while something is in the way. A change that fails ends it, so that no later one stands on it.
#[must_use]
pub fn apply(root: &Path, tools: &dyn Tools, plan: &Plan, ledger: &Ledger) -> Outcome {
    let mut outcome = Outcome::default();
    if !plan.obstacles.is_empty() {
        outcome.stopped = Some("something is in the way; nothing was changed".to_owned());
        outcome.left = plan.changes.iter().map(named).collect();
        return outcome;
    }
    let mut hands = Hands {
        root,
        tools,
        ledger: ledger.clone(),
        is_refreshed: false,
    };
    for (number, planned) in plan.changes.iter().enumerate() {
        match hands.change(&planned.change) {
            Ok(kept) => {
                outcome.done.push(named(planned));
                outcome.kept.extend(kept);
            }
            Err(fault) => {
                outcome.stopped = Some(format!("{}: {}", planned.change, fault.chain()));
                outcome.left = plan.changes.iter().skip(number).map(named).collect();
                break;
            }
        }
    }
    outcome
}

fn named(planned: &Planned) -> String {
    format!("{}: {}", planned.change, planned.then)
}

/// Remembers that the panel and its agent have to start anew.
fn outdate(ledger: &mut Ledger) {
    for unit in [Unit::Agent, Unit::Panel] {
        ledger.outdate(&unit);
    }
}

struct Hands<'a> {
    root: &'a Path,
    tools: &'a dyn Tools,
    ledger: Ledger,
    is_refreshed: bool,
}

fn unable(failure: Failure) -> Fault {
    Fault::because("run a program of the system", failure)
}

impl Hands<'_> {
    /// Makes one change; where that is kept which lay there before.
    fn change(&mut self, change: &Change) -> Result<Option<PathBuf>, Fault> {
        match change {
            Change::Mask(unit) => self.mask(unit)?,
            Change::Install(packages) => {
                if change.is_seen_at_a_start() {
                    // Before it comes, so that whoever is killed after that starts them anew the next time.
                    let mut ledger = self.ledger.clone();
                    outdate(&mut ledger);
                    self.remember(ledger)?;
                }
                if !self.is_refreshed {
                    self.tools.run(&Tool::Refresh).map_err(unable)?;
                    self.is_refreshed = true;
                }
                self.tools.run(&Tool::Install(packages)).map_err(unable)?;
            }
            Change::Accounts => drop(self.tools.run(&Tool::Accounts).map_err(unable)?),
            Change::Folders => drop(self.tools.run(&Tool::Folders).map_err(unable)?),
            Change::Write(file) => return self.write(file),
            Change::Enable(unit) => drop(self.tools.run(&Tool::Enable(unit)).map_err(unable)?),
            Change::Restart(unit) => {
                self.tools.run(&Tool::Reload).map_err(unable)?;
                self.tools.run(&Tool::Restart(unit)).map_err(unable)?;
                let mut ledger = self.ledger.clone();
                ledger.started(unit);
                self.remember(ledger)?;
            }
        }
        Ok(None)
    }

    fn mask(&self, unit: &Unit) -> Result<(), Fault> {
        let place = inside(self.root, &unit.mask());
        link(&place, Path::new("/dev/null"))
            .map_err(|error| Fault::because("keep a unit from starting", error))
    }

    /// The number of the panel's user or group, as the list in this file has it.
    fn number(&self, list: &'static str) -> Result<u32, Fault> {
        let bytes = read(&inside(self.root, Path::new(list)));
        let bytes = bytes.map_err(|error| Fault::because("read users and groups", error))?;
        let found = number_of(&String::from_utf8_lossy(&bytes), USER);
        found.ok_or(Fault::new(
            "find the user and the group wabe: they are not there",
        ))
    }

    /// Keeps the ledger, when it says something else than the one that is kept.
    fn remember(&mut self, ledger: Ledger) -> Result<(), Fault> {
        if ledger == self.ledger {
            return Ok(());
        }
        let alone = Access {
            mode: 0o600,
            group: 0,
        };
        let text = ledger.written()?;
        put(&inside(self.root, Path::new(LEDGER)), &text, alone)
            .map_err(|error| Fault::because("keep the ledger of the node", error))?;
        self.ledger = ledger;
        Ok(())
    }

    fn write(&mut self, file: &File) -> Result<Option<PathBuf>, Fault> {
        let failed = |error| Fault::because("write a file of the node", error);
        let place = inside(self.root, &file.path);
        let before = match found(self.root, &file.path) {
            Found::Nothing => None,
            Found::File(bytes) => Some(bytes),
            Found::Link(_) | Found::Hidden | Found::Other => {
                return Err(Fault::new("open a file of the node: it is none any more"));
            }
        };
        if before != file.before {
            return Err(Fault::new(
                "write a file of the node: somebody changed it meanwhile; look at the plan again",
            ));
        }
        let bytes = match &file.content {
            Content::Text(text) => text.clone().into_bytes(),
            Content::Agent(served) => {
                let user = self.number("/etc/passwd")?;
                served.environment(user).into_bytes()
            }
        };
        let group = if file.is_read_by_panel {
            self.number("/etc/group")?
        } else {
            0
        };
        let kept = before.map(|bytes| keep(&place, &bytes)).transpose();
        let kept = kept.map_err(failed)?;
        // First the ledger: were it the other way round, a crash between them would make the file look edited.
        let mut ledger = self.ledger.clone();
        ledger.note(&file.path, &bytes);
        outdate(&mut ledger);
        self.remember(ledger)?;
        let access = Access {
            mode: file.mode,
            group,
        };
        put(&place, &bytes, access).map_err(failed)?;
        Ok(kept)
    }
}
