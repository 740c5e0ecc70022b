//! What the process gives up before it touches anything of a stranger. Limits are only ever lowered.
//!
//! The engine is the first wall. This is the second: whoever breaks out of a guest finds a process that
//! can start nothing, connect to nothing, and read nothing but compiled plugins.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};
use std::collections::BTreeMap;
use std::path::Path;

/// How far the process stands back when others want the processor.
const NICE: i32 = 10;
/// Files open at once: loaded artifacts, and a few to spare.
const OPEN_FILES: u64 = 1_024;
/// The kernel's rights that are asked for; older kernels have fewer.
const KERNEL: ABI = ABI::V6;
/// Calls of a second, disused numbering that some kernels answer, too.
#[cfg(target_arch = "x86_64")]
const NUMBERINGS: [i64; 2] = [0, 0x4000_0000];
#[cfg(not(target_arch = "x86_64"))]
const NUMBERINGS: [i64; 1] = [0];

/// Calls that nothing in this process makes: starting programs, speaking to others, looking into
/// other processes, changing the system, and ways around such rules.
const NEVER: [libc::c_long; 37] = [
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_setuid,
    libc::SYS_setgid,
];

/// More of them, where they exist.
#[cfg(target_arch = "x86_64")]
const NEVER_HERE: [libc::c_long; 2] = [libc::SYS_fork, libc::SYS_vfork];
#[cfg(not(target_arch = "x86_64"))]
const NEVER_HERE: [libc::c_long; 0] = [];

/// What every kernel does: no new rights by files' marks, no core, few open files, last in the queue.
pub(crate) fn first() -> Result<(), String> {
    let failed = |what: &str| {
        let what = what.to_owned();
        move |error: rustix::io::Errno| format!("{what}: {error}")
    };
    rustix::thread::set_no_new_privs(true).map_err(failed("no_new_privs"))?;
    for (resource, most) in [(Resource::Core, 0), (Resource::Nofile, OPEN_FILES)] {
        let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = Some(most.min(allowed));
        let both = Rlimit {
            current: limit,
            maximum: limit,
        };
        setrlimit(resource, both).map_err(failed("rlimit"))?;
    }
    rustix::process::nice(NICE).map_err(failed("nice"))?;
    Ok(())
}

/// What only some kernels do; what this one does not, in plain words. Before any thread is started:
/// threads are fenced as the one that starts them.
pub(crate) fn raise(readable: Option<&Path>) -> Vec<String> {
    let mut gaps = Vec::new();
    // Others of this user may not look inside. Not earlier: it takes the process's own files under
    // `/proc` from it as well, which the engine opens once.
    if let Err(error) = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        gaps.push(format!("this process can be looked into: {error}"));
    }
    match files_and_net(readable) {
        Ok(RulesetStatus::FullyEnforced) => {}
        Ok(RulesetStatus::PartiallyEnforced) => gaps.push(
            "this kernel's Landlock is older than 6.12: files are fenced, parts of the network and \
             signals to other processes may not be"
                .to_owned(),
        ),
        Ok(RulesetStatus::NotEnforced) => gaps.push(
            "this kernel has no Landlock: a break-out could read what this user may read".to_owned(),
        ),
        Err(error) => gaps.push(format!("Landlock failed: {error}")),
    }
    if let Err(error) = calls() {
        gaps.push(format!(
            "seccomp failed: {error}; a break-out could make any system call of this user"
        ));
    }
    gaps
}

fn files_and_net(readable: Option<&Path>) -> Result<RulesetStatus, RulesetError> {
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(KERNEL))?
        .handle_access(AccessNet::from_all(KERNEL))?
        .scope(Scope::from_all(KERNEL))?
        .create()?;
    let rules = match readable.map(PathFd::new) {
        Some(Ok(folder)) => rules.add_rule(PathBeneath::new(
            folder,
            AccessFs::ReadFile | AccessFs::ReadDir,
        ))?,
        // A folder that cannot be opened stays closed.
        Some(Err(_)) | None => rules,
    };
    Ok(rules.restrict_self()?.ruleset)
}

fn calls() -> Result<(), seccompiler::Error> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let mut deadly: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for number in NEVER.into_iter().chain(NEVER_HERE) {
        for numbering in NUMBERINGS {
            deadly.insert(number + numbering, Vec::new());
        }
    }
    // A copy of the process instead of a thread.
    let thread = u64::try_from(libc::CLONE_THREAD).unwrap_or_default();
    let copy = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::MaskedEq(thread),
        0,
    )?;
    for numbering in NUMBERINGS {
        let rule = SeccompRule::new(vec![copy.clone()])?;
        deadly.insert(libc::SYS_clone + numbering, vec![rule]);
    }
    // Its flags lie where no rule can read them: it is told not to exist, and the older call is used.
    let absent = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    let not_there = SeccompAction::Errno(u32::try_from(libc::ENOSYS).unwrap_or_default());
    for (rules, action) in [(absent, not_there), (deadly, SeccompAction::KillProcess)] {
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, action, arch)?;
        let program: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter_all_threads(&program)?;
    }
    Ok(())
}
