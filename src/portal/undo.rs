//! After a change: the bar that says what was done, and the way back.
//!
//! The convention of all pages: a handler that changed something answers
//! `see_other(&undo::done_path(path, change))`; the page at `path` asks [`bar`] and shows
//! `p::done(done)` from `portal/parts.html`. The words are the Fluent messages `done-{command}`, the
//! command's name with dashes, with the argument `name`. Invariant: only who made a change is told
//! so, and only within the hour.

use axum::extract::State;
use axum::response::Response;

use wabe_access::{Authority, Gate, Mode, Scope};
use wabe_audit::ChangeRecord;
use wabe_kernel::id::ChangeId;
use wabe_store::Tx;
use wabe_web::{Failure, LocalPath, Member, Needs, Path, Query, Routes, see_other};

use crate::plugin::names;
use crate::reading::shown_name;
use crate::{PORTAL, Portal};

/// How long a page offers to take a change back; the record offers it for longer.
const SHOWN_SECONDS: i64 = 3_600;

/// What was done, and how it is taken back.
#[derive(Debug, Clone)]
pub(crate) struct DoneBar {
    /// The command's name as a message uses it: `webspace-create`.
    pub(crate) command: String,
    /// What it was done to.
    pub(crate) name: String,
    /// Where the form that takes it back is sent; absent when there is no way back.
    pub(crate) undo: Option<String>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .post("/changes/{id}/undo", Needs::Member, undo)
        .id("chg")
}

/// The page at `path` (ours), with the bar of this change on it.
pub(crate) fn done_path(path: &str, change: ChangeId) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}done={change}")
}

/// The path that takes a change back and then shows the page at `next`.
pub(crate) fn undo_path(change: ChangeId, next: &str) -> String {
    format!(
        "/changes/{change}/undo?next={}",
        LocalPath::or_home(next).encoded()
    )
}

/// A command's name as messages use it.
pub(crate) fn message_word(command: &str) -> String {
    command.replace(['.', '_'], "-")
}

/// Whether there is a command that takes this change back. What the hoster did on its own authority
/// is not for its customers to take back.
pub(crate) fn has_way_back(gate: &Gate, change: &ChangeRecord) -> bool {
    gate.command(&change.command)
        .filter(|spec| spec.authority == Authority::Customer)
        .is_some_and(|spec| (spec.inverse)(&change.before, &change.after).is_some())
}

/// The bar that the query string asks for.
pub(crate) async fn bar(
    portal: &Portal,
    tx: &mut Tx,
    member: &Member,
    query: &Query,
) -> Result<Option<DoneBar>, Failure> {
    let Ok(id) = query.get("done").parse::<ChangeId>() else {
        return Ok(None);
    };
    let found = portal
        .gate
        .recorder()
        .load(tx, member.customer.id, id)
        .await?;
    let own = |change: &ChangeRecord| change.actor_user == Some(member.visitor.user);
    let fresh = |change: &ChangeRecord| member.now.seconds_since(change.at) < SHOWN_SECONDS;
    let Some(mut change) = found.filter(|change| own(change) && fresh(change)) else {
        return Ok(None);
    };
    let scope = Scope::of(tx, member.actor()).await?;
    names::tell(
        tx,
        &scope,
        member.language,
        std::slice::from_mut(&mut change),
    )
    .await?;
    let undo = has_way_back(&portal.gate, &change).then(|| undo_path(id, &member.path));
    Ok(Some(DoneBar {
        command: message_word(&change.command),
        name: shown_name(&change.object_kind, change.object_name),
        undo,
    }))
}

async fn undo(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<ChangeId>,
    query: Query,
) -> Result<Response, Failure> {
    let done = Box::pin(portal.gate.undo(member.actor(), id, Mode::Commit)).await?;
    let next = LocalPath::or_home(query.get("next"));
    Ok(see_other(&done_path(next.as_str(), done.change)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn the_way_back_leads_to_a_page_of_this_site() {
        let change = ChangeId::from_uuid(Uuid::nil());
        let back = undo_path(change, "/webspaces?q=a");
        assert!(back.ends_with("/undo?next=%2Fwebspaces%3Fq%3Da"), "{back}");
        assert!(undo_path(change, "//evil.example").ends_with("?next=%2F"));
        assert!(done_path("/a?b=c", change).starts_with("/a?b=c&done=chg_"));
        assert_eq!(message_word("webspace.set_quota"), "webspace-set-quota");
    }

    #[test]
    fn every_command_has_words_for_what_was_done() {
        use wabe_kernel::Language;
        use wabe_web::Texts;
        for spec in wabe_hosting::commands() {
            let id = format!("done-{}", message_word(spec.name));
            assert!(
                Language::ALL
                    .iter()
                    .all(|language| Texts::global().has(*language, &id)),
                "{id}"
            );
        }
    }
}
