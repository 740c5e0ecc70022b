//! `GET` and `POST` of `/members/{id}/role` and `/members/{id}/remove`

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Mode, Permission, Refusal};
use wabe_identity::member::remove::RemoveMember;
use wabe_identity::member::set_role::SetRole;
use wabe_identity::user::read::NamedMember;
use wabe_kernel::FormState;
use wabe_kernel::id::MemberId;
use wabe_web::filters;
use wabe_web::{Choice, Failure, Form, Member, Needs, Path, Routes, see_other};

use crate::member::{PAGE, PLACE, dealt_with, or_prove, roles};
use crate::reading::with_field;
use crate::refused::{self, Note, Refused};
use crate::undo;
use crate::{PORTAL, Portal};

const NEEDS: Needs = Needs::Permission(Permission::MemberWrite);

/// Another role for a member.
#[derive(Template)]
#[template(path = "portal/member/role.html")]
pub(crate) struct RolePage {
    /// Whom.
    pub who: NamedMember,
    /// What was chosen.
    pub form: FormState,
    /// Why it was refused.
    pub note: Option<Note>,
    /// The roles to choose from.
    pub roles: Vec<Choice>,
}

/// Before a membership ends.
#[derive(Template)]
#[template(path = "portal/member/remove.html")]
pub(crate) struct RemovePage {
    /// Whose.
    pub who: NamedMember,
    /// Whether it is the viewer's own.
    pub own: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/members/{id}/role", NEEDS, ask_role)
        .id("mem")
        .post("/members/{id}/role", NEEDS, set_role)
        .id("mem")
        .get("/members/{id}/remove", NEEDS, ask_remove)
        .id("mem")
        .post("/members/{id}/remove", NEEDS, remove)
        .id("mem")
}

async fn ask_role(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MemberId>,
) -> Result<Response, Failure> {
    let (who, own) = dealt_with(&portal, &member, id).await?;
    let form = FormState::new().with("role", who.role.word());
    let roles = roles(own, &member.view);
    let page = RolePage {
        who,
        form,
        note: None,
        roles,
    };
    Ok(member.at(PLACE).page(page).into_response())
}

async fn set_role(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MemberId>,
    form: Form,
) -> Result<Response, Failure> {
    let (who, own) = dealt_with(&portal, &member, id).await?;
    let form = with_field(form, "id", id);
    let Refused { form, note } = match form.parse::<SetRole>(&[]) {
        Err(form) => form.into(),
        Ok(command) => {
            match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
                Ok(done) => return Ok(see_other(&undo::done_path(PAGE, done.change))),
                Err(Refusal::StepUp) => {
                    return or_prove(Refusal::StepUp, &format!("{PAGE}/{id}/role"));
                }
                Err(refusal) => refused::again(&form, &[], refusal)?,
            }
        }
    };
    let page = RolePage {
        who,
        form,
        note,
        roles: roles(own, &member.view),
    };
    Ok(member.at(PLACE).page(page).invalid())
}

async fn ask_remove(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MemberId>,
) -> Result<Response, Failure> {
    let (who, _) = dealt_with(&portal, &member, id).await?;
    let own = who.user == member.visitor.user;
    Ok(member
        .at(PLACE)
        .page(RemovePage { who, own })
        .into_response())
}

async fn remove(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MemberId>,
) -> Result<Response, Failure> {
    let command = RemoveMember { id };
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&undo::done_path(PAGE, done.change))),
        Err(refusal) => or_prove(refusal, &format!("{PAGE}/{id}/remove")),
    }
}
