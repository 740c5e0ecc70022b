//! Why something does not work: for who sees it, and for staff whom somebody asked about it in a ticket.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use crate::problem::{Kind, Problem};
use crate::read::ticket::note_about;
use schemars::schema_for;
use wabe_access::{Permission, Scope, reading};
use wabe_hosting::diagnosis::{
    Diagnosis, DomainQuestion, MailboxQuestion, Question, UploadQuestion, WebsiteQuestion,
};
use wabe_identity::diagnosis::{LoginQuestion, upload_closed_until};
use wabe_kernel::id::{DomainId, MailboxId, MemberId, TicketId, WebspaceId};
use wabe_support::ticket::queue;

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let ask = |name: &str, path: &'static str, needs| {
        Operation::get(
            name,
            path,
            needs,
            Answers::Json(200, || schema_for!(Diagnosis)),
        )
    };
    let webspace = ask(
        "webspace_diagnosis",
        "/api/v1/webspaces/{id}/diagnosis",
        Permission::WebspaceRead,
    );
    let mailbox = ask(
        "mailbox_diagnosis",
        "/api/v1/mailboxes/{id}/diagnosis",
        Permission::MailboxRead,
    );
    let domain = ask(
        "domain_diagnosis",
        "/api/v1/domains/{id}/diagnosis",
        Permission::DomainRead,
    );
    let upload = ask(
        "webspace_access_diagnosis",
        "/api/v1/webspaces/{id}/access/diagnosis",
        Permission::WebspaceRead,
    );
    let member = ask(
        "member_diagnosis",
        "/api/v1/members/{id}/diagnosis",
        Permission::MemberRead,
    );
    let ticket = ask(
        "staff_ticket_diagnosis",
        "/api/v1/staff/tickets/{id}/diagnosis",
        Permission::TicketWork,
    );
    let book = book.add(webspace.id("web"), website);
    let book = book.add(mailbox.id("mbx"), mail);
    let book = book.add(ticket.id("tkt").query(&["object"]), in_ticket);
    book.add(domain.id("dom"), domains)
        .add(upload.id("web"), uploads)
        .add(member.id("mem"), logins)
}

async fn website(api: Api, call: Call) -> Answer {
    let id: WebspaceId = call.id("id")?;
    let tools = api.gate.tools();
    let mut look = call.look(&api).await?;
    let asked = WebsiteQuestion::load(&mut look.tx, &look.scope, id, &tools.house).await?;
    look.end().await?;
    let found = asked.answer(tools.lookup.as_ref(), api.files.as_ref(), tools.clock.now());
    answer::ok(&found.await)
}

async fn mail(api: Api, call: Call) -> Answer {
    let id: MailboxId = call.id("id")?;
    let tools = api.gate.tools();
    let mut look = call.look(&api).await?;
    let asked = MailboxQuestion::load(&mut look.tx, &look.scope, id).await?;
    look.end().await?;
    let measured = api.mail.usage(id).await.ok();
    let found = asked.answer(tools.lookup.as_ref(), measured, &tools.house);
    answer::ok(&found.await)
}

async fn domains(api: Api, call: Call) -> Answer {
    let id: DomainId = call.id("id")?;
    let tools = api.gate.tools();
    let mut look = call.look(&api).await?;
    let asked = DomainQuestion::load(&mut look.tx, &look.scope, id, &tools.house).await?;
    look.end().await?;
    let found = asked.answer(tools.lookup.as_ref(), &tools.house);
    answer::ok(&found.await)
}

async fn uploads(api: Api, call: Call) -> Answer {
    let id: WebspaceId = call.id("id")?;
    let tools = api.gate.tools();
    let mut look = call.look(&api).await?;
    let asked = UploadQuestion::load(&mut look.tx, &look.scope, id, &tools.house).await?;
    let way = (asked.webspace().sftp_login.as_str(), asked.password_hash());
    let closed = upload_closed_until(&mut look.tx, tools, way).await?;
    look.end().await?;
    answer::ok(&asked.answer(closed))
}

async fn logins(api: Api, call: Call) -> Answer {
    let id: MemberId = call.id("id")?;
    let around = (api.gate.tools(), api.streams.as_ref());
    let mut look = call.look(&api).await?;
    let asked = LoginQuestion::load(&mut look.tx, &look.scope, around, id).await?;
    look.end().await?;
    answer::ok(&asked.answer())
}

/// What a ticket can ask about.
enum Asked {
    Thing(Box<Question>),
    Login(Box<LoginQuestion>),
}

/// About what the ticket is about, unless another thing of it is named. The look is noted before it is
/// answered.
async fn in_ticket(api: Api, call: Call) -> Answer {
    let id: TicketId = call.id("id")?;
    let mut tx = api.gate.store().read().await?;
    let scope = Scope::of(&mut tx, call.actor()).await?;
    let found = queue::load(&mut tx, &scope, id).await?;
    tx.rollback().await?;
    let customer = found.customer_id;
    let about = found.ticket.object.map(|object| object.id);
    let object = call.query("object").map(str::to_owned).or(about);
    let object = object.ok_or(Problem::of(Kind::NotFound))?;
    let now = api.gate.tools().clock.now();
    let actor = call.actor().clone().at_ticket(customer, id);
    let mut tx = api.gate.store().read_for(customer).await?;
    let scope = reading::scope(&mut tx, &actor, (id, &object), now).await?;
    let tools = api.gate.tools();
    let asked = if let Some(thing) = Question::load(&mut tx, &scope, &object, tools).await? {
        Asked::Thing(Box::new(thing))
    } else {
        let id = object.parse::<MemberId>();
        let id = id.map_err(|_wrong| Problem::of(Kind::NotFound))?;
        let around = (tools, api.streams.as_ref());
        let login = LoginQuestion::load(&mut tx, &scope, around, id).await?;
        Asked::Login(Box::new(login))
    };
    tx.rollback().await?;
    note_about(&api, &call, (customer, id), (&object, "ticket.diagnosis")).await?;
    answer::ok(&match asked {
        Asked::Thing(asked) => asked.answer(tools, api.files.as_ref()).await,
        Asked::Login(asked) => asked.answer(),
    })
}
