//! What still runs as a user, and its end.

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::io;
use std::time::Duration;

/// How long processes may take to end when they are asked, and when they are not asked any more, in looks.
const ASKED: u32 = 40;
const FORCED: u32 = 200;
const LOOK: Duration = Duration::from_millis(25);

/// The processes that are of this user in any of their four numbers; those that ended and are not waited for
/// aside. Source: proc(5).
pub(super) fn of(user: u32) -> io::Result<Vec<Pid>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.parse::<i32>().ok());
        let Some(process) = number.and_then(Pid::from_raw) else {
            continue;
        };
        if is_of(process, user) {
            found.push(process);
        }
    }
    Ok(found)
}

fn is_of(process: Pid, user: u32) -> bool {
    let path = format!("/proc/{}/status", process.as_raw_nonzero());
    // Whoever is not there any more is nobody's.
    std::fs::read_to_string(path).is_ok_and(|status| says(&status, user))
}

/// Whether the status of a process says that it lives and is of this user.
fn says(status: &str, user: u32) -> bool {
    let value = |key: &str| status.lines().find_map(|line| line.strip_prefix(key));
    let lives = value("State:").is_some_and(|state| !state.trim_start().starts_with(['Z', 'X']));
    let user = user.to_string();
    lives && value("Uid:").is_some_and(|all| all.split_whitespace().any(|uid| uid == user))
}

/// Ends every process of this user: asks first, and then does not ask. Blocks while there is one.
///
/// Errors: what the system says; `TimedOut` when there is one that does not end.
pub(super) fn end(user: u32) -> io::Result<()> {
    for look in 0..ASKED + FORCED {
        let left = of(user)?;
        if left.is_empty() {
            return Ok(());
        }
        let signal = match look {
            0 => Some(Signal::TERM),
            look if look < ASKED => None,
            _ => Some(Signal::KILL),
        };
        for process in left {
            if let Some(signal) = signal {
                send(process, user, signal);
            }
        }
        std::thread::sleep(LOOK);
    }
    Err(io::Error::new(
        io::ErrorKind::TimedOut,
        format!("processes of the user {user} do not end"),
    ))
}

/// Numbers are used again: what is held is the process that was looked at.
fn send(process: Pid, user: u32, signal: Signal) {
    let Ok(held) = pidfd_open(process, PidfdFlags::empty()) else {
        return;
    };
    if is_of(process, user)
        && let Err(fault) = pidfd_send_signal(held, signal)
    {
        tracing::debug!(process = process.as_raw_nonzero(), %fault, "it ended by itself");
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's own processes")]
mod tests {
    use super::*;
    use crate::needs_root::needs_root;
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, Command};

    fn sleeping(user: u32, script: &str) -> Child {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).uid(user).gid(user);
        command.spawn().unwrap()
    }

    #[test]
    fn whoever_is_a_user_in_any_way_is_found_and_the_dead_are_not() {
        let status = "Name:\tx\nState:\tS (sleeping)\nUid:\t0\t200001\t0\t0\n";
        assert!(says(status, 200_001) && says(status, 0));
        assert!(!says(status, 20_000) && !says(status, 1));
        assert!(!says(
            &status.replace("S (sleeping)", "Z (zombie)"),
            200_001
        ));
        assert!(!says("", 0));
    }

    #[test]
    fn everything_of_a_user_ends_even_what_does_not_listen_and_others_stay() {
        needs_root();
        let mut polite = sleeping(299_981, "exec sleep 600");
        let mut deaf = sleeping(299_981, "trap '' TERM; sleep 600 & wait; sleep 600");
        let mut other = sleeping(299_982, "exec sleep 600");
        while of(299_981).unwrap().len() < 3 {
            std::thread::yield_now();
        }
        end(299_981).unwrap();
        assert!(of(299_981).unwrap().is_empty());
        assert!(!polite.wait().unwrap().success() && !deaf.wait().unwrap().success());
        assert_eq!(other.try_wait().unwrap(), None);
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
