//! The settings of one database: storage with a preview, switching off, deleting.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Limit, Mode};
use wabe_hosting::database::{self, Database, SetDatabaseConnections, SetDatabaseQuota};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::{Field, FormState, Quota};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Path, Preview, Query, see_other, size_text};

use crate::Portal;
use crate::carry_out::{asked_mode, carry_out, refused_page};
use crate::database::frame::Frame;
use crate::plan_use::{UseBar, bars_after};
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::{self, DoneBar, done_path};

/// The page.
#[derive(Template)]
#[template(path = "portal/database/settings.html")]
pub(crate) struct SettingsPage {
    pub(crate) frame: Frame,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    /// Connections at once; absent where no server runs it.
    pub(crate) connections: Option<i64>,
    /// What a larger or smaller database would change.
    pub(crate) preview: Option<Preview>,
    pub(crate) plan: Vec<UseBar>,
    pub(crate) done: Option<DoneBar>,
}

/// What the page starts from.
async fn page(
    portal: &Portal,
    member: &Member,
    id: DatabaseId,
    query: &Query,
) -> Result<(SettingsPage, Database), Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let database = database::load(&mut tx, &scope, id).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    let frame = Frame::of(portal, member, &database);
    if !frame.may_write {
        return Err(Failure::Conflict("in-trash"));
    }
    let size = size_text(member.language, database.quota_bytes);
    let page = SettingsPage {
        frame,
        form: filled(FormState::new().with("quota_bytes", size), &database),
        connections: database.connections,
        note: None,
        preview: None,
        plan: Vec::new(),
        done,
    };
    Ok((page, database))
}

/// The form with the connections in it, where there are any.
fn filled(form: FormState, database: &Database) -> FormState {
    match database.connections {
        Some(connections) => form.with("connections", connections.to_string()),
        None => form,
    }
}

pub(super) async fn settings(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    query: Query,
) -> Result<Response, Failure> {
    let (page, _database) = page(&portal, &member, id, &query).await?;
    Ok(member.at("databases").page(page).into_response())
}

pub(super) async fn set_quota(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    form: Form,
) -> Result<Response, Failure> {
    let (mut page, database) = page(&portal, &member, id, &Query::default()).await?;
    let form = with_field(form, "id", id);
    let mode = asked_mode(&form, "act");
    match carry_out::<SetDatabaseQuota>(&portal, &member, &form, &[], mode).await? {
        Ok(done) if mode == Mode::Commit => Ok(see_other(&done_path(
            &format!("/databases/{id}/settings"),
            done.change,
        ))),
        Ok(done) => {
            let wanted = form.get("quota_bytes");
            let bytes = Quota::from_text(wanted).map_or(database.quota_bytes, Quota::bytes);
            let takes = [(Limit::StorageBytes, bytes - database.quota_bytes)];
            let (mut tx, scope) = portal.read(&member).await?;
            page.plan = bars_after(&mut tx, &scope, &takes).await?;
            tx.rollback().await?;
            page.form = filled(FormState::new().with("quota_bytes", wanted), &database);
            page.preview = Some(Preview::of(
                member.language,
                (&done.before, &done.after),
                &done.steps,
            ));
            Ok(member.at("databases").page(page).into_response())
        }
        Err(Refused { form, note }) => {
            (page.form, page.note) = (filled(form, &database), note);
            let noted = page.note.is_some();
            Ok(refused_page(member.at("databases").page(page), noted))
        }
    }
}

pub(super) async fn set_connections(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DatabaseId>,
    form: Form,
) -> Result<Response, Failure> {
    let (mut page, database) = page(&portal, &member, id, &Query::default()).await?;
    let form = with_field(form, "id", id);
    let mode = Mode::Commit;
    match carry_out::<SetDatabaseConnections>(&portal, &member, &form, &[], mode).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("/databases/{id}/settings"),
            done.change,
        ))),
        Err(Refused { form, note }) => {
            let size = size_text(member.language, database.quota_bytes);
            (page.form, page.note) = (form.with("quota_bytes", size), note);
            let noted = page.note.is_some();
            Ok(refused_page(member.at("databases").page(page), noted))
        }
    }
}
