//! `GET /domains/{id}`, looking for its proof now, and consenting to names below it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use wabe_access::{Mode, Permission, Refusal, Scope};
use wabe_hosting::domain::{self, ConsentToDomain, Domain, VerifyDomain};
use wabe_hosting::{mailbox, webspace};
use wabe_kernel::id::DomainId;
use wabe_kernel::{FormState, PageRequest, ResourceKind};
use wabe_store::Tx;
use wabe_web::filters;
use wabe_web::{Cost, Failure, Form, Member, Needs, Page, Path, Query, Routes, see_other};

use crate::carry_out::refused_page;
use crate::condition::Condition;
use crate::domain::redirect::{self, Carrier};
use crate::domain::{DomainView, PLACE, path};
use crate::reading::{page_of, with_field};
use crate::recent::{self, Recent};
use crate::refused::{self, Note, Refused};
use crate::undo::{self, DoneBar, done_path};
use crate::{PORTAL, Portal};

/// Names on one page of what uses a domain.
const USES_MAX: usize = 20;

/// Something that uses a domain.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    /// What it is called.
    pub(crate) name: String,
    /// Where its page is.
    pub(crate) href: String,
    /// Its icon.
    pub(crate) icon: &'static str,
}

/// Somebody else's claim below this domain.
#[derive(Debug, Clone)]
pub(crate) struct ClaimView {
    /// The claim.
    pub(crate) id: DomainId,
    /// The name claimed.
    pub(crate) name: String,
    /// The number of the customer who claims it.
    pub(crate) customer: String,
}

/// A domain.
#[derive(Template)]
#[template(path = "portal/domain/show.html")]
pub(crate) struct ShowPage {
    /// The domain.
    pub(crate) domain: DomainView,
    /// Where it stands.
    pub(crate) condition: Condition,
    /// What was just done.
    pub(crate) done: Option<DoneBar>,
    /// Why looking did not help, or why it cannot be redirected.
    pub(crate) note: Option<Note>,
    /// Where its visitors are to be sent.
    pub(crate) form: FormState,
    /// The webspace that its name leads to.
    pub(crate) carrier: Option<Carrier>,
    /// What uses it.
    pub(crate) uses: Vec<Use>,
    /// Who waits for consent.
    pub(crate) claims: Vec<ClaimView>,
    /// The latest changes.
    pub(crate) recent: Vec<Recent>,
    /// Whether the visitor may change it.
    pub(crate) may_write: bool,
    /// Whether the visitor may connect it to a webspace.
    pub(crate) may_webspace: bool,
    /// Whether the visitor may make mailboxes.
    pub(crate) may_mailbox: bool,
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::DomainWrite);
    Routes::new(&PORTAL)
        .get(
            "/domains/{id}",
            Needs::Permission(Permission::DomainRead),
            show,
        )
        .id("dom")
        .post("/domains/{id}/verify", write, verify)
        .id("dom")
        .cost(Cost::Heavy)
        .post("/domains/{id}/consent", write, consent)
        .id("dom")
}

pub(crate) async fn page(
    portal: &Portal,
    (member, query): (&Member, &Query),
    id: DomainId,
    refused: Option<Refused>,
) -> Result<Page<ShowPage>, Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = domain::load(&mut tx, &scope, id).await?;
    let done = undo::bar(portal, &mut tx, member, query).await?;
    let (uses, carrier) = uses(portal, (&mut tx, &scope), &found).await?;
    let object = Some(id.to_string());
    let recent = recent::list(portal, &mut tx, (member, &scope), object, 6).await?;
    tx.rollback().await?;
    let claims = claims(portal, &scope, &found).await?;
    let condition = Condition::of(&member.view, ResourceKind::Domain, &found.standing);
    let found = found.with_proofs(portal.house());
    Ok(member.at(PLACE).page(ShowPage {
        domain: found.into(),
        condition,
        done,
        note,
    let refused = refused.unwrap_or_else(|| redirect::form(&found).into());
    let Refused { form, note } = refused;
        uses,
        claims,
        recent,
        may_write: scope.has(Permission::DomainWrite),
        may_webspace: scope.has(Permission::WebspaceWrite),
        form,
        carrier,
        may_mailbox: scope.has(Permission::MailboxWrite),
    }))
}

/// The webspaces and mailboxes that have a name on the domain, as far as the visitor sees them, and the
/// webspace that has the domain's own.
async fn uses(
    portal: &Portal,
    (tx, scope): (&mut Tx, &Scope),
    domain: &Domain,
) -> Result<(Vec<Use>, Option<Carrier>), Failure> {
    let (mut uses, mut carrier) = (Vec::new(), None);
    if scope.has(Permission::WebspaceRead) {
        let all = PageRequest::first(200);
        let found = webspace::list(tx, scope, &all, portal.house()).await?;
        for web in found.items {
            if web.hosts.iter().any(|host| host.is_within(&domain.name)) {
                let href = page_of(ResourceKind::Webspace, &web.id.to_string());
                uses.push(Use {
                    name: web.name.to_string(),
        carrier = Carrier::of(domain, &found.items);
                    href,
                    icon: "world",
                });
            }
        }
    }
    if scope.has(Permission::MailboxRead) {
        let search = format!("@{}", domain.name);
        let found = PageRequest {
            search,
            ..PageRequest::first(200)
        };
        for item in mailbox::list(tx, scope, &found).await?.items {
            if *item.address.domain() == domain.name {
                let href = page_of(ResourceKind::Mailbox, &item.id.to_string());
                uses.push(Use {
                    name: item.address.to_string(),
                    href,
                    icon: "mail",
                });
            }
        }
    }
    uses.truncate(USES_MAX);
    Ok((uses, carrier))
}

/// Claims of others below a domain that is the customer's own and proved. Their rows are other
/// customers', so this reads outside the customer's scope.
async fn claims(
    portal: &Portal,
    scope: &Scope,
    domain: &Domain,
) -> Result<Vec<ClaimView>, Failure> {
    if !domain.verified || domain.standing.deleted_at.is_some() {
        return Ok(Vec::new());
    }
    let mut tx = portal.gate.store().read().await?;
    let found = domain::claims_below(&mut tx, scope.customer(), &domain.name).await?;
    tx.rollback().await?;
    let view = |claim: domain::Claim| ClaimView {
        id: claim.id,
        name: claim.name.unicode(),
        customer: claim.customer_number,
    };
    Ok(found.into_iter().map(view).collect())
}

async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
    query: Query,
) -> Result<Page<ShowPage>, Failure> {
    page(&portal, (&member, &query), id, None).await
}

async fn verify(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
) -> Result<Response, Failure> {
    let form = with_field(Form::default(), "id", id);
    let command = wabe_kernel::Fields::from_form(&form.fields)?;
    let looked = portal
        .gate
        .run::<VerifyDomain>(member.actor(), command, Mode::Commit);
    match Box::pin(looked).await {
        Ok(done) => Ok(see_other(&done_path(&path(id), done.change))),
        Err(Refusal::Conflict("domain-already-proved")) => Ok(see_other(&path(id))),
        Err(refusal) => {
            let refused = refused::again(&form, &[], refusal)?;
            let query = Query::default();
            let page = page(&portal, (&member, &query), id, Some(refused)).await?;
            Ok(refused_page(page, true))
        }
    }
}

async fn consent(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
    form: Form,
) -> Result<Response, Failure> {
    let claim = form
        .get("claim")
        .parse()
        .map_err(|_no_claim| Failure::NotFound)?;
    let command = ConsentToDomain { id, claim };
    let done = Box::pin(portal.gate.run(member.actor(), command, Mode::Commit)).await?;
    Ok(see_other(&done_path(&path(id), done.change)))
}
