//! Looking at the machine. Nothing is changed, and what cannot be seen is said to be hidden.

mod accounts;
mod foreign;
mod packages;
mod ports;
pub(crate) mod release;

pub use accounts::number_of;
pub use foreign::names_in;
pub use packages::installed_in;
pub use ports::listening_in;

use crate::disk::{found, inside, read};
use crate::ledger::Ledger;
use crate::machine::{AGENT_ENVIRONMENT, CONFIGURATION, Found, LEDGER, Machine, USER, Unit};
use crate::tools::{Tool, Tools};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wabe_kernel::Fault;

/// Units that a plan can speak about, on a release with this version of PHP.
fn units(php: Option<&'static str>) -> Vec<Unit> {
    let always = [Unit::Panel, Unit::Agent, Unit::Nginx];
    always.into_iter().chain(php.map(Unit::Php)).collect()
}

/// What lies at the paths that a plan can speak about.
fn files(root: &Path, units: &[Unit]) -> BTreeMap<PathBuf, Found> {
    let fixed = [
        CONFIGURATION,
        AGENT_ENVIRONMENT,
        "/etc/wabe",
        "/var/lib/wabe",
        "/run/wabe",
    ];
    let fixed = fixed.into_iter().map(PathBuf::from);
    let of_units = units.iter().flat_map(|unit| [unit.mask(), unit.wanted()]);
    let all = fixed.chain(of_units);
    all.map(|path| (path.clone(), found(root, &path))).collect()
}

/// What was kept of this program's files.
fn ledger(root: &Path) -> Result<Ledger, Fault> {
    match found(root, Path::new(LEDGER)) {
        Found::File(bytes) => Ledger::read(&bytes),
        // Whoever is not root cannot see it, and is told that files are not theirs.
        Found::Nothing | Found::Hidden => Ok(Ledger::default()),
        Found::Link(_) | Found::Other => {
            Err(Fault::new("open the ledger of the node: it is no file"))
        }
    }
}

/// Units that are at work; none where no systemd is.
fn active(tools: &dyn Tools, units: Vec<Unit>) -> Result<BTreeSet<Unit>, Fault> {
    let mut active = BTreeSet::new();
    for unit in units {
        let state = tools.run(&Tool::State(&unit));
        let state =
            state.map_err(|failure| Fault::because("ask for the state of a unit", failure))?;
        if state.trim() == "active" {
            active.insert(unit);
        }
    }
    Ok(active)
}

/// Looks at the machine beneath this root.
///
/// # Errors
/// When its packages or its ledger cannot be read.
pub fn look(root: &Path, tools: &dyn Tools) -> Result<Machine, Fault> {
    let is_elsewhere = root != Path::new("/");
    let (system, release) = release::of(root);
    let units = units(release.map(crate::machine::Release::php));
    let packages = tools.run(&Tool::Packages);
    let packages =
        packages.map_err(|failure| Fault::because("ask which packages there are", failure))?;
    let is_running = !is_elsewhere && Path::new("/run/systemd/system").is_dir();
    let files = files(root, &units);
    let active = if is_running {
        active(tools, units)?
    } else {
        BTreeSet::new()
    };
    let users = read(&inside(root, Path::new("/etc/passwd"))).unwrap_or_default();
    Ok(Machine {
        release,
        system,
        is_elsewhere,
        is_running,
        packages: installed_in(&packages),
        user: number_of(&String::from_utf8_lossy(&users), USER),
        files,
        active,
        listeners: if is_elsewhere {
            BTreeSet::new()
        } else {
            ports::listeners()
        },
        foreign: foreign::seen(root),
        ledger: ledger(root)?,
    })
}
