//! `edited_file.restore`, `edited_file.leave`, `edited_file.take_over`

use crate::edited_file::{Answer, EditedFile, store};
use crate::webspace::set_site::{after, before};
use crate::webspace::{
    SetDocumentRoot, SetErrorPages, SetHsts, SetHttpsRedirect, SetRedirects, SetUploadSize,
    Webspace,
};
use serde_json::json;
use wabe_access::command::{Authority, Preparing};
use wabe_access::{Command, Door, Object, Permission, Refusal};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{EditMark, EditedSetting, Quota, Reading, fields};

fields! {
    /// Puts back what the settings of a webspace say where somebody edited its file by hand. What was written is kept
    /// on the node.
    pub struct RestoreEditedFile {
        /// Which webspace.
        pub id: WebspaceId,
        /// What was written, as it was shown.
        pub mark: EditMark,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

fields! {
    /// Leaves the file of a webspace as somebody edited it by hand. Changes that need the file wait from now on.
    pub struct LeaveEditedFile {
        /// Which webspace.
        pub id: WebspaceId,
        /// What was written, as it was shown.
        pub mark: EditMark,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

fields! {
    /// Makes settings of a webspace of what somebody wrote by hand into its file, where settings can say all of it.
    pub struct TakeOverEditedFile {
        /// Which webspace.
        pub id: WebspaceId,
        /// What was written, as it was shown.
        pub mark: EditMark,
    }
    prepared {
        customer: Option<CustomerId>,
    }
}

/// In whose record the answer is written.
async fn customer_of(with: &Preparing<'_>, id: WebspaceId) -> Result<Option<CustomerId>, Refusal> {
    let mut tx = with.store.read().await?;
    let found = store::whose(&mut tx, id).await?;
    tx.rollback().await?;
    found.map(Some).ok_or(Refusal::NotFound)
}

/// The file that an answer is about, as long as it is what was shown to whoever answers.
async fn file(
    door: &mut Door<'_>,
    (id, mark): (WebspaceId, &EditMark),
) -> Result<EditedFile, Refusal> {
    let customer = door.customer();
    let found = store::find(door.tx(), id).await?;
    let found = found.filter(|file| file.customer == customer);
    let found = found.ok_or(Refusal::NotFound)?;
    if found.mark != *mark {
        return Err(Refusal::Conflict("edited-since"));
    }
    if found.answer == Answer::Released {
        return Err(Refusal::Conflict("edited-released"));
    }
    Ok(found)
}

/// Records an answer that leaves every setting as it is.
fn record(door: &mut Door<'_>, file: &EditedFile, answer: &str) {
    let object = Object {
        kind: "webspace",
        id: file.webspace.to_string(),
        name: file.name.clone(),
    };
    let said = |word: &str| json!({ "id": file.webspace, "edited_file": word });
    door.record(object, said(file.answer.word()), said(answer));
}

impl Command for RestoreEditedFile {
    const NAME: &'static str = "edited_file.restore";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let file = file(door, (self.id, &self.mark)).await?;
        store::answer(door.tx(), &file, Answer::Released).await?;
        door.wish(&self.id.to_string()).await?;
        record(door, &file, "restored");
        Ok(())
    }
}

impl Command for LeaveEditedFile {
    const NAME: &'static str = "edited_file.leave";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = ();

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let file = file(door, (self.id, &self.mark)).await?;
        if file.aside.is_some() {
            return Err(Refusal::Conflict("edited-aside"));
        }
        if file.answer == Answer::Left {
            return Err(Refusal::Conflict("edited-left"));
        }
        store::answer(door.tx(), &file, Answer::Left).await?;
        record(door, &file, Answer::Left.word());
        Ok(())
    }
}

/// Does what a setting says, by the command that the customer has for it, with all its rules.
async fn set(door: &mut Door<'_>, id: WebspaceId, setting: EditedSetting) -> Result<(), Refusal> {
    match setting {
        EditedSetting::DocumentRoot(root) => {
            let document_root = Some(root);
            SetDocumentRoot { id, document_root }.apply(door).await?;
        }
        EditedSetting::HttpsRedirect(https_redirect) => {
            let command = SetHttpsRedirect { id, https_redirect };
            command.apply(door).await?;
        }
        EditedSetting::Hsts(hsts) => {
            SetHsts { id, hsts }.apply(door).await?;
        }
        EditedSetting::UploadBytes(bytes) => {
            let unfit = || Refusal::Conflict("edited-lines");
            let quota = |bytes| Quota::new(bytes).ok_or_else(unfit);
            let upload_bytes = bytes.map(quota).transpose()?;
            SetUploadSize { id, upload_bytes }.apply(door).await?;
        }
        EditedSetting::Redirects(redirects) => {
            SetRedirects { id, redirects }.apply(door).await?;
        }
        EditedSetting::ErrorPages(error_pages) => {
            SetErrorPages { id, error_pages }.apply(door).await?;
        }
    }
    Ok(())
}

/// What a rule of the customer's settings says about what somebody wrote: there is no field to show it at.
fn in_the_way(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(_) => Refusal::Conflict("edited-beyond"),
        other => other,
    }
}

impl Command for TakeOverEditedFile {
    const NAME: &'static str = "edited_file.take_over";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = Webspace;

    wabe_access::in_record_of!(customer_of);

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let file = file(door, (self.id, &self.mark)).await?;
        let Reading::Settings(settings) = file.reading.clone() else {
            return Err(Refusal::Conflict("edited-lines"));
        };
        // The settings of the file are older than what waits, and would replace it.
        if file.is_waited_for() {
            return Err(Refusal::Conflict("edited-waits"));
        }
        let was = before(door, self.id).await?;
        for setting in settings {
            Box::pin(set(door, self.id, setting))
                .await
                .map_err(in_the_way)?;
        }
        store::answer(door.tx(), &file, Answer::Released).await?;
        // One change, with everything that is another value now.
        after(door, &was).await
    }
}
