//! After the engine was updated, everything is compiled for the new one, from the packages that are kept;
//! what nobody names any more is removed.

use crate::ground::Ground;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wabe_access::actor::HOUSE;
use wabe_access::{Refusal, Scope};
use wabe_automation::plugin::{self, VersionState};
use wabe_drivers::sandbox::{NotCompiled, SandboxDriver};
use wabe_kernel::Fault;
use wabe_kernel::id::PluginVersionId;
use wabe_package::Package;
use wabe_package::compiled::Tier;

fn refused(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Fault(fault) => fault,
        _ => Fault::new("read the catalogue of plugins"),
    }
}

/// Renews whenever the sandbox comes up, until it is dropped.
pub async fn renew(ground: Arc<Ground>, sandbox: Arc<SandboxDriver>) {
    let mut health = sandbox.watch();
    let mut known = None;
    loop {
        let engine = health.borrow_and_update().engine.clone();
        if engine.is_some() && engine != known {
            match renewed(&ground).await {
                Ok(()) => known = engine,
                Err(fault) => {
                    tracing::error!(cause = %fault.chain(), "plugins were not compiled anew");
                }
            }
        }
        if health.changed().await.is_err() {
            return;
        }
    }
}

/// The versions that may run, by their components.
async fn wanted(ground: &Ground) -> Result<BTreeMap<String, PluginVersionId>, Fault> {
    let mut tx = ground.store.read().await?;
    let versions = plugin::versions(&mut tx, &Scope::system(HOUSE)).await;
    tx.rollback().await?;
    let live = versions.map_err(refused)?.into_iter();
    let live = live.filter(|version| version.state != VersionState::Withdrawn);
    Ok(live
        .map(|version| (version.component, version.id))
        .collect())
}

async fn renewed(ground: &Ground) -> Result<(), Fault> {
    let wanted = wanted(ground).await?;
    let artifacts = &ground.plugins.artifacts;
    let missing = artifacts.missing(wanted.keys().cloned().collect()).await?;
    for component in missing {
        if let Some(version) = wanted.get(&component) {
            compile(ground, *version).await?;
        }
    }
    artifacts
        .purge(wanted.into_keys().collect::<BTreeSet<_>>())
        .await?;
    Ok(())
}

async fn compile(ground: &Ground, version: PluginVersionId) -> Result<(), Fault> {
    let mut tx = ground.store.read().await?;
    let bytes = plugin::package(&mut tx, &Scope::system(HOUSE), version).await;
    tx.rollback().await?;
    let package = Package::read(&bytes.map_err(refused)?, Tier::Small.bytes_max());
    let package = package.map_err(|_flaws| Fault::new("read a package that was kept"))?;
    loop {
        match ground.plugins.workshop.compile(package.component()).await {
            Ok(_compiled) => return Ok(()),
            Err(NotCompiled::Busy(seconds)) => {
                tokio::time::sleep(std::time::Duration::from_secs(u64::from(seconds))).await;
            }
            Err(NotCompiled::Unfit(flaws)) => {
                tracing::error!(version.id = %version, ?flaws, "a plugin does not fit the engine of now");
                return Ok(());
            }
            Err(NotCompiled::Fault(fault)) => return Err(fault),
        }
    }
}
