//! One change as the pages show it.

use wabe_audit::{ChangeKind, ChangeRecord};
use wabe_kernel::id::ChangeId;
use wabe_kernel::{Language, Timestamp};
use wabe_web::{DiffRow, Member, Message, Texts, diff};

use crate::Portal;
use crate::activity::people::People;
use crate::reading::{icon, page_of};
use crate::undo::{has_way_back, message_word, undo_path};

/// One change.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Which.
    pub(crate) id: ChangeId,
    /// Its number within the customer.
    pub(crate) seq: i64,
    /// When.
    pub(crate) at: Timestamp,
    /// The icon of what it is about.
    pub(crate) icon: &'static str,
    /// What was done.
    pub(crate) title: String,
    /// Who did it.
    pub(crate) by: String,
    /// The page of the plugin that did it.
    pub(crate) plugin: Option<String>,
    /// The page of the run in which it did.
    pub(crate) run: Option<String>,
    /// Why staff did it.
    pub(crate) purpose: Option<String>,
    /// The page of what it is about; nothing when it has none, or is gone.
    pub(crate) href: Option<String>,
    /// The id of what it is about.
    pub(crate) object: String,
    /// Before and after.
    pub(crate) rows: Vec<DiffRow>,
    /// Whether before and after were erased.
    pub(crate) erased: bool,
    /// Whether it stands in the hash tree yet.
    pub(crate) sealed: bool,
    /// Where the form that takes it back is sent; nothing when there is no way back.
    pub(crate) undo: Option<String>,
}

impl Line {
    /// A change as the member sees it.
    pub(super) fn of(
        portal: &Portal,
        member: &Member,
        people: &People,
        record: &ChangeRecord,
    ) -> Self {
        let command = portal.gate.command(&record.command);
        let may = command.is_some_and(|command| member.visitor.has(command.permission));
        let undo = !record.erased && may && has_way_back(&portal.gate, record);
        Self {
            undo: undo.then(|| undo_path(record.id, &member.path)),
            by: people.by(member, record),
            plugin: people.plugin(record),
            ..Self::plain(member.language, record)
        }
    }

    /// What everybody sees of a change.
    pub(super) fn plain(language: Language, record: &ChangeRecord) -> Self {
        Self {
            id: record.id,
            seq: record.seq,
            at: record.at,
            icon: icon(&record.object_kind),
            title: title(language, record),
            by: String::new(),
            plugin: None,
            run: None,
            purpose: record.purpose.clone(),
            href: href(record),
            object: record.object_id.clone(),
            rows: diff::rows(language, &record.before, &record.after),
            erased: record.erased,
            sealed: record.leaf_index.is_some(),
            undo: None,
        }
    }
}

/// What was done: the words of the command, or of its kind where it has none.
fn title(language: Language, record: &ChangeRecord) -> String {
    let known = format!("done-{}", message_word(&record.command));
    let id = if Texts::global().has(language, &known) {
        known
    } else {
        format!("activity-other-{}", record.kind)
    };
    let name = if record.object_name.is_empty() {
        Message::new(language, "activity-erased-name").to_string()
    } else {
        record.object_name.clone()
    };
    Message::new(language, id).with("name", name).to_string()
}

fn href(record: &ChangeRecord) -> Option<String> {
    if record.kind == ChangeKind::Delete {
        return None;
    }
    match record.object_kind.as_str() {
        "installation" => Some(format!("/plugins/{}", record.object_id)),
        "run" => Some(format!("/plugins/runs/{}", record.object_id)),
        kind => Some(page_of(kind.parse().ok()?, &record.object_id)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::record;
    use super::*;

    #[test]
    fn a_command_without_words_is_told_by_its_kind() {
        let known = Line::plain(Language::De, &record("mailbox.create"));
        let unknown = Line::plain(Language::De, &record("no.such_command"));
        assert!(!known.title.contains("done-") && !unknown.title.contains("activity-other"));
        assert!(unknown.title.contains("info@sonnenkorn.example"));
        assert!(known.href.unwrap().starts_with("/mailboxes/mbx_"));
    }
}
