//! Machines that tests plan for.

use crate::change::{Change, Content, Plan};
use crate::configuration::SHIPPED;
use crate::machine::{AGENT_ENVIRONMENT, CONFIGURATION, Found, Listener, Machine, Release, Unit};
use crate::wish::{Part, Wish};
use proptest::prelude::{Strategy, any};
use std::path::PathBuf;

/// What an agent beside the configuration that is shipped would read.
const AT_FIRST: &str = "WABE_PEER=998\nWABE_NAME=preview.localhost\nWABE_HTTP=127.0.0.1:8080\n\
                        WABE_HTTPS=127.0.0.1:8444\n";

/// A Debian 12 that nothing but the package of Wabe was ever put on.
pub(super) fn plain() -> Machine {
    let mut machine = Machine {
        release: Some(Release::Bookworm),
        system: "Debian GNU/Linux 12 (bookworm)".to_owned(),
        is_running: true,
        user: Some(998),
        ..Machine::default()
    };
    machine
        .packages
        .insert("wabe".to_owned(), "0.1.0".to_owned());
    for folder in ["/etc/wabe", "/var/lib/wabe", "/run/wabe"] {
        machine.files.insert(PathBuf::from(folder), Found::Other);
    }
    let shipped = Found::File(SHIPPED.as_bytes().to_vec());
    machine.files.insert(PathBuf::from(CONFIGURATION), shipped);
    let wanted = Found::Link(PathBuf::from("/usr/lib/systemd/system/wabe.service"));
    machine.files.insert(Unit::Panel.wanted(), wanted);
    machine.active.insert(Unit::Panel);
    machine
}

/// The machine after a plan was carried out.
pub(super) fn after(mut machine: Machine, plan: &Plan) -> Machine {
    for planned in &plan.changes {
        match &planned.change {
            Change::Mask(unit) => {
                let link = Found::Link(PathBuf::from("/dev/null"));
                machine.files.insert(unit.mask(), link);
            }
            Change::Install(packages) => {
                for package in packages {
                    let name = package.name().to_owned();
                    machine.packages.insert(name, "1".to_owned());
                }
                if planned.change.is_seen_at_a_start() {
                    machine.ledger.outdate(&Unit::Panel);
                    machine.ledger.outdate(&Unit::Agent);
                }
            }
            Change::Accounts => machine.user = Some(999),
            Change::Folders => {
                for folder in ["/etc/wabe", "/var/lib/wabe", "/run/wabe"] {
                    machine.files.insert(PathBuf::from(folder), Found::Other);
                }
            }
            Change::Write(file) => {
                let bytes = match &file.content {
                    Content::Text(text) => text.clone().into_bytes(),
                    Content::Agent(served) => {
                        let user = machine.user.unwrap();
                        served.environment(user).into_bytes()
                    }
                };
                machine.ledger.note(&file.path, &bytes);
                machine.ledger.outdate(&Unit::Panel);
                machine.ledger.outdate(&Unit::Agent);
                machine.files.insert(file.path.clone(), Found::File(bytes));
            }
            Change::Enable(unit) => {
                let link = Found::Link(PathBuf::from("/usr/lib/systemd/system"));
                machine.files.insert(unit.wanted(), link);
            }
            Change::Restart(unit) => {
                machine.active.insert(unit.clone());
                machine.ledger.started(unit);
            }
        }
    }
    machine
}

/// What lies at a place: nothing, what was shipped, what somebody wrote, or something else.
fn any_found(ours: &'static str) -> impl Strategy<Value = (Found, bool)> {
    (0..6_u8, any::<bool>()).prop_map(move |(kind, owned)| {
        let found = match kind {
            0 => Found::Nothing,
            1 => Found::File(ours.as_bytes().to_vec()),
            2 => Found::File(b"data = \"/var/lib/wabe\"\nhoster = \"Ours\"\n".to_vec()),
            3 => Found::Link(PathBuf::from("/dev/null")),
            4 => Found::Other,
            _ => Found::File(b"= not TOML".to_vec()),
        };
        (found, owned)
    })
}

/// A machine that anything may have happened to.
pub(super) fn any_machine() -> impl Strategy<Value = Machine> {
    let files = (any_found(SHIPPED), any_found(AT_FIRST), any_found(""));
    let facts = any::<[bool; 8]>();
    let ports = proptest::collection::btree_set(0..10_000_u16, 0..4);
    (files, facts, ports).prop_map(|(files, facts, ports)| {
        let [user, nginx, php, running, folders, agent, elsewhere, trixie] = facts;
        let mut machine = plain();
        let (configuration, environment, mask) = files;
        let places = [
            (PathBuf::from(CONFIGURATION), configuration),
            (PathBuf::from(AGENT_ENVIRONMENT), environment),
            (Unit::Nginx.mask(), mask),
        ];
        for (path, (found, owned)) in places {
            if let (Found::File(bytes), true) = (&found, owned) {
                machine.ledger.note(&path, bytes);
            }
            machine.files.insert(path, found);
        }
        if trixie {
            machine.release = Some(Release::Trixie);
        }
        machine.user = user.then_some(998);
        machine.is_running = running;
        machine.is_elsewhere = elsewhere;
        for (there, package) in [(nginx, "nginx"), (php, "php8.2-fpm")] {
            if there {
                machine.packages.insert(package.to_owned(), "1".to_owned());
            }
        }
        if !folders {
            machine.files.remove(&PathBuf::from("/var/lib/wabe"));
        }
        if agent {
            machine.active.insert(Unit::Agent);
        }
        let listeners = ports.into_iter().map(|port| Listener {
            port,
            program: Some("apache2".to_owned()),
            unit: None,
        });
        machine.listeners.extend(listeners);
        machine
    })
}

/// Any wish.
pub(super) fn any_wish() -> impl Strategy<Value = Wish> {
    let parts = proptest::sample::subsequence(Part::ALL.to_vec(), 0..=4);
    (parts, any::<bool>()).prop_map(|(parts, named)| Wish {
        parts: parts.into_iter().collect(),
        host: named.then(|| "panel.example.org".parse().unwrap()),
        acme: None,
    })
}
