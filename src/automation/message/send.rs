//! `plugin_message.send`

use crate::field::Prose;
use crate::installation::store as installations;
use crate::message::about;
use crate::run::usage;
use serde_json::{Value, json};
use wabe_access::{Command, Door, Permission, Refusal};
use wabe_jobs::notice::{self, Audience, Notice};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::{Line, fields};

fields! {
    /// Tells the members who see plugins something, in the portal and by mail. Only plugins do this.
    pub struct SendMessage {
        /// What it is about, in one line.
        pub subject: Line,
        /// What there is to say: plain text, paragraphs apart by an empty line.
        pub text: Prose,
    }
}

impl Command for SendMessage {
    const NAME: &'static str = wabe_package::capability::MAIL_COMMAND;
    const PERMISSION: Permission = Permission::AutomationRead;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let installation = door.actor().kind.installation();
        let installation = installation.ok_or(Refusal::Forbidden)?;
        let (customer, now) = (door.customer(), door.now());
        let found = installations::find(door.tx(), customer, installation).await?;
        let found = installations::installed(door.tx(), found).await?;
        usage::messages(door.tx(), (customer, installation), 1, now).await?;
        let tools = door.tools().clone();
        let args = Args::new().text("subject", self.subject.as_str());
        let notice = Notice {
            customer,
            kind: NoticeKind::PluginMessage,
            about: about(&found.installation, &found.version),
            args: args.prose("message", &self.text.0),
            dedupe_key: None,
        };
        let rng = tools.rng.as_ref();
        notice::tell_those(door.tx(), now, rng, &notice, Audience::AUTOMATION).await?;
        let object = found.installation.object(&found.version);
        let after = json!({ "subject": self.subject, "text": self.text.0 });
        door.record(object, Value::Null, after);
        Ok(())
    }
}
