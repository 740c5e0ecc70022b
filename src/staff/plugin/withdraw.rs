//! `GET` and `POST` of `/staff/plugins/{id}/withdraw`: a version ends everywhere, at once.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_automation::plugin::{self, PluginVersion, WithdrawPlugin};
use wabe_kernel::id::PluginVersionId;
use wabe_kernel::{FormState, Language};
use wabe_web::filters;
use wabe_web::{Failure, Form, Page, Path, Routes, StaffMember, see_other};

use crate::act::{Acted, Again, act, prove};
use crate::plugin::{PLACE, WRITE, because, path};
use crate::{STAFF, Staff};

/// The form.
#[derive(Template)]
#[template(path = "staff/plugin/withdraw.html")]
pub(crate) struct WithdrawPage {
    /// The version.
    pub version: PluginVersion,
    /// In which language its words are shown.
    pub language: Language,
    /// How many installations it ends.
    pub installations: i64,
    /// What was typed.
    pub form: FormState,
    /// What stands in the way as a whole.
    pub note: Option<String>,
}

impl WithdrawPage {
    /// What the plugin is called.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.version.manifest.name.get(self.language)
    }
}

pub(super) fn routes() -> Routes<Staff> {
    let route = "/staff/plugins/{id}/withdraw";
    Routes::new(&STAFF)
        .get(route, WRITE, ask)
        .id("plv")
        .post(route, WRITE, withdraw)
        .id("plv")
}

async fn page(
    staff: &Staff,
    member: &StaffMember,
    id: PluginVersionId,
    again: Again,
) -> Result<Page<WithdrawPage>, Failure> {
    let (mut tx, scope) = staff.read(member).await?;
    let version = plugin::load(&mut tx, &scope, id).await?;
    let installations = plugin::installations(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let Again { form, note } = again;
    Ok(member.at(PLACE).page(WithdrawPage {
        version,
        language: member.language,
        installations,
        form,
        note,
    }))
}

async fn ask(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PluginVersionId>,
) -> Result<Page<WithdrawPage>, Failure> {
    page(&staff, &member, id, Again::default()).await
}

async fn withdraw(
    member: StaffMember,
    State(staff): State<Staff>,
    Path(id): Path<PluginVersionId>,
    mut form: Form,
) -> Result<Response, Failure> {
    form.fields.insert("id".to_owned(), id.to_string());
    because(&mut form, "reason");
    match act::<WithdrawPlugin>(&staff, &member, &form).await? {
        Acted::Done(_) => Ok(see_other(&format!("{}?done=withdrawn", path(id)))),
        Acted::Prove => Ok(prove(&format!("{}/withdraw", path(id)))),
        Acted::Again(again) => {
            let status = match again.note {
                Some(_) => StatusCode::CONFLICT,
                None => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let page = page(&staff, &member, id, again).await?;
            Ok(page.status(status).into_response())
        }
    }
}
