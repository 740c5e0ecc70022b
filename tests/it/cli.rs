//! The command line: help, exit codes, and the same verbs beside a running panel and alone.

use crate::client::text;
use crate::process::{PLAN, Panel, run, unique, wabe};
use serde_json::json;
use std::fs;
use std::process::Output;

/// Exit codes, as docs/operators.md lists them.
const DONE: i32 = 0;
const REFUSED: i32 = 1;
const WRONG: i32 = 2;
const FAULT: i32 = 3;

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_verb_explains_itself_with_examples() {
    let verbs: [&[&str]; 14] = [
        &["demo"],
        &["serve"],
        &["migrate"],
        &["doctor"],
        &["store", "move"],
        &["user", "create"],
        &["user", "list"],
        &["customer", "create"],
        &["customer", "list"],
        &["token", "create"],
        &["audit", "verify"],
        &["audit", "dump"],
        &["config", "check"],
        &["config", "show"],
    ];
    for verb in verbs {
        let output = run(&[verb, &["--help"]].concat());
        assert_eq!(code(&output), DONE, "{verb:?}");
        let help = out(&output);
        let example = format!("  wabe {}", verb.join(" "));
        assert!(
            help.contains("Example") && help.contains(&example),
            "{verb:?}: {help}"
        );
        assert!(help.contains("--data"), "{verb:?}: {help}");
    }
    let overview = out(&run(&["--help"]));
    for verb in verbs {
        assert!(
            overview.contains(verb[0]),
            "{verb:?} is missing in {overview}"
        );
    }
    assert!(out(&run(&["--version"])).starts_with("wabe "));
}

#[test]
fn what_cannot_be_understood_ends_with_2_and_says_why() {
    for wrong in [
        &["frobnicate"][..],
        &["token", "create"],
        &["demo", "--wrong"],
        &[],
    ] {
        let output = run(wrong);
        assert_eq!(code(&output), WRONG, "{wrong:?}");
        assert!(!err(&output).is_empty(), "{wrong:?}");
    }
}

#[test]
fn a_folder_without_an_installation_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nothing");
    let data = data.to_str().unwrap();
    for verb in [
        &["token", "create", "--user", "ada@example.org"][..],
        &["user", "list"],
        &["customer", "list"],
        &["audit", "verify"],
        &["audit", "dump"],
    ] {
        let output = run(&[verb, &["--data", data]].concat());
        assert_eq!(code(&output), REFUSED, "{verb:?}: {}", err(&output));
        assert!(err(&output).contains(data), "{verb:?}: {}", err(&output));
    }
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let output = run(&["user", "list", "--data", file.to_str().unwrap()]);
    assert_eq!(code(&output), FAULT, "{}", err(&output));
    assert!(!err(&output).contains("panicked"), "{}", err(&output));
}

#[test]
fn all_mistakes_of_a_configuration_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wabe.toml");
    let file_name = file.to_str().unwrap();
    let check = || run(&["config", "check", "--config", file_name]);
    let missing = check();
    assert_eq!(code(&missing), WRONG);
    assert!(err(&missing).contains(file_name), "{}", err(&missing));
    fs::write(&file, "profil = \"HIGH\"\n").unwrap();
    let unknown = check();
    assert_eq!(code(&unknown), WRONG);
    assert!(err(&unknown).contains("profil"), "{}", err(&unknown));
    let wrong = "profile = \"NONE\"\nhashing_memory_mib = 1\nportal_url = \"http://x\"\n\
                 [mail]\nfrom = \"nobody\"\n[listen]\nsmtp = \"0.0.0.0:25\"\n";
    fs::write(&file, wrong).unwrap();
    let several = check();
    assert_eq!(code(&several), WRONG);
    for key in [
        "profile",
        "hashing_memory_mib",
        "portal_url",
        "mail.from",
        "listen.smtp",
    ] {
        assert!(err(&several).contains(key), "{key} in {}", err(&several));
    }
    fs::write(&file, "hoster = \"Wabe GmbH\"\n").unwrap();
    assert_eq!(code(&check()), DONE);
}

#[test]
fn internal_hosts_are_exact_names_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wabe.toml");
    let hosts = "[plugins]\ninternal_hosts = [\"https://erp.example.org\", \"*.example.org\", \
                 \"10.0.0.7\", \"erp\", \"erp.example.org:0\", \"nas.example.org:8443\"]\n";
    fs::write(&file, hosts).unwrap();
    let place = ["--config", file.to_str().unwrap()];
    let wrong = run(&["config", "check", place[0], place[1]]);
    assert_eq!(code(&wrong), WRONG);
    let text = err(&wrong);
    assert_eq!(text.matches("plugins.internal_hosts").count(), 5, "{text}");
    for words in [
        "name the host alone",
        "name each one",
        "by name, with a certificate",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("nas.example.org"), "{text}");
    let mut command = wabe(&["config", "show"]);
    let value = "[\"erp.example.org\", \"nas.example.org:8443\"]";
    command.env("WABE_PLUGINS__INTERNAL_HOSTS", value);
    let shown: toml::Value = toml::from_str(&out(&command.output().unwrap())).unwrap();
    let hosts = shown["plugins"]["internal_hosts"].as_array().unwrap();
    let hosts: Vec<&str> = hosts.iter().filter_map(|one| one.as_str()).collect();
    assert_eq!(hosts, ["erp.example.org", "nas.example.org:8443"]);
}

#[test]
fn a_profile_that_nist_and_bsi_advise_against_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("file"));
    fs::write(&file, "").unwrap();
    let (data, file) = (data.to_str().unwrap(), file.to_str().unwrap());
    for (profile, warned) in [("DE-LEGACY", true), ("STANDARD-2026", false)] {
        let ran = |verb: &[&str]| wabe(verb).env("WABE_PROFILE", profile).output().unwrap();
        let is_warned = |text: &str| text.contains("NIST") && text.contains("BSI");
        let checked = ran(&["config", "check"]);
        assert_eq!(code(&checked), DONE, "{}", err(&checked));
        assert_eq!(is_warned(&err(&checked)), warned, "{}", err(&checked));
        let shown = ran(&["config", "show"]);
        let read: toml::Value = toml::from_str(&out(&shown)).unwrap();
        assert_eq!(read["profile"].as_str(), Some(profile));
        assert_eq!(is_warned(&err(&shown)), warned, "{}", err(&shown));
        let looked = out(&ran(&["doctor", "--data", data]));
        assert_eq!(is_warned(&looked), warned, "{looked}");
        // Whoever looks at a folder that is not there makes none.
        assert!(looked.contains("WRONG data folder") && !fs::exists(data).unwrap());
        // It says so before it does anything: here it gets no further.
        let served = ran(&["serve", "--data", file]);
        assert_eq!(code(&served), FAULT);
        assert_eq!(is_warned(&err(&served)), warned, "{}", err(&served));
    }
}

#[test]
fn the_configuration_in_force_is_flag_over_environment_over_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wabe.toml");
    fs::write(
        &file,
        "hoster = \"Of the file\"\ndata = \"/of/file\"\nprofile = \"HIGH\"\n",
    )
    .unwrap();
    let arguments = [
        "config",
        "show",
        "--config",
        file.to_str().unwrap(),
        "--data",
        "/of/flag",
    ];
    let mut command = wabe(&arguments);
    command
        .env("WABE_HOSTER", "Of the environment")
        .env("WABE_LISTEN__SFTP", "127.0.0.1:2022");
    let output = command.output().unwrap();
    let shown: toml::Value = toml::from_str(&out(&output)).unwrap();
    assert_eq!(shown["hoster"].as_str(), Some("Of the environment"));
    assert_eq!(shown["data"].as_str(), Some("/of/flag"));
    assert_eq!(shown["profile"].as_str(), Some("HIGH"));
    assert_eq!(shown["listen"]["sftp"].as_str(), Some("127.0.0.1:2022"));
    let logged = wabe(&["config", "check"])
        .env("WABE_LOG", "info")
        .output()
        .unwrap();
    assert_eq!(code(&logged), DONE, "{}", err(&logged));
    let mut command = wabe(&["config", "check"]);
    let unknown = command
        .env("WABE_LISTEN__FTP", "127.0.0.1:21")
        .output()
        .unwrap();
    assert_eq!(code(&unknown), WRONG);
    assert!(
        err(&unknown).to_lowercase().contains("ftp"),
        "{}",
        err(&unknown)
    );
}

/// Runs a line of words over a data folder. A word holds no spaces.
fn line(data: &str, words: &str) -> Output {
    let words: Vec<&str> = words.split(' ').collect();
    run(&[&words, &["--data", data][..]].concat())
}

/// Makes people and reads them again; answers the number of the new customer.
fn people(data: &str) -> String {
    let number = unique();
    let ran = |words: &str| {
        let output = line(data, words);
        assert_eq!(code(&output), DONE, "{words}: {}", err(&output));
        out(&output)
    };
    let staff = format!("staff{number}@hoster.example");
    let made = ran(&format!(
        "user create --email {staff} --name Sam --role support"
    ));
    assert!(made.contains("initial password"), "{made}");
    assert!(ran("user list").contains(&format!("{staff}\tsupport\tSam")));
    let (name, owner) = (format!("Shell{number}"), format!("o{number}@a.example"));
    let rest = [
        "--name",
        &name,
        "--owner-name",
        "Olga",
        "--owner-email",
        &owner,
        "--data",
        data,
    ];
    let made = run(&[&["customer", "create", "--plan", PLAN], &rest[..]].concat());
    assert_eq!(code(&made), DONE, "{}", err(&made));
    let customer = out(&made).lines().next().unwrap().to_owned();
    assert!(ran(&format!("customer list --search {name}")).contains(&customer));
    let token = ran(&format!(
        "token create --user {owner} --scope webspace:read --days 1"
    ));
    assert_eq!(
        token.trim().lines().count(),
        1,
        "the token and nothing else: {token}"
    );
    assert!(token.starts_with("wabe_"), "{token}");
    let nobody = "customer create --name N --plan None --owner-name O --owner-email p@a.example";
    for (refused, field) in [
        ("token create --user nobody@a.example".to_owned(), "person"),
        (
            format!("token create --user {owner} --scope everything"),
            "scopes",
        ),
        (format!("token create --user {owner} --days 400"), "days"),
        (
            "user create --email x --name S --role support".to_owned(),
            "email",
        ),
        (
            "user create --email x@a.example --name S --role god".to_owned(),
            "roles",
        ),
        (nobody.to_owned(), "plan"),
    ] {
        let output = line(data, &refused);
        assert_eq!(code(&output), REFUSED, "{refused}: {}", err(&output));
        assert!(err(&output).contains(field), "{refused}: {}", err(&output));
    }
    ran("audit verify");
    customer
}

#[tokio::test]
async fn verbs_work_beside_a_running_panel_and_alone() {
    let mut panel = Panel::demo();
    let data = panel.data.to_str().unwrap().to_owned();
    let beside = people(&data);
    let held = run(&["migrate", "--data", &data]);
    assert_eq!(code(&held), FAULT, "the folder is in use");
    assert!(err(&held).contains("in use"), "{}", err(&held));
    panel.end();
    let alone = people(&data);
    assert_ne!(beside, alone);
    assert_eq!(code(&run(&["migrate", "--data", &data])), DONE);
    let dump = run(&["audit", "dump", "--data", &data]);
    assert!(
        code(&dump) == DONE && !dump.stdout.is_empty(),
        "{}",
        err(&dump)
    );
    // What was made alone is there when the panel runs again, and a token keeps working.
    let panel = Panel::start("demo", std::path::Path::new(&data));
    let listed = panel.cli(&["customer", "list"]);
    assert!(
        listed.contains(&beside) && listed.contains(&alone),
        "{listed}"
    );
    let customer = panel.customer();
    let own = customer.api.get("/customer").await.expect(200);
    assert_eq!(text(&own, "number"), customer.number);
    let named = json!({ "name": "x", "domain": null });
    assert_eq!(
        customer.api.json("POST", "/webspaces", &named).await.status,
        201
    );
}

#[test]
fn a_second_panel_over_the_same_folder_does_not_start() {
    let panel = Panel::demo();
    let refused = Panel::try_start("serve", &panel.data);
    let Err(printed) = refused else {
        panic!("it started")
    };
    assert!(printed.contains("in use"), "{printed}");
}

#[test]
fn fresh_never_empties_a_folder_of_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.odt"), "years of work").unwrap();
    let output = run(&["demo", "--fresh", "--data", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), FAULT, "{}", err(&output));
    assert!(folder.path().join("thesis.odt").is_file());
}

#[test]
fn the_ready_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let panel = crate::process::shared();
    let folder = panel.data.parent().unwrap();
    let mut found = 0;
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("data.ready") {
            found += 1;
            assert_eq!(
                entry.metadata().unwrap().permissions().mode() & 0o777,
                0o600,
                "{name}"
            );
        }
    }
    assert_eq!(found, 1);
    for name in [
        "portal",
        "api",
        "sites_http",
        "sites_https",
        "smtp",
        "sftp",
        "ca_file",
        "webhooks",
    ] {
        assert!(panel.ready[name].is_string(), "{name}: {}", panel.ready);
    }
    assert!(panel.told("api").ends_with("/api/v1"));
    let roles: Vec<_> = panel.ready["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["role"])
        .collect();
    let known = [
        "owner",
        "owner",
        "support",
        "operator",
        "privacy_officer",
        "management",
        "auditor",
    ];
    assert_eq!(roles, known);
}
