//! What is started for a command line: found beneath the webspace's folder, and looked at before.

use rustix::fd::{AsFd as _, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use std::ffi::{CString, OsString};
use std::path::{Path, PathBuf};
use wabe_kernel::RelPath;
use wabe_kernel::command_line::Program;
use wabe_kernel::cron::CronOrder;

use crate::cron::Folders;
use crate::daemon::account::Account;
use crate::daemon::find;
use crate::embedded::files::hands::{Hands as _, Opening, Own};
use crate::nginx::is_fit;
use crate::php::NO_PROGRAMS;

type Reason = &'static str;

/// The program and its arguments.
///
/// Errors: the reason why there is none.
pub(super) fn of(
    order: &CronOrder,
    folders: &Folders,
    (programs, account): (&[PathBuf], Option<&Account>),
) -> Result<(PathBuf, Vec<OsString>), Reason> {
    let given = order.command.arguments().iter().map(OsString::from);
    match order.command.program() {
        Program::Php(script) => {
            let version = order.php.ok_or("php-missing")?;
            let php = find(&format!("php{version}"), programs).ok_or("php-missing")?;
            open(&folders.files, script)?;
            let mut arguments = walls(folders)?;
            arguments.push("-f".into());
            arguments.push(folders.files.join(script.to_string()).into());
            arguments.push("--".into());
            arguments.extend(given);
            Ok((php, arguments))
        }
        Program::File(path) => {
            runnable(&folders.files, path, account)?;
            Ok((folders.files.join(path.to_string()), given.collect()))
        }
    }
}

/// The same walls that a webspace's pool has, as settings that a script cannot change.
fn walls(folders: &Folders) -> Result<Vec<OsString>, Reason> {
    if !is_fit(&folders.files) || !is_fit(&folders.temporary) {
        return Err("not-started");
    }
    let (files, temporary) = (folders.files.display(), folders.temporary.display());
    let settings = [
        format!("open_basedir={files}/:{temporary}/"),
        format!("disable_functions={NO_PROGRAMS}"),
        "allow_url_include=0".to_owned(),
        "sendmail_path=/bin/false".to_owned(),
        format!("sys_temp_dir={temporary}"),
        format!("upload_tmp_dir={temporary}"),
        format!("session.save_path={temporary}"),
        "memory_limit=256M".to_owned(),
        "max_execution_time=0".to_owned(),
        "display_errors=1".to_owned(),
        "log_errors=0".to_owned(),
        "html_errors=0".to_owned(),
        "opcache.enable_cli=0".to_owned(),
    ];
    let pairs = settings
        .into_iter()
        .flat_map(|setting| [OsString::from("-d"), OsString::from(setting)]);
    Ok(pairs.collect())
}

/// Opens a plain file beneath a folder, over no link, so that it is this webspace's whoever swaps what.
fn open(files: &Path, path: &RelPath) -> Result<OwnedFd, Reason> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder =
        rustix::fs::open(files, flags, Mode::empty()).map_err(|_gone| "program-missing")?;
    let way = CString::new(path.to_string()).map_err(|_nul| "program-missing")?;
    let file = match Own.open((folder.as_fd(), &way), Opening::Read) {
        Ok(file) => file,
        Err(Errno::NOENT | Errno::NOTDIR) => return Err("program-missing"),
        Err(_other) => return Err("program-not-plain"),
    };
    let stat = rustix::fs::fstat(&file).map_err(|_gone| "program-missing")?;
    let is_plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    if is_plain && stat.st_nlink == 1 {
        Ok(file)
    } else {
        Err("program-not-plain")
    }
}

/// Makes a file executable for its owner, since nobody can do that while uploading; that it is a cron job's
/// says that it is wanted. It must be theirs who run it, and say what runs it.
fn runnable(files: &Path, path: &RelPath, account: Option<&Account>) -> Result<(), Reason> {
    let file = open(files, path)?;
    let stat = rustix::fs::fstat(&file).map_err(|_gone| "program-missing")?;
    let runs_as = account.map_or_else(
        || rustix::process::geteuid().as_raw(),
        |account| account.user(),
    );
    if stat.st_uid != runs_as {
        return Err("program-not-plain");
    }
    let mut first = [0_u8; 4];
    let count = rustix::io::pread(&file, &mut first, 0).map_err(|_unread| "program-missing")?;
    let begins = first.get(..count).unwrap_or_default();
    if !begins.starts_with(b"#!") && begins != b"\x7fELF" {
        return Err("program-not-runnable");
    }
    let mode = Mode::from_raw_mode(stat.st_mode);
    if !mode.contains(Mode::XUSR) {
        let with = (mode | Mode::XUSR) & (Mode::RWXU | Mode::RWXG | Mode::RWXO);
        rustix::fs::fchmod(&file, with).map_err(|_refused| "program-not-runnable")?;
    }
    Ok(())
}
