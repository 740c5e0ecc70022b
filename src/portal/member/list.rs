//! `GET /members`

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use wabe_access::{Mode, Permission, Refusal, Role};
use wabe_identity::factor::require::SetFactorRequired;
use wabe_identity::factor::store as factor;
use wabe_identity::invitation::store::{self, Invitation};
use wabe_identity::user::read::NamedMember;
use wabe_kernel::Timestamp;
use wabe_kernel::id::UserId;
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Query, Routes, see_other};

use crate::member::{PAGE, PLACE, everybody};
use crate::refused::{self, Note};
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal, proof};

/// Who belongs to the customer, and who is asked to.
#[derive(Template)]
#[template(path = "portal/member/list.html")]
pub(crate) struct MembersPage {
    /// The members.
    pub members: Vec<NamedMember>,
    /// The open invitations.
    pub invitations: Vec<Invitation>,
    /// Who looks.
    pub viewer: UserId,
    /// What they are, if they may change anything here.
    pub own: Option<Role>,
    /// The roles, for their explanation.
    pub roles: Vec<Role>,
    /// The present.
    pub now: Timestamp,
    /// Whether everybody needs a second factor; absent for who does not decide that.
    pub factor_required: Option<bool>,
    /// Why something was refused.
    pub note: Option<Note>,
    /// What was just done.
    pub done: Option<DoneBar>,
}

impl MembersPage {
    fn deals_with(&self, role: Role) -> bool {
        self.own.is_some_and(|own| own.may_assign(role))
    }

    /// Whether the viewer may change or remove this member.
    pub(crate) fn may(&self, member: &NamedMember) -> bool {
        self.deals_with(member.role)
    }

    /// Whether the viewer may send this invitation again or take it back.
    pub(crate) fn may_renew(&self, invitation: &Invitation) -> bool {
        self.deals_with(invitation.role)
    }

    /// Whether this is the viewer.
    #[must_use]
    pub(crate) fn is_viewer(&self, member: &NamedMember) -> bool {
        member.user == self.viewer
    }

    /// Whether an invitation's link ran out.
    #[must_use]
    pub(crate) fn is_over(&self, invitation: &Invitation) -> bool {
        invitation.expires_at <= self.now
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(PAGE, Needs::Permission(Permission::MemberRead), list)
        .post(
            "/members/factor",
            Needs::Permission(Permission::CustomerWrite),
            set_factor,
        )
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<MembersPage>, Failure> {
    page(&portal, &member, None, &query).await
}

/// Says whether everybody needs a second factor.
async fn set_factor(
    member: Member,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let command = form.parse::<SetFactorRequired>(&[]);
    let command = command.map_err(|_wrong| Failure::Unreadable)?;
    match Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await {
        Ok(done) => Ok(see_other(&undo::done_path(PAGE, done.change))),
        Err(Refusal::StepUp) => Ok(proof::way(PAGE)),
        Err(refusal) => {
            let note = Some(refused::note(refusal)?);
            let page = page(&portal, &member, note, &Query::default()).await?;
            Ok(page.status(StatusCode::CONFLICT).into_response())
        }
    }
}

async fn page(
    portal: &Portal,
    member: &Member,
    note: Option<Note>,
    query: &Query,
) -> Result<Page<MembersPage>, Failure> {
    let (members, own) = everybody(portal, member).await?;
    let (mut tx, scope) = portal.read(member).await?;
    let invitations = store::list(&mut tx, &scope).await?;
    let required = factor::is_required(&mut tx, scope.customer()).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    tx.rollback().await?;
    let (viewer, now) = (member.visitor.user, member.now);
    let roles = Role::ALL.to_vec();
    let page = MembersPage {
        members,
        invitations,
        viewer,
        own,
        roles,
        now,
        factor_required: (own == Some(Role::Owner)).then_some(required),
        note,
        done,
    };
    Ok(member.at(PLACE).page(page))
}
