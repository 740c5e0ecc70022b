//! Recognises what is often handed in instead of a component, and says how to come to one.

use wabe_package::Defect;
use wasmparser::{KnownCustom, Parser, Payload};

/// What is wrong with the file as a whole; `None` when it is a component.
pub(super) fn recognise(bytes: &[u8]) -> Option<Defect> {
    let foreign = |found: &str| {
        Some(Defect::TextFormat {
            found: found.to_owned(),
        })
    };
    let start = bytes.get(..64).unwrap_or(bytes).trim_ascii_start();
    if Parser::is_component(bytes) {
        return None;
    }
    if Parser::is_core_wasm(bytes) {
        return Some(Defect::CoreModule { flag: flag(bytes) });
    }
    match start {
        [] => foreign("an empty file"),
        [b'(', ..] | [b';', b';', ..] => foreign("WebAssembly in its text format"),
        [0x7f, b'E', b'L', b'F', ..] => Some(Defect::Precompiled {
            found: "compiled already".to_owned(),
        }),
        [b'P', b'K', ..] | [0x1f, 0x8b, ..] => foreign("packed"),
        [b'i', b'm', b'p', b'o', b'r', b't', ..] | [b'/', b'/' | b'*', ..] => {
            foreign("source code")
        }
        _ => {
            let reason = "it does not begin with the bytes of a component".to_owned();
            Some(Defect::NotWasm { reason })
        }
    }
}

/// The flag of the tool that made a core module.
fn flag(bytes: &[u8]) -> String {
    let makers = makers(bytes).unwrap_or_default().to_lowercase();
    let flag = if makers.contains("rust") {
        "cargo build --release --target wasm32-wasip2 and crate-type = [\"cdylib\"] (a build for \
         wasm32-wasip1 or wasm32-unknown-unknown makes modules)"
    } else if makers.contains("tinygo") {
        "tinygo build -target=wasip2"
    } else if makers.contains("clang") {
        "clang --target=wasm32-wasip2"
    } else if makers.contains("javy") || makers.contains("quickjs") {
        "the kit's build for JavaScript: wabe plugin pack"
    } else {
        "the target for components, such as --target wasm32-wasip2, or wrap it with wasm-tools \
         component new"
    };
    flag.to_owned()
}

/// The names in the section that says who made a module.
fn makers(bytes: &[u8]) -> Option<String> {
    let mut makers = String::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let Payload::CustomSection(section) = payload.ok()? else {
            continue;
        };
        let KnownCustom::Producers(fields) = section.as_known() else {
            continue;
        };
        for field in fields.into_iter().take(8) {
            for value in field.ok()?.values.into_iter().take(16) {
                makers.push_str(value.ok()?.name);
                makers.push(' ');
            }
        }
    }
    Some(makers)
}
