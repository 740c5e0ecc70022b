//! Compiles one component, in a process that may die of it.
//!
//! Compiling a stranger's code is not what an engine promises to survive: it takes time and memory that
//! grow faster than the code. So one process compiles one component: it gives up what it does not need
//! ([`cage`]), looks at the component's size and shape before anything else does ([`scan`]), validates
//! it with every feature off that guests do not need ([`fit`]), and only then translates it.
//!
//! Standard input, output and error are as [`wabe_package::compiled`] says.

mod cage;
mod fit;
mod foreign;
mod scan;
#[cfg(test)]
mod tests;

use crate::engine;
use crate::run::Guest;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::process::ExitCode;
use wabe_package::archive::sha256;
use wabe_package::compiled::{CPU_SECONDS, Compiled, Report, Tier};
use wabe_package::{Defect, Flaw};
use wasmtime::component::Component;

/// The name that flaws give the component.
const PART: &str = "component";

/// The stack that components are read on.
const STACK_BYTES: usize = 256 << 20;

/// How to compile.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Arguments {
    /// Take components of the second tier: interpreters that come along whole
    #[arg(long)]
    large: bool,
    /// Give up after this many seconds of processor time
    #[arg(long, value_name = "SECONDS", default_value_t = CPU_SECONDS,
        value_parser = clap::value_parser!(u64).range(1..=CPU_SECONDS))]
    cpu: u64,
}

/// Compiles the standard input to the standard output.
pub(crate) fn main(arguments: Arguments) -> ExitCode {
    let tier = if arguments.large {
        Tier::Large
    } else {
        Tier::Small
    };
    std::panic::set_hook(Box::new(|panic| {
        let reason = panic.to_string().replace('\n', ": ");
        tell(&refused(vec![Flaw::of_part(
            PART,
            Defect::CompileFailed { reason },
        )]));
        std::process::exit(1);
    }));
    if let Err(reason) = cage::enter(arguments.cpu) {
        let flaw = Flaw::of_part("", Defect::CompileFailed { reason });
        tell(&refused(vec![flaw]));
        return ExitCode::FAILURE;
    }
    let report = match read(tier).and_then(|bytes| compile(&bytes, tier)) {
        Ok((compiled, artifact)) => match std::io::stdout().write_all(&artifact) {
            Ok(()) => Report::Compiled(Box::new(compiled)),
            Err(error) => {
                let reason = format!("nobody takes the artifact: {error}");
                refused(vec![Flaw::of_part(PART, Defect::CompileFailed { reason })])
            }
        },
        Err(flaws) => refused(flaws),
    };
    tell(&report);
    match report {
        Report::Compiled(_) => ExitCode::SUCCESS,
        Report::Refused { .. } => ExitCode::FAILURE,
    }
}

const fn refused(flaws: Vec<Flaw>) -> Report {
    Report::Refused { flaws }
}

/// One line on the standard error. When nobody listens, the exit code still says it.
fn tell(report: &Report) {
    let mut line = serde_json::to_string(report).unwrap_or_default();
    line.push('\n');
    drop(std::io::stderr().write_all(line.as_bytes()));
}

/// The standard input, one byte more than may be.
fn read(tier: Tier) -> Result<Vec<u8>, Vec<Flaw>> {
    let max = u64::try_from(tier.bytes_max()).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let read = std::io::stdin()
        .take(max.saturating_add(1))
        .read_to_end(&mut bytes);
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => {
            let reason = format!("the standard input cannot be read: {error}");
            Err(vec![Flaw::of_part(PART, Defect::CompileFailed { reason })])
        }
    }
}

/// Judges a component without compiling it: its sizes by word, its imports and exports.
pub(crate) fn judge(bytes: &[u8], tier: Tier) -> Result<fit::Shape, Vec<Flaw>> {
    deep(|| judge_here(bytes, tier))
}

/// Works on a stack that is deep enough for types within types, which the parser reads by recursion:
/// [`scan`] bounds their bytes, and each level takes a few.
fn deep<T: Send>(work: impl FnOnce() -> Result<T, Vec<Flaw>> + Send) -> Result<T, Vec<Flaw>> {
    let failed = |reason: String| Err(vec![Flaw::of_part(PART, Defect::CompileFailed { reason })]);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        match thread
            .spawn_scoped(scope, work)
            .map(std::thread::ScopedJoinHandle::join)
        {
            Ok(Ok(done)) => done,
            Ok(Err(_panic)) => failed("the validator panicked".to_owned()),
            Err(error) => failed(error.to_string()),
        }
    })
}

fn judge_here(bytes: &[u8], tier: Tier) -> Result<fit::Shape, Vec<Flaw>> {
    let flaw = |defect| vec![Flaw::of_part(PART, defect)];
    if bytes.len() > tier.bytes_max() {
        return Err(flaw(Defect::PartTooLarge {
            name: "the component".to_owned(),
            max: tier.bytes_max().to_string(),
            found: bytes.len().to_string(),
        }));
    }
    if let Some(foreign) = foreign::recognise(bytes) {
        return Err(flaw(foreign));
    }
    let counts = scan::scan(bytes, tier).map_err(flaw)?;
    fit::fit(bytes, counts)
}

/// Judges and compiles a component.
pub(crate) fn compile(bytes: &[u8], tier: Tier) -> Result<(Compiled, Vec<u8>), Vec<Flaw>> {
    let shape = judge(bytes, tier)?;
    let (engine, artifact) = translate(bytes)
        .map_err(|reason| vec![Flaw::of_part(PART, Defect::CompileFailed { reason })])?;
    let mut sizes: BTreeMap<String, u64> = shape.sizes;
    sizes.insert("component_bytes".to_owned(), length(bytes));
    sizes.insert("artifact_bytes".to_owned(), length(&artifact));
    let compiled = Compiled {
        component: sha256(bytes),
        engine,
        exports: shape.exports,
        imports: shape.imports,
        sizes,
    };
    Ok((compiled, artifact))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// The artifact, and the word of the engine. It is linked once, so that what does not fit the host is
/// known before anybody installs it.
fn translate(bytes: &[u8]) -> Result<(String, Vec<u8>), String> {
    let told = |error: wasmtime::Error| format!("{error:#}").replace('\n', ": ");
    let engine = engine::plain().map_err(told)?;
    let component = Component::from_binary(&engine, bytes).map_err(told)?;
    Guest::link(&component)?;
    let artifact = component.serialize().map_err(told)?;
    Ok((engine::word(&engine), artifact))
}
