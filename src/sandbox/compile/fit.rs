//! Whether a component is valid, and whether this host has what it imports and calls what it exports.

use crate::compile::PART;
use crate::compile::scan::{Counts, broken};
use std::collections::BTreeMap;
use wabe_package::{Defect, Flaw};
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

/// The interfaces of `wit/` that a component may import.
const IMPORTS: [&str; 8] = [
    "types", "log", "kv", "http", "secrets", "records", "files", "crypto",
];
/// The interfaces of `wit/` that a component may export.
const EXPORTS: [&str; 5] = ["events", "tasks", "actions", "forms", "webhooks"];
/// The packages of WASI that are there, mostly as empty rooms.
const WASI: [&str; 6] = ["cli", "clocks", "io", "random", "filesystem", "sockets"];

/// What a component is made of.
pub(crate) struct Shape {
    /// The interfaces that it exports, with their versions.
    pub(crate) exports: Vec<String>,
    /// The interfaces that it imports, with their versions.
    pub(crate) imports: Vec<String>,
    /// How much of what, by word.
    pub(crate) sizes: BTreeMap<String, u64>,
}

/// What guests may use: the same as the engine's settings say.
const fn features() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
        .union(WasmFeatures::SIGN_EXTENSION)
        .union(WasmFeatures::REFERENCE_TYPES)
        .union(WasmFeatures::MULTI_VALUE)
        .union(WasmFeatures::BULK_MEMORY)
        .union(WasmFeatures::FLOATS)
        .union(WasmFeatures::EXTENDED_CONST)
        .union(WasmFeatures::COMPONENT_MODEL)
        .union(WasmFeatures::GC_TYPES)
}

/// Validates the component and looks at its outer imports and exports; every one that does not fit is
/// reported.
pub(super) fn fit(bytes: &[u8], counts: Counts) -> Result<Shape, Vec<Flaw>> {
    let flaw = |defect| Flaw::of_part(PART, defect);
    let mut validator = Validator::new_with_features(features());
    validator
        .validate_all(bytes)
        .map_err(|error| vec![flaw(broken(&error))])?;
    let (imports, exports) = names(bytes).map_err(|defect| vec![flaw(defect)])?;
    let mut defects: Vec<Defect> = imports
        .iter()
        .filter_map(|import| check_import(import))
        .collect();
    defects.extend(exports.iter().filter_map(|export| check_export(export)));
    if !exports.iter().any(|export| is_ours(export, &EXPORTS)) && defects.is_empty() {
        defects.push(Defect::NoEntry { known: entries() });
    }
    if !defects.is_empty() {
        return Err(defects.into_iter().map(flaw).collect());
    }
    let sizes = counts
        .into_iter()
        .map(|(word, count)| (word.to_owned(), count))
        .collect();
    Ok(Shape {
        exports,
        imports,
        sizes,
    })
}

/// The names of the outermost component's imports and exports.
fn names(bytes: &[u8]) -> Result<(Vec<String>, Vec<String>), Defect> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth: usize = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| broken(&error))? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    imports.push(import.map_err(|error| broken(&error))?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    exports.push(export.map_err(|error| broken(&error))?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok((imports, exports))
}

fn entries() -> String {
    EXPORTS
        .map(|name| format!("wabe:plugin/{name}@1.0.0"))
        .join(", ")
}

/// An interface of this API in a version that is spoken here.
fn is_ours(name: &str, known: &[&str]) -> bool {
    let interface = name
        .strip_prefix("wabe:plugin/")
        .and_then(|rest| rest.split_once('@'));
    interface.is_some_and(|(name, version)| version == "1.0.0" && known.contains(&name))
}

fn check_import(import: &str) -> Option<Defect> {
    let wasi = import
        .strip_prefix("wasi:")
        .and_then(|rest| rest.split_once('/'))
        .zip(import.rsplit_once('@'))
        .is_some_and(|((package, _), (_, version))| {
            WASI.contains(&package) && version.starts_with("0.2.")
        });
    if wasi || is_ours(import, &IMPORTS) {
        return None;
    }
    let known = IMPORTS
        .map(|name| format!("wabe:plugin/{name}@1.0.0"))
        .join(", ");
    let known = format!(
        "{known}, and WASI 0.2 ({}) with nothing behind it",
        WASI.join(", ")
    );
    Some(Defect::UnknownImport {
        import: import.chars().take(120).collect(),
        known,
    })
}

/// What is not of this API is never called, and harms nobody.
fn check_export(export: &str) -> Option<Defect> {
    if is_ours(export, &EXPORTS) || !export.starts_with("wabe:plugin/") {
        return None;
    }
    let export = export.chars().take(120).collect();
    Some(Defect::UnknownExport {
        export,
        known: entries(),
    })
}
