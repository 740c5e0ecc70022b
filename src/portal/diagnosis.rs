//! "Why is my site down?", "Where is my mail?", "Is my domain right?": what a look at a thing found, in
//! words, with the way to mend it beside it.

use askama::Template;
use axum::extract::State;
use wabe_access::Permission;
use wabe_hosting::diagnosis::{
    Diagnosis, DomainQuestion, Finding, Level, MailboxQuestion, Way, WebsiteQuestion,
};
use wabe_kernel::id::{DomainId, MailboxId, WebspaceId};
use wabe_kernel::{Language, ResourceKind};
use wabe_web::filters;
use wabe_web::{Cost, Failure, Member, Message, Needs, Page, Path, Routes, format};

use crate::condition::failure_message;
use crate::reading::page_of;
use crate::{PORTAL, Portal};

/// One finding, as the page shows it.
pub(crate) struct Line {
    pub(crate) level: Level,
    /// What is.
    pub(crate) said: String,
    /// What to do; only where there is something to do.
    pub(crate) advice: Option<String>,
    /// Where to do it: the address and the button's text.
    pub(crate) mend: Option<(String, String)>,
}

/// The thing that was asked about.
struct Thing {
    kind: ResourceKind,
    id: String,
    name: String,
    /// The place in the navigation, and the message of its name.
    place: (&'static str, &'static str),
}

/// The answer.
#[derive(Template)]
#[template(path = "portal/diagnosis/show.html")]
pub(crate) struct DiagnosisPage {
    pub(crate) kind: ResourceKind,
    /// The list that the thing is in: its text and address.
    pub(crate) list: (&'static str, String),
    pub(crate) name: String,
    pub(crate) href: String,
    /// What somebody should see to.
    pub(crate) open: Vec<Line>,
    /// What is in order.
    pub(crate) good: Vec<Line>,
}

impl DiagnosisPage {
    fn of(language: Language, thing: Thing, found: &Diagnosis) -> Self {
        let lines = found.findings.iter();
        let lines = lines.map(|finding| line(language, thing.kind, finding));
        let (good, open) = lines.partition(|line| line.level == Level::Good);
        Self {
            kind: thing.kind,
            list: (thing.place.1, format!("/{}", thing.place.0)),
            href: page_of(thing.kind, &thing.id),
            name: thing.name,
            open,
            good,
        }
    }

    /// How many findings are why it does not work.
    pub(crate) fn bad(&self) -> usize {
        let bad = |line: &&Line| line.level == Level::Bad;
        self.open.iter().filter(bad).count()
    }
}

fn line(language: Language, kind: ResourceKind, finding: &Finding) -> Line {
    let message = |id: String| {
        let mut message = Message::new(language, id);
        for (name, value) in &finding.values {
            message = if *name == "failure" {
                message.with(name, Message::new(language, failure_message(value)))
            } else {
                message.with(name, value)
            };
        }
        if let Some(at) = finding.at {
            message = message.with("at", format::moment(language, at));
        }
        message.to_string()
    };
    let open = finding.level != Level::Good;
    Line {
        level: finding.level,
        said: message(format!("finding-{}", finding.code)),
        advice: open.then(|| message(format!("finding-{}-advice", finding.code))),
        mend: finding.fix.as_ref().map(|fix| {
            let text = Message::new(language, format!("finding-way-{}", word(fix.way)));
            (way(kind, fix.way, &fix.object), text.to_string())
        }),
    }
}

const fn word(way: Way) -> &'static str {
    match way {
        Way::Settings => "settings",
        Way::Page => "page",
        Way::Files => "files",
        Way::Hosts => "hosts",
        Way::Trash => "trash",
    }
}

fn way(kind: ResourceKind, way: Way, object: &str) -> String {
    // The page of a domain is where its right is proved, whatever was asked about.
    let kind = if object.starts_with("dom_") {
        ResourceKind::Domain
    } else {
        kind
    };
    let page = page_of(kind, object);
    match way {
        Way::Page => page,
        Way::Settings => format!("{page}/settings"),
        Way::Files => format!("{page}/files"),
        Way::Hosts => format!("{page}/hosts"),
        Way::Trash => "/trash".to_owned(),
    }
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    let needs = Needs::Permission;
    Routes::new(&PORTAL)
        .get(
            "/webspaces/{id}/diagnosis",
            needs(Permission::WebspaceRead),
            website,
        )
        .id("web")
        .cost(Cost::Heavy)
        .get(
            "/mailboxes/{id}/diagnosis",
            needs(Permission::MailboxRead),
            mail,
        )
        .id("mbx")
        .cost(Cost::Heavy)
        .get(
            "/domains/{id}/diagnosis",
            needs(Permission::DomainRead),
            domain,
        )
        .id("dom")
        .cost(Cost::Heavy)
}

async fn website(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
) -> Result<Page<DiagnosisPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let asked = WebsiteQuestion::load(&mut tx, &scope, id, portal.house()).await?;
    tx.rollback().await?;
    let tools = portal.gate.tools();
    let found = asked
        .answer(
            tools.lookup.as_ref(),
            portal.files.as_ref(),
            tools.clock.now(),
        )
        .await;
    let thing = Thing {
        kind: ResourceKind::Webspace,
        id: id.to_string(),
        name: asked.webspace().name.to_string(),
        place: ("webspaces", "nav-webspaces"),
    };
    Ok(answer(&member, thing, &found))
}

async fn mail(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<MailboxId>,
) -> Result<Page<DiagnosisPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let asked = MailboxQuestion::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let lookup = portal.gate.tools().lookup.as_ref();
    let measured = portal.mail.usage(id).await.ok();
    let found = asked.answer(lookup, measured, portal.house()).await;
    let thing = Thing {
        kind: ResourceKind::Mailbox,
        id: id.to_string(),
        name: asked.mailbox().address.to_string(),
        place: ("mailboxes", "mailboxes-title"),
    };
    Ok(answer(&member, thing, &found))
}

async fn domain(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<DomainId>,
) -> Result<Page<DiagnosisPage>, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let asked = DomainQuestion::load(&mut tx, &scope, id, portal.house()).await?;
    tx.rollback().await?;
    let lookup = portal.gate.tools().lookup.as_ref();
    let found = asked.answer(lookup, portal.house()).await;
    let thing = Thing {
        kind: ResourceKind::Domain,
        id: id.to_string(),
        name: asked.domain().name_unicode.clone(),
        place: ("domains", "nav-domains"),
    };
    Ok(answer(&member, thing, &found))
}

fn answer(member: &Member, thing: Thing, found: &Diagnosis) -> Page<DiagnosisPage> {
    let language = member.view.language;
    let place = thing.place.0;
    member
        .at(place)
        .page(DiagnosisPage::of(language, thing, found))
}
