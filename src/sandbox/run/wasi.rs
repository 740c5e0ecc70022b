//! What of WASI a guest finds: enough for its language to start, and nothing of the machine.
//!
//! Its clocks stand still, its randomness comes from the run's seed, its output becomes log lines.
//! Files and sockets are not there at all: their imports are answered without the library behind them.

use crate::run::cell::Cell;
use crate::run::log::Stream;
use crate::run::tally::Tally;
use bytes::Bytes;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWrite;
use wabe_package::wire::RunOrder;
use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};
use wasmtime::component::{Component, HasData, Linker, ResourceTable, ResourceType, Val};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream, WasiCli, WasiCliView};
use wasmtime_wasi::clocks::{HostMonotonicClock, HostWallClock, WasiClocks, WasiClocksView};
use wasmtime_wasi::p2::bindings::{cli, clocks, random};
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, DynPollable, OutputStream, Pollable, StreamResult,
};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView};
use wasmtime_wasi::{WasiCtx, WasiView};
use wasmtime_wasi_io::bindings::wasi::io;

/// The most random bytes of one call.
const RANDOM_BYTES_MAX: u64 = 64 << 10;
/// What a guest may write to a stream at once.
const WRITE_BYTES: usize = 4_096;

/// The context of one run.
pub(crate) fn context(order: &RunOrder, tally: &Arc<Tally>) -> WasiCtx {
    let mut seed = [0; 16];
    let hashes = drawn(order, b"hashes");
    seed.copy_from_slice(&hashes[..16]);
    let mut builder = WasiCtx::builder();
    builder
        .wall_clock(Frozen(order.context.now_ms))
        .monotonic_clock(Frozen(0))
        .insecure_random(rng(order, b"insecure"))
        .insecure_random_seed(u128::from_le_bytes(seed))
        .secure_random(rng(order, b"secure"))
        .max_random_size(RANDOM_BYTES_MAX)
        .stdout(Writer(Stream::Out, Arc::clone(tally)))
        .stderr(Writer(Stream::Err, Arc::clone(tally)));
    builder.build()
}

/// Randomness that the seed decides. Never the machine's: a run can be repeated.
fn rng(order: &RunOrder, purpose: &[u8]) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(drawn(order, purpose))
}

fn drawn(order: &RunOrder, purpose: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(purpose);
    digest.update(&order.seed.0);
    digest.finalize().into()
}

/// Adds everything but files and sockets.
pub(crate) fn link(linker: &mut Linker<Cell>) -> wasmtime::Result<()> {
    let l = linker;
    io::error::add_to_linker::<Cell, Io>(l, |cell| cell.ctx().table)?;
    io::poll::add_to_linker::<Cell, Io>(l, |cell| cell.ctx().table)?;
    io::streams::add_to_linker::<Cell, Io>(l, |cell| cell.ctx().table)?;
    clocks::wall_clock::add_to_linker::<Cell, WasiClocks>(l, Cell::clocks)?;
    clocks::monotonic_clock::add_to_linker::<Cell, WasiClocks>(l, Cell::clocks)?;
    random::random::add_to_linker::<Cell, WasiRandom>(l, Cell::random)?;
    random::insecure::add_to_linker::<Cell, WasiRandom>(l, Cell::random)?;
    random::insecure_seed::add_to_linker::<Cell, WasiRandom>(l, Cell::random)?;
    cli::exit::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::environment::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::stdin::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::stdout::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::stderr::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::terminal_input::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::terminal_output::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::terminal_stdin::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::terminal_stdout::add_to_linker::<Cell, WasiCli>(l, Cell::cli)?;
    cli::terminal_stderr::add_to_linker::<Cell, WasiCli>(l, Cell::cli)
}

/// What WASI has and no guest gets, with where to go instead.
const ABSENT: [(&str, &str); 2] = [
    (
        "wasi:filesystem/",
        "there are no files here; webspaces are reached through wabe:plugin/files",
    ),
    (
        "wasi:sockets/",
        "there are no sockets here; requests go through wabe:plugin/http",
    ),
];

/// Answers what this component imports of files and sockets: no folder is open, all else is refused.
pub(crate) fn link_absent(
    linker: &mut Linker<Cell>,
    component: &Component,
) -> wasmtime::Result<()> {
    let engine = component.engine();
    for (name, item) in component.component_type().imports(engine) {
        let Some((_, instead)) = ABSENT.iter().find(|(prefix, _)| name.starts_with(prefix)) else {
            continue;
        };
        let ComponentItem::ComponentInstance(interface) = item.ty else {
            continue;
        };
        let mut place = linker.instance(name)?;
        for (member, item) in interface.exports(engine) {
            match item.ty {
                ComponentItem::Resource(_) => {
                    place.resource(member, resource(member), |_, _| Ok(()))?;
                }
                ComponentItem::ComponentFunc(_) => {
                    let refusal = format!("the plugin called {name}#{member}: {instead}");
                    place.func_new(member, move |_, function, _, results| {
                        refuse(&function, results).ok_or_else(|| wasmtime::format_err!("{refusal}"))
                    })?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The mildest answer that the function's type allows.
fn refuse(function: &ComponentFunc, results: &mut [Val]) -> Option<()> {
    let answer = match function.results().next()? {
        Type::List(_) => Val::List(Vec::new()),
        Type::Result(result) => {
            let Type::Enum(codes) = result.err()? else {
                return None;
            };
            let code = codes
                .names()
                .find(|code| matches!(*code, "access" | "access-denied"))?;
            Val::Result(Err(Some(Box::new(Val::Enum(code.to_owned())))))
        }
        _ => return None,
    };
    *results.first_mut()? = answer;
    Some(())
}

/// A resource that nobody ever holds; those of `wasi:io` are the same everywhere.
fn resource(name: &str) -> ResourceType {
    match name {
        "input-stream" => ResourceType::host::<DynInputStream>(),
        "output-stream" => ResourceType::host::<DynOutputStream>(),
        "pollable" => ResourceType::host::<DynPollable>(),
        "error" => ResourceType::host::<wasmtime::Error>(),
        _ => ResourceType::host::<Nothing>(),
    }
}

struct Nothing;

struct Io;

impl HasData for Io {
    type Data<'a> = &'a mut ResourceTable;
}

/// A clock that stands still, in milliseconds: no run can measure another.
struct Frozen(u64);

impl HostWallClock for Frozen {
    fn resolution(&self) -> Duration {
        Duration::from_millis(1)
    }

    fn now(&self) -> Duration {
        Duration::from_millis(self.0)
    }
}

impl HostMonotonicClock for Frozen {
    fn resolution(&self) -> u64 {
        1_000_000
    }

    fn now(&self) -> u64 {
        self.0.saturating_mul(1_000_000)
    }
}

/// An output that ends in the log.
#[derive(Clone)]
struct Writer(Stream, Arc<Tally>);

impl IsTerminal for Writer {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Writer {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        // Only preview 3 asks for this, which is not linked.
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Writer {
    async fn ready(&mut self) {}
}

impl OutputStream for Writer {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.1.log(|log| log.stream(self.0, &bytes));
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_BYTES)
    }
}
