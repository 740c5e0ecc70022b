//! The program: where it is, what it can do, and what it says of a configuration.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use wabe_kernel::Secret;
use wabe_kernel::desired::StepFailure;

use crate::daemon::{self, NotInstalled};
use crate::nginx::head::{self, Instance};
use crate::nginx::include::Ground;
use crate::nginx::syntax::{self, Word};

/// A trial of thousands of sites takes seconds; longer than this it hangs.
const TRIAL: Duration = Duration::from_mins(1);
/// The most of a complaint that is kept, in characters.
const COMPLAINT_CHARS_MAX: usize = 400;

/// nginx on this machine.
pub(super) struct Program {
    path: PathBuf,
    folder: PathBuf,
    probe_mark: Secret,
    worker_user: Option<String>,
}

impl Program {
    pub(super) fn find(folders: &[PathBuf]) -> Result<PathBuf, NotInstalled> {
        daemon::find("nginx", folders).ok_or(NotInstalled {
            program: "nginx",
            package: "nginx-light",
        })
    }

    /// Whether HTTP/2 is a directive of its own there, as from 1.25.1 on. Blocks on the program.
    #[expect(
        clippy::disallowed_methods,
        reason = "a driver asks its program for its version"
    )]
    pub(super) fn has_http2_apart(path: &Path) -> bool {
        let asked = std::process::Command::new(path)
            .arg("-v")
            .env_clear()
            .stdin(Stdio::null())
            .output();
        asked.is_ok_and(|said| http2_apart(&String::from_utf8_lossy(&said.stderr)))
    }

    pub(super) const fn new(
        path: PathBuf,
        folder: PathBuf,
        probe_mark: Secret,
        worker_user: Option<String>,
    ) -> Self {
        Self {
            path,
            folder,
            probe_mark,
            worker_user,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What the driver's own requests carry.
    pub(super) const fn probe_mark(&self) -> &Secret {
        &self.probe_mark
    }

    /// What it is started with over this configuration.
    pub(super) fn arguments(&self, head: &Path) -> Vec<OsString> {
        let errors = self.folder.join("logs/error.log");
        let paths = [("-p", &*self.folder), ("-c", head), ("-e", &*errors)];
        paths
            .into_iter()
            .flat_map(|(flag, path)| [OsString::from(flag), path.into()])
            .collect()
    }

    /// The text of a head with these includes.
    pub(super) fn head(
        &self,
        ground: &Ground,
        pid: &'static str,
        includes: Vec<Word>,
    ) -> Result<String, StepFailure> {
        let instance = Instance {
            folder: &self.folder,
            ground,
            probe_mark: &self.probe_mark,
            worker_user: self.worker_user.as_deref(),
        };
        syntax::write(&head::all(&instance, pid, includes)?)
    }

    /// What it says of a configuration: nothing when all is well.
    pub(super) async fn complaint(&self, head: &Path) -> Option<String> {
        let mut command = daemon::command(&self.path);
        command
            .args(self.arguments(head))
            .args(["-t", "-q"])
            .stderr(Stdio::piped());
        match tokio::time::timeout(TRIAL, command.output()).await {
            Err(_late) => Some("it took too long".to_owned()),
            Ok(Err(fault)) => Some(fault.to_string()),
            Ok(Ok(said)) if said.status.success() => None,
            Ok(Ok(said)) => Some(plain(&String::from_utf8_lossy(&said.stderr))),
        }
    }
}

/// A complaint as one line without control characters: what is the end of it, warnings aside.
fn plain(text: &str) -> String {
    let ends = |line: &&str| line.starts_with("nginx: [emerg]");
    let text = text.lines().find(ends).unwrap_or(text).trim();
    let text = text.chars().take(COMPLAINT_CHARS_MAX);
    text.map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// From `nginx version: nginx/1.22.1`.
fn http2_apart(said: &str) -> bool {
    let Some((_, version)) = said.split_once("nginx/") else {
        return false;
    };
    let mut numbers = version.split(|c: char| !c.is_ascii_digit());
    let mut next = || numbers.next().and_then(|number| number.parse().ok());
    let version: [u32; 3] = std::array::from_fn(|_| next().unwrap_or(0));
    version >= [1, 25, 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_ask_for_http2_follows_the_version() {
        assert!(!http2_apart("nginx version: nginx/1.22.1\n"));
        assert!(!http2_apart("nginx version: nginx/1.25.0"));
        assert!(http2_apart("nginx version: nginx/1.25.1"));
        assert!(http2_apart("nginx version: nginx/1.26.3 (Debian)"));
        assert!(!http2_apart("something else"));
    }

    #[test]
    fn a_complaint_is_one_line() {
        let warned = "nginx: [warn] of /srv/other\nnginx: [emerg] in /srv/a\u{7}\nnginx: failed\n";
        assert_eq!(plain(warned), "nginx: [emerg] in /srv/a ");
        assert_eq!(plain("something\nelse\n"), "something else");
    }
}
