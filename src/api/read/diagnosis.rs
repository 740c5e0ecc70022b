//! Why something does not work.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use schemars::schema_for;
use wabe_access::Permission;
use wabe_hosting::diagnosis::{Diagnosis, DomainQuestion, MailboxQuestion, WebsiteQuestion};
use wabe_kernel::id::{DomainId, MailboxId, WebspaceId};

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
    let book = book.add(webspace.id("web"), website);
    book.add(mailbox.id("mbx"), mail)
        .add(domain.id("dom"), domains)
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
