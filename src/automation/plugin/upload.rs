//! `plugin.upload`

use crate::desk::{Desk, NotCompiled};
use crate::field::PackageFile;
use crate::flaws::{add, unfit};
use crate::plugin::model::{PluginVersion, VersionShown, VersionState};
use crate::plugin::store::{self, NewVersion};
use crate::trusted_key;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::sync::Arc;
use wabe_access::command::Preparing;
use wabe_access::{Authority, Command, Door, Permission, Refusal};
use wabe_kernel::id::{PluginId, PluginVersionId};
use wabe_kernel::{Fault, Problem, fields};
use wabe_package::archive::{README, SIGNATURE, sha256};
use wabe_package::compiled::Compiled;
use wabe_package::icon::Icon;
use wabe_package::settings::Settings;
use wabe_package::{Capability, Defect, Flaw, Manifest, Package, Signature};

fields! {
    /// Adds a version of a plugin to the catalogue, where it waits for its review. Its signature is
    /// checked and its component compiled.
    pub struct UploadPlugin {
        /// The `.wabeplugin` file, in Base64.
        pub package: PackageFile,
    }
    prepared {
        /// What is in it.
        checked: Option<Checked>,
    }
}

/// A package that was found in order.
#[derive(Debug, Clone)]
struct Checked {
    package: Arc<Package>,
    signed_by: Option<String>,
    icon: Option<String>,
    compiled: Compiled,
}

impl UploadPlugin {
    /// The upload of a file.
    #[must_use]
    pub const fn of(package: Vec<u8>) -> Self {
        Self {
            package: PackageFile(package),
            checked: None,
        }
    }

    fn version(&self, door: &Door<'_>, plugin: PluginId) -> Result<PluginVersion, Refusal> {
        let missing = || Fault::new("a plugin that was not checked");
        let checked = self.checked.as_ref().ok_or_else(missing)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let package = &checked.package;
        Ok(PluginVersion {
            id: PluginVersionId::new(door.now(), door.rng()),
            plugin,
            manifest: Arc::new(package.manifest.clone()),
            schema: package.settings().map(text).unwrap_or_default(),
            icon: checked.icon.clone(),
            readme: package.part(README).map(text),
            state: VersionState::Uploaded,
            component: sha256(package.component()),
            digest: package.digest(),
            signed_by: checked.signed_by.clone(),
            ceiling: None,
            note: None,
            uploaded_by: door.actor().user,
            uploaded_at: door.now(),
            released_at: None,
            withdrawn_at: None,
            withdrawn_reason: None,
        })
    }
}

/// Everything that can be said about a package without running it.
fn inspect(desk: &Desk, package: &Package) -> Result<Option<String>, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let manifest = &package.manifest;
    if let (Some(part), Some(bytes)) = (&manifest.settings, package.settings())
        && let Err(wrong) = Settings::read(part, bytes)
    {
        flaws.extend(wrong);
    }
    let mut icon = None;
    if let (Some(part), Some(bytes)) = (&manifest.icon, package.icon()) {
        match Icon::read(part, bytes) {
            Ok(read) => icon = Some(read.as_str().to_owned()),
            Err(flaw) => flaws.push(flaw),
        }
    }
    flaws.extend(unknown(desk, manifest));
    if flaws.is_empty() {
        Ok(icon)
    } else {
        Err(flaws)
    }
}

/// Capabilities that name what is not here.
fn unknown(desk: &Desk, manifest: &Manifest) -> Vec<Flaw> {
    let flaw = |capability: &Capability, value: &str, known: Vec<&str>| {
        let known = known.join(", ");
        let value = value.to_owned();
        Flaw::at(
            "plugin.toml",
            capability.to_string(),
            Defect::NotAChoice { value, known },
        )
    };
    let mut flaws = Vec::new();
    for request in &manifest.capabilities {
        let capability = &request.capability;
        match capability {
            Capability::Effect(command) if desk.effect(command.as_str()).is_none() => {
                let known = desk
                    .commands
                    .iter()
                    .filter(|spec| crate::may_be_effect(spec));
                let known = known.map(|spec| spec.name).collect();
                flaws.push(flaw(capability, command.as_str(), known));
            }
            Capability::Records(kind) => {
                let types = desk.records.types();
                match types.iter().find(|one| one.name == kind.as_str()) {
                    None => {
                        let known = types.iter().map(|one| one.name).collect();
                        flaws.push(flaw(capability, kind.as_str(), known));
                    }
                    Some(kind) => {
                        let asked = request.fields.iter();
                        let odd = asked.filter(|field| !kind.fields.contains(&field.as_str()));
                        flaws
                            .extend(odd.map(|field| flaw(capability, field, kind.fields.to_vec())));
                    }
                }
            }
            _ => {}
        }
    }
    flaws
}

/// The fingerprint of the trusted key that signed the package.
async fn signer(with: &Preparing<'_>, package: &Package) -> Result<Option<String>, Refusal> {
    let wrong = |flaw: Flaw| unfit(&[flaw]);
    let Some(signature) = Signature::of(&package.parts).map_err(wrong)? else {
        if Desk::of(with.tools)?.unsigned {
            return Ok(None);
        }
        let part = SIGNATURE.to_owned();
        return Err(wrong(Flaw::of_part(SIGNATURE, Defect::NotSigned { part })));
    };
    let mut tx = with.store.read().await?;
    let key = trusted_key::store::find(&mut tx, &signature.key).await?;
    tx.rollback().await?;
    let Some(key) = key else {
        let problem = Problem::new("package-key-unknown").with("place", SIGNATURE);
        let problem = problem.with("key", &signature.key);
        return Err(Refusal::field("package", problem));
    };
    Signature::verify(&package.parts, &key).map_err(wrong)?;
    Ok(Some(key.id()))
}

/// Who signed it and its icon, or everything that is wrong with either.
fn both(
    signed_by: Result<Option<String>, Refusal>,
    icon: Result<Option<String>, Vec<Flaw>>,
) -> Result<(Option<String>, Option<String>), Refusal> {
    match (signed_by, icon) {
        (Ok(signed_by), Ok(icon)) => Ok((signed_by, icon)),
        (Ok(_), Err(flaws)) => Err(unfit(&flaws)),
        (Err(Refusal::Invalid(mut errors)), Err(flaws)) => {
            add(&mut errors, &flaws);
            Err(Refusal::Invalid(errors))
        }
        (Err(refusal), _) => Err(refusal),
    }
}

impl Command for UploadPlugin {
    const NAME: &'static str = "plugin.upload";
    const PERMISSION: Permission = Permission::PluginWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    const PREPARES: bool = true;
    type Output = VersionShown;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let desk = Desk::of(with.tools)?;
        let package = Package::read(&self.package.0, desk.component_max);
        let package = package.map_err(|flaws| unfit(&flaws))?;
        let (signed_by, icon) = both(signer(with, &package).await, inspect(desk, &package))?;
        let compiled = match desk.workshop.compile(package.component()).await {
            Ok(compiled) => compiled,
            Err(NotCompiled::Unfit(flaws)) => return Err(unfit(&flaws)),
            Err(NotCompiled::Busy(seconds)) => return Err(Refusal::Busy(seconds)),
            Err(NotCompiled::Fault(fault)) => return Err(fault.into()),
        };
        let missing = compiled.lacks(&package.manifest);
        if !missing.is_empty() {
            return Err(unfit(&missing));
        }
        self.checked = Some(Checked {
            package: Arc::new(package),
            signed_by,
            icon,
            compiled,
        });
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<VersionShown, Refusal> {
        let missing = || Fault::new("a plugin that was not checked");
        let checked = self.checked.as_ref().ok_or_else(missing)?;
        let name = checked.package.manifest.id.to_string();
        let (now, fresh) = (door.now(), PluginId::new(door.now(), door.rng()));
        let plugin = store::plugin(door.tx(), &name, fresh, now).await?;
        let version = self.version(door, plugin)?;
        let package = STANDARD.encode(&self.package.0);
        let new = NewVersion {
            version: &version,
            package: &package,
            compiled: &checked.compiled,
        };
        if !store::insert(door.tx(), &new).await? {
            return Err(Refusal::Conflict("version-exists"));
        }
        door.record(version.object(), Value::Null, version.snapshot());
        Ok(version.shown())
    }
}
