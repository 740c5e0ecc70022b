//! Compiles components, each in a process of its own that may die of it.

use serde_json::from_slice;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use wabe_kernel::Fault;
use wabe_package::archive::sha256;
use wabe_package::compiled::{CPU_SECONDS, Compiled, Report, Tier, killed};
use wabe_package::{Defect, Flaw};

use crate::sandbox::artifacts::Artifacts;
use crate::sandbox::child::is_word;

/// The name that flaws give the component.
const PART: &str = "component";
/// Bytes of machine code per byte of a component, at most; a few is usual.
const GROWTH: usize = 16;
/// More than any report, in bytes.
const REPORT_BYTES_MAX: usize = 1 << 20;
/// Seconds after which somebody who is busy may be asked again.
const BUSY_SECONDS: u32 = 20;

/// Why a component was not compiled.
#[derive(Debug)]
pub enum NotCompiled {
    /// It is not a component for this engine, or too large.
    Unfit(Vec<Flaw>),
    /// Too many are compiled at once; try again after so many seconds.
    Busy(u32),
    /// The machine failed.
    Fault(Fault),
}

/// What the workshop is made of.
pub struct WorkshopParts {
    /// The program `wabe-sandbox`.
    pub program: PathBuf,
    /// Where artifacts are kept.
    pub artifacts: Arc<Artifacts>,
    /// Which components are taken.
    pub tier: Tier,
    /// Compilations at once, at most.
    pub at_once: usize,
    /// When a compiler is ended that did not meet its own limits; see [`WorkshopParts::DEADLINE`].
    pub deadline: Duration,
}

impl WorkshopParts {
    /// The default: many times the processor time that a compiler may use, for machines that are busy.
    pub const DEADLINE: Duration = Duration::from_secs(CPU_SECONDS * 8);
}

/// Turns components into artifacts.
pub struct Workshop {
    parts: WorkshopParts,
    places: Semaphore,
}

/// What a compiler left behind.
struct Left {
    status: ExitStatus,
    output: Vec<u8>,
    report: Vec<u8>,
}

impl Workshop {
    /// One with all of its places free.
    #[must_use]
    pub fn new(parts: WorkshopParts) -> Self {
        let places = Semaphore::new(parts.at_once.max(1));
        Self { parts, places }
    }

    /// Compiles a component for the engine of now and keeps the artifact. One that is kept already, and
    /// whose seal is right, is not compiled again. Dropping the future ends the compiler.
    ///
    /// # Errors
    /// See [`NotCompiled`].
    pub async fn compile(&self, component: &[u8]) -> Result<Compiled, NotCompiled> {
        let component: Arc<[u8]> = component.into();
        let hashed = Arc::clone(&component);
        let digest = tokio::task::spawn_blocking(move || sha256(&hashed)).await;
        let digest = digest.map_err(|error| fault("hash a component", error))?;
        let artifacts = &self.parts.artifacts;
        if let Some(engine) = artifacts.engine() {
            let found = artifacts.find(digest.clone(), engine).await;
            if let Some(compiled) = found.map_err(NotCompiled::Fault)? {
                return Ok(compiled);
            }
        }
        let Ok(place) = self.places.try_acquire() else {
            return Err(NotCompiled::Busy(BUSY_SECONDS));
        };
        let working = Box::pin(self.work(&component));
        let left = tokio::time::timeout(self.parts.deadline, working).await;
        let left = left.map_err(|late| fault("compile within the deadline", late))??;
        drop(place);
        let compiled = judged(&left, &digest)?;
        match artifacts.engine() {
            None => artifacts.learn_engine(&compiled.engine),
            Some(engine) if engine != compiled.engine => tracing::warn!(
                "the program of the sandbox was replaced: restart, so that it runs what it compiles"
            ),
            Some(_) => {}
        }
        let kept = artifacts.keep(compiled.clone(), left.output).await;
        kept.map_err(NotCompiled::Fault)?;
        Ok(compiled)
    }

    async fn work(&self, component: &[u8]) -> Result<Left, NotCompiled> {
        let failed = |error: std::io::Error| fault("run the compiler of components", error);
        let mut child = self.start().map_err(failed)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(NotCompiled::Fault(Fault::new("find a compiler's pipes")));
        };
        let give = async {
            // A compiler that refuses by size does not read to the end.
            drop(stdin.write_all(component).await);
            drop(stdin);
        };
        let most = self.parts.tier.bytes_max().saturating_mul(GROWTH);
        let ((), output, report) =
            tokio::join!(give, take(stdout, most), take(stderr, REPORT_BYTES_MAX),);
        let (output, report) = (output.map_err(failed)?, report.map_err(failed)?);
        let status = child.wait().await.map_err(failed)?;
        Ok(Left {
            status,
            output,
            report,
        })
    }

    fn start(&self) -> std::io::Result<Child> {
        let mut command = Command::new(&self.parts.program);
        command.arg("compile");
        if self.parts.tier == Tier::Large {
            command.arg("--large");
        }
        command
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }
}

fn fault(
    doing: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> NotCompiled {
    NotCompiled::Fault(Fault::because(doing, source))
}

/// Reads to the end; more than `most` is an error, and the child finds its pipe closed.
async fn take(from: impl AsyncRead + Unpin, most: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX);
    let mut from = from.take(bound.saturating_add(1));
    from.read_to_end(&mut bytes).await?;
    if bytes.len() > most {
        return Err(std::io::Error::other("a compiler said too much"));
    }
    Ok(bytes)
}

/// What the compiler says, as far as it can be true: it read a stranger's component, and speaks of no
/// other one.
fn judged(left: &Left, digest: &str) -> Result<Compiled, NotCompiled> {
    if let Some(signal) = left.status.signal() {
        return Err(NotCompiled::Unfit(vec![killed(PART, signal)]));
    }
    let mut lines = left.report.split(|byte| *byte == b'\n');
    let line = lines.rfind(|line| !line.is_empty());
    match line.map(from_slice::<Report>) {
        Some(Ok(Report::Refused { flaws })) if !left.status.success() => {
            Err(NotCompiled::Unfit(flaws))
        }
        Some(Ok(Report::Compiled(compiled)))
            if left.status.success()
                && compiled.component == digest
                && is_word(&compiled.engine)
                && !left.output.is_empty() =>
        {
            Ok(*compiled)
        }
        _ => {
            let reason = format!("the compiler ended with {} and no report", left.status);
            let flaw = Flaw::of_part(PART, Defect::CompileFailed { reason });
            Err(NotCompiled::Unfit(vec![flaw]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn left(status: i32, report: &[u8]) -> Left {
        Left {
            status: ExitStatus::from_raw(status),
            output: b"code".to_vec(),
            report: report.to_vec(),
        }
    }

    fn code(judged: Result<Compiled, NotCompiled>) -> &'static str {
        match judged {
            Ok(_) => "compiled",
            Err(NotCompiled::Unfit(flaws)) => flaws[0].defect.code(),
            Err(NotCompiled::Busy(_) | NotCompiled::Fault(_)) => "other",
        }
    }

    #[test]
    fn a_report_is_believed_as_far_as_it_can_be_true() {
        let digest = "ab".repeat(32);
        let compiled = |component: &str, engine: &str| {
            let report = Report::Compiled(Box::new(Compiled {
                component: component.to_owned(),
                engine: engine.to_owned(),
                exports: Vec::new(),
                imports: Vec::new(),
                sizes: std::collections::BTreeMap::new(),
            }));
            serde_json::to_vec(&report).unwrap()
        };
        let refused = serde_json::to_vec(&Report::Refused {
            flaws: vec![killed(PART, 24)],
        })
        .unwrap();
        let right = compiled(&digest, "0123abcd");
        let said = |status, report: &[u8]| code(judged(&left(status, report), &digest));
        assert_eq!(said(0, &right), "compiled");
        assert_eq!(
            said(0, &[b"a warning\n", &right[..], b"\n"].concat()),
            "compiled"
        );
        assert_eq!(said(256, &refused), "compile-limit");
        assert_eq!(said(9, &right), "compile-limit");
        for (status, report) in [
            (256, right),
            (0, refused),
            (0, compiled(&"cd".repeat(32), "0123abcd")),
            (0, compiled(&digest, "../x")),
            (0, Vec::new()),
            (0, b"{".to_vec()),
        ] {
            assert_eq!(said(status, &report), "compile-failed");
        }
    }

    proptest! {
        #[test]
        fn any_report_is_believed_or_refused(bytes: Vec<u8>, status in 0_i32..70_000, text in "[\\[\\]{}\":,a-z0-9]{0,80}") {
            let digest = "ab".repeat(32);
            for report in [&bytes[..], text.as_bytes()] {
                let never = code(judged(&left(status, report), &digest)) == "compiled";
                prop_assert!(!never);
            }
        }
    }
}
