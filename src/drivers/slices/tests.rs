//! Slices over a folder that stands for the kernel's: files are there before they are written to.

#![expect(clippy::disallowed_methods, reason = "a test's own files")]

use super::*;
use std::collections::BTreeSet;

const FILES: [&str; 6] = [
    "cgroup.procs",
    "cpu.weight",
    "cpu.max",
    "memory.high",
    "memory.max",
    "pids.max",
];

/// A group that was delegated with these controllers, and the files of one customer's slice.
fn group(offered: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let customers = dir.path().join(CUSTOMERS);
    std::fs::create_dir_all(customers.join("cus_1")).unwrap();
    std::fs::create_dir_all(dir.path().join(OURS)).unwrap();
    std::fs::write(dir.path().join("cgroup.controllers"), offered).unwrap();
    std::fs::write(dir.path().join("cgroup.type"), "domain\n").unwrap();
    std::fs::write(dir.path().join("cgroup.procs"), "17\n").unwrap();
    std::fs::write(dir.path().join(OURS).join("cgroup.procs"), "").unwrap();
    for folder in [dir.path(), &customers] {
        std::fs::write(folder.join("cgroup.subtree_control"), "").unwrap();
    }
    for file in FILES {
        std::fs::write(customers.join("cus_1").join(file), "").unwrap();
    }
    dir
}

fn entrance() -> PathBuf {
    "/usr/lib/wabe/wabe-agent".into()
}

fn text(dir: &tempfile::TempDir, file: &str) -> String {
    std::fs::read_to_string(dir.path().join(file)).unwrap()
}

#[test]
fn a_customer_gets_the_share_that_is_configured_and_its_processes_are_in_it() {
    let dir = group("cpuset cpu io memory pids\n");
    let slices = Slices::over(Ok(dir.path().to_owned()), (Share::default(), entrance()));
    assert_eq!(slices.standing(), &Standing::Whole);
    assert_eq!(text(&dir, "wabe/cgroup.procs"), "17");
    let slice = slices.of("cus_1").unwrap().unwrap();
    slice.enter(Pid::from_raw(4_711).unwrap()).unwrap();
    for (file, wanted) in [
        ("cgroup.procs", "4711"),
        ("cpu.weight", "100"),
        ("cpu.max", "200000 100000"),
        ("memory.high", "805306368"),
        ("memory.max", "1073741824"),
        ("pids.max", "128"),
    ] {
        assert_eq!(text(&dir, &format!("{CUSTOMERS}/cus_1/{file}")), wanted);
    }
}

#[test]
fn a_program_is_in_its_slice_before_it_begins() {
    let dir = group("cpu memory pids\n");
    let slices = Slices::over(Ok(dir.path().to_owned()), (Share::default(), entrance()));
    let slice = slices.of("cus_1").unwrap().unwrap();
    let folder = dir.path().join(CUSTOMERS).join("cus_1");
    let command = command_in(Some(&slice), "/bin/true");
    assert_eq!(command.get_program(), entrance());
    let arguments: Vec<_> = command.get_args().collect();
    let known = [
        "enter",
        "--slice",
        folder.to_str().unwrap(),
        "--",
        "/bin/true",
    ];
    assert_eq!(arguments, known);
    enter(&folder).unwrap();
    let procs = format!("{CUSTOMERS}/cus_1/cgroup.procs");
    assert_eq!(text(&dir, &procs), "0");
    assert!(enter(&dir.path().join("none")).is_err());
    let outside = command_in(None, "/bin/true");
    assert_eq!(outside.get_program(), "/bin/true");
    assert_eq!(outside.get_args().count(), 0);
}

#[test]
fn what_the_machine_keeps_to_itself_is_named_and_left_alone() {
    let dir = group("cpu pids\n");
    let slices = Slices::over(Ok(dir.path().to_owned()), (Share::default(), entrance()));
    let missing = BTreeSet::from([Controller::Memory]);
    assert_eq!(slices.standing(), &Standing::Without(missing));
    slices.of("cus_1").unwrap().unwrap();
    assert_eq!(text(&dir, &format!("{CUSTOMERS}/cus_1/memory.max")), "");
    assert_eq!(text(&dir, &format!("{CUSTOMERS}/cus_1/pids.max")), "128");
}

#[test]
fn a_machine_without_groups_says_so_and_everything_runs_without() {
    let dir = tempfile::tempdir().unwrap();
    let share = Share::default();
    let nothing = Slices::over(Ok(dir.path().to_owned()), (share, entrance()));
    assert_eq!(nothing.standing(), &Standing::NotThere);
    let first_version = group("hugetlb\n");
    let other = Slices::over(Ok(first_version.path().to_owned()), (share, entrance()));
    assert_eq!(other.standing(), &Standing::NotThere);
    assert!(other.of("cus_1").unwrap().is_none());
    other.remove("cus_1").unwrap();
    // Its files cannot be written to where a folder stands in their place.
    let kept = group("cpu memory pids\n");
    for folder in ["", CUSTOMERS] {
        let file = kept.path().join(folder).join("cgroup.subtree_control");
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
    }
    let refused = Slices::over(Ok(kept.path().to_owned()), (share, entrance()));
    assert!(matches!(refused.standing(), Standing::NotDelegated(_)));
    assert!(!refused.standing().has(Controller::Cpu));
}

#[test]
fn a_slice_that_is_empty_goes_and_one_that_is_gone_is_fine() {
    let dir = group("cpu memory pids\n");
    let slices = Slices::over(Ok(dir.path().to_owned()), (Share::default(), entrance()));
    std::fs::create_dir(dir.path().join(CUSTOMERS).join("cus_2")).unwrap();
    slices.remove("cus_2").unwrap();
    slices.remove("cus_2").unwrap();
    assert!(!dir.path().join(CUSTOMERS).join("cus_2").exists());
}

#[test]
fn our_group_is_found_where_the_system_says() {
    let mounts = "25 20 0:22 / /sys rw - sysfs sysfs rw\n\
        30 25 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
    let found = standing::group_in(mounts, "0::/system.slice/wabe-agent.service\n");
    let wanted = "/sys/fs/cgroup/system.slice/wabe-agent.service";
    assert_eq!(found, Some(PathBuf::from(wanted)));
    assert_eq!(standing::group_in("", "0::/a\n"), None);
    assert_eq!(standing::group_in(mounts, "4:memory:/a\n"), None);
}

#[test]
fn a_share_that_means_nothing_is_named() {
    assert!(Share::default().problems().is_empty());
    let free = Share {
        cpu_percent: 0,
        memory_high_mib: 0,
        memory_max_mib: 0,
        processes: 0,
        ..Share::default()
    };
    assert!(free.problems().is_empty());
    assert_eq!(free.lines()[1].1, "max 100000");
    let wrong = Share {
        cpu_weight: 0,
        memory_max_mib: 8,
        processes: 3,
        ..Share::default()
    };
    assert_eq!(wrong.problems().len(), 4);
}
