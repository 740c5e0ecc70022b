//! Packages of real services, the panel's user and folders, and units.

use crate::change::{Change, MARIADB, Obstacle, POSTGRESQL, Package, Plan, Planned};
use crate::machine::{Found, Machine, Release, Unit};
use crate::wish::{Part, Wish};
use std::path::Path;

/// Modules that applications of customers ask for, by the end of their packages' names.
const PHP_MODULES: [&str; 10] = [
    "curl", "gd", "intl", "mbstring", "mysql", "pgsql", "sqlite3", "xml", "zip", "bcmath",
];

/// What a webspace whose `.htaccess` is read has of its own. The package `apache2` would bring a unit that starts and
/// takes the ports of sites; these bring none.
const APACHE: [&str; 2] = ["apache2-bin", "media-types"];

/// Packages of real services, and Debian's own units of them kept from starting.
pub(super) fn services(plan: &mut Plan, machine: &Machine, wish: &Wish, release: Release) {
    let version = release.php();
    let (nginx, fpm) = ("nginx".to_owned(), format!("php{version}-fpm"));
    if wish.has(Part::Web) || wish.has(Part::Agent) {
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
    // Webspaces have users of their own with an agent alone, and Apache runs as nobody else.
    if wish.has(Part::Agent) {
        install(
            plan,
            machine,
            Vec::from(APACHE.map(str::to_owned)),
            "sites that need .htaccess read have an Apache each",
        );
    }
    let servers = [(Part::Mariadb, MARIADB), (Part::Postgresql, POSTGRESQL)];
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
pub(super) fn grounds(plan: &mut Plan, machine: &Machine) {
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

/// The units of the panel and its agent start with the machine, and with what was changed.
pub(super) fn units(plan: &mut Plan, machine: &Machine, wish: &Wish) {
    let mut changes = plan.changes.iter();
    let is_changed = changes.any(|planned| planned.change.is_seen_at_a_start());
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
                why: "it reads its configuration, and looks for programs, when it starts",
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
