//! Why something does not work.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use schemars::schema_for;
use wabe_access::Permission;
use wabe_hosting::diagnosis::{
    Diagnosis, DomainQuestion, MailboxQuestion, UploadQuestion, WebsiteQuestion,
};
use wabe_identity::diagnosis::{LoginQuestion, upload_closed_until};
use wabe_kernel::id::{DomainId, MailboxId, MemberId, WebspaceId};

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
    let book = book.add(webspace.id("web"), website);
    let book = book.add(mailbox.id("mbx"), mail);
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
    let login = &asked.webspace().sftp_login;
    let closed = upload_closed_until(&mut look.tx, tools, login).await?;
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
