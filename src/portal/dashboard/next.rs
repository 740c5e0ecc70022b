//! What to do next, found out from what is there.

use wabe_access::{Permission, Scope, member};
use wabe_kernel::ResourceKind;
use wabe_store::Tx;
use wabe_web::Failure;

use crate::dashboard::services::Services;

/// One step of the beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NextStep {
    /// Its word in the messages `dashboard-step-{word}` and `dashboard-step-{word}-why`.
    pub(crate) word: &'static str,
    /// Where it is done.
    pub(crate) href: &'static str,
    /// Whether it is done.
    pub(crate) done: bool,
}

/// The steps that the visitor can take; none when all of them are done.
pub(crate) async fn next_steps(
    tx: &mut Tx,
    scope: &Scope,
    services: &Services,
) -> Result<Vec<NextStep>, Failure> {
    let some = |kind| services.of_kind(kind) > 0;
    let mut steps = Vec::new();
    let mut add = |needs, word, href, done| {
        if scope.has(needs) {
            steps.push(NextStep { word, href, done });
        }
    };
    add(
        Permission::WebspaceWrite,
        "webspace",
        "/webspaces/new",
        some(ResourceKind::Webspace),
    );
    add(
        Permission::DomainWrite,
        "domain",
        "/domains/new",
        some(ResourceKind::Domain),
    );
    add(
        Permission::MailboxWrite,
        "mailbox",
        "/mailboxes/new",
        some(ResourceKind::Mailbox),
    );
    if scope.has(Permission::MemberWrite) {
        let owners = member::owners(tx, scope.customer()).await?;
        steps.push(NextStep {
            word: "owner",
            href: "/members",
            done: owners >= 2,
        });
    }
    if steps.iter().all(|step| step.done) {
        steps.clear();
    }
    Ok(steps)
}
