//! `notice.set_access_digest`

use crate::access_digest::{Cadence, store};
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal, Scope};
use wabe_kernel::fields;

fields! {
    /// How often the person who asks gets a letter about what the hoster's people saw and changed in this
    /// customer. Only for who may see the access log.
    pub struct SetAccessDigest {
        /// How often: `never`, `daily`, `weekly`. Without accesses there is no letter.
        pub cadence: Cadence,
    }
}

impl Command for SetAccessDigest {
    const NAME: &'static str = "notice.set_access_digest";
    const PERMISSION: Permission = Permission::SelfWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    /// No inverse: whoever undoes a change would set a preference of their own.
    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, now, actor) = (door.customer(), door.now(), door.actor().clone());
        let scope = Scope::of(door.tx(), &actor).await?;
        scope.needs(Permission::ChangeRead)?;
        let user = actor.user.ok_or(Refusal::NotFound)?;
        let before = store::chosen(door.tx(), (customer, user)).await?;
        store::choose(door.tx(), (customer, user), self.cadence, now).await?;
        let object = Object {
            kind: "notice",
            id: user.to_string(),
            name: "access-digest".to_owned(),
        };
        let said = |cadence: Cadence| json!({ "cadence": cadence });
        door.record(object, said(before), said(self.cadence));
        Ok(())
    }
}
