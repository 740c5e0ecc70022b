//! Counts what makes compilers slow, before anything works on it.
//!
//! Reads the binary once from front to back, keeps nothing, and stops at the first count that is too
//! large. Nothing is validated here: what is not well-formed ends the scan too.

use crate::engine;
use std::collections::BTreeMap;
use wabe_package::Defect;
use wabe_package::compiled::Tier;
use wasmparser::{
    ComponentType, ComponentTypeDeclaration, Error, FunctionBody, InstanceTypeDeclaration,
    Operator, Parser, Payload,
};

/// Functions of all modules together.
const FUNCTIONS_MAX: u64 = 20_000;
/// Bytes of one function.
const FUNCTION_BYTES_MAX: u64 = 256 << 10;
/// Locals of one function.
const LOCALS_MAX: u64 = 5_000;
/// Targets of one jump table.
const TARGETS_MAX: u64 = 4_000;
/// Blocks within each other.
const NESTING_MAX: u64 = 500;
/// Data segments of all modules together. The heap that a component in JavaScript brings along fills
/// ten thousand by itself.
const DATA_MAX: u64 = 12_000;
/// Element segments of all modules together.
const ELEMENTS_MAX: u64 = 10_000;
/// Types of everything together.
const TYPES_MAX: u64 = 10_000;
/// Bytes of the component's types together. Types within types are read by recursion, a level for every
/// three bytes.
const TYPE_BYTES_MAX: u64 = 128 << 10;
/// Types within each other.
const TYPE_DEPTH_MAX: usize = 20;
/// Imports, exports, aliases and the like of everything together.
const ITEMS_MAX: u64 = 50_000;
/// Components within each other.
const DEPTH_MAX: usize = 4;

/// How many there are, by word.
pub(super) type Counts = BTreeMap<&'static str, u64>;

struct Scan {
    counts: Counts,
    tier: Tier,
}

/// Counts; the first count that is too large is the error.
pub(super) fn scan(bytes: &[u8], tier: Tier) -> Result<Counts, Defect> {
    let mut scan = Scan {
        counts: Counts::new(),
        tier,
    };
    let mut depth: usize = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|error| broken(&error))?;
        match &payload {
            Payload::ModuleSection { .. } => {
                depth += 1;
                scan.add("modules", 1, u64::from(engine::INSTANCES))?;
            }
            Payload::ComponentSection { .. } => {
                depth += 1;
                scan.add("components", 1, u64::from(engine::INSTANCES))?;
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return Err(Defect::TooDeep {
                max: DEPTH_MAX.to_string(),
            });
        }
        scan.section(&payload)?;
    }
    Ok(scan.counts)
}

impl Scan {
    fn add(&mut self, what: &'static str, more: u64, max: u64) -> Result<(), Defect> {
        let count = self.counts.entry(what).or_default();
        *count = count.saturating_add(more);
        if *count <= max {
            return Ok(());
        }
        Err(Defect::CountTooLarge {
            what: what.replace('_', " "),
            max: max.to_string(),
            found: count.to_string(),
        })
    }

    fn section(&mut self, payload: &Payload) -> Result<(), Defect> {
        match payload {
            Payload::FunctionSection(s) => self.add("functions", s.count().into(), FUNCTIONS_MAX),
            Payload::CodeSectionEntry(body) => self.function(body),
            Payload::DataSection(s) => self.add("data_segments", s.count().into(), DATA_MAX),
            Payload::ElementSection(s) => {
                self.add("element_segments", s.count().into(), ELEMENTS_MAX)
            }
            Payload::TypeSection(s) => self.add("types", s.count().into(), TYPES_MAX),
            Payload::CoreTypeSection(s) => self.types(s.count(), s.range().len()),
            Payload::ComponentTypeSection(s) => {
                self.types(s.count(), s.range().len())?;
                for kind in s.clone() {
                    check_depth(&kind.map_err(|error| broken(&error))?, TYPE_DEPTH_MAX)?;
                }
                Ok(())
            }

            Payload::ImportSection(s) => self.add("items", s.count().into(), ITEMS_MAX),
            Payload::ExportSection(s) => self.add("items", s.count().into(), ITEMS_MAX),
            Payload::GlobalSection(s) => self.add("items", s.count().into(), ITEMS_MAX),
            Payload::InstanceSection(s) => self.add("instances", s.count().into(), ITEMS_MAX),
            Payload::ComponentInstanceSection(s) => {
                self.add("instances", s.count().into(), ITEMS_MAX)
            }
            Payload::ComponentAliasSection(s) => self.add("items", s.count().into(), ITEMS_MAX),
            Payload::ComponentCanonicalSection(s) => self.add("items", s.count().into(), ITEMS_MAX),
            Payload::ComponentImportSection(s) => self.add("items", s.count().into(), ITEMS_MAX),
            Payload::ComponentExportSection(s) => self.add("items", s.count().into(), ITEMS_MAX),
            Payload::MemorySection(memories) => {
                self.add("memories", memories.count().into(), engine::MEMORIES.into())?;
                for memory in memories.clone() {
                    let memory = memory.map_err(|error| broken(&error))?;
                    let bytes = memory.initial.saturating_mul(64 << 10);
                    self.add("memory_bytes_at_start", bytes, self.tier.memory_max())?;
                }
                Ok(())
            }
            Payload::TableSection(tables) => {
                self.add("tables", tables.count().into(), engine::TABLES.into())?;
                for table in tables.clone() {
                    let table = table.map_err(|error| broken(&error))?;
                    let max = u64::try_from(engine::TABLE_ELEMENTS_MAX).unwrap_or(u64::MAX);
                    self.add("table_elements_at_start", table.ty.initial, max)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn types(&mut self, count: u32, bytes: usize) -> Result<(), Defect> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.add("bytes_of_types", bytes, TYPE_BYTES_MAX)?;
        self.add("types", count.into(), TYPES_MAX)
    }

    fn function(&mut self, body: &FunctionBody) -> Result<(), Defect> {
        let at = self.counts.entry("bodies").or_default();
        let function = *at;
        *at = at.saturating_add(1);
        let large = |what: &str, max: u64, found: u64| Defect::FunctionTooLarge {
            function: function.to_string(),
            what: what.to_owned(),
            max: max.to_string(),
            found: found.to_string(),
        };
        let bytes = u64::try_from(body.range().len()).unwrap_or(u64::MAX);
        if bytes > FUNCTION_BYTES_MAX {
            return Err(large("bytes", FUNCTION_BYTES_MAX, bytes));
        }
        let mut locals: u64 = 0;
        for group in body.get_locals_reader().map_err(|error| broken(&error))? {
            let (count, _) = group.map_err(|error| broken(&error))?;
            locals = locals.saturating_add(count.into());
        }
        if locals > LOCALS_MAX {
            return Err(large("locals", LOCALS_MAX, locals));
        }
        let mut nesting: u64 = 0;
        for operator in body
            .get_operators_reader()
            .map_err(|error| broken(&error))?
        {
            match operator.map_err(|error| broken(&error))? {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                    nesting += 1;
                }
                Operator::End => nesting = nesting.saturating_sub(1),
                Operator::BrTable { targets } if u64::from(targets.len()) > TARGETS_MAX => {
                    return Err(large(
                        "targets in a jump table",
                        TARGETS_MAX,
                        targets.len().into(),
                    ));
                }
                _ => {}
            }
            if nesting > NESTING_MAX {
                return Err(large("blocks within each other", NESTING_MAX, nesting));
            }
        }
        Ok(())
    }
}

fn check_depth(kind: &ComponentType, left: usize) -> Result<(), Defect> {
    let Some(left) = left.checked_sub(1) else {
        return Err(Defect::TooDeep {
            max: TYPE_DEPTH_MAX.to_string(),
        });
    };
    match kind {
        ComponentType::Component(members) => members.iter().try_for_each(|member| match member {
            ComponentTypeDeclaration::Type(kind) => check_depth(kind, left),
            _ => Ok(()),
        }),
        ComponentType::Instance(members) => members.iter().try_for_each(|member| match member {
            InstanceTypeDeclaration::Type(kind) => check_depth(kind, left),
            _ => Ok(()),
        }),
        _ => Ok(()),
    }
}

/// What is not well-formed.
pub(super) fn broken(error: &Error) -> Defect {
    let (offset, reason) = (error.offset().to_string(), error.message().to_owned());
    match error.missing_wasm_feature() {
        Some(feature) => Defect::FeatureOff {
            feature: name(feature),
            offset,
        },
        None => Defect::InvalidWasm { offset, reason },
    }
}

/// The name of a feature, in words.
fn name(feature: wasmparser::WasmFeatures) -> String {
    let names: Vec<String> = feature
        .iter_names()
        .map(|(name, _)| name.to_lowercase().replace('_', " "))
        .collect();
    names.join(", ")
}
