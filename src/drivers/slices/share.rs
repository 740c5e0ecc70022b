//! How much of a machine one customer gets.

use serde::{Deserialize, Serialize};

/// What the kernel shares out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Controller {
    /// Time of processors.
    Cpu,
    /// Memory.
    Memory,
    /// Processes.
    Pids,
}

impl Controller {
    /// All that is used.
    pub const ALL: [Self; 3] = [Self::Cpu, Self::Memory, Self::Pids];

    /// The kernel's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Pids => "pids",
        }
    }
}

/// The share of one customer, whatever they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Share {
    /// How much time of processors beside others who want some, too: 1 to 10 000.
    pub cpu_weight: u32,
    /// The most time of processors, in hundredths of one; 0 for no bound.
    pub cpu_percent: u32,
    /// Above this memory is taken back and processes are slowed down, in MiB; 0 for no bound.
    pub memory_high_mib: u32,
    /// Above this processes are ended, in MiB; 0 for no bound.
    pub memory_max_mib: u32,
    /// The most processes and threads; 0 for no bound.
    pub processes: u32,
}

impl Default for Share {
    fn default() -> Self {
        Self {
            cpu_weight: 100,
            cpu_percent: 200,
            memory_high_mib: 768,
            memory_max_mib: 1_024,
            processes: 128,
        }
    }
}

/// A file of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Knob {
    CpuWeight,
    CpuMax,
    MemoryHigh,
    MemoryMax,
    PidsMax,
}

impl Knob {
    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::CpuWeight => "cpu.weight",
            Self::CpuMax => "cpu.max",
            Self::MemoryHigh => "memory.high",
            Self::MemoryMax => "memory.max",
            Self::PidsMax => "pids.max",
        }
    }

    pub(super) const fn controller(self) -> Controller {
        match self {
            Self::CpuWeight | Self::CpuMax => Controller::Cpu,
            Self::MemoryHigh | Self::MemoryMax => Controller::Memory,
            Self::PidsMax => Controller::Pids,
        }
    }
}

impl Share {
    /// What is wrong with it, one line each, naming the key.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if !(1..=10_000).contains(&self.cpu_weight) {
            found.push("cpu_weight: from 1 to 10000; 100 is what everybody else has".to_owned());
        }
        let bounded = self.memory_max_mib > 0;
        if bounded && self.memory_high_mib > self.memory_max_mib {
            found.push("memory_high_mib: at most memory_max_mib".to_owned());
        }
        if bounded && self.memory_max_mib < 64 {
            found.push("memory_max_mib: 64 at least, or 0 for no bound".to_owned());
        }
        if (1..16).contains(&self.processes) {
            found.push("processes: 16 at least, or 0 for no bound".to_owned());
        }
        found
    }

    /// What is written where.
    pub(super) fn lines(&self) -> [(Knob, String); 5] {
        let most = |number: u32, unit: u64| match number {
            0 => "max".to_owned(),
            number => (u64::from(number) * unit).to_string(),
        };
        [
            (Knob::CpuWeight, self.cpu_weight.to_string()),
            // Of each tenth of a second, in millionths of one.
            (
                Knob::CpuMax,
                format!("{} 100000", most(self.cpu_percent, 1_000)),
            ),
            (Knob::MemoryHigh, most(self.memory_high_mib, 1 << 20)),
            (Knob::MemoryMax, most(self.memory_max_mib, 1 << 20)),
            (Knob::PidsMax, most(self.processes, 1)),
        ]
    }
}
