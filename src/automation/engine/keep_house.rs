//! What nobody wakes the engine for: runs whose process died, news that were missed, new and withdrawn
//! versions; and, once a day, what is too old.

use crate::engine::Engine;
use crate::engine::verdict::Verdict;
use crate::installation::{
    PauseInstallation, PausedBy, UpdateInstallation, store as installations,
};
use crate::message;
use crate::plugin::{self, VersionState};
use crate::run::{code, purge, store as runs};
use std::collections::BTreeSet;
use wabe_access::{Actor, Command, Mode, Refusal, Scope};
use wabe_jobs::notice::{self, Audience, Notice};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::id::{CustomerId, InstallationId};
use wabe_kernel::{Fault, Timestamp};

impl Engine {
    /// Looks after everything that could have been missed.
    pub(crate) async fn sweep(&self, now: Timestamp) -> Result<(), Fault> {
        // Another process may have released or withdrawn something.
        self.versions.clear();
        self.learn_listeners().await?;
        let mut tx = self.parts.gate.store().read().await?;
        let overdue = runs::overdue(&mut tx, now).await?;
        tx.rollback().await?;
        for run in overdue {
            self.give_up(&run, Verdict::ours(code::LEASE)).await?;
        }
        self.look_at_versions().await?;
        self.hear_all().await
    }

    /// Takes new versions to where they are installed, and stops those that were withdrawn.
    async fn look_at_versions(&self) -> Result<(), Fault> {
        let mut tx = self.parts.gate.store().read().await?;
        let all = plugin::versions(&mut tx, &Scope::system(wabe_access::actor::HOUSE)).await;
        tx.rollback().await?;
        let all = all.map_err(refused)?;
        let plugins: BTreeSet<_> = all.iter().map(|version| version.plugin).collect();
        for id in plugins {
            let released = all.iter().filter(|one| one.plugin == id);
            let released = released.filter(|one| one.state == VersionState::Released);
            let latest = released.max_by(|a, b| a.manifest.version.cmp(&b.manifest.version));
            if let Some(latest) = latest {
                self.take_to_installations(latest).await?;
            }
        }
        for version in all
            .iter()
            .filter(|one| one.state == VersionState::Withdrawn)
        {
            self.withdraw_from_installations(version).await?;
        }
        Ok(())
    }

    async fn take_to_installations(&self, latest: &plugin::PluginVersion) -> Result<(), Fault> {
        let mut after = String::new();
        loop {
            let mut tx = self.parts.gate.store().read().await?;
            let found = installations::outdated(&mut tx, latest, &after).await?;
            tx.rollback().await?;
            let Some((last, _)) = found.last() else {
                return Ok(());
            };
            after = last.to_string();
            for (id, customer) in found {
                self.as_panel(customer, UpdateInstallation { id }).await?;
            }
        }
    }

    async fn withdraw_from_installations(
        &self,
        version: &plugin::PluginVersion,
    ) -> Result<(), Fault> {
        loop {
            let mut tx = self.parts.gate.store().read().await?;
            let found = installations::of_version(&mut tx, version.id, "").await?;
            tx.rollback().await?;
            if found.is_empty() {
                return Ok(());
            }
            for (id, customer) in found {
                self.stop_installation((customer, id), PausedBy::Hoster, "plugin-withdrawn")
                    .await?;
            }
        }
    }

    /// Stops an installation as the panel itself, and tells whoever sees plugins.
    pub(crate) async fn stop_installation(
        &self,
        (customer, id): (CustomerId, InstallationId),
        by: PausedBy,
        reason: &'static str,
    ) -> Result<(), Fault> {
        let why = reason.parse().ok();
        let command = PauseInstallation::by_panel(id, by, why);
        if !self.as_panel(customer, command).await? {
            return Ok(());
        }
        let (now, tools) = (self.now(), self.parts.gate.tools());
        let mut tx = self.parts.gate.store().write_for(customer).await?;
        let found = match installations::find(&mut tx, customer, id).await {
            Ok(found) => installations::installed(&mut tx, found)
                .await
                .map_err(refused)?,
            Err(other) => return Err(refused(other)),
        };
        let notice = Notice {
            customer,
            kind: NoticeKind::PluginPaused,
            about: message::about(&found.installation, &found.version),
            args: Args::new().reason("reason", reason),
            dedupe_key: None,
        };
        let rng = tools.rng.as_ref();
        notice::tell_those(&mut tx, now, rng, &notice, Audience::AUTOMATION).await?;
        tx.commit().await
    }

    /// Carries a command out as the panel itself; false when the gate had a reason against it.
    async fn as_panel<C: Command>(&self, customer: CustomerId, command: C) -> Result<bool, Fault> {
        let actor = Actor::system(customer);
        match self.parts.gate.run(&actor, command, Mode::Commit).await {
            Ok(_) => Ok(true),
            Err(Refusal::Fault(fault)) => Err(fault),
            Err(_) => Ok(false),
        }
    }

    /// Forgets what is too old; for a schedule of the panel, once an hour or a day.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn purge(&self) -> Result<(), Fault> {
        purge::purge(self.parts.gate.store(), self.now()).await
    }
}

fn refused(refusal: Refusal) -> Fault {
    match refusal {
        Refusal::Fault(fault) => fault,
        _ => Fault::new("look after plugins"),
    }
}
