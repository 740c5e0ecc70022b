//! Packages, and their way into an installation's catalogue and to a customer.

use crate::changes::Tenant;
use crate::report::Outcome;
use serde_json::{Value, json};
use std::path::Path;
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Mode, Refusal};
use wabe_automation::plugin::UploadPlugin;
use wabe_package::Package;
use wabe_package::archive::COMPONENT_BYTES;
use wabe_panel::ground::Ground;
use wabe_panel::operations::command;

/// The part that says what a package is.
const MANIFEST: &str = "plugin.toml";

/// A package that lies where its author's tool left it.
#[derive(Clone)]
pub(super) struct Packed(Package);

fn refused(refusal: &Refusal) -> Box<dyn std::error::Error + Send + Sync> {
    format!("{refusal:?}").into()
}

/// The house's own hand.
fn hoster() -> Outcome<Actor> {
    let purpose = "bench".parse().map_err(|_problem| "no purpose")?;
    Ok(Actor::system(HOUSE).for_purpose(purpose))
}

impl Packed {
    /// The package of one of the plugins that lie beside the panel.
    pub(super) fn read(place: &str) -> Outcome<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins");
        let name = place.rsplit('/').next().unwrap_or(place);
        let file = folder.join(place).join(format!("{name}.wabeplugin"));
        let bytes = std::fs::read(&file);
        let bytes = bytes.map_err(|error| format!("{}: {error}", file.display()))?;
        let package = Package::read(&bytes, COMPONENT_BYTES);
        Ok(Self(package.map_err(|flaws| format!("{flaws:?}"))?))
    }

    /// Its component.
    pub(super) fn component(&self) -> &[u8] {
        self.0.component()
    }

    /// Another version, with a component that nobody has seen.
    pub(super) fn version(&self, number: u32) -> Outcome<Self> {
        let mut next = self.0.clone();
        let parts = &mut next.parts;
        let text = parts.get(MANIFEST).ok_or("a package without a manifest")?;
        let text = String::from_utf8(text.clone())?;
        let version = format!("version = \"1.0.{number}\"");
        let text = text.replacen("version = \"1.0.0\"", &version, 1);
        parts.insert(MANIFEST.to_owned(), text.into_bytes());
        // A section that engines pass over: its kind, its size, its name, its content.
        let content = number.to_be_bytes();
        let component = parts.get_mut(&next.manifest.component);
        let component = component.ok_or("a package without a component")?;
        component.extend([0, 10, 5]);
        component.extend(b"bench");
        component.extend(content);
        Ok(next.into())
    }

    /// Uploads it; answers the version's id.
    pub(super) async fn upload(&self, ground: &Ground) -> Outcome<Value> {
        let upload = UploadPlugin::of(self.0.write());
        let done = ground.gate.run(&hoster()?, upload, Mode::Commit).await;
        Ok(json!(done.map_err(|why| refused(&why))?.output.id))
    }

    /// Uploads and releases it.
    pub(super) async fn publish(&self, ground: &Ground) -> Outcome<()> {
        let id = self.upload(ground).await?;
        let input = json!({ "id": id, "note": "bench" });
        let released = command(ground, &hoster()?, "plugin.release", input).await;
        released.map(drop).map_err(|why| refused(&why))
    }

    /// Installs it with everything that it asks for.
    pub(super) async fn install(
        &self,
        ground: &Ground,
        tenant: &Tenant,
        settings: &Value,
    ) -> Outcome<()> {
        let asked = self.0.manifest.capabilities.iter();
        let asked = asked.map(|request| (request.capability.to_string(), json!(true)));
        let granted: serde_json::Map<String, Value> = asked.collect();
        let name = self.0.manifest.id.to_string();
        let input = json!({ "plugin": name, "capabilities": granted, "settings": settings });
        let installed = command(ground, &tenant.owner, "installation.create", input).await;
        installed.map(drop).map_err(|why| refused(&why))
    }
}

impl From<Package> for Packed {
    fn from(package: Package) -> Self {
        Self(package)
    }
}
