//! The package for Debian: built from the programs of these tests, unpacked, and looked at.

use crate::debian::printed;
use crate::repository::root;
use crate::tools::needs_root;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// What lies in the package, with its mode; folders and the link apart.
const FILES: [(&str, u32); 14] = [
    ("usr/lib/systemd/system/wabe-agent.service", 0o644),
    ("usr/lib/systemd/system/wabe.service", 0o644),
    ("usr/lib/sysusers.d/wabe.conf", 0o644),
    ("usr/lib/tmpfiles.d/wabe.conf", 0o644),
    ("usr/lib/wabe/wabe", 0o755),
    ("usr/lib/wabe/wabe-agent", 0o755),
    ("usr/lib/wabe/wabe-sandbox", 0o755),
    ("usr/lib/wabe/wabe-sql", 0o755),
    ("usr/share/doc/wabe/CHANGELOG.md", 0o644),
    ("usr/share/doc/wabe/api.md", 0o644),
    ("usr/share/doc/wabe/copyright", 0o644),
    ("usr/share/doc/wabe/customers.md", 0o644),
    ("usr/share/doc/wabe/operators.md", 0o644),
    ("usr/share/wabe/wabe.toml", 0o644),
];

/// How exposed systemd may find the panel at most, of 100; and its agent, which stays root.
const EXPOSED_MAX: [(&str, &str); 2] = [("wabe.service", "25"), ("wabe-agent.service", "60")];

fn packaged(binaries: &Path, out: &Path) -> Output {
    let mut package = Command::new(root().join("package"));
    package.args(["--quick", "--binaries"]).arg(binaries);
    package.arg("--out").arg(out).output().unwrap()
}

/// A program of Debian's; what it printed.
fn ran(name: &str, arguments: &[&str]) -> String {
    let output = Command::new(name)
        .args(arguments)
        .env("LC_ALL", "C")
        .output();
    let output = output.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(
        output.status.success(),
        "{name} {arguments:?}: {}",
        printed(&output)
    );
    printed(&output)
}

/// The package, and what it looks like unpacked.
struct Unpacked {
    folder: TempDir,
    package: String,
}

impl Unpacked {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let binaries = Path::new(env!("CARGO_BIN_EXE_wabe")).parent().unwrap();
        let made = packaged(binaries, folder.path());
        assert!(made.status.success(), "{}", printed(&made));
        let version = env!("CARGO_PKG_VERSION");
        let architecture = ran("dpkg", &["--print-architecture"]);
        let package = format!("wabe_{version}_{}.deb", architecture.trim());
        assert!(printed(&made).contains(&package), "{}", printed(&made));
        let package = folder.path().join(package).to_str().unwrap().to_owned();
        let tree = folder.path().join("root");
        ran("dpkg-deb", &["--extract", &package, tree.to_str().unwrap()]);
        Self { folder, package }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn mode(&self, path: &str) -> u32 {
        fs::metadata(self.at(path)).unwrap().permissions().mode() & 0o7777
    }
}

/// Every file and link beneath a folder, by its path from there.
fn all(root: &Path) -> Vec<String> {
    let (mut found, mut waiting) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                waiting.push(entry.path());
            } else {
                let path = entry.path();
                found.push(
                    path.strip_prefix(root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    found.sort();
    found
}

/// The parts stand in one test, so that the programs are copied and stripped once.
#[test]
fn the_package_holds_a_panel_that_starts_on_a_plain_debian() {
    let unpacked = Unpacked::new();
    lies_where_it_should(&unpacked);
    says_what_it_needs(&unpacked);
    units_are_sound_and_walled_in(&unpacked);
    user_folders_and_configuration_come_with_it(&unpacked);
    runs_from_where_it_lies(&unpacked);
}

fn lies_where_it_should(unpacked: &Unpacked) {
    let mut wanted: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
    wanted.push("usr/bin/wabe");
    wanted.sort_unstable();
    assert_eq!(all(&unpacked.root()), wanted);
    for (path, mode) in FILES {
        assert_eq!(unpacked.mode(path), mode, "{path}");
    }
    let link = fs::read_link(unpacked.at("usr/bin/wabe")).unwrap();
    assert_eq!(link, Path::new("../lib/wabe/wabe"));
    let listed = ran("dpkg-deb", &["--contents", &unpacked.package]);
    for line in listed.lines() {
        assert!(line.contains(" root/root "), "{line}");
    }
}

fn says_what_it_needs(unpacked: &Unpacked) {
    let field = |name| {
        ran("dpkg-deb", &["--field", &unpacked.package, name])
            .trim()
            .to_owned()
    };
    assert_eq!(
        (field("Package").as_str(), field("Version").as_str()),
        ("wabe", env!("CARGO_PKG_VERSION"))
    );
    let depends = field("Depends");
    for needed in [
        "libc6 (>= ",
        "ca-certificates",
        "systemd | systemd-standalone-sysusers",
    ] {
        assert!(depends.contains(needed), "{depends}");
    }
    assert!(!depends.contains('@') && !field("Installed-Size").is_empty());
    let control = unpacked.folder.path().join("control");
    ran(
        "dpkg-deb",
        &["--control", &unpacked.package, control.to_str().unwrap()],
    );
    for script in ["postinst", "prerm", "postrm"] {
        let path = control.join(script);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
            0o755
        );
        assert!(
            fs::read_to_string(&path)
                .unwrap()
                .starts_with("#!/bin/sh\nset -e\n")
        );
        ran("sh", &["-n", path.to_str().unwrap()]);
    }
    // Debian compares with it what lies on the machine.
    let sums = fs::read_to_string(control.join("md5sums")).unwrap();
    let summed: Vec<&str> = sums
        .lines()
        .filter_map(|line| line.split("  ").nth(1))
        .collect();
    assert_eq!(summed, FILES.map(|(path, _)| path));
}

fn units_are_sound_and_walled_in(unpacked: &Unpacked) {
    let folder = unpacked.folder.path().join("units");
    fs::create_dir(&folder).unwrap();
    let root = unpacked.root();
    for (name, exposed) in EXPOSED_MAX {
        let path = unpacked.at(&format!("usr/lib/systemd/system/{name}"));
        ran(
            "systemd-analyze",
            &[
                "security",
                "--offline=true",
                &format!("--threshold={exposed}"),
                path.to_str().unwrap(),
            ],
        );
        // The programs do not lie in /usr/lib/wabe of this machine, nor does what is to be read about them.
        let text = fs::read_to_string(&path).unwrap();
        let here = format!("{}/usr/lib/wabe/", root.display());
        let lines = text
            .lines()
            .filter(|line| !line.starts_with("Documentation="));
        let text = lines
            .collect::<Vec<_>>()
            .join("\n")
            .replace("/usr/lib/wabe/", &here);
        fs::write(folder.join(name), text).unwrap();
        let verified = ran(
            "systemd-analyze",
            &["verify", "--man=no", folder.join(name).to_str().unwrap()],
        );
        assert!(!verified.contains(name), "{verified}");
    }
    let panel = fs::read_to_string(unpacked.at("usr/lib/systemd/system/wabe.service")).unwrap();
    assert!(panel.contains("\nUser=wabe\n") && panel.contains("\nNoNewPrivileges=yes\n"));
}

fn user_folders_and_configuration_come_with_it(unpacked: &Unpacked) {
    let etc = unpacked.at("etc");
    fs::create_dir_all(&etc).unwrap();
    fs::write(etc.join("passwd"), "root:x:0:0:root:/:/bin/sh\n").unwrap();
    fs::write(etc.join("group"), "root:x:0:\n").unwrap();
    needs_root();
    let root = format!("--root={}", unpacked.root().display());
    ran("systemd-sysusers", &[&root, "wabe.conf"]);
    let users = fs::read_to_string(etc.join("passwd")).unwrap();
    let user = users
        .lines()
        .find(|line| line.starts_with("wabe:"))
        .unwrap();
    assert!(user.ends_with(":/var/lib/wabe:/usr/sbin/nologin"), "{user}");
    let number = |place| user.split(':').nth(place).unwrap().parse::<u32>().unwrap();
    let (wabe, group) = (number(2), number(3));
    let configuration = "etc/wabe/wabe.toml";
    ran("systemd-tmpfiles", &[&root, "--create", "wabe.conf"]);
    for (path, mode, owner) in [
        ("etc/wabe", 0o750, 0),
        (configuration, 0o640, 0),
        ("run/wabe", 0o750, 0),
        ("var/lib/wabe", 0o700, wabe),
    ] {
        let found = fs::metadata(unpacked.at(path)).unwrap();
        assert_eq!(
            (unpacked.mode(path), found.uid(), found.gid()),
            (mode, owner, group),
            "{path}"
        );
    }
    // What the operator wrote stays, whatever comes later.
    fs::write(unpacked.at(configuration), "hoster = \"Example\"\n").unwrap();
    ran("systemd-tmpfiles", &[&root, "--create", "wabe.conf"]);
    let kept = fs::read_to_string(unpacked.at(configuration)).unwrap();
    assert_eq!(kept, "hoster = \"Example\"\n");
}

fn runs_from_where_it_lies(unpacked: &Unpacked) {
    let program = unpacked.at("usr/bin/wabe");
    let program = program.to_str().unwrap();
    let shipped = unpacked.at("usr/share/wabe/wabe.toml");
    ran(
        program,
        &["config", "check", "--config", shipped.to_str().unwrap()],
    );
    // It finds the programs that lie beside it, through the link.
    let data = unpacked.folder.path().join("data");
    let data = data.to_str().unwrap();
    ran(program, &["migrate", "--data", data]);
    let looked = Command::new(program)
        .args(["doctor", "--data", data])
        .output()
        .unwrap();
    let looked = printed(&looked);
    for beside in [
        "ok    wabe-sql lies beside wabe",
        "ok    wabe-sandbox lies beside wabe",
    ] {
        assert!(looked.contains(beside), "{looked}");
    }
}

#[test]
fn nothing_is_packaged_while_something_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let refused = packaged(folder.path(), folder.path());
    assert_eq!(refused.status.code(), Some(1));
    for program in ["wabe", "wabe-sql", "wabe-sandbox", "wabe-agent"] {
        let missing = format!("{}/{program} is missing", folder.path().display());
        assert!(
            printed(&refused).contains(&missing),
            "{}",
            printed(&refused)
        );
    }
    // Programs of another version than Cargo.toml's are none of this package.
    for program in ["wabe", "wabe-sql", "wabe-sandbox", "wabe-agent"] {
        let path = folder.path().join(program);
        fs::write(&path, "#!/bin/sh\necho wabe 0.0.0\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let older = packaged(folder.path(), folder.path());
    assert_eq!(older.status.code(), Some(1));
    assert!(
        printed(&older).contains("is \"wabe 0.0.0\""),
        "{}",
        printed(&older)
    );
    let files = all(folder.path());
    assert!(
        !files
            .iter()
            .any(|file| crate::repository::is_kind(file, "deb")),
        "{files:?}"
    );
}
