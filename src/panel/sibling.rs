//! The programs that lie beside this one.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;

/// The program of this name beside this one.
///
/// # Errors
/// When it is not there.
pub fn beside(name: &'static str) -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    // Test programs lie one folder deeper.
    let above = own.parent().and_then(|folder| folder.parent());
    let places = [
        Some(own.with_file_name(name)),
        above.map(|folder| folder.join(name)),
    ];
    let found = places.into_iter().flatten().find(|path| path.is_file());
    found.ok_or_else(|| {
        let text = format!("there is no {name} beside {}", own.display());
        io::Error::new(io::ErrorKind::NotFound, text)
    })
}

/// Becomes the program of this name; answers only when that is not possible.
#[must_use]
pub fn become_it(name: &'static str, arguments: Vec<OsString>) -> io::Error {
    let program = match beside(name) {
        Ok(program) => program,
        Err(error) => return error,
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "no process is started: this one becomes a program of the product, with what was typed"
    )]
    let mut command = std::process::Command::new(program);
    command.args(arguments).exec()
}
