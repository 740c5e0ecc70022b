//! `wabe doctor` on a node.

use crate::debian::printed;
use crate::process::{run, wabe};
use crate::small_disk::SmallDisk;
use crate::tools::needs_root;
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The finding about this.
fn about<'a>(found: &'a Value, what: &str) -> &'a Value {
    let findings = found["findings"].as_array().unwrap();
    let one = findings.iter().find(|one| one["what"] == what);
    one.unwrap_or_else(|| panic!("{what} in {found:#}"))
}

fn looked(data: &Path, environment: &[(&str, &str)]) -> Value {
    let mut command = wabe(&["doctor", "--json", "--data", data.to_str().unwrap()]);
    let output = command.envs(environment.iter().copied()).output().unwrap();
    // No panel runs here, which is wrong in any case.
    assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A data folder with an empty database.
fn migrated() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    migrate(&data);
    (folder, data)
}

fn migrate(data: &Path) {
    let made = run(&["migrate", "--data", data.to_str().unwrap()]);
    assert!(made.status.success(), "{}", printed(&made));
}

#[test]
fn findings_are_there_for_programs_too() {
    // A disk of its own has room however full the machine's is.
    let disk = SmallDisk::new(64);
    let data = disk.path().join("data");
    migrate(&data);
    let found = looked(&data, &[]);
    let runs = about(&found, "panel runs");
    assert_eq!(
        (&runs["grade"], found["wrong"].as_u64()),
        (&Value::from("wrong"), Some(1))
    );
    assert_eq!(runs["mend"], "start it with wabe serve or wabe demo");
    for what in [
        "database answers",
        "kernel has seccomp",
        "disk has room",
        "nothing is left of what is gone",
    ] {
        assert_ne!(about(&found, what)["grade"], "wrong", "{found:#}");
    }
}

#[test]
fn what_is_left_of_things_that_are_gone_is_told() {
    let (_folder, data) = migrated();
    let left = data.join("node/web/web_01kb3fcv2ce8ja41hvr6xsa35a");
    fs::create_dir_all(&left).unwrap();
    let found = looked(&data, &[]);
    let finding = about(&found, "nothing is left of what is gone");
    assert_eq!(finding["grade"], "warn");
    assert!(
        finding["said"]
            .as_str()
            .unwrap()
            .contains(left.to_str().unwrap()),
        "{finding}"
    );
}

#[test]
fn a_copy_beside_files_of_ours_is_told() {
    let (_folder, data) = migrated();
    let sites = data.join("node/nginx/sites");
    fs::create_dir_all(&sites).unwrap();
    let (what, with_nginx) = (
        "folders of servers hold our files alone",
        [("WABE_WEB__SERVER", "nginx")],
    );
    assert_eq!(about(&looked(&data, &with_nginx), what)["grade"], "ok");
    fs::write(sites.join("x.conf"), "server { }").unwrap();
    let found = looked(&data, &with_nginx);
    let finding = about(&found, what);
    assert_eq!(finding["grade"], "warn");
    assert_eq!(
        finding["said"],
        "nginx/sites/x.conf is none of ours, and is not read"
    );
}

#[test]
fn an_agent_that_is_not_there_is_told_with_the_way_to_start_it() {
    let (folder, data) = migrated();
    let socket = folder.path().join("agent.sock");
    let found = looked(&data, &[("WABE_NODE__AGENT", socket.to_str().unwrap())]);
    let finding = about(&found, "socket of the agent is safe");
    assert_eq!(finding["grade"], "wrong");
    assert!(
        finding["mend"]
            .as_str()
            .unwrap()
            .contains("systemctl status wabe-agent"),
        "{finding}"
    );
}

#[test]
fn a_data_folder_of_another_user_is_not_opened_by_root() {
    needs_root();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    std::os::unix::fs::chown(&data, Some(65_534), Some(65_534)).unwrap();
    let refused = run(&["migrate", "--data", data.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(
        printed(&refused).contains("runuser -u wabe"),
        "{}",
        printed(&refused)
    );
    assert_eq!(
        fs::read_dir(&data).unwrap().count(),
        0,
        "nothing was made in it"
    );
}
