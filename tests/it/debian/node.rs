//! `wabe node install` as it is typed, on a folder that looks like a machine.

use crate::debian::printed;
use crate::process::run;
use std::fs;
use tempfile::TempDir;

/// A folder that looks like a Debian 12 with the package of Wabe, and with a site that somebody set up.
fn machine() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let place = root.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    };
    put(
        "etc/os-release",
        "PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\nVERSION_ID=\"12\"\n",
    );
    put(
        "etc/passwd",
        "root:x:0:0::/:/bin/sh\nwabe:x:998:997::/:/bin/false\n",
    );
    put("etc/group", "root:x:0:\nwabe:x:997:\n");
    put(
        "etc/nginx/sites-enabled/shop",
        "server { server_name shop.example.org; }\n",
    );
    fs::create_dir_all(root.path().join("etc/wabe")).unwrap();
    fs::create_dir_all(root.path().join("var/lib/wabe")).unwrap();
    fs::create_dir_all(root.path().join("var/lib/dpkg/updates")).unwrap();
    let paragraph = |name: &str| {
        format!(
            "Package: {name}\nStatus: install ok installed\nMaintainer: X <x@example.org>\nArchitecture: all\n\
             Version: 1\nDescription: x\n\n"
        )
    };
    put("var/lib/dpkg/status", &paragraph("wabe"));
    root
}

fn install(root: &TempDir, more: &[&str]) -> (Option<i32>, String) {
    let place = ["node", "install", "--root", root.path().to_str().unwrap()];
    let output = run(&[&place[..], more].concat());
    (output.status.code(), printed(&output))
}

#[test]
fn the_check_shows_what_would_change_and_changes_nothing() {
    let root = machine();
    let before = fs::read_dir(root.path().join("etc/wabe")).unwrap().count();
    let (code, shown) = install(&root, &["--check", "--host", "panel.example.org"]);
    assert_eq!(code, Some(1), "{shown}");
    for words in [
        "WHAT",
        "unit nginx.service",
        "file /etc/wabe/wabe.toml",
        "unit wabe-agent.service",
        "will not be touched:\n  /etc/nginx/sites-enabled/shop (shop.example.org)",
        "there: apt-get install nginx",
        "there: apt-get install apache2-bin media-types",
        "left to you:",
    ] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    let after = fs::read_dir(root.path().join("etc/wabe")).unwrap().count();
    assert_eq!(before, after);
    assert!(!root.path().join("etc/systemd").exists());
}

#[test]
fn what_is_applied_is_what_was_shown_and_the_configuration_is_one_of_the_panels() {
    let root = machine();
    // Units are enabled by systemd's own program, which looks for them.
    let units = root.path().join("usr/lib/systemd/system");
    fs::create_dir_all(&units).unwrap();
    for unit in ["wabe.service", "wabe-agent.service"] {
        let text = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";
        fs::write(units.join(unit), text).unwrap();
    }
    let asked = [
        "--host",
        "panel.example.org",
        "--acme",
        "https://acme.example.org/directory",
        "--acme-contact",
        "ops@example.org",
    ];
    let (code, shown) = install(&root, &[&["--apply"][..], &asked[..]].concat());
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("done  file /etc/wabe/wabe.toml"), "{shown}");
    let written = root.path().join("etc/wabe/wabe.toml");
    let checked = run(&["config", "check", "--config", written.to_str().unwrap()]);
    assert!(checked.status.success(), "{}", printed(&checked));
    let text = fs::read_to_string(&written).unwrap();
    for line in [
        "agent = \"/run/wabe/agent.sock\"",
        "portal_url = \"https://panel.example.org:8443\"",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let (code, again) = install(&root, &["--check"]);
    assert!(
        code == Some(0) && again.starts_with("nothing is to be changed"),
        "{again}"
    );
    // Whoever edits it keeps it: what is there already need not be written.
    fs::write(&written, format!("# Ours.\n{text}")).unwrap();
    let (code, edited) = install(&root, &["--apply"]);
    assert_eq!(code, Some(0), "{edited}");
    let (code, refused) = install(&root, &["--apply", "--host", "other.example.org"]);
    assert_eq!(code, Some(1), "{refused}");
    assert!(
        refused.contains("+portal_url = \"https://other.example.org:8443\""),
        "{refused}"
    );
    assert!(
        fs::read_to_string(&written)
            .unwrap()
            .starts_with("# Ours.\n")
    );
}

#[test]
fn what_was_mistyped_is_told_with_what_is_possible() {
    let cases: [(&[&str], &str); 6] = [
        (&["--host", "panel.example.org"], "--check"),
        (&["--check", "--apply"], "cannot be used with"),
        (
            &["--check", "--only", "mail"],
            "agent, web, mariadb, postgresql",
        ),
        (
            &["--check", "--host", "panel"],
            "a host name of two or more labels",
        ),
        (
            &["--check", "--acme", "https://acme.example.org/d"],
            "--acme-contact",
        ),
        (
            &["--check", "--root", "nowhere"],
            "expected a folder from / on",
        ),
    ];
    for (wrong, words) in cases {
        let output = run(&[&["node", "install"][..], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(
            printed(&output).contains(words),
            "{wrong:?}: {}",
            printed(&output)
        );
    }
    let help = printed(&run(&["node", "install", "--help"]));
    assert!(
        help.contains("Examples") && help.contains("  wabe node install --check"),
        "{help}"
    );
}
