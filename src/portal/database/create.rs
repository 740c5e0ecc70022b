//! Making a database.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Limit, Mode};
use wabe_hosting::database::CreateDatabase;
use wabe_kernel::{Engine, Field, FormState, Language, Quota};
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Message, see_other};

use crate::Portal;
use crate::carry_out::{carry_out, refused_page};
use crate::plan_use::{UseBar, bars_after};
use crate::refused::{Note, Refused};
use crate::undo::done_path;

/// What a new database may hold unless somebody says otherwise.
const QUOTA: i64 = Quota::GIGABYTE / 2;

/// The form for a new database, and what will happen.
#[derive(Template)]
#[template(path = "portal/database/create.html")]
pub(crate) struct CreatePage {
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) engines: Vec<Choice>,
    pub(crate) quota: i64,
    pub(crate) plan: Vec<UseBar>,
}

/// What a database can be run by.
pub(crate) fn engines(language: Language) -> Vec<Choice> {
    let choice = |engine: &Engine| Choice {
        value: engine.to_string(),
        title: Message::new(language, format!("engine-{engine}")).to_string(),
        text: Message::new(language, format!("database-engine-{engine}")).to_string(),
    };
    Engine::ALL.iter().map(choice).collect()
}

async fn page(portal: &Portal, member: &Member, refused: Refused) -> Result<CreatePage, Failure> {
    let Refused { form, note } = refused;
    let quota = Quota::from_text(form.value("quota_bytes")).map_or(QUOTA, Quota::bytes);
    let takes = [(Limit::Databases, 1), (Limit::StorageBytes, quota)];
    let (mut tx, scope) = portal.read(member).await?;
    let plan = bars_after(&mut tx, &scope, &takes).await?;
    tx.rollback().await?;
    Ok(CreatePage {
        form,
        note,
        engines: engines(member.language),
        quota,
        plan,
    })
}

pub(super) async fn new(member: Member, State(portal): State<Portal>) -> Result<Response, Failure> {
    let form = FormState::new().with("quota_bytes", "500 MB");
    let form = form.with("engine", Engine::Sqlite.word());
    let page = page(&portal, &member, Refused::from(form)).await?;
    Ok(member.at("databases").page(page).into_response())
}

pub(super) async fn create(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    match carry_out::<CreateDatabase>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("/databases/{}", done.object),
            done.change,
        ))),
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(&portal, &member, refused).await?;
            Ok(refused_page(member.at("databases").page(page), noted))
        }
    }
}
