//! What one run owns inside the engine: its cell.

use crate::run::Host;
use crate::run::limiter::Limiter;
use crate::run::tally::Tally;
use crate::run::wasi;
use std::sync::Arc;
use wabe_package::limits::Limits;
use wabe_package::wire::RunOrder;
use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// The state of one run: made before its guest exists, dropped with it.
pub(crate) struct Cell {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) limits: Limits,
    pub(crate) tally: Arc<Tally>,
    limiter: Limiter,
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for Cell {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// A fresh store for this order, with every limit in force before any code of the guest runs.
pub(crate) fn store(
    engine: &Engine,
    order: &RunOrder,
    host: Arc<dyn Host>,
    tally: &Arc<Tally>,
) -> wasmtime::Result<Store<Cell>> {
    let limits = order.limits.clone();
    let mut table = ResourceTable::new();
    table.set_max_capacity(size(limits.handles));
    let cell = Cell {
        host,
        limiter: Limiter::new(&limits, Arc::clone(tally)),
        wasi: wasi::context(order, tally),
        table,
        tally: Arc::clone(tally),
        limits,
    };
    let mut store = Store::new(engine, cell);
    store.limiter(|cell| &mut cell.limiter);
    let limits = &order.limits;
    store.set_hostcall_fuel(size(limits.call_bytes));
    store.set_max_component_handles(size(limits.handles));
    store.set_fuel(fuel(limits))?;
    let cpu_ns = u64::from(limits.cpu_ms).saturating_mul(1_000_000);
    store.epoch_deadline_callback(move |cell| {
        if cell.data().tally.running_ns() > cpu_ns {
            return Ok(UpdateDeadline::Interrupt);
        }
        // A task that wakes itself goes to the end of its queue. The runtime's own yield would put it
        // at the front, before all others that wait; timers and sockets are seen to by `runtime`.
        Ok(UpdateDeadline::Yield(1))
    });
    store.set_epoch_deadline(1);
    Ok(store)
}

/// The fuel that a run begins with.
pub(crate) const fn fuel(limits: &Limits) -> u64 {
    match limits.fuel {
        0 => u64::MAX,
        counted => counted,
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
