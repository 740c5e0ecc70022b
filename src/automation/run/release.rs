//! `run.release`

use crate::plugin;
use crate::run::{recording, store};
use serde_json::json;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk};
use wabe_kernel::fields;
use wabe_kernel::id::RunId;

fields! {
    /// Lets the author of a plugin see the recording of a run, with the personal data in it.
    pub struct ReleaseRun {
        /// Which one.
        pub id: RunId,
    }
}

impl Command for ReleaseRun {
    const NAME: &'static str = "run.release";
    const PERMISSION: Permission = Permission::AutomationWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, now) = (door.customer(), door.now());
        let run = store::find(door.tx(), customer, self.id).await?;
        let by = door.actor().user;
        if !recording::release(door.tx(), &run, by, now).await? {
            return Err(Refusal::Conflict("run-not-recorded"));
        }
        let version = plugin::store::find(door.tx(), run.version).await?;
        let name = version.map_or_else(String::new, |version| version.manifest.id.to_string());
        let object = Object {
            kind: "run",
            id: run.id.to_string(),
            name,
        };
        let state = |released| json!({ "id": run.id, "released_to_author": released });
        door.record(object, state(false), state(true));
        Ok(())
    }
}
