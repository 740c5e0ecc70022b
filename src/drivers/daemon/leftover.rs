//! What a former life left running: workers whose parent was killed, or a daemon whose keeper was.

use rustix::process::{Pid, Signal, kill_process_group};
use std::path::Path;
use std::time::Duration;

use crate::daemon::Order;
use crate::embedded::web::durable;

/// How long the end of a group is waited for, in looks.
const LOOKS: u32 = 40;
const LOOK: Duration = Duration::from_millis(25);

/// Writes down which group belongs to a daemon.
pub(super) fn remember(order: &Order, process: Pid) {
    let text = format!("{}\n", process.as_raw_nonzero());
    if let Err(fault) = durable::replace(&order.group_file, text.as_bytes(), 0o600) {
        tracing::warn!(daemon = order.name, %fault, "its group could not be written down");
    }
}

/// Ends what is left of the group that was written down, once it had time to end by itself. Blocks where
/// there is something.
pub(super) fn end(name: &str, group_file: &Path, linger: Duration) {
    let Ok(text) = std::fs::read_to_string(group_file) else {
        return;
    };
    let group = text.trim().parse::<i32>().ok().filter(|group| *group > 1);
    let Some(group) = group.and_then(Pid::from_raw) else {
        return;
    };
    let spared = u32::try_from(linger.as_millis() / LOOK.as_millis()).unwrap_or(u32::MAX);
    for look in 0..spared.saturating_add(LOOKS) {
        if !lives(group, name) {
            return;
        }
        if look < spared {
            std::thread::sleep(LOOK);
            continue;
        }
        if look == spared {
            tracing::warn!(daemon = name, "what a former life left behind is ended");
        }
        if let Err(fault) = kill_process_group(group, Signal::KILL) {
            tracing::warn!(daemon = name, %fault, "what a former life left behind stays");
            return;
        }
        std::thread::sleep(LOOK);
    }
}

/// Whether a process of this name is in the group. Numbers are used again, names tell whose they are.
fn lives(group: Pid, name: &str) -> bool {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return false;
    };
    let number = |entry: &std::fs::DirEntry| {
        let name = entry.file_name();
        name.to_str()
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
    };
    processes
        .flatten()
        .filter(number)
        .any(|entry| is_of(&entry.path(), group, name))
}

fn is_of(process: &Path, group: Pid, name: &str) -> bool {
    let Ok(stat) = std::fs::read_to_string(process.join("stat")) else {
        return false;
    };
    told(&stat).is_some_and(|(own, state, of)| {
        own == name && state != 'Z' && of == group.as_raw_nonzero().get()
    })
}

/// Name, state and group in a line of `/proc/*/stat`; the name may hold anything, even brackets.
fn told(stat: &str) -> Option<(&str, char, i32)> {
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let mut words = tail.split_whitespace();
    let state = words.next()?.chars().next()?;
    let group = words.nth(1)?.parse().ok()?;
    Some((name, state, group))
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn a_process_is_known_by_name_state_and_group() {
        let line = "17125 (nginx) S 1 17115 17115 0 -1 4194560 216";
        assert_eq!(told(line), Some(("nginx", 'S', 17_115)));
        let line = "5 (a) b) (c) R 1 7 7 0";
        assert_eq!(told(line), Some(("a) b) (c", 'R', 7)));
        assert_eq!(told("5"), None);
    }
}
