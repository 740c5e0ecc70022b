//! Writes the Rust kit's bindings anew from `wit/`: `cargo run -p wabe-plugin-bindgen`.
//!
//! They are kept beside the code that uses them, so that no author's first build has to build a
//! generator: it is four fifths of what the kit would cost.

use std::error::Error;
use std::path::Path;
use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_core::{Files, WorldGenerator};

/// The one source of the API.
const WIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../wit");
/// The copies of it that travel with kits; the one for Rust carries it inside its bindings.
const COPIES: [&str; 1] = ["../js/wit"];
/// What is generated.
const BINDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rust/src/bindings.rs");

#[expect(
    clippy::disallowed_methods,
    reason = "writes sources, on the machine of whoever changes the API"
)]
fn main() -> Result<(), Box<dyn Error>> {
    std::fs::write(BINDINGS, bindings()?)?;
    for copy in COPIES {
        let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join(copy);
        std::fs::create_dir_all(&copy)?;
        for (name, text) in files(Path::new(WIT))? {
            std::fs::write(copy.join(name), text)?;
        }
    }
    Ok(())
}

/// The bindings to the world `plugin`.
fn bindings() -> Result<String, Box<dyn Error>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(WIT)?;
    let world = resolve.select_world(&[package], Some("plugin"))?;
    let mut files = Files::default();
    let options = wit_bindgen_rust::Opts {
        format: true,
        ..Default::default()
    };
    options.build().generate(&mut resolve, world, &mut files)?;
    let (_, text) = files.iter().next().ok_or("nothing was generated")?;
    Ok(format!(
        "// From `wit/` by `cargo run -p wabe-plugin-bindgen`.\n{}",
        String::from_utf8(text.to_vec())?
    ))
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        all.push((name, std::fs::read_to_string(entry.path())?));
    }
    all.sort();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kits_carry_the_api_as_it_is() {
        let source = files(Path::new(WIT)).unwrap();
        assert!(!source.is_empty());
        for copy in COPIES {
            let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join(copy);
            assert_eq!(
                files(&copy).unwrap(),
                source,
                "{}: run `cargo run -p wabe-plugin-bindgen`",
                copy.display()
            );
        }
    }

    #[test]
    fn bindings_are_those_of_the_api() {
        let kept = std::fs::read_to_string(BINDINGS).unwrap();
        assert!(
            kept == bindings().unwrap(),
            "run `cargo run -p wabe-plugin-bindgen`"
        );
    }
}
