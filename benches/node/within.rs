//! A view of the machine in which another name server is asked: for the panel alone, as a container has one.

use crate::report::Outcome;
use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// The word by which this program is told to become another within such a view.
pub(crate) const WITHIN: &str = "within";
/// Where programs read which name server they ask.
const ASKED: &str = "/etc/resolv.conf";

/// What starts a program, named behind it, that asks the name servers of this file.
pub(super) fn asking(file: &Path) -> Outcome<Vec<OsString>> {
    let own = std::env::current_exe()?;
    let words: [OsString; 6] = [
        "unshare".into(),
        "--mount".into(),
        "--".into(),
        own.into(),
        WITHIN.into(),
        file.into(),
    ];
    Ok(words.into())
}

/// Puts the file in its place, and becomes the program; answers only when that is not possible.
pub(crate) fn become_panel(words: &[String]) -> Outcome<()> {
    let [file, program, arguments @ ..] = words else {
        return Err("name a file and a program".into());
    };
    let mut bind = Command::new("mount");
    if !bind.args(["--bind", file, ASKED]).status()?.success() {
        return Err(format!("{file} does not come into the place of {ASKED}").into());
    }
    Err(Command::new(program).args(arguments).exec().into())
}
