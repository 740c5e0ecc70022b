//! `GET /members/invite`, `POST /members/invitations`, and what becomes of an invitation

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Command, Limit, Mode, Permission, Refusal};
use wabe_identity::invitation::invite::InviteMember;
use wabe_identity::invitation::renew::RenewInvitation;
use wabe_identity::invitation::revoke::RevokeInvitation;
use wabe_kernel::id::InvitationId;
use wabe_kernel::{FormState, Problem};
use wabe_web::filters;
use wabe_web::{Arrival, Choice, Failure, Form, Member, Needs, Page, Path, Routes, see_other};

use crate::member::{PAGE, PLACE, everybody, or_prove, roles};
use crate::plan_use::{self, UseBar};
use crate::proof::{self, Proving};
use crate::refused::{self, Note, Refused};
use crate::undo;
use crate::{PORTAL, Portal};

const NEEDS: Needs = Needs::Permission(Permission::MemberWrite);

/// The form.
#[derive(Template)]
#[template(path = "portal/member/invite.html")]
pub(crate) struct InvitePage {
    /// What was typed.
    pub form: FormState,
    /// Why it was refused as a whole.
    pub note: Option<Note>,
    /// The roles to choose from.
    pub roles: Vec<Choice>,
    /// The plan afterwards.
    pub plan: Vec<UseBar>,
    /// Whether the password is asked for.
    pub proof: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/members/invite", NEEDS, new)
        .post("/members/invitations", NEEDS, invite)
        .post("/members/invitations/{id}/renew", NEEDS, renew)
        .id("inv")
        .post("/members/invitations/{id}/revoke", NEEDS, revoke)
        .id("inv")
}

async fn page(
    portal: &Portal,
    member: &Member,
    refused: Refused,
) -> Result<Page<InvitePage>, Failure> {
    let (_, own) = everybody(portal, member).await?;
    let roles = roles(own.ok_or(Failure::Forbidden)?, &member.view);
    let (mut tx, scope) = portal.read(member).await?;
    let plan = plan_use::bars_after(&mut tx, &scope, &[(Limit::Members, 1)]).await?;
    tx.rollback().await?;
    let proof = proof::needed(member.visitor.authenticated_at, member.now);
    let Refused { form, note } = refused;
    Ok(member.at(PLACE).page(InvitePage {
        form,
        note,
        roles,
        plan,
        proof,
    }))
}

async fn new(member: Member, State(portal): State<Portal>) -> Result<Response, Failure> {
    let form = FormState::new().with("role", "viewer");
    Ok(page(&portal, &member, form.into()).await?.into_response())
}

async fn invite(
    member: Member,
    State(portal): State<Portal>,
    arrival: Arrival,
    form: Form,
) -> Result<Response, Failure> {
    let proving = proof::member(&portal, member, &form, &arrival).await?;
    let answer = invite_as(&portal, &proving, &form).await;
    Ok(proving.finish(answer))
}

async fn invite_as(portal: &Portal, proving: &Proving, form: &Form) -> Result<Response, Failure> {
    let member = &proving.member;
    let secret = [proof::FIELD];
    let again = match (&proving.wrong, form.parse::<InviteMember>(&secret)) {
        (Some(wrong), _) => proof::asked(form, &[], wrong.clone()).into(),
        (None, Err(form)) => form.into(),
        (None, Ok(command)) => {
            match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
                Ok(done) => return Ok(see_other(&undo::done_path(PAGE, done.change))),
                Err(Refusal::StepUp) => {
                    proof::asked(form, &[], Problem::new("proof-needed")).into()
                }
                Err(refusal) => refused::again(form, &secret, refusal)?,
            }
        }
    };
    Ok(page(portal, member, again).await?.invalid())
}

async fn renew(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InvitationId>,
) -> Result<Response, Failure> {
    act(&portal, &member, RenewInvitation { id }).await
}

async fn revoke(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InvitationId>,
) -> Result<Response, Failure> {
    act(&portal, &member, RevokeInvitation { id }).await
}

async fn act<C: Command>(
    portal: &Portal,
    member: &Member,
    command: C,
) -> Result<Response, Failure> {
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&undo::done_path(PAGE, done.change))),
        Err(refusal) => or_prove(refusal, PAGE),
    }
}
