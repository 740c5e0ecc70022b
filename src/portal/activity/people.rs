//! What the people in the record are called.
//!
//! Names are looked up only for people who stand in the customer's own record. Who works for the
//! hoster is told as that, not by name.

use std::collections::BTreeMap;
use wabe_audit::ChangeRecord;
use wabe_identity::user;
use wabe_kernel::id::UserId;
use wabe_web::{Failure, Member, Message};

use crate::Portal;

/// Names by user.
#[derive(Debug, Default)]
pub(super) struct People(BTreeMap<UserId, String>);

impl People {
    /// The people of these records.
    pub(super) async fn of(portal: &Portal, records: &[ChangeRecord]) -> Result<Self, Failure> {
        let mut names = BTreeMap::new();
        let told = records.iter().filter(|record| record.actor_kind != "staff");
        let users: Vec<UserId> = told.filter_map(|record| record.actor_user).collect();
        if users.is_empty() {
            return Ok(Self(names));
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
        Ok(Self(names))
    }

    /// Who made a change, in words.
    pub(super) fn by(&self, member: &Member, record: &ChangeRecord) -> String {
        let said = |id: &str| Message::new(member.language, id);
        let name = record.actor_user.and_then(|user| self.0.get(&user));
        let name = name
            .cloned()
            .unwrap_or_else(|| said("activity-by-gone").to_string());
        match record.actor_kind.as_str() {
            "staff" => said("activity-by-staff").to_string(),
            "system" => said("activity-by-system").to_string(),
            "token" => said("activity-by-token").with("name", name).to_string(),
            "plugin" => said("activity-by-plugin").with("name", name).to_string(),
            _ if record.actor_user == Some(member.visitor.user) => {
                said("activity-by-you").with("name", name).to_string()
            }
            _ => name,
        }
    }

    /// The names, for a choice.
    pub(super) fn names(&self) -> impl Iterator<Item = (UserId, &str)> {
        self.0.iter().map(|(user, name)| (*user, name.as_str()))
    }
}
