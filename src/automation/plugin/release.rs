//! `plugin.release`

use crate::field::Granted;
use crate::flaws::refused;
use crate::plugin::model::{VersionShown, VersionState};
use crate::plugin::store;
use wabe_access::{Authority, Command, Door, Permission, Refusal, Risk};
use wabe_kernel::id::PluginVersionId;
use wabe_kernel::{Reason, fields};
use wabe_package::{Grants, Request};

fields! {
    /// Lets customers install a version after its review, or changes how much they may grant it.
    pub struct ReleasePlugin {
        /// Which one.
        pub id: PluginVersionId,
        /// What the review said.
        pub note: Reason,
        /// The most that any customer may grant; everything the plugin asks for when absent.
        pub ceiling: Option<Granted>,
    }
}

/// What is not narrowed is meant whole.
pub(crate) fn filled(grants: &Grants, requests: &[Request]) -> Grants {
    let mut filled = Grants::none();
    for (capability, grant) in grants.iter() {
        let mut grant = grant.clone();
        let asked = requests
            .iter()
            .find(|one| one.capability.covers(capability));
        if let Some(asked) = asked.filter(|_| grant.fields.is_empty()) {
            grant.fields.clone_from(&asked.fields);
        }
        filled.insert(capability.clone(), grant);
    }
    filled
}

impl Command for ReleasePlugin {
    const NAME: &'static str = "plugin.release";
    const PERMISSION: Permission = Permission::PluginRelease;
    const AUTHORITY: Authority = Authority::Hoster;
    const RISK: Risk = Risk::Sensitive;
    type Output = VersionShown;

    async fn apply(&self, door: &mut Door<'_>) -> Result<VersionShown, Refusal> {
        let found = store::find(door.tx(), self.id).await?;
        let before = found.ok_or(Refusal::NotFound)?;
        if before.state == VersionState::Withdrawn {
            return Err(Refusal::Conflict("version-withdrawn"));
        }
        let by = door.actor().user;
        if by.is_some() && by == before.uploaded_by {
            return Err(Refusal::Conflict("own-upload"));
        }
        let asked = &before.manifest.capabilities;
        let ceiling = match &self.ceiling {
            None => None,
            Some(ceiling) => {
                let optional = asked.iter().cloned().map(|mut request| {
                    request.optional = true;
                    request
                });
                // A ceiling names no webspaces: those are each customer's own.
                let flaws = ceiling.0.check(&optional.collect::<Vec<_>>());
                let flaws: Vec<_> = flaws
                    .into_iter()
                    .filter(|flaw| flaw.defect.code() != "webspaces-missing")
                    .collect();
                if !flaws.is_empty() {
                    return Err(refused("ceiling", &flaws));
                }
                Some(filled(&ceiling.0, asked))
            }
        };
        let now = door.now();
        let mut after = before.clone();
        after.state = VersionState::Released;
        after.ceiling = ceiling;
        after.note = Some(self.note.to_string());
        after.released_at = after.released_at.or(Some(now));
        store::release(door.tx(), &after, by, now).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(after.shown())
    }
}
