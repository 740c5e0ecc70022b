//! The files of logs: one per day, a second one when the day is busy, at most 14 days. Whole addresses in
//! them become networks after seven.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use wabe_kernel::{SiteLog, Timestamp};

use crate::daemon::account::Account;
use crate::embedded::web::access_log::line::shortened_line;
use crate::embedded::web::durable;
use crate::owners::ground;

/// Days that are kept, the present one included.
const DAYS: i64 = 14;
/// Days that whole addresses are kept where they are logged at all, the present one included.
const WHOLE_DAYS: i64 = 7;
/// A file that would grow beyond this is put aside; the one put aside before is deleted.
const FILE_BYTES_MAX: u64 = 5 * 1024 * 1024;
/// All logs of one webspace; the oldest are deleted first.
const TOTAL_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// The most bytes of one file that are looked at for its last lines.
const TAIL_BYTES_MAX: u64 = 1024 * 1024;
/// The most lines that are shown.
pub(super) const TAIL_LINES_MAX: usize = 10_000;

/// `2026-11-21`.
pub(super) fn day_of(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// The first day that is kept.
pub(super) fn oldest_kept(now: Timestamp) -> String {
    day_of(now.plus_days(1 - DAYS))
}

/// The first day whose whole addresses are kept.
pub(super) fn oldest_whole(now: Timestamp) -> String {
    day_of(now.plus_days(1 - WHOLE_DAYS))
}

/// Adds `lines` to the file of `day`; without a folder they are dropped, since the webspace is gone.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver's own log files, named by date"
)]
pub(super) fn append(folder: &Path, (log, day): (SiteLog, &str), lines: &[u8]) -> io::Result<()> {
    if lines.is_empty() || !folder.parent().is_some_and(Path::is_dir) {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!("{}-{day}.log", log.word()));
    let size = std::fs::metadata(&path).map_or(0, |about| about.len());
    let grown = size.saturating_add(u64::try_from(lines.len()).unwrap_or(u64::MAX));
    if size > 0 && grown > FILE_BYTES_MAX {
        std::fs::rename(&path, folder.join(format!("{}-{day}.0.log", log.word())))?;
    }
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o640)
        .custom_flags(no_links())
        .open(&path)?;
    file.write_all(lines)?;
    if size == 0 || grown > FILE_BYTES_MAX {
        bound(folder)?;
    }
    Ok(())
}

/// The server of sites writes into the same folder: what it puts there leads nowhere else.
const fn no_links() -> i32 {
    rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()
}

/// Puts the file of `day` aside when it has grown, as [`append`] does, and bounds the whole. Whoever
/// writes it opens it anew by its name.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver's own log files, named by date"
)]
pub(super) fn put_aside(folder: &Path, day: &str) -> io::Result<()> {
    let path = folder.join(format!("access-{day}.log"));
    let size = std::fs::metadata(&path).map_or(0, |about| about.len());
    if size > FILE_BYTES_MAX {
        std::fs::rename(&path, folder.join(format!("access-{day}.0.log")))?;
    }
    bound(folder)
}

/// Gives what PHP wrote to a file without a day the name of its day, once that is over or the file has grown.
/// PHP opens it anew by its name.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver's own log files, named by date"
)]
pub(super) fn turn_over(folder: &Path, (log, day): (SiteLog, &str)) -> io::Result<()> {
    let path = folder.join(format!("{}.log", log.word()));
    let Ok(about) = std::fs::symlink_metadata(&path) else {
        return Ok(());
    };
    if about.len() == 0 {
        return Ok(());
    }
    let since = about.modified()?.duration_since(UNIX_EPOCH);
    let since = since.map_or(0, |since| since.as_micros());
    let written = day_of(Timestamp(i64::try_from(since).unwrap_or(0)));
    let end = if written.as_str() < day {
        format!("{written}.log")
    } else if about.len() > FILE_BYTES_MAX {
        format!("{day}.0.log")
    } else {
        return Ok(());
    };
    std::fs::rename(&path, folder.join(format!("{}-{end}", log.word())))?;
    if about.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    // A customer's user, who writes it, can make no file there.
    ground::make_file(&path, Account::new(about.uid(), about.gid()))
}

/// Puts networks in place of the whole addresses of days before `oldest`.
pub(super) fn shorten(folder: &Path, oldest: &str) -> io::Result<()> {
    for (day, path) in files_of(folder, SiteLog::Access)? {
        if day.as_str() >= oldest || !std::fs::symlink_metadata(&path)?.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        if !text.lines().any(|line| shortened_line(line).is_some()) {
            continue;
        }
        let line = |line: &str| shortened_line(line).unwrap_or_else(|| line.to_owned()) + "\n";
        let fresh: String = text.lines().map(line).collect();
        durable::replace(&path, fresh.as_bytes(), 0o640)?;
    }
    Ok(())
}

/// Deletes the files of days before `oldest`.
pub(super) fn prune(folder: &Path, oldest: &str) -> io::Result<()> {
    for (name, path) in files(folder)? {
        if name.as_str() < oldest {
            durable::remove(&path)?;
        }
    }
    Ok(())
}

/// Deletes the oldest files until the rest is small enough; the newest always stays.
fn bound(folder: &Path) -> io::Result<()> {
    let mut total = 0;
    for (at, (_, path)) in files(folder)?.into_iter().rev().enumerate() {
        total += std::fs::metadata(&path).map_or(0, |about| about.len());
        if at > 0 && total > TOTAL_BYTES_MAX {
            durable::remove(&path)?;
        }
    }
    Ok(())
}

/// The last `lines` lines over all files, newest last.
pub(super) fn tail(folder: &Path, lines: usize) -> io::Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for (_, path) in files_of(folder, SiteLog::Access)?.into_iter().rev() {
        if found.len() >= lines {
            break;
        }
        let text = end_of(&path)?;
        let missing = lines - found.len();
        found.extend(text.lines().rev().take(missing).map(str::to_owned));
    }
    found.reverse();
    Ok(found)
}

/// The end of a file, beginning with a whole line.
fn end_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let skipped = file.metadata()?.len().saturating_sub(TAIL_BYTES_MAX);
    file.seek(SeekFrom::Start(skipped))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES_MAX).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(match text.split_once('\n') {
        Some((_, whole)) if skipped > 0 => whole.to_owned(),
        _ => text,
    })
}

/// The daily files of all logs of a folder, oldest first, each with what its name says after the log's.
fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for log in SiteLog::ALL {
        found.extend(files_of(folder, log)?);
    }
    found.sort_unstable();
    Ok(found)
}

/// The same of one log.
///
/// `2026-11-21.0` (put aside) sorts before `2026-11-21.log` by that very text.
fn files_of(folder: &Path, log: SiteLog) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let rest = name.and_then(|name| name.strip_prefix(log.word()));
        if let Some(day) = rest.and_then(|rest| rest.strip_prefix('-')) {
            found.push((day.to_owned(), path));
        }
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs_root::needs_root;

    #[test]
    fn a_busy_day_keeps_two_files_and_the_newest_lines() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        let block = format!("{}\n", "x".repeat(1_023)).repeat(1_024);
        for _ in 0..12 {
            append(&folder, (SiteLog::Access, "2026-11-21"), block.as_bytes()).unwrap();
        }
        append(&folder, (SiteLog::Access, "2026-11-21"), b"last\n").unwrap();
        let kept = files(&folder).unwrap();
        assert_eq!(kept.len(), 2);
        assert_eq!(tail(&folder, 1).unwrap(), ["last"]);
        assert_eq!(tail(&folder, 2_000).unwrap().len(), 2_000);
    }

    #[test]
    fn what_another_server_writes_is_put_aside_once_it_has_grown() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        append(&folder, (SiteLog::Access, "2026-11-21"), b"small\n").unwrap();
        put_aside(&folder, "2026-11-21").unwrap();
        assert_eq!(files(&folder).unwrap().len(), 1);
        let grown = vec![b'\n'; 6 * 1024 * 1024];
        append(&folder, (SiteLog::Access, "2026-11-22"), &grown).unwrap();
        put_aside(&folder, "2026-11-22").unwrap();
        let kept: Vec<String> = files(&folder)
            .unwrap()
            .into_iter()
            .map(|(day, _)| day)
            .collect();
        assert_eq!(kept, ["2026-11-21.log", "2026-11-22.0.log"]);
    }

    #[test]
    fn all_logs_together_stay_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        let block = vec![b'\n'; 4 * 1024 * 1024];
        for day in 1..=9 {
            append(
                &folder,
                (SiteLog::Access, &format!("2026-11-{day:02}")),
                &block,
            )
            .unwrap();
        }
        let kept = files(&folder).unwrap();
        assert_eq!(kept.len(), 5);
        assert_eq!(kept[0].0, "2026-11-05.log");
    }

    #[test]
    fn days_older_than_fourteen_are_deleted() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        for day in ["2026-11-07", "2026-11-08", "2026-11-21"] {
            append(&folder, (SiteLog::Access, day), b"line\n").unwrap();
        }
        prune(
            &folder,
            &oldest_kept("2026-11-21T10:00:00Z".parse().unwrap()),
        )
        .unwrap();
        let kept: Vec<String> = files(&folder)
            .unwrap()
            .into_iter()
            .map(|(day, _)| day)
            .collect();
        assert_eq!(kept, ["2026-11-08.log", "2026-11-21.log"]);
    }

    #[test]
    fn a_removed_webspace_gets_no_log_again() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("gone").join("logs");
        append(&folder, (SiteLog::Access, "2026-11-21"), b"line\n").unwrap();
        assert!(!folder.exists());
    }

    #[test]
    fn whole_addresses_become_networks_after_seven_days() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        let whole = b"203.0.113.77 - - x\n2001:db8:1:2::3 - - y\nno line\n";
        for day in ["2026-11-14", "2026-11-15", "2026-11-21"] {
            append(&folder, (SiteLog::Access, day), whole).unwrap();
        }
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        shorten(&folder, &oldest_whole(now)).unwrap();
        let text = |day: &str| {
            let name = format!("access-2026-11-{day}.log");
            std::fs::read_to_string(folder.join(name)).unwrap()
        };
        assert_eq!(
            text("14"),
            "203.0.113.0 - - x\n2001:db8:1:: - - y\nno line\n"
        );
        for kept in ["15", "21"] {
            assert_eq!(text(kept).as_bytes(), whole);
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test's own file")]
    fn what_the_php_of_a_user_wrote_leaves_a_file_to_go_on_in() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("php.log");
        std::fs::write(&path, "PHP Warning: x\n").unwrap();
        needs_root();
        std::os::unix::fs::chown(&path, Some(299_960), Some(299_960)).unwrap();
        let about = std::fs::metadata(&path).unwrap();
        let written = about.modified().unwrap().duration_since(UNIX_EPOCH);
        let now = Timestamp(i64::try_from(written.unwrap().as_micros()).unwrap());
        let next = day_of(now.plus_days(1));
        turn_over(&folder, (SiteLog::Php, &next)).unwrap();
        let moved = folder.join(format!("php-{}.log", day_of(now)));
        assert_eq!(std::fs::read_to_string(moved).unwrap(), "PHP Warning: x\n");
        let fresh = std::fs::metadata(&path).unwrap();
        assert_eq!((fresh.len(), fresh.uid()), (0, 299_960));
        // Nothing was written since.
        turn_over(&folder, (SiteLog::Php, &day_of(now.plus_days(9)))).unwrap();
        assert_eq!(files(&folder).unwrap().len(), 1);
    }

    #[test]
    fn a_link_among_the_logs_is_not_written_through() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        std::fs::create_dir(&folder).unwrap();
        let link = folder.join("error-2026-11-21.log");
        std::os::unix::fs::symlink(dir.path().join("else"), link).unwrap();
        let written = append(&folder, (SiteLog::Error, "2026-11-21"), b"line\n");
        assert!(written.is_err() && !dir.path().join("else").exists());
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test's own file")]
    fn what_php_wrote_gets_the_name_of_its_day_once_that_is_over() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("logs");
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("php.log");
        std::fs::write(&path, "PHP Warning: x\n").unwrap();
        let written = std::fs::metadata(&path).unwrap().modified().unwrap();
        let written = written.duration_since(UNIX_EPOCH).unwrap().as_micros();
        let now = Timestamp(i64::try_from(written).unwrap());
        turn_over(&folder, (SiteLog::Php, &day_of(now))).unwrap();
        assert!(path.exists());
        turn_over(&folder, (SiteLog::Php, &day_of(now.plus_days(1)))).unwrap();
        assert!(!path.exists());
        let named = folder.join(format!("php-{}.log", day_of(now)));
        assert_eq!(std::fs::read_to_string(named).unwrap(), "PHP Warning: x\n");
        prune(&folder, &day_of(now.plus_days(1))).unwrap();
        assert!(files(&folder).unwrap().is_empty());
    }
}
