//! Memory and tables: the sums over all parts of a component, because one limit per part is none.

use crate::engine::{INSTANCES, MEMORIES, TABLES};
use crate::run::exceeded::Exceeded;
use crate::run::tally::Tally;
use std::sync::Arc;
use wabe_package::limits::{LimitName, Limits};
use wasmtime::ResourceLimiter;

/// Counts what a run's memories and tables hold. Nothing of it is given back before the run ends.
pub(crate) struct Limiter {
    memory_bytes: u64,
    memory_bytes_max: u64,
    table_elements: u64,
    table_elements_max: u64,
    tally: Arc<Tally>,
}

impl Limiter {
    /// With these limits; keeps the peaks in the tally.
    pub(crate) fn new(limits: &Limits, tally: Arc<Tally>) -> Self {
        Self {
            memory_bytes: 0,
            memory_bytes_max: limits.memory_bytes,
            table_elements: 0,
            table_elements_max: u64::from(limits.table_elements),
            tally,
        }
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|most| desired > most) {
            // The memory's own type says no: the guest hears -1, as everywhere.
            return Ok(false);
        }
        let sum = grown(self.memory_bytes, current, desired);
        if sum > self.memory_bytes_max {
            let message = format!(
                "the plugin wanted {} of memory; {} are allowed",
                mebibytes(sum),
                mebibytes(self.memory_bytes_max)
            );
            return Err(Exceeded::new(LimitName::Memory, message).into());
        }
        self.memory_bytes = sum;
        self.tally.with(|usage| usage.memory_bytes = sum);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Exceeded::new(
            LimitName::Memory,
            format!("the memory cannot grow: {error}"),
        )
        .into())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|most| desired > most) {
            return Ok(false);
        }
        let sum = grown(self.table_elements, current, desired);
        if sum > self.table_elements_max {
            let message = format!(
                "the plugin wanted {sum} elements in its tables; {} are allowed",
                self.table_elements_max
            );
            return Err(Exceeded::new(LimitName::Tables, message).into());
        }
        self.table_elements = sum;
        let elements = u32::try_from(sum).unwrap_or(u32::MAX);
        self.tally.with(|usage| usage.table_elements = elements);
        Ok(true)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Exceeded::new(LimitName::Tables, format!("a table cannot grow: {error}")).into())
    }

    fn instances(&self) -> usize {
        places(INSTANCES)
    }

    fn tables(&self) -> usize {
        places(TABLES)
    }

    fn memories(&self) -> usize {
        places(MEMORIES)
    }
}

fn grown(sum: u64, current: usize, desired: usize) -> u64 {
    let more = desired.saturating_sub(current);
    sum.saturating_add(u64::try_from(more).unwrap_or(u64::MAX))
}

fn places(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil((1 << 20) / 10);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}
