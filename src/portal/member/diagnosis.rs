//! "Why can I not log in?", asked about a member, or about oneself.

use axum::extract::State;

use wabe_access::Permission;
use wabe_identity::diagnosis::LoginQuestion;
use wabe_kernel::id::MemberId;
use wabe_web::{Failure, Member, Needs, Page, Path, Routes};

use crate::diagnosis::{Asked, DiagnosisPage, answer};
use crate::member::{PAGE, PLACE};
use crate::{PORTAL, Portal};

/// Where a person asks about themselves.
pub(crate) const OWN_PAGE: &str = "/account/diagnosis";

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/members/{id}/diagnosis",
            Needs::Permission(Permission::MemberRead),
            about_member,
        )
        .id("mem")
        .get(
            OWN_PAGE,
            Needs::Permission(Permission::SelfWrite),
            about_oneself,
        )
}

async fn about_member(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MemberId>,
) -> Result<Page<DiagnosisPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let around = (portal.gate.tools(), portal.streams.as_ref());
    let asked = LoginQuestion::load(&mut tx, &scope, around, id).await?;
    tx.rollback().await?;
    let again = format!("{PAGE}/{id}/diagnosis");
    let page = Asked {
        kind: "member",
        list: ("members-title", PAGE.to_owned()),
        name: asked.name().to_string(),
        href: PAGE.to_owned(),
        about: again.clone(),
        again,
    };
    Ok(answer(&member, PLACE, page, &asked.answer()))
}

async fn about_oneself(
    member: Member,
    State(portal): State<Portal>,
) -> Result<Page<DiagnosisPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let around = (portal.gate.tools(), portal.streams.as_ref());
    let asked = LoginQuestion::own(&mut tx, &scope, around).await?;
    tx.rollback().await?;
    let page = Asked {
        kind: "login",
        list: ("account-title", "/account".to_owned()),
        name: asked.email().to_string(),
        href: "/account/sessions".to_owned(),
        again: OWN_PAGE.to_owned(),
        about: format!("{PAGE}/{}/diagnosis", asked.member()),
    };
    let page = DiagnosisPage::of(member.view.language, page, &asked.answer());
    Ok(member.view.page(page))
}
