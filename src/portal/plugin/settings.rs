//! The settings of an installation, by the plugin's own schema.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_automation::installation::{Installed, SetSettings};
use wabe_kernel::FormState;
use wabe_kernel::id::InstallationId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Path, Query, see_other};

use crate::Portal;
use crate::carry_out::refused_page;
use crate::plugin::choose::{self, SettingField, SettingKind};
use crate::plugin::frame::Frame;
use crate::plugin::sensitive::{self, Asked};
use crate::plugin::{PLACE, find, path};
use crate::proof::Proving;
use crate::refused::{Note, Refused};
use crate::undo::{self, DoneBar, done_path};

/// The page.
#[derive(Template)]
#[template(path = "portal/plugin/settings.html")]
pub(crate) struct SettingsPage {
    pub(crate) frame: Frame,
    pub(crate) fields: Vec<SettingField>,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) done: Option<DoneBar>,
}

fn page(member: &Member, found: &Installed, refused: Refused) -> SettingsPage {
    let Refused { form, note } = refused;
    SettingsPage {
        frame: Frame::of(member, found),
        fields: choose::fields(member.language, &found.version.settings()),
        form,
        note,
        done: None,
    }
}

pub(super) async fn settings(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    query: Query,
) -> Result<Response, Failure> {
    let found = find(&portal, &member, id).await?;
    let form: FormState = choose::filled(&found.version.settings(), &found.installation.settings);
    let mut page = page(&member, &found, form.into());
    let (mut tx, _scope) = portal.read(&member).await?;
    page.done = undo::bar(&portal, &mut tx, &member, &query).await?;
    tx.rollback().await?;
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn set(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
    form: Form,
) -> Result<Response, Failure> {
    let found = find(&portal, &member, id).await?;
    let mut asked = Asked::default().with("id", id.to_string());
    let chosen = choose::chosen(&found.version.settings(), &form, &mut asked.errors);
    let asked = asked.with("settings", chosen);
    let proving = Proving::as_is(member);
    let member = &proving.member;
    match sensitive::carry_out::<SetSettings>(&portal, &proving, &form, asked).await? {
        Ok(done) => {
            let page = format!("{}/settings", path(id));
            Ok(see_other(&done_path(&page, done.change)))
        }
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(member, &found, refused);
            Ok(refused_page(member.at(PLACE).page(page), noted))
        }
    }
}
