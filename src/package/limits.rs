//! The named limits of a run. Every refusal and every kill names one of them.

use serde::{Deserialize, Serialize};

/// How much one run may use. Settable per plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Wall time of the whole run, in milliseconds.
    pub wall_ms: u32,
    /// Running time of guest code, in milliseconds, counted in ticks of one.
    pub cpu_ms: u32,
    /// The sum of all memories, in bytes.
    pub memory_bytes: u64,
    /// Elements of all tables together.
    pub table_elements: u32,
    /// Component handles alive at once.
    pub handles: u32,
    /// Bytes that one host call may copy out of the guest.
    pub call_bytes: u32,
    /// Bytes that all host calls of a run may copy.
    pub calls_bytes: u64,
    /// Host calls, without log lines.
    pub calls: u32,
    /// Requests to other hosts.
    pub fetches: u32,
    /// Calls of the key-value store.
    pub kv_calls: u32,
    /// Lines in the log.
    pub log_lines: u32,
    /// Bytes of one line; what is longer is cut and marked.
    pub log_line_bytes: u32,
    /// Bytes of the whole log.
    pub log_bytes: u32,
    /// Bytes of what is given back.
    pub result_bytes: u32,
    /// Effects.
    pub effects: u32,
    /// Fuel in a replay or dry run; 0 means no fuel is counted.
    pub fuel: u64,
}

impl Limits {
    /// The defaults for pages that somebody waits for: forms, cards, ticket actions.
    pub const PAGE: Self = Self {
        wall_ms: 2_000,
        cpu_ms: 100,
        memory_bytes: 64 << 20,
        table_elements: 20_000,
        handles: 1_000,
        call_bytes: 1 << 20,
        calls_bytes: 8 << 20,
        calls: 500,
        fetches: 10,
        kv_calls: 200,
        log_lines: 200,
        log_line_bytes: 2_048,
        log_bytes: 64 << 10,
        result_bytes: 64 << 10,
        effects: 50,
        fuel: 0,
    };

    /// The defaults for events and webhooks.
    pub const EVENT: Self = Self {
        wall_ms: 10_000,
        cpu_ms: 250,
        fetches: 20,
        result_bytes: 256 << 10,
        ..Self::PAGE
    };

    /// The defaults for scheduled tasks.
    pub const TASK: Self = Self {
        wall_ms: 60_000,
        cpu_ms: 2_000,
        fetches: 200,
        result_bytes: 256 << 10,
        ..Self::PAGE
    };
}

/// Which limit ended or refused something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitName {
    /// Wall time.
    Wall,
    /// Running time of guest code.
    Cpu,
    /// Memory.
    Memory,
    /// Table elements, tables, memories or instances.
    Tables,
    /// The guest's stack.
    Stack,
    /// Component handles.
    Handles,
    /// Bytes of one host call.
    CallBytes,
    /// Bytes of all host calls.
    CallsBytes,
    /// Host calls.
    Calls,
    /// Requests to other hosts.
    Fetches,
    /// Calls of the key-value store.
    KvCalls,
    /// The log; lines beyond it are dropped and counted, the run goes on.
    Log,
    /// The size of what is given back.
    Result,
    /// The number of effects.
    Effects,
    /// Fuel, in a replay or dry run.
    Fuel,
}

impl LimitName {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Wall,
        Self::Cpu,
        Self::Memory,
        Self::Tables,
        Self::Stack,
        Self::Handles,
        Self::CallBytes,
        Self::CallsBytes,
        Self::Calls,
        Self::Fetches,
        Self::KvCalls,
        Self::Log,
        Self::Result,
        Self::Effects,
        Self::Fuel,
    ];

    /// The word in messages, the API and the Fluent key `run-limit-{word}`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Tables => "tables",
            Self::Stack => "stack",
            Self::Handles => "handles",
            Self::CallBytes => "call_bytes",
            Self::CallsBytes => "calls_bytes",
            Self::Calls => "calls",
            Self::Fetches => "fetches",
            Self::KvCalls => "kv_calls",
            Self::Log => "log",
            Self::Result => "result",
            Self::Effects => "effects",
            Self::Fuel => "fuel",
        }
    }
}
