//! The programs of the system that are asked and told: a closed list, with arguments that stand here.

use crate::change::Package;
use crate::machine::Unit;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where programs are looked for, and nowhere else.
const FOLDERS: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
/// As many lines of what a program complained about are told.
const LINES: usize = 12;
/// The package's own lists of users and of folders, as systemd finds them.
const LISTS: &str = "wabe.conf";

/// What is asked of the system, or told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tool<'a> {
    /// What is installed: lines of status, name and version, with tabs between them.
    Packages,
    /// What could be installed is learnt anew.
    Refresh,
    /// These are installed, and nothing is removed for it.
    Install(&'a [Package]),
    /// The panel's user is made, as its package lists it.
    Accounts,
    /// The panel's folders are made, as its package lists them.
    Folders,
    /// How a unit is: `active`, or another word.
    State(&'a Unit),
    /// A unit starts with the machine.
    Enable(&'a Unit),
    /// A unit is started, or started anew.
    Restart(&'a Unit),
    /// systemd reads units anew.
    Reload,
}

/// Why a program of the system did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The program, with what it was given.
    pub command: String,
    /// What it said, or what starting it said.
    pub said: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.command, self.said)
    }
}

impl std::error::Error for Failure {}

/// Whoever asks and tells the system.
pub trait Tools {
    /// Runs one of its programs to the end; what it printed.
    ///
    /// # Errors
    /// When it is not there, or did not end well.
    fn run(&self, tool: &Tool<'_>) -> Result<String, Failure>;
}

/// The system itself, beneath a root: the machine's own, or a folder that looks like one.
#[derive(Debug, Clone)]
pub struct System {
    root: PathBuf,
}

impl System {
    /// The system beneath this folder.
    #[must_use]
    pub fn beneath(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// `--option=ROOT/below`, for a root that is another than the machine's own.
    fn elsewhere(&self, option: &str, below: &str) -> Option<OsString> {
        if self.root == Path::new("/") {
            return None;
        }
        let mut argument = OsString::from(option);
        argument.push("=");
        argument.push(self.root.join(below));
        Some(argument)
    }

    /// A program with its arguments.
    fn spelled(&self, tool: &Tool<'_>) -> (&'static str, Vec<OsString>) {
        let fixed =
            |words: &[&str]| -> Vec<OsString> { words.iter().map(OsString::from).collect() };
        let of_unit = |verb: &str, unit: &Unit| fixed(&[verb, "--", unit.name().as_str()]);
        match tool {
            Tool::Packages => {
                let format = "${db:Status-Status}\t${Package}\t${Version}\n";
                let mut all: Vec<OsString> = self
                    .elsewhere("--admindir", "var/lib/dpkg")
                    .into_iter()
                    .collect();
                all.extend(fixed(&["--show", "--showformat", format]));
                ("dpkg-query", all)
            }
            Tool::Refresh => ("apt-get", fixed(&["--quiet", "update"])),
            Tool::Install(packages) => {
                let options = ["--quiet", "--yes", "--no-install-recommends", "--no-remove"];
                let mut all = fixed(&options);
                all.push("install".into());
                all.extend(packages.iter().map(|package| package.name().into()));
                ("apt-get", all)
            }
            Tool::Accounts => {
                let root = self.elsewhere("--root", "");
                (
                    "systemd-sysusers",
                    root.into_iter().chain(fixed(&[LISTS])).collect(),
                )
            }
            Tool::Folders => {
                let root = self.elsewhere("--root", "");
                let rest = fixed(&["--create", LISTS]);
                ("systemd-tmpfiles", root.into_iter().chain(rest).collect())
            }
            Tool::State(unit) => {
                let name = unit.name();
                let asked = [
                    "show",
                    "--property=ActiveState",
                    "--value",
                    "--",
                    name.as_str(),
                ];
                ("systemctl", fixed(&asked))
            }
            Tool::Enable(unit) => {
                let root = self.elsewhere("--root", "");
                (
                    "systemctl",
                    root.into_iter().chain(of_unit("enable", unit)).collect(),
                )
            }
            Tool::Restart(unit) => ("systemctl", of_unit("restart", unit)),
            Tool::Reload => ("systemctl", fixed(&["daemon-reload"])),
        }
    }
}

/// The end of what a program said.
fn last_lines(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let from = lines.len().saturating_sub(LINES);
    lines.get(from..).unwrap_or_default().join("\n")
}

impl Tools for System {
    fn run(&self, tool: &Tool<'_>) -> Result<String, Failure> {
        let (name, arguments) = self.spelled(tool);
        let words = arguments.iter().map(|word| word.to_string_lossy());
        let words: Vec<_> = words.collect();
        let failed = |said: String| Failure {
            command: format!("{name} {}", words.join(" ")),
            said,
        };
        let mut places = FOLDERS.iter().map(|folder| Path::new(folder).join(name));
        let program = places.find(|place| place.is_file());
        let program = program.ok_or_else(|| failed("it is not installed".to_owned()))?;
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the driver of the system's own programs"
        )]
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", FOLDERS.join(":"))
            .env("LC_ALL", "C.UTF-8")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .current_dir("/")
            .stdin(Stdio::null())
            .args(&arguments);
        let output = command
            .output()
            .map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            let said = last_lines(&output.stderr);
            return Err(failed(format!("{}\n{said}", output.status)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
