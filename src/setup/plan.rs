//! The pure planner: what was seen and what is wanted, in; a list of changes, out.

use crate::change::{Change, Content, File, Obstacle, Package, Plan, Planned};
use crate::configuration::{self, SHIPPED};
use crate::difference::difference;
use crate::machine::{
    AGENT_ENVIRONMENT, CONFIGURATION, Found, Listener, Machine, Release, USER, Unit,
};
use crate::wish::{Part, Wish};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::Table;
use wabe_kernel::Fault;

/// Modules that applications of customers ask for, by the end of their packages' names.
const PHP_MODULES: [&str; 10] = [
    "curl", "gd", "intl", "mbstring", "mysql", "pgsql", "sqlite3", "xml", "zip", "bcmath",
];

/// What would change on this machine to make it what is wanted.
#[must_use]
pub fn plan(machine: &Machine, wish: &Wish) -> Plan {
    let mut plan = Plan {
        untouched: machine.foreign.iter().cloned().collect(),
        ..Plan::default()
    };
    let Some(release) = machine.release else {
        plan.obstacles.push(Obstacle {
            what: format!("this is {}", machine.system),
            mend: "a node is made of Debian 12 or 13".to_owned(),
        });
        return plan;
    };
    if !machine.has("wabe") {
        plan.obstacles.push(Obstacle {
            what: "the package wabe is not installed".to_owned(),
            mend: "build it with ./package, then apt-get install ./wabe_VERSION_ARCHITECTURE.deb"
                .to_owned(),
        });
    }
    services(&mut plan, machine, wish, release);
    grounds(&mut plan, machine);
    let environment = environment(&mut plan, machine, wish);
    let (table, configured) = configuration(&mut plan, machine, wish);
    ports(&mut plan, machine, wish, &table);
    units(&mut plan, machine, wish, environment || configured);
    remainder(&mut plan, wish, &table);
    plan
}

/// Packages of real services, and Debian's own units of them kept from starting.
fn services(plan: &mut Plan, machine: &Machine, wish: &Wish, release: Release) {
    let version = release.php();
    let (nginx, fpm) = ("nginx".to_owned(), format!("php{version}-fpm"));
    if wish.has(Part::Web) {
        // Where somebody installed them before, they may be at work: then they are somebody else's.
        let units = [(&nginx, Unit::Nginx), (&fpm, Unit::Php(version))];
        for (package, unit) in units {
            if !machine.has(package) {
                mask(plan, machine, unit);
            }
        }
        let why = "it shows the sites; Wabe runs an instance of its own";
        install(plan, machine, vec![nginx], why);
        let modules = PHP_MODULES
            .iter()
            .map(|name| format!("php{version}-{name}"));
        let packages = std::iter::once(fpm).chain(modules).collect();
        install(
            plan,
            machine,
            packages,
            "sites run PHP, each in a pool of its own",
        );
    }
    let servers = [
        (Part::Mariadb, "mariadb-server"),
        (Part::Postgresql, "postgresql"),
    ];
    for (part, package) in servers {
        if wish.has(part) {
            let packages = vec![package.to_owned()];
            install(plan, machine, packages, "it holds databases of customers");
        }
    }
}

fn mask(plan: &mut Plan, machine: &Machine, unit: Unit) {
    let path = unit.mask();
    match machine.at(&path) {
        Found::Nothing => plan.changes.push(Planned {
            change: Change::Mask(unit),
            now: "not there".to_owned(),
            then: "never starts".to_owned(),
            why: "Debian starts it when its package comes; it would take Wabe's ports",
        }),
        Found::Link(to) if to == Path::new("/dev/null") => {}
        Found::Link(_) | Found::File(_) | Found::Hidden | Found::Other => {
            plan.obstacles.push(Obstacle {
                what: format!("somebody wrote {}", path.display()),
                mend: format!(
                    "look at it; Wabe runs {} itself. Remove it to go on",
                    unit.name()
                ),
            });
        }
    }
}

fn install(plan: &mut Plan, machine: &Machine, wanted: Vec<String>, why: &'static str) {
    let missing = wanted.into_iter().filter(|name| !machine.has(name));
    let packages: Vec<Package> = missing.map(Package::new).collect();
    if packages.is_empty() {
        return;
    }
    if machine.is_elsewhere {
        let names: Vec<&str> = packages.iter().map(Package::name).collect();
        let names = names.join(" ");
        plan.left.push(format!(
            "packages are not installed into another root; there: apt-get install {names}"
        ));
        return;
    }
    plan.changes.push(Planned {
        change: Change::Install(packages),
        now: "not installed".to_owned(),
        then: "installed".to_owned(),
        why,
    });
}

/// The panel's user and folders, which its package makes; they are made again where they are gone.
fn grounds(plan: &mut Plan, machine: &Machine) {
    let missing = |change, why| Planned {
        change,
        now: "missing".to_owned(),
        then: "there".to_owned(),
        why,
    };
    if machine.user.is_none() {
        let why = "the panel runs as a user of its own";
        plan.changes.push(missing(Change::Accounts, why));
    }
    let folders = ["/etc/wabe", "/var/lib/wabe", "/run/wabe"];
    // The last one is made whenever the machine starts.
    let wanted = if machine.is_running { 3 } else { 2 };
    let mut folders = folders.into_iter().take(wanted);
    if folders.any(|folder| *machine.at(Path::new(folder)) != Found::Other) {
        let why = "the panel and its agent keep their things there";
        plan.changes.push(missing(Change::Folders, why));
    }
}

/// What the agent's unit reads; whether it changes.
fn environment(plan: &mut Plan, machine: &Machine, wish: &Wish) -> bool {
    if !wish.has(Part::Agent) {
        return false;
    }
    let path = Path::new(AGENT_ENVIRONMENT);
    let wanted = machine.user.map(peer);
    let before = match machine.at(path) {
        Found::Nothing => None,
        Found::File(bytes) if wanted.as_deref() == Some(bytes.as_slice()) => return false,
        Found::File(bytes) if machine.ledger.owns(path, bytes) => Some(bytes.clone()),
        other => {
            let wanted = wanted.unwrap_or_else(|| peer(0));
            let wanted = String::from_utf8_lossy(&wanted);
            plan.obstacles.push(not_ours(path, other, &wanted));
            return false;
        }
    };
    plan.changes.push(Planned {
        now: now(before.as_ref()),
        then: "written".to_owned(),
        why: "the agent obeys the panel's user and nobody else",
        change: Change::Write(File {
            path: path.to_owned(),
            content: Content::Peer,
            mode: 0o644,
            is_read_by_panel: false,
            before,
        }),
    });
    true
}

/// What the agent's unit reads, for a panel with this user.
#[must_use]
pub(crate) fn peer(user: u32) -> Vec<u8> {
    format!("WABE_PEER={user}\n").into_bytes()
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

/// The panel's configuration as it will be, and whether it changes.
fn configuration(plan: &mut Plan, machine: &Machine, wish: &Wish) -> (Table, bool) {
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
            return (Table::new(), false);
        }
    };
    let written = present.and_then(|present| {
        let needed = configuration::needed(wish);
        if *found != Found::Nothing && configuration::holds(&present, &needed) {
            return Ok((present, None));
        }
        let text = configuration::fresh(present.clone(), wish)?;
        Ok((present, Some(text)))
    });
    match written {
        Err(fault) => {
            plan.obstacles.push(unreadable(&fault));
            (Table::new(), false)
        }
        Ok((present, None)) => (present, false),
        Ok((present, Some(text))) if ours => {
            let before = match found {
                Found::File(bytes) => Some(bytes.clone()),
                _ => None,
            };
            let after = configuration::read(text.as_bytes()).unwrap_or(present);
            write_configuration(plan, path.to_owned(), before, text);
            (after, true)
        }
        Ok((present, Some(_))) => {
            let merged = configuration::merged(present.clone(), &configuration::needed(wish));
            let rendered =
                [&present, &merged].map(|table| toml::to_string(table).unwrap_or_default());
            let [before, after] = rendered;
            let as_file = Found::File(before.into_bytes());
            plan.obstacles.push(not_ours(path, &as_file, &after));
            (merged, false)
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

/// Nobody else may listen where the panel will.
fn ports(plan: &mut Plan, machine: &Machine, wish: &Wish, table: &Table) {
    if !wish.has(Part::Web) && !wish.has(Part::Agent) {
        return;
    }
    let wanted: BTreeSet<u16> = configuration::ports(table).into_iter().collect();
    let taken = machine.listeners.iter();
    let taken = taken.filter(|one| wanted.contains(&one.port) && !one.is_ours());
    plan.obstacles.extend(taken.map(taken_by));
}

fn taken_by(listener: &Listener) -> Obstacle {
    let port = listener.port;
    let program = listener.program.as_deref().unwrap_or("somebody");
    let unit = listener.unit.as_deref();
    let mend = unit.map_or_else(
        || format!("see who it is with ss -lptn 'sport = :{port}', and end it, or choose another port in {CONFIGURATION}"),
        |unit| {
            format!(
                "when what it serves may go: systemctl disable --now {unit}; or choose another port in {CONFIGURATION}"
            )
        },
    );
    Obstacle {
        what: format!("{program} listens at port {port}, which the panel wants"),
        mend,
    }
}

/// The units of the panel and its agent start with the machine, and with what was changed.
fn units(plan: &mut Plan, machine: &Machine, wish: &Wish, is_changed: bool) {
    let agent = wish.has(Part::Agent).then_some(Unit::Agent);
    for unit in agent.into_iter().chain([Unit::Panel]) {
        if machine.is_masked(&unit) {
            let name = unit.name();
            plan.obstacles.push(Obstacle {
                what: format!("{name} is masked"),
                mend: format!("systemctl unmask {name}"),
            });
            continue;
        }
        if !machine.is_enabled(&unit) {
            plan.changes.push(Planned {
                change: Change::Enable(unit.clone()),
                now: "started by hand".to_owned(),
                then: "starts with the machine".to_owned(),
                why: "sites are back after a restart",
            });
        }
        let is_active = machine.active.contains(&unit);
        let is_behind = is_changed || machine.ledger.is_outdated(&unit);
        if machine.is_running && (is_behind || !is_active) {
            plan.changes.push(Planned {
                now: if is_active { "runs" } else { "stands still" }.to_owned(),
                then: "started anew".to_owned(),
                why: "it reads its configuration when it starts",
                change: Change::Restart(unit),
            });
        }
    }
    if !machine.is_running {
        plan.left.push(format!(
            "no systemd is at work here: start {} yourself, or start the machine",
            Unit::Panel.name()
        ));
    }
}

/// What no program can do for people.
fn remainder(plan: &mut Plan, wish: &Wish, table: &Table) {
    let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
    match (text("portal_url"), text("preview_suffix")) {
        (Some(portal), Some(previews)) => plan.left.push(format!(
            "let the names {} and *.{previews} lead to this machine",
            portal
                .trim_start_matches("https://")
                .split(':')
                .next()
                .unwrap_or(portal)
        )),
        _ => plan
            .left
            .push("name the panel: wabe node install --apply --host panel.example.org".to_owned()),
    }
    if wish.has(Part::Web) && !table.contains_key("acme") {
        plan.left.push(
            "name who issues certificates, or sites get some that nobody signed: wabe node install --apply \
             --acme URL --acme-contact EMAIL"
                .to_owned(),
        );
    }
    plan.left.push(format!(
        "make the first operator, where there is none: runuser -u {USER} -- wabe user create --config \
         {CONFIGURATION} --email you@example.org --name 'Your Name' --role operator"
    ));
}
