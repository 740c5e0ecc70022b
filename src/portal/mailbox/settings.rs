//! The settings of one mailbox: storage with a preview, the password, switching off, deleting.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Limit, Mode};
use wabe_hosting::mailbox::{self, Mailbox, SetMailboxPassword, SetMailboxQuota};
use wabe_kernel::id::MailboxId;
use wabe_kernel::{Field, FormState, Quota};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Path, Preview, Query, see_other, size_text};

use crate::Portal;
use crate::carry_out::{asked_mode, carry_out, refused_page};
use crate::mailbox::{Frame, suggestion};
use crate::plan_use::{UseBar, bars_after};
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::{self, DoneBar, done_path};

/// The page.
#[derive(Template)]
#[template(path = "portal/mailbox/settings.html")]
pub(crate) struct SettingsPage {
    pub(crate) frame: Frame,
    pub(crate) quota: FormState,
    pub(crate) password: FormState,
    pub(crate) note: Option<Note>,
    /// What a larger or smaller mailbox would change.
    pub(crate) preview: Option<Preview>,
    pub(crate) plan: Vec<UseBar>,
    /// A password that nobody has taken yet.
    pub(crate) suggestion: Option<String>,
    pub(crate) done: Option<DoneBar>,
}

/// What the page starts from.
async fn page(
    portal: &Portal,
    member: &Member,
    id: MailboxId,
    query: &Query,
) -> Result<(SettingsPage, Mailbox), Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let mailbox = mailbox::load(&mut tx, &scope, id).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    let frame = Frame::of(portal, member, &mailbox);
    if !frame.may_write {
        return Err(Failure::Conflict("in-trash"));
    }
    let size = size_text(member.language, mailbox.quota_bytes);
    let page = SettingsPage {
        frame,
        quota: FormState::new().with("quota_bytes", size),
        password: FormState::new(),
        note: None,
        preview: None,
        plan: Vec::new(),
        suggestion: None,
        done,
    };
    Ok((page, mailbox))
}

pub(super) async fn settings(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
    query: Query,
) -> Result<Response, Failure> {
    let (page, _mailbox) = page(&portal, &member, id, &query).await?;
    Ok(member.at("mailboxes").page(page).into_response())
}

pub(super) async fn set_quota(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
    form: Form,
) -> Result<Response, Failure> {
    let (mut page, mailbox) = page(&portal, &member, id, &Query::default()).await?;
    let form = with_field(form, "id", id);
    let mode = asked_mode(&form, "act");
    match carry_out::<SetMailboxQuota>(&portal, &member, &form, &[], mode).await? {
        Ok(done) if mode == Mode::Commit => Ok(see_other(&done_path(
            &format!("/mailboxes/{id}/settings"),
            done.change,
        ))),
        Ok(done) => {
            let wanted = form.get("quota_bytes");
            let bytes = Quota::from_text(wanted).map_or(mailbox.quota_bytes, Quota::bytes);
            let takes = [(Limit::StorageBytes, bytes - mailbox.quota_bytes)];
            let (mut tx, scope) = portal.read(&member).await?;
            page.plan = bars_after(&mut tx, &scope, &takes).await?;
            tx.rollback().await?;
            page.quota = FormState::new().with("quota_bytes", wanted);
            page.preview = Some(Preview::of(
                member.language,
                (&done.before, &done.after),
                &done.steps,
            ));
            Ok(member.at("mailboxes").page(page).into_response())
        }
        Err(Refused { form, note }) => {
            (page.quota, page.note) = (form, note);
            let noted = page.note.is_some();
            Ok(refused_page(member.at("mailboxes").page(page), noted))
        }
    }
}

pub(super) async fn set_password(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
    form: Form,
) -> Result<Response, Failure> {
    let (mut page, _mailbox) = page(&portal, &member, id, &Query::default()).await?;
    if form.get("act") == "suggest" {
        let suggested = suggestion(&portal);
        page.password = FormState::new().with("password", suggested.clone());
        page.suggestion = Some(suggested);
        return Ok(member.at("mailboxes").page(page).into_response());
    }
    let (form, secret) = (with_field(form, "id", id), ["password"]);
    let changed =
        carry_out::<SetMailboxPassword>(&portal, &member, &form, &secret, Mode::Commit).await?;
    match changed {
        Ok(done) => Ok(see_other(&done_path(
            &format!("/mailboxes/{id}/settings"),
            done.change,
        ))),
        Err(Refused { form, note }) => {
            (page.password, page.note) = (form, note);
            let noted = page.note.is_some();
            Ok(refused_page(member.at("mailboxes").page(page), noted))
        }
    }
}
