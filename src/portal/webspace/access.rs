//! `/webspaces/{id}/access`: SFTP, its password, and SSH keys.
//!
//! A new password is in the answer to the POST and nowhere else.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Permission};
use wabe_hosting::webspace::{
    self, AccessKey, CreateAccessKey, DeleteAccessKey, NewUploadPassword, SetUploadPassword,
};
use wabe_kernel::FormState;
use wabe_kernel::id::{AccessKeyId, WebspaceId};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Path, Path2, Query, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::reading::with_field;
use crate::refused::{self, Note, Refused};
use crate::undo::done_path;
use crate::webspace::{Frame, PLACE, frame, frame_only, path};
use crate::{PORTAL, Portal};

/// The tab of ways in.
#[derive(Template)]
#[template(path = "portal/webspace/access.html")]
pub(crate) struct AccessPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The keys.
    pub(crate) keys: Vec<AccessKey>,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
}

impl AccessPage {
    /// The SFTP host and port.
    #[must_use]
    pub(crate) fn sftp(&self) -> (&str, &str) {
        host_and_port(&self.frame.web.sftp)
    }
}

/// The new password.
#[derive(Template)]
#[template(path = "portal/webspace/password.html")]
pub(crate) struct PasswordPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Login and password, shown this once.
    pub(crate) access: NewUploadPassword,
}

impl PasswordPage {
    /// The SFTP host and port.
    #[must_use]
    pub(crate) fn sftp(&self) -> (&str, &str) {
        host_and_port(&self.frame.web.sftp)
    }
}

/// Asks before a key stops to open.
#[derive(Template)]
#[template(path = "portal/webspace/key-delete.html")]
pub(crate) struct KeyDeletePage {
    /// The frame.
    pub(crate) frame: Frame,
    /// The key.
    pub(crate) key: AccessKey,
}

/// The two halves of `host:port`.
pub(crate) fn host_and_port(sftp: &str) -> (&str, &str) {
    sftp.rsplit_once(':').unwrap_or((sftp, "22"))
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/access",
            Needs::Permission(Permission::WebspaceRead),
            access,
        )
        .id("web")
        .post("/webspaces/{id}/access/password", write, new_password)
        .id("web")
        .post("/webspaces/{id}/keys", write, add_key)
        .id("web")
        .get("/webspaces/{id}/keys/{key}/delete", write, ask_key)
        .id("web")
        .post("/webspaces/{id}/keys/{key}/delete", write, delete_key)
        .id("web")
}

async fn page(
    portal: &Portal,
    (member, query): (&Member, &Query),
    id: WebspaceId,
    refused: Refused,
) -> Result<Page<AccessPage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let frame = frame(portal, (&mut tx, &scope), (member, query), (id, "access")).await?;
    let keys = webspace::access_keys(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let Refused { form, note } = refused;
    Ok(member.at(PLACE).page(AccessPage {
        frame,
        keys,
        form,
        note,
    }))
}

async fn access(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<AccessPage>, Failure> {
    page(&portal, (&member, &query), id, Refused::default()).await
}

async fn new_password(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Response, Failure> {
    let form = with_field(Form::default(), "id", id);
    let command = wabe_kernel::Fields::from_form(&form.fields)?;
    let made = portal
        .gate
        .run::<SetUploadPassword>(member.actor(), command, Mode::Commit);
    let done = match Box::pin(made).await {
        Ok(done) => done,
        Err(refusal) => {
            let note = Some(refused::note(refusal)?);
            let refused = Refused {
                form: FormState::new(),
                note,
            };
            let query = Query::default();
            return Ok(refused_page(
                page(&portal, (&member, &query), id, refused).await?,
                true,
            ));
        }
    };
    let frame = frame_only(&portal, &member, id, "access").await?;
    Ok(member
        .at(PLACE)
        .page(PasswordPage {
            frame,
            access: done.output,
        })
        .into_response())
}

async fn add_key(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "webspace_id", id);
    match carry_out::<CreateAccessKey>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("{}/access", path(id)),
            done.change,
        ))),
        Err(Refused { form, note }) => {
            let (query, noted) = (Query::default(), note.is_some());
            let refused = Refused {
                form: without_private_key(form),
                note,
            };
            Ok(refused_page(
                page(&portal, (&member, &query), id, refused).await?,
                noted,
            ))
        }
    }
}

/// The form without what is in the key's field when that is a private key: it was typed by mistake
/// and must not be in a page.
fn without_private_key(form: FormState) -> FormState {
    let private = form
        .error("public_key")
        .is_some_and(|problem| problem.code == "is-a-private-key");
    if !private {
        return form;
    }
    let typed = [("name".to_owned(), form.value("name").to_owned())].into();
    let errors = wabe_kernel::FieldErrors(form.errors().clone());
    FormState::of(&typed, errors, &[])
}

async fn key(
    portal: &Portal,
    member: &Member,
    (id, key): (WebspaceId, AccessKeyId),
) -> Result<KeyDeletePage, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let query = Query::default();
    let frame = frame(portal, (&mut tx, &scope), (member, &query), (id, "access")).await?;
    let keys = webspace::access_keys(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let key = keys
        .into_iter()
        .find(|found| found.id == key)
        .ok_or(Failure::NotFound)?;
    Ok(KeyDeletePage { frame, key })
}

async fn ask_key(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, key_id): Path2<WebspaceId, AccessKeyId>,
) -> Result<Page<KeyDeletePage>, Failure> {
    let asked = key(&portal, &member, (id, key_id)).await?;
    Ok(member.at(PLACE).page(asked))
}

async fn delete_key(
    member: Member,
    State(portal): State<Portal>,
    Path2(id, key_id): Path2<WebspaceId, AccessKeyId>,
) -> Result<Response, Failure> {
    let command = DeleteAccessKey {
        webspace_id: id,
        id: key_id,
    };
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&done_path(
        &format!("{}/access", path(id)),
        done.change,
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_key_typed_by_mistake_does_not_come_back() {
        let typed = [
            ("name".to_owned(), "Laptop".to_owned()),
            (
                "public_key".to_owned(),
                "-----BEGIN OPENSSH PRIVATE KEY-----".to_owned(),
            ),
            (
                "webspace_id".to_owned(),
                "web_00000000000000000000000000".to_owned(),
            ),
        ]
        .into();
        let form = wabe_kernel::form::parse::<CreateAccessKey>(&typed, &[]).unwrap_err();
        let form = without_private_key(form);
        assert_eq!(
            (form.value("name"), form.value("public_key")),
            ("Laptop", "")
        );
        assert!(form.error("public_key").is_some());
    }

    #[test]
    fn a_host_without_port_has_the_usual_one() {
        assert_eq!(
            host_and_port("sftp.example.net:2222"),
            ("sftp.example.net", "2222")
        );
        assert_eq!(
            host_and_port("sftp.example.net"),
            ("sftp.example.net", "22")
        );
    }
}
