//! Who works on tickets, by name.

use std::collections::BTreeMap;

use wabe_access::{Permission, Scope};
use wabe_identity::user;
use wabe_kernel::id::UserId;
use wabe_store::Tx;
use wabe_web::{Choice, Failure};

/// The hoster's people: what they are called, and whether they work on tickets.
pub(super) struct People(BTreeMap<UserId, (String, bool)>);

impl People {
    /// Everybody who works here.
    pub(super) async fn of(tx: &mut Tx, scope: &Scope) -> Result<Self, Failure> {
        let staff = user::read::staff(tx, scope).await?;
        let known = staff.into_iter().map(|(user, roles)| {
            let mut roles = roles.iter();
            let works = roles.any(|role| role.permissions().contains(&Permission::TicketWork));
            let works = works && user.disabled_at.is_none();
            (user.id, (user.name.to_string(), works))
        });
        Ok(Self(known.collect()))
    }

    /// What somebody is called; empty when they are gone.
    pub(super) fn name(&self, user: Option<UserId>) -> String {
        let found = user.and_then(|user| self.0.get(&user));
        found.map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// What somebody is called who may be no employee; empty when they are gone.
    pub(super) async fn anybody(
        &self,
        tx: &mut Tx,
        user: Option<UserId>,
    ) -> Result<String, Failure> {
        let name = self.name(user);
        match user.filter(|_| name.is_empty()) {
            Some(user) => {
                let found = user::store::find(tx, user).await?;
                Ok(found.map(|user| user.name.to_string()).unwrap_or_default())
            }
            None => Ok(name),
        }
    }

    /// Who can have tickets.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let workers = self.0.iter().filter(|(_, (_, works))| *works);
        let choice = |(id, (name, _)): (&UserId, &(String, bool))| Choice {
            value: id.to_string(),
            title: name.clone(),
            text: String::new(),
        };
        let mut all: Vec<Choice> = workers.map(choice).collect();
        all.sort_by(|a, b| a.title.cmp(&b.title));
        all
    }
}
