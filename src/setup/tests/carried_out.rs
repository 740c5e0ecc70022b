//! Plans that are carried out in a folder that looks like a machine. The package manager is the only thing that is
//! not real there: it is told what to install, and notes it down.

use crate::change::{Package, Plan};
use crate::configuration::SHIPPED;
use crate::machine::{AGENT_ENVIRONMENT, CONFIGURATION, LEDGER, Machine, Unit};
use crate::tools::{Failure, System, Tool, Tools};
use crate::wish::Wish;
use crate::{Outcome, apply, look, plan};
use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A machine in a folder.
struct Root {
    folder: TempDir,
    installed: RefCell<Vec<String>>,
    told: RefCell<Vec<String>>,
    /// What fails, by the word it begins with.
    breaks: RefCell<Option<&'static str>>,
}

impl Root {
    /// A Debian 12 with the package of Wabe.
    fn new() -> Self {
        let root = Self {
            folder: tempfile::tempdir().unwrap(),
            installed: RefCell::new(vec!["wabe".to_owned()]),
            told: RefCell::default(),
            breaks: RefCell::default(),
        };
        root.put("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
        root.put(
            "/etc/passwd",
            "root:x:0:0::/:/bin/sh\nwabe:x:998:997::/:/bin/false\n",
        );
        let group = rustix::process::getegid().as_raw();
        root.put("/etc/group", &format!("root:x:0:\nwabe:x:{group}:\n"));
        root.put(CONFIGURATION, SHIPPED);
        fs::create_dir_all(root.at("/var/lib/wabe")).unwrap();
        root
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path.trim_start_matches('/'))
    }

    fn put(&self, path: &str, text: &str) {
        let place = self.at(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// What is seen of it, as if it were the machine's own root: its packages can be installed.
    fn seen(&self) -> Machine {
        let mut machine = look(self.folder.path(), self).unwrap();
        assert!(machine.is_elsewhere);
        machine.is_elsewhere = false;
        machine
    }

    fn planned(&self) -> (Machine, Plan) {
        let machine = self.seen();
        let plan = plan(&machine, &Wish::default());
        (machine, plan)
    }

    fn apply(&self) -> Outcome {
        let (machine, plan) = self.planned();
        apply(self.folder.path(), self, &plan, &machine.ledger)
    }
}

impl Tools for Root {
    fn run(&self, tool: &Tool<'_>) -> Result<String, Failure> {
        let word = match tool {
            Tool::Packages => {
                let installed = self.installed.borrow();
                let lines = installed
                    .iter()
                    .map(|name| format!("installed\t{name}\t1\n"));
                return Ok(lines.collect());
            }
            Tool::Install(packages) => {
                let names: Vec<&str> = packages.iter().map(Package::name).collect();
                format!("install {}", names.join(" "))
            }
            other => format!("{other:?}"),
        };
        if self
            .breaks
            .borrow()
            .is_some_and(|start| word.starts_with(start))
        {
            return Err(Failure {
                command: "apt-get".to_owned(),
                said: "no network".to_owned(),
            });
        }
        match tool {
            Tool::Install(packages) => {
                let mut installed = self.installed.borrow_mut();
                installed.extend(packages.iter().map(|one| one.name().to_owned()));
            }
            Tool::Enable(unit) => {
                let place = self.at(unit.wanted().to_str().unwrap());
                fs::create_dir_all(place.parent().unwrap()).unwrap();
                std::os::unix::fs::symlink("/usr/lib/systemd/system", place).unwrap();
            }
            _ => {}
        }
        self.told.borrow_mut().push(word);
        Ok(String::new())
    }
}

#[test]
fn a_machine_becomes_a_node_and_then_there_is_nothing_to_do() {
    let root = Root::new();
    let outcome = root.apply();
    assert_eq!(outcome.stopped, None);
    assert!(outcome.left.is_empty());
    let told = root.told.borrow().clone();
    assert_eq!(told[0], "Refresh", "{told:?}");
    assert!(
        told[1] == "install nginx" && told[2].starts_with("install php8.2-fpm "),
        "{told:?}"
    );
    assert_eq!(told[3], "install apache2-bin media-types", "{told:?}");
    let mask = root.at(Unit::Nginx.mask().to_str().unwrap());
    assert_eq!(fs::read_link(mask).unwrap(), Path::new("/dev/null"));
    let environment = "WABE_PEER=998\nWABE_NAME=preview.localhost\nWABE_HTTP=0.0.0.0:80\nWABE_HTTPS=0.0.0.0:443\n";
    assert_eq!(root.text(AGENT_ENVIRONMENT), environment);
    assert!(
        root.text(CONFIGURATION)
            .contains("agent = \"/run/wabe/agent.sock\"")
    );
    let mode = |path| fs::metadata(root.at(path)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(
        (mode(CONFIGURATION), mode(AGENT_ENVIRONMENT)),
        (0o640, 0o644)
    );
    // What lay there is kept.
    let [kept] = outcome.kept.as_slice() else {
        unreachable!("{:?}", outcome.kept)
    };
    assert_eq!(fs::read_to_string(kept).unwrap(), SHIPPED);
    let (_, again) = root.planned();
    assert!(again.is_done(), "{again:?}");
}

#[test]
fn what_breaks_off_says_what_is_left_and_is_resumed() {
    let root = Root::new();
    *root.breaks.borrow_mut() = Some("install php");
    let outcome = root.apply();
    let stopped = outcome.stopped.unwrap();
    assert!(
        stopped.contains("php8.2-fpm") && stopped.contains("no network"),
        "{stopped}"
    );
    assert!(
        outcome.left.iter().any(|left| left.contains("wabe.toml")),
        "{:?}",
        outcome.left
    );
    assert_eq!(root.text(CONFIGURATION), SHIPPED);
    *root.breaks.borrow_mut() = None;
    root.told.borrow_mut().clear();
    let resumed = root.apply();
    assert_eq!(resumed.stopped, None);
    assert!(
        !root
            .told
            .borrow()
            .iter()
            .any(|told| told == "install nginx")
    );
    assert!(root.planned().1.is_done());
}

#[test]
fn what_fails_to_be_installed_leaves_units_to_start_anew() {
    let root = Root::new();
    assert_eq!(root.apply().stopped, None);
    let started = |machine: &Machine| {
        [Unit::Panel, Unit::Agent].map(|unit| !machine.ledger.is_outdated(&unit))
    };
    // No systemd is at work in a folder, so that units stay to be started.
    let mut ledger = root.seen().ledger;
    ledger.started(&Unit::Panel);
    ledger.started(&Unit::Agent);
    let text = String::from_utf8(ledger.written().unwrap()).unwrap();
    root.put(LEDGER, &text);
    assert_eq!(started(&root.seen()), [true, true]);
    root.installed
        .borrow_mut()
        .retain(|name| name != "apache2-bin");
    *root.breaks.borrow_mut() = Some("install apache2-bin");
    assert!(root.apply().stopped.is_some());
    assert_eq!(started(&root.seen()), [false, false]);
}

#[test]
fn an_edit_after_the_plan_or_after_the_installation_stands() {
    let root = Root::new();
    let (machine, plan) = root.planned();
    let own = "data = \"/srv/wabe\"\n";
    root.put(CONFIGURATION, own);
    let outcome = apply(root.folder.path(), &root, &plan, &machine.ledger);
    assert!(
        outcome
            .stopped
            .unwrap()
            .contains("somebody changed it meanwhile")
    );
    assert_eq!(root.text(CONFIGURATION), own);
    // Planned anew, it is in the way, and nothing at all is begun.
    root.told.borrow_mut().clear();
    let refused = root.apply();
    assert!(refused.stopped.unwrap().contains("in the way"));
    assert!(root.told.borrow().is_empty());
    assert_eq!(root.text(CONFIGURATION), own);
}

#[test]
fn a_link_in_place_of_a_file_is_not_followed() {
    let root = Root::new();
    let elsewhere = root.at("/elsewhere");
    fs::write(&elsewhere, SHIPPED).unwrap();
    fs::remove_file(root.at(CONFIGURATION)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, root.at(CONFIGURATION)).unwrap();
    assert!(root.apply().stopped.is_some());
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), SHIPPED);
}

/// The package manager of the machine that the tests run on, asked.
#[test]
fn the_packages_of_this_machine_are_seen() {
    let system = System::beneath(Path::new("/"));
    let machine = look(Path::new("/"), &system).unwrap();
    assert!(machine.has("dpkg") && machine.has("base-files"));
    assert!(!machine.has("a-package-that-nobody-made"));
    assert!(!plan(&machine, &Wish::default()).is_done());
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("var/lib/dpkg/updates")).unwrap();
    fs::write(folder.path().join("var/lib/dpkg/status"), "").unwrap();
    // Beneath a folder without packages none is seen.
    let empty = System::beneath(folder.path()).run(&Tool::Packages);
    assert!(empty.is_ok_and(|lines| lines.is_empty()));
}

#[test]
fn a_program_that_fails_says_what_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let failure = System::beneath(folder.path())
        .run(&Tool::Accounts)
        .unwrap_err();
    assert!(
        failure.command.starts_with("systemd-sysusers --root="),
        "{failure}"
    );
    assert!(!failure.said.is_empty(), "{failure}");
}
