//! The command by which a person chooses which notices are mailed to them.

use crate::notice::store;
use crate::text::NoticeKind;
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal};
use wabe_kernel::{Problem, fields};

fields! {
    /// Whether notices of one kind are mailed to the person who asks.
    pub struct SetPreferences {
        /// The kind; security kinds cannot be chosen.
        pub kind: NoticeKind,
        /// Whether they are mailed. In the portal they appear in any case.
        pub wanted: bool,
    }
}

impl Command for SetPreferences {
    const NAME: &'static str = "notice.set_preferences";
    const PERMISSION: Permission = Permission::SelfWrite;
    type Output = ();

    /// No inverse: whoever undoes a change would set a preference of their own.
    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        if self.kind.always_mailed() {
            return Err(Refusal::field("kind", Problem::new("notice-always-mailed")));
        }
        let user = door.actor().user.ok_or(Refusal::NotFound)?;
        let before = store::wants(door.tx(), user, self.kind).await?;
        store::set_wanted(door.tx(), user, self.kind, self.wanted).await?;
        let object = Object {
            kind: "notice",
            id: user.to_string(),
            name: self.kind.word().to_owned(),
        };
        let (before, after) = (
            json!({ "wanted": before }),
            json!({ "wanted": self.wanted }),
        );
        door.record(object, before, after);
        Ok(())
    }
}
