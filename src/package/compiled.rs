//! What the compiler of components says, and what a component may be made of.
//!
//! `wabe-sandbox compile` reads a component from its standard input. It writes the artifact, and nothing
//! else, to its standard output, and one line of JSON, a [`Report`], to its standard error. It ends with
//! 0 when it compiled and with 1 when it refused. A process that was ended by a signal met one of its
//! own limits: [`killed`] says which.

use crate::archive::{COMPONENT_BYTES, COMPONENT_BYTES_LARGE};
use crate::flaw::{Defect, Flaw};
use crate::manifest::Manifest;
use crate::trigger::Trigger;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The processor time of one compilation, in seconds.
pub const CPU_SECONDS: u64 = 20;
/// The address space of one compilation, in bytes.
pub const MEMORY_BYTES: u64 = 1_536 << 20;

/// Which components are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Rust and JavaScript.
    #[default]
    Small,
    /// Interpreters that come along whole.
    Large,
}

impl Tier {
    /// The largest component, in bytes.
    #[must_use]
    pub const fn bytes_max(self) -> usize {
        match self {
            Self::Small => COMPONENT_BYTES,
            Self::Large => COMPONENT_BYTES_LARGE,
        }
    }

    /// The most memory that a component may ask for before it runs, in bytes.
    #[must_use]
    pub const fn memory_max(self) -> u64 {
        match self {
            Self::Small => 64 << 20,
            Self::Large => 128 << 20,
        }
    }
}

/// What came of it: the line on the standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case", deny_unknown_fields)]
pub enum Report {
    /// The artifact is on the standard output.
    Compiled(Box<Compiled>),
    /// There is none.
    Refused {
        /// Why.
        flaws: Vec<Flaw>,
    },
}

/// A component that was compiled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compiled {
    /// The SHA-256 of the component, in hexadecimal.
    pub component: String,
    /// The word of the engine that it was compiled for.
    pub engine: String,
    /// The interfaces that it exports, with their versions.
    pub exports: Vec<String>,
    /// The interfaces that it imports, with their versions.
    pub imports: Vec<String>,
    /// How large it is, and what it is made of, by word.
    pub sizes: BTreeMap<String, u64>,
}

impl Compiled {
    /// The artifact's name: `{component}-{engine}`.
    #[must_use]
    pub fn artifact(&self) -> String {
        format!("{}-{}", self.component, self.engine)
    }

    /// The capabilities that it can call, without the version: `http`, `kv`, …
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        self.imports.iter().filter_map(|import| {
            let (name, _) = import.strip_prefix("wabe:plugin/")?.split_once('@')?;
            (name != "types").then_some(name)
        })
    }

    /// The triggers of a manifest whose entry point the component lacks.
    #[must_use]
    pub fn lacks(&self, manifest: &Manifest) -> Vec<Flaw> {
        lacks(&self.exports, manifest)
    }
}

/// The triggers of a manifest that call something that is not among these exports.
#[must_use]
pub fn lacks(exports: &[String], manifest: &Manifest) -> Vec<Flaw> {
    let has = |interface: &str| {
        exports
            .iter()
            .any(|export| export.split('@').next() == Some(interface))
    };
    let lacking = |trigger: &&Trigger| !has(trigger.interface());
    let flaw = |trigger: &Trigger| {
        let (trigger, export) = (trigger.key(), trigger.interface().to_owned());
        Flaw::of_part(
            &manifest.component,
            Defect::EntryMissing { trigger, export },
        )
    };
    manifest.triggers.iter().filter(lacking).map(flaw).collect()
}

/// Why a compiler was ended by this signal (Linux numbers).
#[must_use]
pub fn killed(part: &str, signal: i32) -> Flaw {
    let defect = match signal {
        // SIGXCPU, and SIGKILL when it was not heard.
        24 | 9 => time_is_up(CPU_SECONDS),
        // SIGABRT: the allocator gave up.
        6 => Defect::CompileLimit {
            limit: "memory".to_owned(),
            max: format!("{} MiB", MEMORY_BYTES >> 20),
        },
        // SIGSEGV, SIGBUS: the stack ended.
        11 | 7 => Defect::CompileLimit {
            limit: "stack".to_owned(),
            max: "8 MiB".to_owned(),
        },
        other => Defect::CompileFailed {
            reason: format!("the compiler was ended by signal {other}"),
        },
    };
    Flaw::of_part(part, defect)
}

/// The flaw of a compilation that took too long.
#[must_use]
pub fn time_is_up(seconds: u64) -> Defect {
    Defect::CompileLimit {
        limit: "processor time".to_owned(),
        max: format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(exports: &[&str]) -> Compiled {
        Compiled {
            component: "ab".repeat(32),
            engine: "0123456789abcdef".to_owned(),
            exports: exports.iter().map(|&e| e.to_owned()).collect(),
            imports: vec![
                "wabe:plugin/types@1.0.0".to_owned(),
                "wabe:plugin/http@1.0.0".to_owned(),
            ],
            sizes: BTreeMap::new(),
        }
    }

    #[test]
    fn a_report_is_one_line_of_json() {
        let report = Report::Compiled(Box::new(compiled(&[])));
        let text = serde_json::to_string(&report).unwrap();
        assert!(!text.contains('\n'));
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
        let refused = Report::Refused {
            flaws: vec![killed("plugin.wasm", 24)],
        };
        let text = serde_json::to_string(&refused).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), refused);
    }

    #[test]
    fn triggers_without_an_entry_point_are_named() {
        let text = "id = \"ab\"\nversion = \"1.0.0\"\napi = \"1.0\"\nauthor = \"W\"\ncomponent = \"plugin.wasm\"\n\
            name = { de = \"A\", en = \"A\" }\nsummary = { de = \"A\", en = \"A\" }\n\
            [[capability]]\ncapability = \"ticket\"\nreason = { de = \"A\", en = \"A\" }\n[[trigger]]\nkind = \"ticket\"\n";
        let manifest = Manifest::parse(text).unwrap();
        assert!(
            compiled(&["wabe:plugin/actions@1.0.0"])
                .lacks(&manifest)
                .is_empty()
        );
        let flaws = compiled(&["wabe:plugin/forms@1.0.0"]).lacks(&manifest);
        assert_eq!(flaws[0].defect.code(), "entry-missing");
        assert_eq!(compiled(&[]).needs().collect::<Vec<_>>(), ["http"]);
    }
}
