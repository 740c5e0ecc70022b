//! `wabe-sandbox run`: takes off its rights, then serves the panel at its standard input.

use crate::run::artifacts::Artifacts;
use crate::run::frame::{self, Broken};
use crate::run::panel::{Furniture, serve};
use crate::run::{Runner, runtime};
use crate::{engine, fence};
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream as Socket;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::UnixStream;
use wabe_package::wire::ToSandbox;
use wasmtime::Engine;

/// Runs at once, at most, whatever the panel asks for.
const PLACES_MAX: u32 = 1_000;
/// Places of the pool beyond the runs: a run's place is free a moment after its end.
const SPARE_PLACES: u32 = 8;

/// Serves the panel. Ends well when the panel goes, and with code 2 and a line on the standard error
/// when something is wrong.
pub(crate) fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(&message);
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    fence::first()?;
    // One thread, this one, so that the fence below is around all that come.
    let control = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(4)
        .build()
        .map_err(|error| error.to_string())?;
    let broken = control.block_on(async {
        let mut socket = standard_input()?;
        let hello = frame::read(&mut socket).await;
        let (artifacts, key, slots) = match hello {
            Ok(ToSandbox::Hello {
                artifacts,
                seal_key,
                slots,
            }) => (PathBuf::from(artifacts), seal_key.0, slots),
            Ok(_) => return Err("the panel did not greet first".to_owned()),
            Err(broken) => return Ok(broken),
        };
        let places = slots.clamp(1, PLACES_MAX);
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let engine = engine(places + SPARE_PLACES)?;
        for gap in fence::raise(Some(&artifacts)) {
            say(&gap);
        }
        let guests = runtime(workers).map_err(|error| error.to_string())?;
        let runner = Runner::of(engine.clone()).map_err(|error| format!("{error:#}"))?;
        let furniture = Furniture {
            runner: Arc::new(runner),
            artifacts: Arc::new(Artifacts::new(artifacts, key, engine)),
            places,
            guests: guests.handle().clone(),
        };
        let broken = serve(furniture, socket).await;
        // Whatever still runs has nobody left to run for.
        guests.shutdown_background();
        Ok(broken)
    })?;
    control.shutdown_background();
    match broken {
        Broken::Over => Ok(()),
        broken => Err(broken.to_string()),
    }
}

/// An engine with a pool, or without one where the system gives no process so many addresses.
fn engine(places: u32) -> Result<Engine, String> {
    engine::pooled(places).or_else(|error| {
        say(&format!(
            "no pool of {places} places: {error:#}; every run makes its own, which is slower"
        ));
        engine::plain().map_err(|error| format!("{error:#}"))
    })
}

fn standard_input() -> Result<UnixStream, String> {
    let failed = |error: std::io::Error| format!("the standard input is not a socket: {error}");
    let socket = std::io::stdin()
        .as_fd()
        .try_clone_to_owned()
        .map_err(failed)?;
    let socket = Socket::from(socket);
    socket.set_nonblocking(true).map_err(failed)?;
    // Fails where it is a file or a pipe.
    socket.local_addr().map_err(failed)?;
    UnixStream::from_std(socket).map_err(failed)
}

fn say(message: &str) {
    // Without anybody to hear it, the exit code still tells.
    writeln!(std::io::stderr(), "wabe-sandbox: {message}").unwrap_or_default();
}
