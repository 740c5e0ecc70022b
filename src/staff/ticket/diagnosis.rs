//! Why something does not work, asked in a ticket about what somebody of the customer asked about; with
//! the action that mends it beside it.
//!
//! Invariants: the gate says what may be looked into, at every look; each is noted with the customer
//! before anything is shown; nothing that lies in a thing is read.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Refusal, Scope, reading};
use wabe_hosting::diagnosis::Question;
use wabe_identity::diagnosis::LoginQuestion;
use wabe_kernel::finding::{Diagnosis, Finding, Level, Way};
use wabe_kernel::id::{CustomerId, DomainId, MailboxId, MemberId, TicketId, WebspaceId};
use wabe_store::Tx;
use wabe_support::ticket::TicketObject;
use wabe_support::ticket::queue::{self, Queued};
use wabe_web::filters;
use wabe_web::finding::said;
use wabe_web::{Arrival, Cost, Failure, Message, Path, Query, Routes, StaffMember, see_other};

use crate::ticket::action::offers;
use crate::ticket::offer::Offer;
use crate::ticket::{PLACE, WORK, path};
use crate::{STAFF, Staff};

/// Something that may be looked into now.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    /// The question.
    pub(crate) title: String,
    /// What the thing is called.
    pub(crate) name: String,
    /// Where the answer is.
    pub(crate) href: String,
}

impl Check {
    pub(super) fn of(member: &StaffMember, ticket: TicketId, thing: TicketObject) -> Self {
        let title = Message::new(
            member.language,
            format!("staff-diagnosis-title-{}", thing.kind),
        );
        Self {
            title: title.to_string(),
            name: thing.name,
            href: href(ticket, &thing.id),
        }
    }
}

fn href(ticket: TicketId, object: &str) -> String {
    format!("{}/diagnosis?object={object}", path(ticket))
}

/// One finding, as the page shows it.
pub(crate) struct Line {
    pub(crate) level: Level,
    /// What is.
    pub(crate) said: String,
    /// What to do; only where there is something to do.
    pub(crate) advice: Option<String>,
    /// The action that mends it, where one may be carried out: its page and what it does.
    pub(crate) mend: Option<(String, String)>,
}

/// The answer.
#[derive(Template)]
#[template(path = "staff/ticket/diagnosis.html")]
pub(crate) struct DiagnosisPage {
    pub(crate) queued: Queued,
    pub(crate) check: Check,
    /// What somebody should see to.
    pub(crate) open: Vec<Line>,
    /// What is in order.
    pub(crate) good: Vec<Line>,
}

impl DiagnosisPage {
    /// How many findings are why it does not work.
    pub(crate) fn bad(&self) -> usize {
        let bad = |line: &&Line| line.level == Level::Bad;
        self.open.iter().filter(bad).count()
    }
}

pub(crate) fn routes() -> Routes<Staff> {
    Routes::new(&STAFF)
        .get("/staff/tickets/{id}/diagnosis", WORK, show)
        .id("tkt")
        .cost(Cost::Heavy)
}

/// What is asked about.
enum Asked {
    Thing(Box<Question>),
    Login(Box<LoginQuestion>),
}

impl Asked {
    async fn load(
        staff: &Staff,
        (tx, scope): (&mut Tx, &Scope),
        object: &str,
    ) -> Result<Self, Failure> {
        let tools = staff.gate.tools();
        if let Some(thing) = Question::load(tx, scope, object, tools).await? {
            return Ok(Self::Thing(Box::new(thing)));
        }
        let id: MemberId = object.parse().map_err(|_wrong| Failure::NotFound)?;
        let around = (tools, staff.streams.as_ref());
        let login = LoginQuestion::load(tx, scope, around, id).await?;
        Ok(Self::Login(Box::new(login)))
    }

    fn about(&self) -> (&'static str, String) {
        match self {
            Self::Thing(asked) => asked.about(),
            Self::Login(asked) => (TicketObject::LOGIN, asked.email().to_string()),
        }
    }

    async fn answer(&self, staff: &Staff) -> Diagnosis {
        match self {
            Self::Thing(asked) => {
                let files = staff.files.as_ref();
                asked.answer(staff.gate.tools(), files).await
            }
            Self::Login(asked) => asked.answer(),
        }
    }
}

/// The action that mends what was found, by its name.
fn action_of(finding: &Finding) -> Option<&'static str> {
    let fix = finding.fix.as_ref()?;
    let (prefix, _) = fix.object.split_once('_')?;
    match (finding.code, fix.way, prefix) {
        ("in-trash", Way::Trash, WebspaceId::PREFIX) => Some("webspace.restore"),
        ("in-trash", Way::Trash, MailboxId::PREFIX) => Some("mailbox.restore"),
        ("in-trash", Way::Trash, DomainId::PREFIX) => Some("domain.restore"),
        ("full" | "nearly-full", Way::Settings, MailboxId::PREFIX) => Some("mailbox.set_quota"),
        ("full" | "nearly-full", Way::Settings, WebspaceId::PREFIX) => Some("webspace.set_quota"),
        ("start-missing", _, WebspaceId::PREFIX) => Some("webspace.set_document_root"),
        ("domain-unproved", _, DomainId::PREFIX) => Some("domain.verify"),
        ("switched-off", _, WebspaceId::PREFIX) => Some("webspace.resume"),
        ("switched-off", _, MailboxId::PREFIX) => Some("mailbox.resume"),
        ("failed", _, WebspaceId::PREFIX) => Some("webspace.retry"),
        ("failed", _, MailboxId::PREFIX) => Some("mailbox.retry"),
        ("failed", _, DomainId::PREFIX) => Some("domain.retry"),
        (
            "certificate-over" | "certificate-missing" | "certificate-stands-in",
            _,
            WebspaceId::PREFIX,
        ) => Some("webspace.reissue_certificate"),
        ("login-locked", Way::Unlock, MemberId::PREFIX) => Some("user.unlock"),
        _ => None,
    }
}

fn line(member: &StaffMember, offers: &[Offer], finding: &Finding) -> Line {
    let (said, advice) = said(member.language, finding);
    let object = finding.fix.as_ref().map(|fix| fix.object.as_str());
    let command = action_of(finding);
    let fits =
        |offer: &&Offer| Some(offer.command) == command && Some(offer.object.as_str()) == object;
    let mend = offers.iter().find(fits);
    Line {
        level: finding.level,
        said,
        advice,
        mend: mend.map(|offer| (offer.href.clone(), offer.title.clone())),
    }
}

/// Reads what the tables say about a thing, on what carries it; absent when nothing does.
async fn ask(
    staff: &Staff,
    member: &StaffMember,
    (customer, ticket): (CustomerId, TicketId),
    object: &str,
) -> Result<Option<Asked>, Failure> {
    let actor = member.actor().clone().at_ticket(customer, ticket);
    let mut tx = staff.gate.store().read_for(customer).await?;
    let scope = match reading::scope(&mut tx, &actor, (ticket, object), member.now).await {
        Ok(scope) => scope,
        Err(Refusal::Conflict(_)) => return Ok(None),
        Err(refusal) => return Err(refusal.into()),
    };
    let asked = Asked::load(staff, (&mut tx, &scope), object).await?;
    tx.rollback().await?;
    Ok(Some(asked))
}

async fn show(
    member: StaffMember,
    State(staff): State<Staff>,
    arrival: Arrival,
    Path(id): Path<TicketId>,
    query: Query,
) -> Result<Response, Failure> {
    let (mut tx, scope) = staff.read(&member).await?;
    let queued = queue::load(&mut tx, &scope, id).await?;
    let offers = offers(&staff, &member, (&mut tx, &scope), id).await?;
    tx.rollback().await?;
    let about = queued.ticket.object.as_ref().map(|about| about.id.clone());
    let object = match query.get("object") {
        "" => about.unwrap_or_default(),
        object => object.to_owned(),
    };
    let place = (queued.customer_id, id);
    let Some(asked) = ask(&staff, &member, place, &object).await? else {
        return Ok(see_other(&format!("{}?lacks=1#actions-t", path(id))));
    };
    let about = (queued.customer_id, Some(object.clone()));
    staff
        .note_in_ticket(&member, ("ticket.diagnosis", id), about, arrival.address())
        .await?;
    let found = asked.answer(&staff).await;
    let lines = found.findings.iter();
    let lines = lines.map(|finding| line(&member, &offers, finding));
    let (good, open) = lines.partition(|line| line.level == Level::Good);
    let (kind, name) = asked.about();
    let thing = TicketObject {
        id: object,
        kind: kind.to_owned(),
        name,
    };
    let page = DiagnosisPage {
        queued,
        check: Check::of(&member, id, thing),
        open,
        good,
    };
    Ok(member.at(PLACE).page(page).into_response())
}
