//! `GET /`: how things are, what needs somebody, what to do next.

mod next;
#[cfg(test)]
mod samples;
mod services;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::resource::{self, Resource};
use wabe_access::{Permission, Scope};
use wabe_identity::approval::read as approvals;
use wabe_kernel::{ResourceKind, State as Standing, Timestamp};
use wabe_web::filters;
use wabe_web::finding::failure_message;
use wabe_web::{CustomerBrief, Failure, Member, Needs, Page, Person, Query, Routes, see_other};

use crate::dashboard::next::{NextStep, next_steps};
use crate::dashboard::services::Services;
use crate::plan_use::{self, UseBar};
use crate::plugin::card::{self, CardSlot};
use crate::reading::{page_of, sees, shown_name};
use crate::recent::{self, Recent};
use crate::second_address::Lacking;
use crate::ticket::approval::{self, Decision};
use crate::undo::{self, DoneBar};
use crate::{PORTAL, Portal};

/// Something that is not simply live.
#[derive(Debug, Clone)]
pub(crate) struct Attention {
    /// What it is called.
    pub(crate) name: String,
    /// Where its page is.
    pub(crate) href: String,
    /// Its state as a badge shows it.
    pub(crate) state: Standing,
    /// The message of what is the matter.
    pub(crate) message: String,
    /// Why it is switched off, in the words of who did it.
    pub(crate) reason: Option<String>,
    /// When it is tried again.
    pub(crate) retry_at: Option<Timestamp>,
}

/// Something that can be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct New {
    /// Where.
    pub(crate) href: &'static str,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// The message of its label.
    pub(crate) text: &'static str,
}

/// The start page.
#[derive(Template)]
#[template(path = "portal/dashboard/show.html")]
pub(crate) struct DashboardPage {
    /// Whom it greets.
    pub(crate) name: String,
    /// How things are, of the messages `dashboard-lead-{word}`.
    pub(crate) lead: &'static str,
    /// The services as counts and as a picture.
    pub(crate) services: Services,
    /// What is not simply live.
    pub(crate) attention: Vec<Attention>,
    /// How much of the plan is taken.
    pub(crate) plan: Vec<UseBar>,
    /// What to do next, with what is done already.
    pub(crate) next: Vec<NextStep>,
    /// The latest changes.
    pub(crate) recent: Vec<Recent>,
    /// What can be made.
    pub(crate) new: Vec<New>,
    /// Where cards of plugins come to.
    pub(crate) cards: Vec<CardSlot>,
    /// What the hoster asked for and the reader may stop.
    pub(crate) approvals: Vec<Decision>,
    /// Addresses that lack a second one elsewhere.
    pub(crate) lacking: Vec<Lacking>,
    /// What was just done.
    pub(crate) done: Option<DoneBar>,
}

impl DashboardPage {
    /// How many next steps are done.
    #[must_use]
    pub(crate) fn steps_done(&self) -> usize {
        self.next.iter().filter(|step| step.done).count()
    }
}

/// The routes of this page.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL).get("/", Needs::Session, start)
}

/// Where one is at home: the desk for staff, the choice of customers for who is in none.
async fn start(
    person: Person,
    member: Result<Member, Failure>,
    State(portal): State<Portal>,
    query: Query,
) -> Result<Response, Failure> {
    if person.visitor.staff {
        return Ok(see_other("/staff"));
    }
    let Ok(member) = member else {
        return Ok(see_other("/customers"));
    };
    let page = Box::pin(show(member, &portal, &query)).await?;
    Ok(page.into_response())
}

async fn show(
    member: Member,
    portal: &Portal,
    query: &Query,
) -> Result<Page<DashboardPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let counts = resource::counts(&mut tx, scope.customer()).await?;
    let seen = counts
        .into_iter()
        .filter(|(kind, _, _)| scope.has(sees(*kind)));
    let services = Services::of(&seen.collect::<Vec<_>>());
    let found = resource::needing_attention(&mut tx, scope.customer()).await?;
    let seen = found
        .into_iter()
        .filter(|found| scope.has(sees(found.kind)));
    let attention = seen.map(attention).collect();
    let plan = plan_use::bars(&mut tx, &scope).await?;
    let next = next_steps(&mut tx, &scope, &services).await?;
    let recent = recent::list(portal, &mut tx, (&member, &scope), None, 6).await?;
    let cards = card::slots(&mut tx, &scope, member.language).await?;
    let done = undo::bar(portal, &mut tx, &member, query).await?;
    let waiting = approvals::stoppable(&mut tx, &scope, member.now).await?;
    tx.rollback().await?;
    let approvals = approval::waiting(portal, &waiting, member.now).await?;
    let lacking = portal.lacking(&member.visitor).await?;
    Ok(member.at("dashboard").page(DashboardPage {
        name: member.visitor.name.clone(),
        lead: lead(&member.customer, &services),
        services,
        attention,
        plan,
        next,
        recent,
        new: new(&scope),
        cards,
        approvals,
        lacking,
        done,
    }))
}

/// The word for how things are. Whoever is switched off, or will be removed, is told nothing of all being well.
const fn lead(customer: &CustomerBrief, services: &Services) -> &'static str {
    match (&customer.suspended, customer.erased_at) {
        (_, Some(_)) => "erasing",
        (Some(_), None) => "suspended",
        (None, None) => services.word(),
    }
}

/// What is the matter with a thing, in one sentence.
fn attention(found: Resource) -> Attention {
    let href = page_of(found.kind, &found.id);
    let standing = wabe_access::standing::Standing::from(&found);
    let waits = standing.waits_for();
    let (state, message) = match (found.state, found.kind) {
        (Standing::Pending, ResourceKind::Domain) => {
            (Standing::Failed, "dashboard-domain-unproved".to_owned())
        }
        (Standing::Failed, _) => {
            let code = found.failure.as_deref().unwrap_or("");
            (Standing::Failed, failure_message(code))
        }
        (Standing::Pending, _) if waits.is_some() => {
            let code = waits.unwrap_or_default();
            (standing.shown_state(), failure_message(code))
        }
        (state, _) => (state, format!("dashboard-is-{state}")),
    };
    Attention {
        name: shown_name(found.kind.word(), found.name),
        href,
        state,
        message,
        reason: found.suspended_reason,
        retry_at: found.retry_at,
    }
}

/// What the visitor may make.
fn new(scope: &Scope) -> Vec<New> {
    let of = |href, icon, text| New { href, icon, text };
    let all = [
        (
            Permission::WebspaceWrite,
            of("/webspaces/new", "world", "portal-kind-webspace"),
        ),
        (
            Permission::MailboxWrite,
            of("/mailboxes/new", "mail", "portal-kind-mailbox"),
        ),
        (
            Permission::DatabaseWrite,
            of("/databases/new", "database", "portal-kind-database"),
        ),
        (
            Permission::DomainWrite,
            of("/domains/new", "at", "portal-kind-domain"),
        ),
    ];
    all.into_iter()
        .filter(|(needs, _)| scope.has(*needs))
        .map(|(_, new)| new)
        .collect()
}
