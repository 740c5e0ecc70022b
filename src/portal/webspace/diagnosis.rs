//! "Why can I not upload?"

use axum::extract::State;

use wabe_access::Permission;
use wabe_hosting::diagnosis::UploadQuestion;
use wabe_identity::diagnosis::upload_closed_until;
use wabe_kernel::ResourceKind;
use wabe_kernel::id::WebspaceId;
use wabe_web::{Failure, Member, Needs, Page, Path, Routes};

use crate::diagnosis::{Asked, DiagnosisPage, answer};
use crate::webspace::PLACE;
use crate::{PORTAL, Portal};

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/access/diagnosis",
            Needs::Permission(Permission::WebspaceRead),
            upload,
        )
        .id("web")
}

async fn upload(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Page<DiagnosisPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let asked = UploadQuestion::load(&mut tx, &scope, id, portal.house()).await?;
    let web = asked.webspace();
    let way = (web.sftp_login.as_str(), asked.password_hash());
    let closed = upload_closed_until(&mut tx, portal.gate.tools(), way).await?;
    tx.rollback().await?;
    let name = web.name.to_string();
    let thing = Asked::thing(ResourceKind::Webspace, &id, name, ("nav-webspaces", PLACE));
    let page = Asked {
        kind: "upload",
        href: format!("{}/access", thing.href),
        again: format!("{}/access/diagnosis", thing.href),
        ..thing
    };
    Ok(answer(&member, PLACE, page, &asked.answer(closed)))
}
