//! What a former life left running: workers whose parent was killed, or a daemon whose keeper was.

use rustix::process::{Pid, Signal, kill_process_group};
use std::path::Path;
use std::time::Duration;

use crate::daemon::Order;
use crate::embedded::web::durable;

/// How long the end of a group is waited for, in looks.
const LOOKS: u32 = 40;
const LOOK: Duration = Duration::from_millis(25);

/// Writes down which group belongs to a daemon: its number, when its leader began, and since which start of the
/// machine that means something.
pub(super) fn remember(order: &Order, process: Pid) {
    let began = began(process).unwrap_or(0);
    let text = format!("{} {began} {}\n", process.as_raw_nonzero(), boot());
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
    let Some(former) = Former::read(&text, &boot()) else {
        return;
    };
    let spared = u32::try_from(linger.as_millis() / LOOK.as_millis()).unwrap_or(u32::MAX);
    for look in 0..spared.saturating_add(LOOKS) {
        if !former.lives(name) {
            return;
        }
        if look < spared {
            std::thread::sleep(LOOK);
            continue;
        }
        if look == spared {
            tracing::warn!(daemon = name, "what a former life left behind is ended");
        }
        if let Err(fault) = kill_process_group(former.group, Signal::KILL) {
            tracing::warn!(daemon = name, %fault, "what a former life left behind stays");
            return;
        }
        std::thread::sleep(LOOK);
    }
}

/// The group of a former life.
struct Former {
    group: Pid,
    /// When its leader began.
    began: u64,
}

impl Former {
    /// What was written down; nothing where that is of another start of the machine, or says less.
    fn read(text: &str, boot: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let group = words.next()?.parse::<i32>().ok();
        let group = group.filter(|group| *group > 1).and_then(Pid::from_raw)?;
        let began = words.next()?.parse().ok()?;
        (words.next() == Some(boot)).then_some(Self { group, began })
    }

    /// Whether a process of this name is in the group. Numbers are used again: names tell whose they are, and
    /// so does the time at which a leader that is still there began.
    fn lives(&self, name: &str) -> bool {
        if began(self.group).is_some_and(|now| now != self.began) {
            return false;
        }
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
            .any(|entry| is_of(&entry.path(), self.group, name))
    }
}

/// Names a start of the machine. Source: random(4).
fn boot() -> String {
    let read = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let read = read.unwrap_or_default();
    match read.trim() {
        "" => "unknown".to_owned(),
        boot => boot.to_owned(),
    }
}

/// When a process began, in ticks since the machine did; nothing when it is not there.
fn began(process: Pid) -> Option<u64> {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    let stat = std::fs::read_to_string(path).ok()?;
    began_in(&stat)
}

/// The same in a line of `/proc/*/stat`, where it is the 22nd word.
fn began_in(stat: &str) -> Option<u64> {
    let (_, tail) = stat.rsplit_once(')')?;
    tail.split_whitespace().nth(19)?.parse().ok()
}

fn is_of(process: &Path, group: Pid, name: &str) -> bool {
    let Ok(stat) = std::fs::read_to_string(process.join("stat")) else {
        return false;
    };
    told(&stat).is_some_and(|(own, state, of)| {
        own == name && state != 'Z' && of == group.as_raw_nonzero().get()
    })
}

/// Name, state and group in a line of `/proc/*/stat`; the name may hold anything, even brackets. Source: proc(5).
pub(crate) fn told(stat: &str) -> Option<(&str, char, i32)> {
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let mut words = tail.split_whitespace();
    let state = words.next()?.chars().next()?;
    let group = words.nth(1)?.parse().ok()?;
    Some((name, state, group))
}

#[cfg(test)]
mod tests {
    use super::{Former, began_in, told};

    #[test]
    fn a_group_of_another_start_of_the_machine_is_nobodys() {
        let read = |text: &str| Former::read(text, "b1").map(|former| former.began);
        assert_eq!(read("17 400 b1\n"), Some(400));
        for other in ["17 400 b2\n", "17\n", "1 400 b1\n", "17 x b1\n", ""] {
            assert_eq!(read(other), None, "{other}");
        }
        let line = "7 (a b) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 55123 1 2";
        assert_eq!(began_in(line), Some(55_123));
    }

    #[test]
    fn a_process_is_known_by_name_state_and_group() {
        let line = "17125 (nginx) S 1 17115 17115 0 -1 4194560 216";
        assert_eq!(told(line), Some(("nginx", 'S', 17_115)));
        let line = "5 (a) b) (c) R 1 7 7 0";
        assert_eq!(told(line), Some(("a) b) (c", 'R', 7)));
        assert_eq!(told("5"), None);
    }
}
