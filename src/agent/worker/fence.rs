//! What a worker gives up before it does anything. Nothing of it can be had back.

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::fd::OwnedFd;
use rustix::fs::Mode;
use rustix::process::{Gid, Resource, Rlimit, Uid, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};

use crate::workers::FOLDERS;

/// The kernel's rights that are asked for; older kernels have fewer.
const KERNEL: ABI = ABI::V6;

/// Files open at once: those of one message, and a few to spare.
const OPEN_FILES: u64 = 64;
/// The most memory, in bytes.
const MEMORY: u64 = 512 * 1_024 * 1_024;

/// Calls that a worker makes. Everything else is answered with `EPERM`.
const CALLS: &[libc::c_long] = &[
    libc::SYS_recvmsg,
    libc::SYS_sendmsg,
    libc::SYS_setsockopt,
    libc::SYS_openat2,
    libc::SYS_openat,
    libc::SYS_close,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_fstat,
    libc::SYS_mkdirat,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_utimensat,
    libc::SYS_fcntl,
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigaction,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_sched_yield,
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
];

/// Becomes this user, for good: in no other group, with no rights of root's, and with none to get by any program.
///
/// # Errors
/// What could not be given up; then the worker must not go on.
pub(super) fn become_them(user: u32, group: u32) -> Result<(), String> {
    if user == 0 || group == 0 {
        return Err("a worker is nobody's who is root".to_owned());
    }
    let failed = |what: &'static str| move |errno: rustix::io::Errno| format!("{what}: {errno}");
    let (user, group) = (Uid::from_raw(user), Gid::from_raw(group));
    rustix::process::umask(Mode::from_raw_mode(0o022));
    rustix::thread::set_no_new_privs(true).map_err(failed("no_new_privs"))?;
    for (resource, most) in [
        (Resource::Core, 0),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Nproc, 1),
        (Resource::As, MEMORY),
    ] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit).map_err(failed("rlimit"))?;
    }
    // There is one thread: what is its is the process's.
    rustix::thread::set_thread_groups(&[]).map_err(failed("setgroups"))?;
    rustix::thread::set_thread_res_gid(group, group, group).map_err(failed("setgid"))?;
    rustix::thread::set_thread_res_uid(user, user, user).map_err(failed("setuid"))?;
    let is_them = rustix::process::geteuid() == user
        && rustix::process::getuid() == user
        && rustix::process::getegid() == group
        && rustix::process::getgid() == group
        && rustix::process::getgroups()
            .is_ok_and(|groups| groups.iter().all(|in_it| *in_it == group));
    let is_back = rustix::thread::set_thread_res_uid(Uid::ROOT, Uid::ROOT, Uid::ROOT).is_ok();
    if is_them && !is_back {
        Ok(())
    } else {
        Err("root's rights could not be given up".to_owned())
    }
}

/// Raises the walls around these folders; which of Landlock's this kernel lacks, in plain words.
///
/// # Errors
/// What does not hold that every kernel has; then the worker must not go on.
pub(super) fn raise(folders: Vec<OwnedFd>) -> Result<Vec<String>, String> {
    let files = files_and_net(folders).map_err(|error| format!("Landlock: {error}"))?;
    calls().map_err(|error| format!("seccomp: {error}"))?;
    judged(&files, Tried::now())
}

/// What a worker could do behind its walls. One that was never tried is a hope.
#[derive(Debug, Clone, Copy, Default)]
struct Tried {
    reads: bool,
    listens: bool,
    starts: bool,
}

impl Tried {
    fn now() -> Self {
        #[expect(clippy::disallowed_methods, reason = "it must not start")]
        let started = std::process::Command::new("/bin/true").spawn();
        let starts = started.is_ok();
        if let Ok(mut child) = started {
            drop(child.wait());
        }
        Self {
            reads: std::fs::File::open("/etc/passwd").is_ok(),
            listens: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).is_ok(),
            starts,
        }
    }
}

/// What a worker lacks; an error where it must not go on.
fn judged(files: &RulesetStatus, tried: Tried) -> Result<Vec<String>, String> {
    if tried.listens || tried.starts {
        return Err("a worker reaches the network or starts programs".to_owned());
    }
    let gap = match files {
        RulesetStatus::NotEnforced => {
            "this kernel has no Landlock: a worker reads what its user may read"
        }
        _ if tried.reads => return Err("a worker reads files outside of its webspace".to_owned()),
        RulesetStatus::FullyEnforced => return Ok(Vec::new()),
        RulesetStatus::PartiallyEnforced => {
            "this kernel's Landlock is older than 6.12: files are fenced, parts of the network and signals \
             to other processes are kept from workers by seccomp alone"
        }
    };
    Ok(vec![gap.to_owned()])
}

fn files_and_net(folders: Vec<OwnedFd>) -> Result<RulesetStatus, RulesetError> {
    let all = AccessFs::from_all(KERNEL);
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .handle_access(AccessNet::from_all(KERNEL))?
        .scope(Scope::from_all(KERNEL))?
        .create()?;
    let mut rules = rules;
    for (folder, name) in folders.into_iter().zip(FOLDERS) {
        let inside = if name == "logs" {
            AccessFs::ReadFile | AccessFs::ReadDir
        } else {
            inside()
        };
        rules = rules.add_rule(PathBeneath::new(folder, inside))?;
    }
    Ok(rules.restrict_self()?.ruleset)
}

/// What may be done in its own folders. Nothing is made there but files and folders, and nothing runs.
fn inside() -> BitFlags<AccessFs> {
    AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer
}

fn calls() -> Result<(), seccompiler::Error> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let allowed = CALLS.iter().map(|number| (*number, Vec::new()));
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).unwrap_or(1));
    let rules: BTreeMap<i64, _> = allowed.collect();
    let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, arch)?;
    let program: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter(&program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_goes_on_without_landlock_alone() {
        let none = Tried::default();
        let gaps = |files: &RulesetStatus, tried| judged(files, tried).map(|gaps| gaps.len());
        assert_eq!(gaps(&RulesetStatus::FullyEnforced, none), Ok(0));
        assert_eq!(gaps(&RulesetStatus::PartiallyEnforced, none), Ok(1));
        let reads = Tried {
            reads: true,
            ..none
        };
        assert_eq!(gaps(&RulesetStatus::NotEnforced, reads), Ok(1));
        // Where it is there it holds, and so does everything else.
        assert!(judged(&RulesetStatus::PartiallyEnforced, reads).is_err());
        for (listens, starts) in [(true, false), (false, true)] {
            let tried = Tried {
                listens,
                starts,
                ..none
            };
            for files in [RulesetStatus::FullyEnforced, RulesetStatus::NotEnforced] {
                assert!(judged(&files, tried).is_err());
            }
        }
    }
}
