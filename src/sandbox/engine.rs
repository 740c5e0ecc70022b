//! The engine's settings: one set for compiling and for running, because an artifact fits no other.

use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use wasmparser::WasmFeatures;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig,
    WasmBacktraceDetails,
};

/// The stack of guest code, in bytes. What runs beyond it is host functions, which are kept shallow.
const GUEST_STACK_BYTES: usize = 512 << 10;
/// The whole stack of a run, in bytes.
const STACK_BYTES: usize = GUEST_STACK_BYTES + (768 << 10);
/// The largest memory that any limit can allow, in bytes.
pub(crate) const MEMORY_BYTES_MAX: usize = 1 << 30;
/// The largest table that any limit can allow, in elements.
pub(crate) const TABLE_ELEMENTS_MAX: usize = 200_000;
/// Memories of one component.
pub(crate) const MEMORIES: u32 = 4;
/// Tables of one component.
pub(crate) const TABLES: u32 = 32;
/// Core instances of one component; interpreters of whole languages come in dozens of parts.
pub(crate) const INSTANCES: u32 = 120;
/// Memory of one core instance's own structures, in bytes.
const INSTANCE_BYTES: usize = 4 << 20;
/// What is zeroed instead of given back to the system after a run, in bytes of a memory, …
const MEMORY_RESIDENT_BYTES: usize = 2 << 20;
/// … of a table, and of a stack.
const SMALL_RESIDENT_BYTES: usize = 64 << 10;

/// An engine that compiles, and runs what it compiled one at a time.
pub(crate) fn plain() -> wasmtime::Result<Engine> {
    Engine::new(&settings())
}

/// An engine whose instances lie in a pool of `places`, made once.
pub(crate) fn pooled(places: u32) -> wasmtime::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(places)
        .total_core_instances(places.saturating_mul(INSTANCES))
        .total_memories(places.saturating_mul(MEMORIES))
        .total_tables(places.saturating_mul(TABLES))
        // A run has one stack; one that ended gives it back a moment later.
        .total_stacks(places.saturating_mul(2))
        .max_core_instances_per_component(INSTANCES)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(TABLES)
        .max_memories_per_module(1)
        .max_tables_per_module(TABLES)
        .max_component_instance_size(INSTANCE_BYTES)
        .max_core_instance_size(INSTANCE_BYTES)
        .max_memory_size(MEMORY_BYTES_MAX)
        .table_elements(TABLE_ELEMENTS_MAX)
        .linear_memory_keep_resident(MEMORY_RESIDENT_BYTES)
        .table_keep_resident(SMALL_RESIDENT_BYTES)
        .async_stack_keep_resident(SMALL_RESIDENT_BYTES)
        .max_unused_warm_slots(places)
        .decommit_batch_size(16)
        .pagemap_scan(Enabled::Auto);
    let mut settings = settings();
    settings.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&settings)
}

/// The word for everything that decides whether an artifact fits: version, target and settings.
pub(crate) fn word(engine: &Engine) -> String {
    let mut digest = Digester(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut digest);
    let digest: [u8; 32] = digest.0.finalize().into();
    let (word, _) = digest.split_first_chunk().unwrap_or((&[0; 8], &[]));
    format!("{:016x}", u64::from_be_bytes(*word))
}

fn settings() -> Config {
    let mut config = Config::new();
    // What guests do not need is off: each feature is code of the engine that nobody can reach.
    config
        .gc_support(false)
        .wasm_features(WasmFeatures::GC, false)
        .wasm_features(WasmFeatures::FUNCTION_REFERENCES, false)
        .wasm_features(WasmFeatures::EXCEPTIONS, false)
        .wasm_tail_call(false)
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .wasm_simd(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false)
        .shared_memory(false)
        .concurrency_support(false);
    // The engine's own modules between two components of a guest use two memories; guests' modules are
    // held to one by the compiler's validation.
    config.wasm_multi_memory(true);
    // Every millisecond a run gives way, and its running time is looked at.
    config.epoch_interruption(true);
    // The same run uses the same fuel on every machine: that is how a replay judges. It is counted in
    // every run, so that there is one kind of artifact.
    config
        .consume_fuel(true)
        .cranelift_nan_canonicalization(true);
    config
        .max_wasm_stack(GUEST_STACK_BYTES)
        .async_stack_size(STACK_BYTES)
        // Stacks are used again, by other customers' runs.
        .async_stack_zeroing(true);
    // A trap says where it happened, by the names that the component brings. Its line tables are left
    // alone: they are a stranger's, and read without any limit.
    config
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .generate_address_map(true)
        .native_unwind_info(false)
        .cranelift_opt_level(OptLevel::Speed);
    config
}

struct Digester(Sha256);

impl Hasher for Digester {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
