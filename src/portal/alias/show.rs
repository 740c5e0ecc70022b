//! The page of one alias address: where it delivers to.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Mode, Permission};
use wabe_hosting::alias::{self, Alias, SetAliasTargets};
use wabe_kernel::id::AliasId;
use wabe_kernel::{FormState, ResourceKind};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Path, Query, see_other};

use crate::Portal;
use crate::alias::{Target, targets};
use crate::carry_out::{carry_out, refused_page};
use crate::condition::Condition;
use crate::reading::with_field;
use crate::recent::{self, Recent};
use crate::refused::{Note, Refused};
use crate::undo::{self, DoneBar, done_path};

/// Changes that are shown beside the rest.
const CHANGES: i64 = 5;

/// The page.
#[derive(Template)]
#[template(path = "portal/alias/show.html")]
pub(crate) struct ShowPage {
    pub(crate) alias: Alias,
    pub(crate) name: String,
    pub(crate) condition: Condition,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) targets: Vec<Target>,
    pub(crate) may_write: bool,
    pub(crate) recent: Vec<Recent>,
    pub(crate) done: Option<DoneBar>,
}

async fn page(
    portal: &Portal,
    member: &Member,
    (id, query): (AliasId, &Query),
    refused: Option<Refused>,
) -> Result<ShowPage, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let alias = alias::load(&mut tx, &scope, id).await?;
    let chosen: Vec<String> = alias.targets.iter().map(ToString::to_string).collect();
    let saved = || Refused::from(FormState::new().with("targets", chosen.join("\n")));
    let Refused { form, note } = refused.unwrap_or_else(saved);
    let targets = targets(&mut tx, &scope, form.value("targets")).await?;
    let object = Some(id.to_string());
    let recent = recent::list(portal, &mut tx, (member, &scope), object, CHANGES).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    let here = alias.standing.deleted_at.is_none();
    Ok(ShowPage {
        name: alias.address.to_string(),
        condition: portal.condition(
            member,
            ResourceKind::Alias,
            &id.to_string(),
            &alias.standing,
        ),
        may_write: here && scope.has(Permission::MailboxWrite),
        alias,
        form,
        note,
        targets,
        recent,
        done,
    })
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<AliasId>,
    query: Query,
) -> Result<Response, Failure> {
    let page = page(&portal, &member, (id, &query), None).await?;
    Ok(member.at("mailboxes").page(page).into_response())
}

pub(super) async fn set_targets(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<AliasId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<SetAliasTargets>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("/aliases/{id}"),
            done.change,
        ))),
        Err(refused) => {
            let noted = refused.note.is_some();
            let page = page(&portal, &member, (id, &Query::default()), Some(refused)).await?;
            Ok(refused_page(member.at("mailboxes").page(page), noted))
        }
    }
}
