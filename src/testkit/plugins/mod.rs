//! Plugins without a sandbox: guests are closures, other hosts answer from memory, packages are made
//! here.

mod files;
mod guests;
mod worlds;

pub use files::MemoryFiles;
pub use guests::{FakeSandbox, Guest, done, failed, guest, outcome};
pub use worlds::{FakeFetch, FakeRecords, FakeWorkshop};

use crate::house::{House, Tenant};
use crate::plugins::worlds::Known;
use serde_json::{Value, json};
use std::sync::Arc;
use wabe_access::{Gate, StaffRole};
use wabe_audit::Streams;
use wabe_audit::seal::SealKey;
use wabe_automation::engine::Parts;
use wabe_automation::plugin::UploadPlugin;
use wabe_automation::{Desk, Engine};
use wabe_kernel::id::{InstallationId, PluginVersionId};
use wabe_package::archive::{COMPONENT_BYTES, Parts as PackageParts, SIGNATURE};
use wabe_package::{Package, SigningKey};
use wabe_store::Store;

/// Everything around the engine, and the engine.
pub struct Plugins {
    /// Runs guests that are closures.
    pub sandbox: Arc<FakeSandbox>,
    /// The other hosts.
    pub fetch: Arc<FakeFetch>,
    /// The files of webspaces.
    pub files: Arc<MemoryFiles>,
    /// Turns runs into changes.
    pub engine: Arc<Engine>,
}

impl Plugins {
    /// An engine behind this gate, with room for eight runs.
    pub(crate) fn new(gate: &Arc<Gate>, streams: &Arc<Streams>) -> Self {
        let (sandbox, fetch) = (
            Arc::new(FakeSandbox::default()),
            Arc::new(FakeFetch::default()),
        );
        let files = Arc::new(MemoryFiles::default());
        let engine = Engine::new(Parts {
            gate: gate.clone(),
            streams: streams.clone(),
            sandbox: sandbox.clone(),
            fetch: fetch.clone(),
            files: files.clone(),
            slots: 8,
        });
        Self {
            sandbox,
            fetch,
            files,
            engine,
        }
    }
}

/// What the commands about plugins work with in tests: unsigned packages are taken.
pub(crate) fn plugin_desk(store: &Store) -> Desk {
    Desk {
        workshop: Arc::new(FakeWorkshop),
        secrets: Arc::new(SealKey::from_bytes(&[3; 32]).expect("a key of 32 bytes")),
        records: Arc::new(FakeRecords(store.clone())),
        people: Arc::new(Known),
        commands: crate::registry::commands(),
        unsigned: true,
        component_max: COMPONENT_BYTES,
    }
}

/// A manifest with these capabilities and triggers, in the words of `plugin.toml`.
#[must_use]
pub fn manifest(name: &str, version: &str, rest: &str) -> String {
    format!(
        "id = \"{name}\"\nversion = \"{version}\"\napi = \"1.0\"\nauthor = \"Tests\"\n\
         component = \"plugin.wasm\"\n{rest}\n\
         [name]\nde = \"{name}\"\nen = \"{name}\"\n[summary]\nde = \"Zum Testen.\"\nen = \"For tests.\"\n"
    )
}

/// One `[[capability]]` of a manifest.
#[must_use]
pub fn capability(word: &str, optional: bool) -> String {
    capability_with(word, optional, "")
}

/// One `[[capability]]` of a manifest, with another line.
#[must_use]
pub fn capability_with(word: &str, optional: bool, line: &str) -> String {
    format!(
        "[[capability]]\ncapability = \"{word}\"\noptional = {optional}\n{line}\n\
         [capability.reason]\nde = \"Zum Testen.\"\nen = \"For tests.\"\n"
    )
}

fn parts(manifest: &str) -> PackageParts {
    PackageParts::from([
        ("plugin.toml".to_owned(), manifest.as_bytes().to_vec()),
        ("plugin.wasm".to_owned(), b"\0asm\x0d\0\x01\0".to_vec()),
    ])
}

/// The bytes of a package with this manifest.
#[must_use]
pub fn package(manifest: &str) -> Vec<u8> {
    written(parts(manifest))
}

/// The same, signed.
#[must_use]
pub fn signed_package(manifest: &str, key: &SigningKey) -> Vec<u8> {
    let mut parts = parts(manifest);
    parts.insert(SIGNATURE.to_owned(), key.sign(&parts));
    written(parts)
}

fn written(parts: PackageParts) -> Vec<u8> {
    let package = Package::of_parts(parts, COMPONENT_BYTES);
    package.expect("a good package").write()
}

impl House {
    /// Uploads a version as an operator and releases it as a privacy officer.
    pub async fn publish(&self, manifest: &str) -> PluginVersionId {
        let purpose = || "tests".parse().expect("a reason");
        let operator = self.staff(StaffRole::Operator).await.for_purpose(purpose());
        let upload = UploadPlugin::of(package(manifest));
        let done = self.run(&operator, upload).await.expect("an upload");
        let id = done.output.id;
        let officer = self.staff(StaffRole::PrivacyOfficer).await;
        let officer = officer.for_purpose(purpose());
        let input = json!({ "id": id, "note": "looked at" });
        let released = self.run_json(&officer, "plugin.release", input).await;
        released.expect("a release");
        id
    }

    /// Installs a published plugin with these rights.
    pub async fn install(&self, tenant: &Tenant, plugin: &str, granted: Value) -> InstallationId {
        let input = json!({ "plugin": plugin, "capabilities": granted });
        let done = self
            .run_json(&tenant.owner, "installation.create", input)
            .await;
        let done = done.expect("an installation");
        done.object.parse().expect("the id of an installation")
    }

    /// Lets plugins run until nothing is due; answers how many tries it took.
    pub async fn run_plugins(&self) -> usize {
        let ran = self.plugins.engine.run_due().await;
        ran.expect("plugins run")
    }
}
