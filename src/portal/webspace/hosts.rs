//! `/webspaces/{id}/hosts`: the names that lead to a webspace, and HTTPS.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Command, Mode, Permission};
use wabe_hosting::webspace::{AddHost, RemoveHost, SetHttpsRedirect};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, FormState, Timestamp};
use wabe_web::filters;
use wabe_web::{Failure, Form, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::carry_out::{carry_out, refused_page};
use crate::reading::with_field;
use crate::refused::{Note, Refused};
use crate::undo::done_path;
use crate::webspace::create::proved_domains;
use crate::webspace::public_certificate::PublicCertificate;
use crate::webspace::{Frame, PLACE, frame, path};
use crate::{PORTAL, Portal};

/// The tab of host names.
#[derive(Template)]
#[template(path = "portal/webspace/hosts.html")]
pub(crate) struct HostsPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// What was typed.
    pub(crate) form: FormState,
    /// Why it was refused as a whole.
    pub(crate) note: Option<Note>,
    /// Names of proved domains.
    pub(crate) domains: Vec<String>,
    /// The certificate of the customer's own domains; absent where none leads here.
    pub(crate) public: Option<PublicCertificate>,
}

impl HostsPage {
    /// Whether this is the name that the webspace is known by.
    #[must_use]
    pub(crate) fn is_main(&self, host: &DomainName) -> bool {
        self.frame.web.hosts.first() == Some(host)
    }

    /// Until when the certificate is valid, where it is for this name.
    #[must_use]
    pub(crate) fn valid_until(&self, host: &DomainName) -> Option<Timestamp> {
        let certificate = self.frame.web.certificate.as_ref();
        let of_it = certificate.filter(|certificate| certificate.names.contains(host));
        of_it.map(|certificate| certificate.valid_until)
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/hosts",
            Needs::Permission(Permission::WebspaceRead),
            hosts,
        )
        .id("web")
        .post("/webspaces/{id}/hosts", write, add)
        .id("web")
        .post("/webspaces/{id}/hosts/remove", write, remove)
        .id("web")
        .post("/webspaces/{id}/https", write, https)
        .id("web")
}

async fn page(
    portal: &Portal,
    (member, query): (&Member, &Query),
    id: WebspaceId,
    refused: Refused,
) -> Result<Page<HostsPage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let frame = frame(portal, (&mut tx, &scope), (member, query), (id, "hosts")).await?;
    let domains = proved_domains(&mut tx, &scope).await?;
    let reading = (&mut tx, &scope);
    let public = PublicCertificate::load(portal, reading, &frame.web).await?;
    tx.rollback().await?;
    let Refused { form, note } = refused;
    Ok(member.at(PLACE).page(HostsPage {
        frame,
        form,
        note,
        domains,
        public,
    }))
}

async fn hosts(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<HostsPage>, Failure> {
    let form = FormState::new().with("host", query.get("host"));
    page(&portal, (&member, &query), id, form.into()).await
}

/// Carries out a command of this tab and shows the tab again.
async fn change<C: Command>(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<C>(portal, member, &form, &[], Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("{}/hosts", path(id)),
            done.change,
        ))),
        Err(refused) => {
            let (query, noted) = (Query::default(), refused.note.is_some());
            Ok(refused_page(
                page(portal, (member, &query), id, refused).await?,
                noted,
            ))
        }
    }
}

async fn add(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<AddHost>(&portal, &member, id, form).await
}

async fn remove(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<RemoveHost>(&portal, &member, id, form).await
}

async fn https(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<SetHttpsRedirect>(&portal, &member, id, form).await
}
