//! The latest changes, as a timeline beside what they are about.

use wabe_access::{Permission, Scope};
use wabe_audit::{ChangeFilter, ChangeRecord};
use wabe_kernel::{PageRequest, Timestamp};
use wabe_store::Tx;
use wabe_web::{Failure, Member};

use crate::Portal;
use crate::activity::RUN_END;
use crate::plugin::names;
use crate::reading::{icon, shown_name};
use crate::undo;

/// Changes that are offered to be taken back right in the timeline are not older.
const UNDO_SECONDS: i64 = 86_400;

/// One change.
#[derive(Debug, Clone)]
pub(crate) struct Recent {
    /// The command's name as a message uses it.
    pub(crate) command: String,
    /// What it was done to.
    pub(crate) name: String,
    /// The icon of what it was done to.
    pub(crate) icon: &'static str,
    /// Who: `you`, `member`, `token`, `plugin`, `staff` or `system`.
    pub(crate) by: &'static str,
    /// When.
    pub(crate) at: Timestamp,
    /// Where the form that takes it back is sent; only while that is offered.
    pub(crate) undo: Option<String>,
}

/// The latest changes: of one object, or of the customer. None without the right to see them.
pub(crate) async fn list(
    portal: &Portal,
    tx: &mut Tx,
    (member, scope): (&Member, &Scope),
    object: Option<String>,
    limit: i64,
) -> Result<Vec<Recent>, Failure> {
    if !scope.has(Permission::ChangeRead) {
        return Ok(Vec::new());
    }
    let filter = ChangeFilter {
        // Beside a run its own end is news.
        without_command: object
            .as_ref()
            .is_none_or(|object| !object.starts_with("run_"))
            .then_some(RUN_END),
        object_id: object,
        ..ChangeFilter::default()
    };
    let page = PageRequest::first(limit);
    let mut changes = portal
        .gate
        .recorder()
        .list(tx, scope.customer(), &filter, &page)
        .await?;
    names::tell(tx, scope, member.language, &mut changes.items).await?;
    Ok(changes
        .items
        .into_iter()
        .map(|change| recent(portal, member, change))
        .collect())
}

fn recent(portal: &Portal, member: &Member, change: ChangeRecord) -> Recent {
    // A plugin acts under the rights of a person, and is not that person.
    let by = if change.actor_kind == "plugin" {
        "plugin"
    } else if change.actor_user == Some(member.visitor.user) {
        "you"
    } else {
        match change.actor_kind.as_str() {
            "member" => "member",
            "token" => "token",
            "staff" => "staff",
            _ => "system",
        }
    };
    let fresh = member.now.seconds_since(change.at) < UNDO_SECONDS;
    let command = portal.gate.command(&change.command);
    let may = command.is_some_and(|command| member.visitor.has(command.permission));
    let offered = fresh && may && undo::has_way_back(&portal.gate, &change);
    Recent {
        command: undo::message_word(&change.command),
        icon: icon(&change.object_kind),
        by,
        at: change.at,
        undo: offered.then(|| undo::undo_path(change.id, &member.path)),
        name: shown_name(&change.object_kind, change.object_name),
    }
}
