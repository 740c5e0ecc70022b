//! The package: `NAME.wabeplugin`, a plain tar with `plugin.toml`, the component and a few named parts.
//!
//! What the manifest does not name is refused, so nothing travels unseen. Writing is deterministic:
//! the same parts make the same bytes.

mod tar;

use crate::flaw::{Defect, Flaw};
use crate::manifest::{self, Manifest};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use wabe_kernel::hex;

/// The largest component of a plugin in Rust or JavaScript, in bytes.
pub const COMPONENT_BYTES: usize = 4 << 20;
/// The largest component of the second tier: interpreters that come along whole.
pub const COMPONENT_BYTES_LARGE: usize = 40 << 20;
/// The largest icon.
pub const ICON_BYTES: usize = 16 << 10;
/// The largest settings' schema.
pub const SCHEMA_BYTES: usize = 64 << 10;
/// The largest `README.md`.
pub const README_BYTES: usize = 128 << 10;
/// The largest `SIGNATURE`.
pub const SIGNATURE_BYTES: usize = 4 << 10;
/// The largest package.
pub const PACKAGE_BYTES: usize = COMPONENT_BYTES_LARGE + (1 << 20);
/// The most parts.
pub const PARTS_MAX: usize = 8;

/// The name of the part that holds the signature.
pub const SIGNATURE: &str = "SIGNATURE";
/// The name of the part that tells people about the plugin.
pub const README: &str = "README.md";

/// The parts by their names.
pub type Parts = BTreeMap<String, Vec<u8>>;

/// A package whose manifest is in order and whose parts are those that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// What `plugin.toml` says.
    pub manifest: Manifest,
    /// Every part, with `plugin.toml`.
    pub parts: Parts,
}

impl Package {
    /// Reads the bytes of a `.wabeplugin` file, with components of at most `component_max` bytes.
    pub fn read(bytes: &[u8], component_max: usize) -> Result<Self, Vec<Flaw>> {
        if bytes.len() > PACKAGE_BYTES {
            let (max, found) = (PACKAGE_BYTES.to_string(), bytes.len().to_string());
            return Err(vec![Flaw::of_part(
                "",
                Defect::PackageTooLarge { max, found },
            )]);
        }
        let parts = tar::read(bytes).map_err(|defect| vec![Flaw::of_part("", defect)])?;
        Self::of_parts(parts, component_max)
    }

    /// Puts parts together; everything that is wrong is reported.
    pub fn of_parts(parts: Parts, component_max: usize) -> Result<Self, Vec<Flaw>> {
        let Some(text) = parts.get(manifest::PART) else {
            let name = manifest::PART.to_owned();
            return Err(vec![Flaw::of_part("", Defect::PartMissing { name })]);
        };
        let manifest = Manifest::read(text)?;
        let mut flaws = Vec::new();
        let known = known(&manifest, component_max);
        for (name, bytes) in &parts {
            match known.iter().find(|part| part.name == name) {
                Some(part) if bytes.len() > part.max => flaws.push(Defect::PartTooLarge {
                    name: name.clone(),
                    max: part.max.to_string(),
                    found: bytes.len().to_string(),
                }),
                Some(_) => {}
                None => flaws.push(Defect::PartUnknown {
                    name: name.clone(),
                    known: known.iter().map(|p| p.name).collect::<Vec<_>>().join(", "),
                }),
            }
        }
        let missing = known
            .iter()
            .filter(|part| part.needed && !parts.contains_key(part.name));
        flaws.extend(missing.map(|part| Defect::PartMissing {
            name: part.name.to_owned(),
        }));
        if flaws.is_empty() {
            return Ok(Self { manifest, parts });
        }
        let flaw = |defect| Flaw::of_part(manifest::PART, defect);
        Err(flaws.into_iter().map(flaw).collect())
    }

    /// The bytes of the `.wabeplugin` file; the same parts always make the same bytes.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        tar::write(&self.parts)
    }

    /// A part; `None` when it has none of this name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts.get(name).map(Vec::as_slice)
    }

    /// The component.
    #[must_use]
    pub fn component(&self) -> &[u8] {
        self.part(&self.manifest.component).unwrap_or_default()
    }

    /// The settings' schema, when the manifest names one.
    #[must_use]
    pub fn settings(&self) -> Option<&[u8]> {
        self.part(self.manifest.settings.as_deref()?)
    }

    /// The icon, when the manifest names one.
    #[must_use]
    pub fn icon(&self) -> Option<&[u8]> {
        self.part(self.manifest.icon.as_deref()?)
    }

    /// Names the package by its content: the SHA-256 of its canonical list of digests.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(digest_list(&self.parts)))
    }
}

struct Known<'a> {
    name: &'a str,
    max: usize,
    needed: bool,
}

fn known(manifest: &Manifest, component_max: usize) -> Vec<Known<'_>> {
    let part = |name, max, needed| Known { name, max, needed };
    let mut known = vec![
        part(manifest::PART, manifest::BYTES_MAX, true),
        part(&manifest.component, component_max, true),
        part(README, README_BYTES, false),
        part(SIGNATURE, SIGNATURE_BYTES, false),
    ];
    known.extend(
        manifest
            .settings
            .iter()
            .map(|name| part(name, SCHEMA_BYTES, true)),
    );
    known.extend(
        manifest
            .icon
            .iter()
            .map(|name| part(name, ICON_BYTES, true)),
    );
    known
}

/// What a signature is made over: a line of version, then the SHA-256 and the name of every part but
/// the signature, in order of the names.
#[must_use]
pub fn digest_list(parts: &Parts) -> String {
    let mut list = "wabe-plugin-1\n".to_owned();
    for (name, bytes) in parts.iter().filter(|(name, _)| *name != SIGNATURE) {
        list.push_str(&hex(&Sha256::digest(bytes)));
        list.push_str("  ");
        list.push_str(name);
        list.push('\n');
    }
    list
}

/// The SHA-256 of some bytes, in hexadecimal: names artifacts and components.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
