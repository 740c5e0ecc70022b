//! `GET /members`

use askama::Template;
use axum::extract::State;

use wabe_access::{Permission, Role};
use wabe_identity::invitation::store::{self, Invitation};
use wabe_identity::user::read::NamedMember;
use wabe_kernel::Timestamp;
use wabe_kernel::id::UserId;
use wabe_web::filters;
use wabe_web::{Failure, Member, Needs, Page, Query, Routes};

use crate::member::{PAGE, PLACE, everybody};
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

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
    Routes::new(&PORTAL).get(PAGE, Needs::Permission(Permission::MemberRead), list)
}

async fn list(
    member: Member,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Page<MembersPage>, Failure> {
    let (members, own) = everybody(&portal, &member).await?;
    let (mut tx, scope) = portal.read(&member).await?;
    let invitations = store::list(&mut tx, &scope).await?;
    let done = undo::bar(&portal, &mut tx, &member, &query).await?;
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
        done,
    };
    Ok(member.at(PLACE).page(page))
}
