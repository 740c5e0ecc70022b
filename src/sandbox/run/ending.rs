//! Why a run ended, told to whoever has to mend it: the limit by its name, the trap with its place.

use crate::run::exceeded::Exceeded;
use crate::run::invoke::Misfit;
use crate::run::log::shown;
use crate::run::tally::Tally;
use wabe_package::limits::{LimitName, Limits};
use wabe_package::wire::Ending;
use wasmtime::component::ResourceTableError;
use wasmtime::{FrameInfo, Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

/// What the engine says when a call copies more than it may; its type is the engine's own.
const COPIED_TOO_MUCH: &str = "fuel allocated for hostcalls has been exhausted";
/// What it says when a component holds too many handles.
const TOO_MANY_HANDLES: &str = "store handle limit exceeded";
/// Places of a trap that are named.
const PLACES: usize = 6;
/// The longest message of a trap, in bytes.
const MESSAGE_BYTES: usize = 4_096;
/// Functions that every panic passes through; naming them would push out the place that matters.
const MACHINERY: [&str; 8] = [
    "rust_panic",
    "__rust",
    "rust_begin_unwind",
    "std::panicking",
    "core::panicking",
    "std::sys",
    "abort",
    "__wasi",
];

/// How a run ended that the engine ended.
pub(crate) fn of(error: &wasmtime::Error, limits: &Limits, tally: &Tally) -> Ending {
    if error.is::<Misfit>() {
        let message = format!("{error:#}. Build it again with the wit/ folder of version 1.0.0");
        return Ending::Unfit { message };
    }
    match limit(error, limits) {
        Some(Exceeded { limit, message }) => Ending::Limit { limit, message },
        None => Ending::Trap {
            message: trap(error, tally),
        },
    }
}

fn limit(error: &wasmtime::Error, limits: &Limits) -> Option<Exceeded> {
    if let Some(Exceeded { limit, message }) = error.downcast_ref() {
        return Some(Exceeded::new(*limit, message.clone()));
    }
    let (limit, message) = match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => (
            LimitName::Cpu,
            format!(
                "the plugin ran for more than {} ms of processor time",
                limits.cpu_ms
            ),
        ),
        Some(Trap::OutOfFuel) => (
            LimitName::Fuel,
            format!(
                "the plugin used more than its {} units of fuel",
                limits.fuel
            ),
        ),
        Some(Trap::StackOverflow) => (
            LimitName::Stack,
            "the plugin's calls were nested too deeply for its stack".to_owned(),
        ),
        _ => return limit_in_words(error, limits),
    };
    Some(Exceeded::new(limit, message))
}

/// Limits that the engine tells in words only.
fn limit_in_words(error: &wasmtime::Error, limits: &Limits) -> Option<Exceeded> {
    let full = matches!(error.downcast_ref(), Some(ResourceTableError::Full));
    if full || says(error, TOO_MANY_HANDLES) {
        let message = format!(
            "the plugin held more than {} handles at once",
            limits.handles
        );
        return Some(Exceeded::new(LimitName::Handles, message));
    }
    if !says(error, COPIED_TOO_MUCH) {
        return None;
    }
    // Inside of a call the guest stands on the stack; when it gives back its result, nobody does.
    if error.downcast_ref::<WasmBacktrace>().is_some() {
        let message = format!("one host call may carry {} bytes", limits.call_bytes);
        return Some(Exceeded::new(LimitName::CallBytes, message));
    }
    let message = format!(
        "a run may give back {} bytes, this one gave more",
        limits.result_bytes
    );
    Some(Exceeded::new(LimitName::Result, message))
}

fn says(error: &wasmtime::Error, words: &str) -> bool {
    error.chain().any(|cause| cause.to_string().contains(words))
}

/// Message and place of a trap.
fn trap(error: &wasmtime::Error, tally: &Tally) -> String {
    let last_words = tally.log(|log| log.last_words());
    let mut told = if let Some(I32Exit(code)) = error.downcast_ref() {
        format!("the plugin called exit({code}) instead of giving back a result")
    } else {
        match error.downcast_ref::<Trap>() {
            Some(Trap::UnreachableCodeReached) => "the plugin gave up (a panic, an abort or an \
                uncaught exception)"
                .to_owned(),
            Some(trap) => trap.to_string(),
            None => error.root_cause().to_string(),
        }
    };
    if let Some(words) = last_words {
        told = format!("{told}: {words}");
    }
    if let Some(trace) = error.downcast_ref::<WasmBacktrace>() {
        let places = places(trace.frames());
        if !places.is_empty() {
            told = format!("{told} [in {}]", places.join(" < "));
        }
    }
    shown(&told, MESSAGE_BYTES).0
}

/// Where it happened, innermost first: functions with names before those without, and those of the
/// guest before the machinery of its language.
fn places(frames: &[FrameInfo]) -> Vec<String> {
    let named = frames.iter().filter(|frame| frame.func_name().is_some());
    let (machinery, own): (Vec<String>, Vec<String>) = named
        .map(place)
        .partition(|name| MACHINERY.iter().any(|part| name.starts_with(part)));
    let mut places = match (own.is_empty(), machinery.is_empty()) {
        (false, _) => own,
        (true, false) => machinery,
        (true, true) => frames.iter().map(place).collect(),
    };
    places.truncate(PLACES);
    places
}

fn place(frame: &FrameInfo) -> String {
    let name = frame.func_name().map_or_else(
        || format!("function {}", frame.func_index()),
        |name| format!("{:#}", rustc_demangle::demangle(name)),
    );
    match frame.module_offset() {
        Some(offset) => format!("{name} at {offset:#x}"),
        None => name,
    }
}
