//! What an installation may: the hoster's ceiling, the manifest and the grant, all three at once.

use crate::desk::Desk;
use crate::plugin::PluginVersion;
use crate::run::TriggerKind;
use std::collections::BTreeSet;
use wabe_access::{Permission, Refusal, Scope, resource};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{Problem, ResourceKind};
use wabe_package::{Capability, Grant, Grants, Host, Manifest, Trigger};
use wabe_store::Tx;

/// Effective rights.
#[derive(Debug, Clone)]
pub struct Rights(Grants);

impl Rights {
    /// What this version may under this grant.
    #[must_use]
    pub fn of(version: &PluginVersion, granted: &Grants) -> Self {
        Self(granted.within(&version.requests()))
    }

    /// All of it.
    #[must_use]
    pub const fn grants(&self) -> &Grants {
        &self.0
    }

    /// Whether this is allowed.
    #[must_use]
    pub fn covers(&self, needed: &Capability) -> bool {
        self.0.covers(needed)
    }

    /// The parameters under which this is allowed.
    #[must_use]
    pub fn find(&self, needed: &Capability) -> Option<&Grant> {
        self.0.find(needed)
    }

    /// The hosts that may be called.
    #[must_use]
    pub fn hosts(&self) -> Vec<Host> {
        let hosts = self
            .0
            .iter()
            .filter_map(|(capability, _)| match capability {
                Capability::Http(host) => Some(host.clone()),
                _ => None,
            });
        hosts.collect()
    }

    /// Whether an effect of this command is allowed.
    #[must_use]
    pub fn has_effect(&self, command: &str) -> bool {
        Capability::for_effect(command).is_some_and(|needed| self.covers(&needed))
    }

    /// Whether an event of this topic may be heard of.
    #[must_use]
    pub fn may_hear(&self, topic: &str) -> bool {
        self.0.iter().any(|(capability, _)| match capability {
            Capability::Events(glob) => glob.matches(topic),
            _ => false,
        })
    }

    /// Whether a trigger may make it run at all.
    #[must_use]
    pub fn may_trigger(&self, trigger: &Trigger) -> bool {
        match trigger {
            Trigger::Event { .. } => self
                .0
                .iter()
                .any(|(capability, _)| matches!(capability, Capability::Events(_))),
            // A form on the dashboard is a form without the right to the dashboard.
            Trigger::Form { .. } => self.covers(&Capability::Form),
            other => other.needs().iter().all(|needed| self.covers(needed)),
        }
    }

    /// Whether what made a run begin is still allowed: it may have waited since.
    #[must_use]
    pub fn may_begin(&self, trigger: TriggerKind, name: &str) -> bool {
        match trigger {
            TriggerKind::Event => self.may_hear(name),
            TriggerKind::Schedule => self.covers(&Capability::Schedule),
            TriggerKind::Webhook => self.covers(&Capability::Webhook),
            TriggerKind::Form => self.covers(&Capability::Form),
            TriggerKind::Card => self.covers(&Capability::Form) && self.covers(&Capability::Card),
            TriggerKind::Ticket => self.covers(&Capability::Ticket),
        }
    }

    /// Whether any trigger of the manifest listens to events.
    #[must_use]
    pub fn is_listening(&self, manifest: &Manifest) -> bool {
        let mut triggers = manifest.triggers.iter();
        triggers
            .any(|trigger| matches!(trigger, Trigger::Event { .. }) && self.may_trigger(trigger))
    }

    /// Whether any trigger of the manifest is a webhook that may be called.
    #[must_use]
    pub fn has_webhook(&self, manifest: &Manifest) -> bool {
        let mut triggers = manifest.triggers.iter();
        triggers
            .any(|trigger| matches!(trigger, Trigger::Webhook { .. }) && self.may_trigger(trigger))
    }

    /// What a role must permit for all of this to work: also the scopes of a run's actor.
    #[must_use]
    pub fn permissions(&self, desk: &Desk) -> BTreeSet<Permission> {
        let mut needed = BTreeSet::new();
        for (capability, _) in self.0.iter() {
            let one = match capability {
                Capability::Effect(command) => {
                    desk.effect(command.as_str()).map(|spec| spec.permission)
                }
                Capability::Mail => Some(Permission::AutomationRead),
                // An event is an entry of the record.
                Capability::Events(_) => Some(Permission::ChangeRead),
                Capability::FilesRead => Some(Permission::FileRead),
                Capability::FilesWrite => Some(Permission::FileWrite),
                Capability::Records(kind) => {
                    let mut types = desk.records.types().iter();
                    let found = types.find(|one| one.name == kind.as_str());
                    found.map(|one| one.permission)
                }
                _ => None,
            };
            needed.extend(one);
        }
        needed
    }
}

/// A grant as it is kept: what was not narrowed is whole; checked against what the version asks for,
/// against the customer's own webspaces, and against what the granting person may themselves.
pub(crate) async fn checked(
    tx: &mut Tx,
    desk: &Desk,
    version: &PluginVersion,
    scope: &Scope,
    wanted: &Grants,
) -> Result<Grants, Refusal> {
    let requests = version.requests();
    let flaws = wanted.check(&requests);
    if !flaws.is_empty() {
        return Err(crate::flaws::refused("capabilities", &flaws));
    }
    let grants = crate::plugin::filled(wanted, &requests);
    let wrong = |code| Refusal::field("capabilities", Problem::new(code));
    for (_, grant) in grants.iter() {
        for webspace in &grant.webspaces {
            if !is_own(tx, scope.customer(), *webspace).await? {
                return Err(wrong("no-such-webspace"));
            }
        }
    }
    let needed = Rights::of(version, &grants).permissions(desk);
    if needed.iter().all(|permission| scope.has(*permission)) {
        Ok(grants)
    } else {
        Err(wrong("capability-not-own"))
    }
}

/// Whether this is a webspace of the customer, outside of the trash.
pub(crate) async fn is_own(
    tx: &mut Tx,
    customer: CustomerId,
    webspace: WebspaceId,
) -> Result<bool, Refusal> {
    match resource::load_present(tx, customer, &webspace.to_string()).await {
        Ok(found) => Ok(found.kind == ResourceKind::Webspace),
        Err(Refusal::NotFound | Refusal::Conflict(_)) => Ok(false),
        Err(other) => Err(other),
    }
}
