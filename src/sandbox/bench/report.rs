//! What was measured, for people and for programs.

use serde::Serialize;

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) compiled_ns: u64,
    /// An instance that is made and dropped, by our engine with its limits.
    pub(super) instantiate: Spread,
    /// The entry point, called in an instance that is there.
    pub(super) call: Spread,
    /// Fresh instance, call, limits, log, result: all of it.
    pub(super) whole: Spread,
    /// Running time that was counted in whole runs.
    pub(super) cpu: Spread,
    /// Whole runs on one processor.
    pub(super) per_second: u64,
    pub(super) ending: String,
    pub(super) usage: String,
    pub(super) idle: Option<Idle>,
}

/// Half and nearly all stay under these.
#[derive(Debug, Default, Serialize)]
pub(super) struct Spread {
    pub(super) p50_ns: u64,
    pub(super) p99_ns: u64,
}

/// Plugins that were run once and are loaded.
#[derive(Debug, Serialize)]
pub(super) struct Idle {
    pub(super) copies: u32,
    pub(super) artifact_bytes: u64,
    /// Of each: memory of the process that no file stands behind, …
    pub(super) private_bytes: u64,
    /// … and pages of its artifact, which the system takes back when it needs them.
    pub(super) mapped_bytes: u64,
}

impl Report {
    /// The report as text, or as one line of JSON.
    pub(super) fn shown(&self, json: bool) -> String {
        if json {
            return serde_json::to_string(self).unwrap_or_default();
        }
        let of = |spread: &Spread| {
            let micros = |nanos: u64| format!("{}.{} µs", nanos / 1_000, nanos % 1_000 / 100);
            let (half, late) = (micros(spread.p50_ns), micros(spread.p99_ns));
            format!("p50 {half}  p99 {late}")
        };
        let idle = self.idle.as_ref().map(|idle| {
            let kib = |bytes: u64| bytes >> 10;
            format!(
                "\n{} copies, each       {} KiB of its own, {} KiB of {} KiB mapped",
                idle.copies,
                kib(idle.private_bytes),
                kib(idle.mapped_bytes),
                kib(idle.artifact_bytes)
            )
        });
        format!(
            "compile                    {} ms\n\
         instantiate                {}\n\
         call of an instance        {}\n\
         whole run                  {}\n\
         its running time           {}\n\
         runs in a row              {} per second\n\
         the last one               {} {}{}",
            self.compiled_ns / 1_000_000,
            of(&self.instantiate),
            of(&self.call),
            of(&self.whole),
            of(&self.cpu),
            self.per_second,
            self.ending,
            self.usage,
            idle.unwrap_or_default(),
        )
    }
}
