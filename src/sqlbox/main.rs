//! The binary `wabe-sql`: one request against one customer's SQLite database, in a process of its own.
//!
//! SQLite inside the panel cannot keep a stranger's statement within time and memory: a single scalar
//! function runs for seconds without calling any hook. So every request gets a process that fences
//! itself in (resource limits), opens the file behind an authorizer and engine limits, and that its
//! parent kills at a hard deadline.
//!
//! Invariants: the process opens no file but the database and its journal, makes no process and no
//! connection. Exit code 0 means that the answer on the standard output is to be believed, also when
//! it is a refusal; 2 means that an export was refused, told on the standard error; all else is a
//! fault of the machine. Being killed at any moment leaves a usable database. Start reading at
//! [`order`] (what is asked) and [`guarded`] (how the database is held).

mod authorizer;
mod export;
mod failure;
mod fence;
mod guarded;
mod import;
mod literal;
mod order;
mod query;
mod split;
mod tables;

use std::io::{Read, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::failure::{Failure, Kind};
use crate::guarded::Guarded;
use crate::order::{Operation, Order};

/// The longest request on the standard input, in bytes: statements of 1 MiB, escaped.
const REQUEST_BYTES_MAX: u64 = 8 << 20;

fn main() -> ExitCode {
    let done = Order::read(std::env::args_os().skip(1))
        .and_then(|order| fence::raise(&order).map(|()| order))
        .and_then(|order| carry_out(&order));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let code = if failure.kind == Kind::Fault { 1 } else { 2 };
            // Without anybody to hear it, the exit code still tells.
            drop(serde_json::to_writer(std::io::stderr(), &failure.to_json()));
            ExitCode::from(code)
        }
    }
}

/// Does what is asked; refusals of everything but an export are answers.
fn carry_out(order: &Order) -> Result<(), Failure> {
    if order.operation == Operation::Export {
        return Guarded::open(order).and_then(|db| export::run(&db, std::io::stdout().lock()));
    }
    match answer(order) {
        Ok(value) => say(&value),
        Err(failure) if failure.kind == Kind::Fault => Err(failure),
        Err(failure) => say(&failure.to_json()),
    }
}

fn answer(order: &Order) -> Result<serde_json::Value, Failure> {
    let db = Guarded::open(order)?;
    match order.operation {
        Operation::Create => db.lay_out().map(|()| json!({})),
        Operation::Query => to_json(&query::run(&db, &request()?)?),
        Operation::Tables => to_json(&tables::list(&db)?),
        Operation::Rows => to_json(&query::rows(&db, &request()?)?),
        Operation::Import => to_json(&import::run(&db, std::io::stdin().lock())?),
        Operation::Check => to_json(&tables::check(&db)?),
        Operation::Export => Err(Failure::fault("an export has no answer")),
    }
}

fn request<T: DeserializeOwned>() -> Result<T, Failure> {
    let mut text = Vec::new();
    let mut input = std::io::stdin().lock().take(REQUEST_BYTES_MAX);
    input.read_to_end(&mut text).map_err(Failure::fault)?;
    serde_json::from_slice(&text).map_err(Failure::fault)
}

fn to_json(value: &impl Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(value).map_err(Failure::fault)
}

fn say(value: &serde_json::Value) -> Result<(), Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(&mut out, value).map_err(Failure::fault)?;
    out.flush().map_err(Failure::fault)
}
