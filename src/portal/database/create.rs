//! Making a database. The password of one on a server is in the answer to the POST and nowhere else.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use wabe_access::{Limit, Mode};
use wabe_hosting::database::{CreateDatabase, Database, server};
use wabe_kernel::{Engine, Field, FormState, Language, Quota};
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Message, see_other};

use crate::Portal;
use crate::carry_out::{carry_out, refused_page};
use crate::plan_use::{UseBar, bars_after};
use crate::refused::{Note, Refused};
use crate::undo::{DoneBar, done_path, undo_path};

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

/// A new database on a server, with its password.
#[derive(Template)]
#[template(path = "portal/database/created.html")]
pub(crate) struct CreatedPage {
    pub(crate) database: Database,
    /// The password that is shown this once.
    pub(crate) password: String,
    /// The way back.
    pub(crate) done: Option<DoneBar>,
}

/// What a database can be run by here.
pub(crate) fn engines(language: Language, offered: &[Engine]) -> Vec<Choice> {
    let choice = |engine: &Engine| Choice {
        value: engine.to_string(),
        title: Message::new(language, format!("engine-{engine}")).to_string(),
        text: Message::new(language, format!("database-engine-{engine}")).to_string(),
    };
    offered.iter().map(choice).collect()
}

async fn page(portal: &Portal, member: &Member, refused: Refused) -> Result<CreatePage, Failure> {
    let Refused { form, note } = refused;
    let quota = Quota::from_text(form.value("quota_bytes")).map_or(QUOTA, Quota::bytes);
    let takes = [(Limit::Databases, 1), (Limit::StorageBytes, quota)];
    let (mut tx, scope) = portal.read(member).await?;
    let plan = bars_after(&mut tx, &scope, &takes).await?;
    let offered = server::offered(&mut tx).await?;
    tx.rollback().await?;
    Ok(CreatePage {
        form,
        note,
        engines: engines(member.language, &offered),
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
        Ok(done) => {
            let href = format!("/databases/{}", done.object);
            let made = done.output;
            let Some(password) = made.password else {
                return Ok(see_other(&done_path(&href, done.change)));
            };
            let bar = DoneBar {
                command: "database-create".to_owned(),
                name: made.database.name.to_string(),
                undo: Some(undo_path(done.change, &href)),
            };
            let page = member.at("databases").page(CreatedPage {
                database: made.database,
                password,
                done: Some(bar),
            });
            Ok(page.status(StatusCode::CREATED).into_response())
        }
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(&portal, &member, refused).await?;
            Ok(refused_page(member.at("databases").page(page), noted))
        }
    }
}
