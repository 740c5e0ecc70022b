//! What the people in the record are called.
//!
//! Names are looked up only for people who stand in the customer's own record. Who works for the
//! hoster is told as that, not by name.

use std::collections::BTreeMap;
use wabe_access::Permission;
use wabe_audit::ChangeRecord;
use wabe_identity::user;
use wabe_kernel::id::{InstallationId, UserId};
use wabe_web::{Failure, Member, Message};

use crate::Portal;

/// Names by user, and by installation.
#[derive(Debug, Default)]
pub(super) struct People {
    people: BTreeMap<UserId, String>,
    plugins: BTreeMap<InstallationId, String>,
}

impl People {
    /// The people of these records.
    pub(super) async fn of(
        portal: &Portal,
        member: &Member,
        records: &[ChangeRecord],
    ) -> Result<Self, Failure> {
        let plugins = plugins(portal, member, records).await?;
        let mut names = BTreeMap::new();
        let told = records.iter().filter(|record| record.actor_kind != "staff");
        let users: Vec<UserId> = told.filter_map(|record| record.actor_user).collect();
        if users.is_empty() {
            return Ok(Self {
                people: names,
                plugins,
            });
        }
        // People belong to no customer, so the look is the system's.
        let mut tx = portal.gate.store().read().await?;
        for id in users {
            if names.contains_key(&id) {
                continue;
            }
            if let Some(found) = user::store::find(&mut tx, id).await? {
                names.insert(id, found.name.to_string());
            }
        }
        tx.rollback().await?;
        Ok(Self {
            people: names,
            plugins,
        })
    }

    /// The page of the plugin that made a change, while it is installed.
    pub(super) fn plugin(&self, record: &ChangeRecord) -> Option<String> {
        let id = record.actor_installation?;
        self.plugins
            .contains_key(&id)
            .then(|| crate::plugin::path(id))
    }

    /// Who made a change, in words.
    pub(super) fn by(&self, member: &Member, record: &ChangeRecord) -> String {
        let said = |id: &str| Message::new(member.language, id);
        let name = record.actor_user.and_then(|user| self.people.get(&user));
        let name = name
            .cloned()
            .unwrap_or_else(|| said("activity-by-gone").to_string());
        match record.actor_kind.as_str() {
            "staff" => said("activity-by-staff").to_string(),
            "system" => said("activity-by-system").to_string(),
            "token" => said("activity-by-token").with("name", name).to_string(),
            "plugin" => {
                let plugin = record
                    .actor_installation
                    .and_then(|id| self.plugins.get(&id));
                let said = match plugin {
                    Some(plugin) => said("activity-by-plugin-named").with("plugin", plugin),
                    None => said("activity-by-plugin"),
                };
                said.with("name", name).to_string()
            }
            _ if record.actor_user == Some(member.visitor.user) => {
                said("activity-by-you").with("name", name).to_string()
            }
            _ => name,
        }
    }

    /// The names, for a choice.
    pub(super) fn names(&self) -> impl Iterator<Item = (UserId, &str)> {
        self.people
            .iter()
            .map(|(user, name)| (*user, name.as_str()))
    }
}

/// What the plugins in these records are called, as far as they are installed and the member sees them.
async fn plugins(
    portal: &Portal,
    member: &Member,
    records: &[ChangeRecord],
) -> Result<BTreeMap<InstallationId, String>, Failure> {
    let acted = records
        .iter()
        .any(|record| record.actor_installation.is_some());
    if !acted || !member.visitor.has(Permission::AutomationRead) {
        return Ok(BTreeMap::new());
    }
    let (mut tx, scope) = portal.read(member).await?;
    let installed = crate::plugin::all(&mut tx, &scope).await?;
    tx.rollback().await?;
    let name = |found: &wabe_automation::installation::Installed| {
        let name = found.version.manifest.name.get(member.language);
        (found.installation.id, name.to_owned())
    };
    Ok(installed.iter().map(name).collect())
}
