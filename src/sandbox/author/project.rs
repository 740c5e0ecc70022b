//! The project in a folder: its manifest and its language.

use crate::author::disk;
use crate::author::screen::Trouble;
use std::path::{Path, PathBuf};
use wabe_package::settings::Settings;
use wabe_package::{Grants, Manifest, manifest};

/// What builds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kit {
    /// There is a `Cargo.toml`.
    Rust,
    /// There is a `package.json`.
    JavaScript,
}

/// A folder with a `plugin.toml` that is in order.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// What `plugin.toml` says.
    pub(crate) manifest: Manifest,
}

impl Project {
    /// The project in this folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Trouble> {
        let path = folder.join(manifest::PART);
        if !path.exists() {
            let cause = "there is no plugin in this folder";
            let step = "Go into a project's folder, or begin one: wabe plugin new --lang rust NAME";
            return Err(Trouble::one(&disk::shown(&path), cause, step));
        }
        let manifest = Manifest::read(&disk::read(&path)?).map_err(|flaws| Trouble::of(&flaws))?;
        Ok(Self {
            folder: folder.to_owned(),
            manifest,
        })
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What builds it.
    pub(crate) fn kit(&self) -> Result<Kit, Trouble> {
        if self.path("Cargo.toml").exists() {
            return Ok(Kit::Rust);
        }
        if self.path("package.json").exists() {
            return Ok(Kit::JavaScript);
        }
        let cause = "there is no Cargo.toml and no package.json, so nobody knows how to build";
        let step = "Put one there, or build by yourself and use --no-build";
        Err(Trouble::one(&disk::shown(&self.folder), cause, step))
    }

    /// The component as it was built last.
    pub(crate) fn component(&self) -> Result<Vec<u8>, Trouble> {
        let path = self.path(&self.manifest.component);
        if !path.exists() {
            let cause = "the component is not built yet";
            let step = "Run it without --no-build";
            return Err(Trouble::one(&disk::shown(&path), cause, step));
        }
        disk::read(&path)
    }

    /// The settings that customers may choose; none when there is no schema.
    pub(crate) fn settings(&self) -> Result<Settings, Trouble> {
        let Some(part) = &self.manifest.settings else {
            return Ok(Settings::default());
        };
        let bytes = disk::read(&self.path(part))?;
        Settings::read(part, &bytes).map_err(|flaws| Trouble::of(&flaws))
    }

    /// Everything that the manifest asks for, without what these words take away.
    pub(crate) fn grants(&self, denied: &[String]) -> Result<Grants, String> {
        let mut words = Vec::new();
        for word in denied {
            let found = self
                .manifest
                .capabilities
                .iter()
                .find(|r| r.capability.to_string() == *word);
            let Some(found) = found else {
                return Err(format!(
                    "plugin.toml does not ask for {word}, so it cannot be denied"
                ));
            };
            words.push(found.capability.clone());
        }
        let left = self
            .manifest
            .capabilities
            .iter()
            .filter(|r| !words.contains(&r.capability));
        Ok(Grants::all(&left.cloned().collect::<Vec<_>>(), &[]))
    }
}
