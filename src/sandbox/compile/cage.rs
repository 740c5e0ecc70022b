//! What the process gives up before it reads the component.

use crate::fence;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;
use wabe_package::compiled::{MEMORY_BYTES, Report, time_is_up};
use wabe_package::{Defect, Flaw};

/// Files open at once: the three standard ones, and a few to spare.
const OPEN_FILES: u64 = 16;
/// How often the process looks at what it used.
const LOOK: Duration = Duration::from_millis(20);
/// What the process keeps to say that memory ended.
const RESERVE_BYTES: u64 = 96 << 20;

/// Sets the limits, raises the fence, and starts to watch.
pub(super) fn enter(seconds: u64) -> Result<(), String> {
    fence::first()?;
    // One second later than the watch, which can say why.
    limit(Resource::Cpu, seconds.saturating_add(1))?;
    limit(Resource::As, MEMORY_BYTES)?;
    limit(Resource::Nofile, OPEN_FILES)?;
    limit(Resource::Core, 0)?;
    let memory = File::open("/proc/self/statm").ok();
    // What this kernel cannot fence, the limits and the empty hands of this process still hold.
    drop(fence::raise(None));
    let watch = std::thread::Builder::new()
        .name("watch".to_owned())
        .spawn(move || watch(memory.as_ref(), seconds));
    watch
        .map(drop)
        .map_err(|error| format!("the watch does not start: {error}"))
}

/// Lowers a limit; never raises one.
fn limit(resource: Resource, most: u64) -> Result<(), String> {
    let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let most = Some(most.min(allowed));
    let both = Rlimit {
        current: most,
        maximum: most,
    };
    setrlimit(resource, both).map_err(|error| format!("{resource:?}: {error}"))
}

/// Ends the process with a sentence, a moment before the kernel would without one.
fn watch(memory: Option<&File>, seconds: u64) {
    loop {
        std::thread::sleep(LOOK);
        let defect = if seconds_used() >= seconds {
            time_is_up(seconds)
        } else if memory.and_then(bytes_used).is_some_and(is_too_much) {
            Defect::CompileLimit {
                limit: "memory".to_owned(),
                max: format!("{} MiB", MEMORY_BYTES >> 20),
            }
        } else {
            continue;
        };
        super::tell(&Report::Refused {
            flaws: vec![Flaw::of_part(super::PART, defect)],
        });
        std::process::exit(1);
    }
}

const fn is_too_much(bytes: u64) -> bool {
    bytes > MEMORY_BYTES - RESERVE_BYTES
}

fn seconds_used() -> u64 {
    u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0)
}

/// The address space in use: the first number of `statm`, in pages.
fn bytes_used(statm: &File) -> Option<u64> {
    let mut text = [0; 128];
    let length = statm.read_at(&mut text, 0).ok()?;
    let text = std::str::from_utf8(text.get(..length)?).ok()?;
    let pages: u64 = text.split(' ').next()?.parse().ok()?;
    let page = u64::try_from(rustix::param::page_size()).ok()?;
    pages.checked_mul(page)
}
