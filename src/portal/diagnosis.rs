//! "Why is my site down?", "Where is my mail?", "Is my domain right?", "Why can I not log in?": what a
//! look at a thing found, in words, with the way to mend it beside it.

use askama::Template;
use axum::extract::State;
use wabe_access::Permission;
use wabe_hosting::diagnosis::{
    Diagnosis, DomainQuestion, Finding, Fix, Level, MailboxQuestion, Way, WebsiteQuestion,
};
use wabe_kernel::id::{DomainId, MailboxId, WebspaceId};
use wabe_kernel::{Language, ResourceKind};
use wabe_web::filters;
use wabe_web::finding::{said, way_text};
use wabe_web::{Cost, Failure, Member, Needs, Page, Path, Routes};

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

/// What was asked about.
pub(crate) struct Asked {
    /// What it is: the end of the title's message.
    pub(crate) kind: &'static str,
    /// The list that it is in: its text and address.
    pub(crate) list: (&'static str, String),
    /// What people call it.
    pub(crate) name: String,
    /// Its page.
    pub(crate) href: String,
    /// This page.
    pub(crate) again: String,
    /// The page that a question for help comes from.
    pub(crate) about: String,
}

impl Asked {
    /// About a thing that the customer keeps.
    pub(crate) fn thing(
        kind: ResourceKind,
        id: &impl ToString,
        name: String,
        list: (&'static str, &str),
    ) -> Self {
        let href = page_of(kind, &id.to_string());
        Self {
            kind: kind.word(),
            list: (list.0, format!("/{}", list.1)),
            name,
            again: format!("{href}/diagnosis"),
            about: href.clone(),
            href,
        }
    }
}

/// The answer.
#[derive(Template)]
#[template(path = "portal/diagnosis/show.html")]
pub(crate) struct DiagnosisPage {
    pub(crate) asked: Asked,
    /// What somebody should see to.
    pub(crate) open: Vec<Line>,
    /// What is in order.
    pub(crate) good: Vec<Line>,
}

impl DiagnosisPage {
    pub(crate) fn of(language: Language, asked: Asked, found: &Diagnosis) -> Self {
        let lines = found.findings.iter();
        let lines = lines.map(|finding| line(language, finding));
        let (good, open) = lines.partition(|line| line.level == Level::Good);
        Self { asked, open, good }
    }

    /// How many findings are why it does not work.
    pub(crate) fn bad(&self) -> usize {
        let bad = |line: &&Line| line.level == Level::Bad;
        self.open.iter().filter(bad).count()
    }
}

fn line(language: Language, finding: &Finding) -> Line {
    let (said, advice) = said(language, finding);
    let mend = finding.fix.as_ref().and_then(|fix| {
        let href = href_of(fix)?;
        Some((href, way_text(language, fix.way)))
    });
    Line {
        level: finding.level,
        said,
        advice,
        mend,
    }
}

/// What a thing is, by its id.
fn kind_of(object: &str) -> Option<ResourceKind> {
    let (prefix, _) = object.split_once('_')?;
    match prefix {
        WebspaceId::PREFIX => Some(ResourceKind::Webspace),
        DomainId::PREFIX => Some(ResourceKind::Domain),
        MailboxId::PREFIX => Some(ResourceKind::Mailbox),
        _ => None,
    }
}

/// Where it is mended.
fn href_of(fix: &Fix) -> Option<String> {
    let page = || Some(page_of(kind_of(&fix.object)?, &fix.object));
    Some(match fix.way {
        Way::Page => page()?,
        Way::Settings => format!("{}/settings", page()?),
        Way::Files => format!("{}/files", page()?),
        Way::Hosts => format!("{}/hosts", page()?),
        Way::Access => format!("{}/access", page()?),
        Way::Trash => "/trash".to_owned(),
        Way::Unlock => "/access-help/unlock".to_owned(),
        Way::Letter => "/access-help/letter".to_owned(),
        Way::Password => wabe_web::PASSWORD_PAGE.to_owned(),
        Way::Factors => crate::account::FACTORS_PAGE.to_owned(),
    })
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
    let name = asked.webspace().name.to_string();
    let asked = Asked::thing(
        ResourceKind::Webspace,
        &id,
        name,
        ("nav-webspaces", "webspaces"),
    );
    Ok(answer(&member, "webspaces", asked, &found))
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
    let name = asked.mailbox().address.to_string();
    let asked = Asked::thing(
        ResourceKind::Mailbox,
        &id,
        name,
        ("mailboxes-title", "mailboxes"),
    );
    Ok(answer(&member, "mailboxes", asked, &found))
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
    let name = asked.domain().name_unicode.clone();
    let asked = Asked::thing(ResourceKind::Domain, &id, name, ("nav-domains", "domains"));
    Ok(answer(&member, "domains", asked, &found))
}

/// The page, at a place of the navigation.
pub(crate) fn answer(
    member: &Member,
    place: &'static str,
    asked: Asked,
    found: &Diagnosis,
) -> Page<DiagnosisPage> {
    let page = DiagnosisPage::of(member.view.language, asked, found);
    member.at(place).page(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_kernel::Timestamp;
    use wabe_kernel::id::WebspaceId;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::check::check_samples;
    use wabe_web::{Face, Sample, Visitor};

    fn asked(kind: &'static str) -> Asked {
        let id = WebspaceId::from_uuid(Uuid::from_u128(1));
        let name = "bäckerei-<sonnenkorn>".to_owned();
        let thing = Asked::thing(
            ResourceKind::Webspace,
            &id,
            name,
            ("nav-webspaces", "webspaces"),
        );
        Asked { kind, ..thing }
    }

    impl Sample for DiagnosisPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let at: Timestamp = samples::NOW;
            let locked = Finding::bad("login-locked").at(at);
            let tries = Finding::note("login-tries-strange").with("count", &5);
            let found = vec![
                locked.mend(Way::Unlock, "mem_1"),
                tries.with("networks", &2).mend(Way::Password, "mem_1"),
                Finding::note("login-codes-none").mend(Way::Factors, "mem_1"),
                Finding::bad("login-setup-over").mend(Way::Letter, "mem_1"),
                Finding::bad("upload-no-way").mend(Way::Access, "web_1"),
                Finding::good("login-last").at(at),
            ];
            let good = vec![Finding::good("live")];
            let kinds = ["member", "login", "upload", "webspace"];
            let mut pages: Vec<Self> = kinds
                .iter()
                .map(|kind| Self::of(Language::De, asked(kind), &Diagnosis::of(found.clone())))
                .collect();
            pages.push(Self::of(
                Language::De,
                asked("domain"),
                &Diagnosis::of(good),
            ));
            pages
        }
    }

    #[test]
    fn the_page_of_a_check_is_whole() {
        assert_eq!(check_samples::<DiagnosisPage>(), Vec::<String>::new());
    }

    #[test]
    fn every_way_leads_to_a_page() {
        let of = |way, object: &str| {
            let object = object.to_owned();
            href_of(&Fix { way, object }).unwrap_or_default()
        };
        assert_eq!(of(Way::Access, "web_1"), "/webspaces/web_1/access");
        assert_eq!(of(Way::Page, "dom_1"), "/domains/dom_1");
        assert_eq!(of(Way::Settings, "mbx_1"), "/mailboxes/mbx_1/settings");
        assert_eq!(of(Way::Unlock, "mem_1"), "/access-help/unlock");
        assert_eq!(of(Way::Letter, "mem_1"), "/access-help/letter");
        assert_eq!(of(Way::Page, "mem_1"), "");
    }
}
