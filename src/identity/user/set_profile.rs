//! Changing what one is called, in which language, and how pages look.

use crate::user::model::Theme;
use crate::user::store;
use serde_json::{Value, json};
use wabe_access::{Command, Door, Inverse, Object, Permission, Refusal};
use wabe_kernel::{Language, PersonName, fields};

fields! {
    /// Sets one's own name, language and theme.
    pub struct SetProfile {
        /// What one is called.
        pub name: PersonName,
        /// The language of pages and mails.
        pub language: Language,
        /// How pages look.
        pub theme: Theme,
    }
}

impl Command for SetProfile {
    const NAME: &'static str = "user.set_profile";
    const PERMISSION: Permission = Permission::SelfWrite;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let id = door.actor().user.ok_or(Refusal::Forbidden)?;
        let tx = door.tx();
        tx.unscope().await?;
        let user = store::find(tx, id).await?.ok_or(Refusal::NotFound)?;
        store::set_profile(tx, id, &self.name, self.language, self.theme).await?;
        tx.rescope().await?;
        let object = Object {
            kind: "user",
            id: id.to_string(),
            name: self.name.to_string(),
        };
        let before = json!({ "name": user.name, "language": user.language, "theme": user.theme });
        let after = json!({ "name": self.name, "language": self.language, "theme": self.theme });
        door.record(object, before, after);
        Ok(())
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        Some(Inverse::new(Self::NAME, before.clone()))
    }
}
