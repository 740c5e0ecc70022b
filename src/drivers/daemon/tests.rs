//! Daemons that are told to end, killed, and left behind; `sleep` stands for all of them.

use super::*;

fn order(folder: &Path) -> Order {
    Order {
        name: "sleep".to_owned(),
        program: find("sleep", &folders(&["/bin".into()])).unwrap(),
        arguments: vec!["600".into()],
        group_file: folder.join("group"),
        reload: Signal::CONT,
    }
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
    assert!(rustix::process::test_kill_process(second).is_err());
    assert!(!daemon.reload());
}

#[tokio::test]
async fn what_a_former_life_left_behind_is_ended_before_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let order = order(dir.path());
    let mut left = order
        .command()
        .args(&order.arguments)
        .process_group(0)
        .spawn()
        .unwrap();
    let process = Pid::from_raw(i32::try_from(left.id().unwrap()).unwrap()).unwrap();
    leftover::remember(&order, process);
    end_former(&order.name, &order.group_file);
    assert!(!left.wait().await.unwrap().success());
    // Numbers are used again by others.
    let mut other = order
        .command()
        .args(&order.arguments)
        .process_group(0)
        .spawn()
        .unwrap();
    let process = Pid::from_raw(i32::try_from(other.id().unwrap()).unwrap()).unwrap();
    let renamed = Order {
        name: "nginx".to_owned(),
        ..order
    };
    leftover::remember(&renamed, process);
    end_former(&renamed.name, &renamed.group_file);
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
