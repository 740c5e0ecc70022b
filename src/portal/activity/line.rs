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

/// The changes of one day.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    /// A moment of it.
    pub(crate) at: Timestamp,
    /// Its changes, newest first.
    pub(crate) lines: Vec<Line>,
}

/// Changes by day, in their order; `day` names the day of a moment.
pub(super) fn by_day(lines: Vec<Line>, day: impl Fn(Timestamp) -> String) -> Vec<Day> {
    let mut days: Vec<(String, Day)> = Vec::new();
    for line in lines {
        let name = day(line.at);
        match days.last_mut().filter(|(known, _)| *known == name) {
            Some((_, day)) => day.lines.push(line),
            None => days.push((
                name,
                Day {
                    at: line.at,
                    lines: vec![line],
                },
            )),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::record;
    use super::*;
    use wabe_web::format;

    #[test]
    fn changes_are_told_day_by_day() {
        let line = |days: i64| {
            let mut line = Line::plain(Language::De, &record("mailbox.create"));
            line.at = line.at.plus_days(-days);
            line
        };
        let lines = vec![line(0), line(0), line(1), line(3)];
        let days = by_day(lines, |at| format::day(Language::De, at));
        let counts: Vec<usize> = days.iter().map(|day| day.lines.len()).collect();
        assert_eq!(counts, [2, 1, 1]);
    }

    #[test]
    fn a_command_without_words_is_told_by_its_kind() {
        let known = Line::plain(Language::De, &record("mailbox.create"));
        let unknown = Line::plain(Language::De, &record("no.such_command"));
        assert!(!known.title.contains("done-") && !unknown.title.contains("activity-other"));
        assert!(unknown.title.contains("info@sonnenkorn.example"));
        assert!(known.href.unwrap().starts_with("/mailboxes/mbx_"));
    }
}
