//! Daemons that are told to end, killed, and left behind; `sleep` stands for all of them.

use super::*;
use crate::embedded::web::durable;
use crate::needs_root::needs_root;
use rustix::process::test_kill_process;
use std::os::unix::process::CommandExt as _;
use std::sync::atomic::AtomicU32;

fn order(folder: &Path) -> Order {
    Order {
        name: "sleep".to_owned(),
        program: find("sleep", &folders(&["/bin".into()])).unwrap(),
        arguments: vec!["600".into()],
        environment: GREENWICH,
        account: None,
        group_file: folder.join("group"),
        reload: Signal::CONT,
        ending: Ending::Terminate,
        patience: Duration::from_secs(5),
        follows: true,
        log: Some(folder.join("log")),
        confined: None,
    }
}

/// What nobody keeps.
fn left(order: &Order) -> (tokio::process::Child, Pid) {
    let mut command = command(&order.program);
    let child = command.args(&order.arguments).process_group(0);
    let child = child.spawn().unwrap();
    let process = Pid::from_raw(i32::try_from(child.id().unwrap()).unwrap()).unwrap();
    (child, process)
}

/// Waits up to ten seconds for a process that is another than `before`.
fn another(daemon: &Daemon, before: Pid) -> Option<Pid> {
    (0..100).find_map(|_look| {
        std::thread::sleep(Duration::from_millis(100));
        daemon.process().filter(|process| *process != before)
    })
}

async fn up(daemon: &Daemon) -> Pid {
    let mut process = daemon.process.subscribe();
    process.wait_for(Option::is_some).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_daemon_that_is_killed_comes_back_and_ends_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let (daemon, stop) = (Daemon::new(order(dir.path())), CancellationToken::new());
    let kept = tokio::spawn(daemon.clone().keep(stop.clone()));
    let first = up(&daemon).await;
    assert!(daemon.reload());
    kill_process(first, Signal::KILL).unwrap();
    let mut process = daemon.process.subscribe();
    let other = |now: &Option<Pid>| now.is_some_and(|now| now != first);
    let second = process.wait_for(other).await.unwrap().unwrap();
    stop.cancel();
    kept.await.unwrap();
    assert_eq!(daemon.process(), None);
    assert!(test_kill_process(second).is_err());
    assert!(!daemon.reload());
}

/// Made ready how often, and looked at how often; only the first look finds something wrong.
#[derive(Clone, Default)]
struct Counted(Arc<[AtomicU32; 2]>);

impl Around for Counted {
    fn prepare(&self) -> io::Result<()> {
        self.0[0].fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn look(&self) -> io::Result<bool> {
        match self.0[1].fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::ErrorKind::InvalidData.into()),
            look => Ok(look > 1),
        }
    }
}

#[tokio::test]
async fn a_daemon_that_makes_what_must_not_be_is_ended_and_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let counted = Counted::default();
    let around: Box<dyn Around> = Box::new(counted.clone());
    let (daemon, stop) = (
        Daemon::within(order(dir.path()), Some(around)),
        CancellationToken::new(),
    );
    let kept = tokio::spawn(daemon.clone().keep(stop.clone()));
    let counts = || {
        let count = |count: &AtomicU32| count.load(Ordering::SeqCst);
        (count(&counted.0[0]), count(&counted.0[1]))
    };
    let mut process = daemon.process.subscribe();
    process.wait_for(|_now| counts().0 == 2).await.unwrap();
    let second = up(&daemon).await;
    // It was not done at the second look, and is not looked at again after the third.
    let looked = async {
        while counts().1 < 3 {
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(10);
    tokio::time::timeout(patience, looked).await.unwrap();
    assert_eq!(daemon.process(), Some(second));
    stop.cancel();
    kept.await.unwrap();
    assert_eq!(counts(), (2, 3));
}

#[tokio::test]
async fn what_a_former_life_left_behind_is_ended_before_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let order = order(dir.path());
    let (mut former, process) = left(&order);
    leftover::remember(&order, process);
    end_former(&order.name, &order.group_file);
    assert!(!former.wait().await.unwrap().success());
    // Numbers are used again by others.
    let (mut other, process) = left(&order);
    let renamed = Order {
        name: "nginx".to_owned(),
        ..order.clone()
    };
    leftover::remember(&renamed, process);
    end_former(&renamed.name, &renamed.group_file);
    assert_eq!(other.try_wait().unwrap(), None);
    // Names, too.
    leftover::remember(&order, process);
    let text = std::fs::read_to_string(&order.group_file).unwrap();
    let mut words = text.split_whitespace();
    let (group, boot) = (words.next().unwrap(), words.nth(1).unwrap());
    let former = format!("{group} 1 {boot}\n");
    durable::replace(&order.group_file, former.as_bytes(), 0o600).unwrap();
    end_former(&order.name, &order.group_file);
    assert_eq!(other.try_wait().unwrap(), None);
    other.kill().await.unwrap();
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn a_program_is_found_on_the_path_and_where_administrators_keep_theirs() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(find("wabe-none", &folders(&[dir.path().into()])), None);
    std::fs::write(dir.path().join("wabe-none"), "").unwrap();
    let found = find("wabe-none", &folders(&[dir.path().into()]));
    assert_eq!(found, Some(dir.path().join("wabe-none")));
    assert_eq!(folders(&["relative".into()]), folders(&[]));
}

#[test]
fn a_daemon_is_kept_by_whoever_waits_for_it_and_ends_when_told() {
    let dir = tempfile::tempdir().unwrap();
    let kept = Kept::start(order(dir.path())).unwrap();
    let first = kept.daemon().process().unwrap();
    kill_process(first, Signal::KILL).unwrap();
    let second = another(kept.daemon(), first).expect("it is started again");
    kept.end();
    assert!(test_kill_process(second).is_err());
    assert_eq!(kept.daemon().process(), None);
}

fn confinement() -> Confinement {
    Confinement {
        processes: 40,
        open_files: 100,
        cpu_seconds: 30,
        oom_score: 500,
        low_ports: false,
        slice: None,
    }
}

#[test]
fn a_confined_daemon_is_somebody_else_with_limits_and_gains_no_rights() {
    needs_root();
    let dir = tempfile::tempdir().unwrap();
    let order = Order {
        account: Some(Account::new(299_990, 299_990)),
        confined: Some(confinement()),
        ..order(dir.path())
    };
    let kept = Kept::start(order).unwrap();
    let process = kept.daemon().process().unwrap();
    become_sleep(process);
    let read = |name: &str| {
        let path = format!("/proc/{}/{name}", process.as_raw_nonzero());
        std::fs::read_to_string(path).unwrap()
    };
    let status = read("status");
    for line in [
        "Uid:\t299990\t299990\t299990\t299990",
        "Gid:\t299990\t299990\t299990\t299990",
        "NoNewPrivs:\t1",
        "CapEff:\t0000000000000000",
    ] {
        assert!(
            status.lines().any(|found| found == line),
            "{line}\n{status}"
        );
    }
    assert_eq!(read("oom_score_adj").trim(), "500");
    let limits = read("limits");
    let most = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name));
        let numbers = line.unwrap().trim_start_matches(name).split_whitespace();
        numbers.take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(most("Max processes"), ["40", "40"]);
    assert_eq!(most("Max open files"), ["100", "100"]);
    assert_eq!(most("Max cpu time"), ["30", "30"]);
    assert_eq!(most("Max core file size"), ["0", "0"]);
    kept.end();
}

#[test]
fn a_daemon_at_low_ports_keeps_the_right_to_them_and_no_other() {
    needs_root();
    let dir = tempfile::tempdir().unwrap();
    let confined = Confinement {
        low_ports: true,
        ..confinement()
    };
    let order = Order {
        account: Some(Account::new(299_989, 299_989)),
        confined: Some(confined),
        ..order(dir.path())
    };
    let kept = Kept::start(order).unwrap();
    let process = kept.daemon().process().unwrap();
    become_sleep(process);
    let path = format!("/proc/{}/status", process.as_raw_nonzero());
    let status = std::fs::read_to_string(path).unwrap();
    // CAP_NET_BIND_SERVICE is number 10. Source: capability.h.
    for rights in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        let line = format!("{rights}:\t0000000000000400");
        assert!(
            status.lines().any(|found| found == line),
            "{line}\n{status}"
        );
    }
    assert!(status.contains("NoNewPrivs:\t1\n"), "{status}");
    kept.end();
}

#[test]
fn what_cannot_be_started_says_so_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let order = Order {
        log: Some(dir.path().join("missing").join("log")),
        ..order(dir.path())
    };
    assert!(Kept::start(order).is_err());
}

#[test]
fn a_log_that_grew_too_long_is_begun_anew_while_it_is_written_to() {
    use std::io::Write as _;
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log");
    bound_log("sleep", &log);
    let mut options = std::fs::OpenOptions::new();
    let mut daemon = options.create(true).append(true).open(&log).unwrap();
    daemon.write_all(b"first\n").unwrap();
    bound_log("sleep", &log);
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "first\n");
    daemon.write_all(&vec![b'x'; 5 << 20]).unwrap();
    bound_log("sleep", &log);
    daemon.write_all(b"last\n").unwrap();
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "last\n");
}

/// Waits up to ten seconds until a process has become `sleep`.
fn become_sleep(process: Pid) {
    let name = format!("/proc/{}/comm", process.as_raw_nonzero());
    let is = || std::fs::read_to_string(&name).is_ok_and(|name| name.trim() == "sleep");
    let became = (0..1_000).any(|_look| {
        std::thread::sleep(Duration::from_millis(10));
        is()
    });
    assert!(became);
}

#[test]
fn a_daemon_that_follows_ends_with_the_thread_that_keeps_it() {
    let dir = tempfile::tempdir().unwrap();
    let order = order(dir.path());
    let started = std::thread::spawn(move || {
        let told = order.follows.then(|| order.ending.word());
        let mut command = life::command(&order.program, order.account, told);
        let child = command.args(&order.arguments).spawn().unwrap();
        become_sleep(Pid::from_child(&child));
        child
    });
    let mut child = started.join().unwrap();
    assert!(!child.wait().unwrap().success());
}

#[test]
fn what_a_former_life_left_behind_may_end_by_itself_first() {
    let dir = tempfile::tempdir().unwrap();
    let order = order(dir.path());
    let mut command = life::command(&order.program, None, None);
    let mut former = command.arg("0.5").process_group(0).spawn().unwrap();
    let group = Pid::from_child(&former);
    become_sleep(group);
    leftover::remember(&order, group);
    // Whoever is not waited for is no process that lives.
    leftover::end(&order.name, &order.group_file, Duration::from_secs(30));
    assert!(former.wait().unwrap().success());
}
