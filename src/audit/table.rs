//! The record as a table for spreadsheets.

use crate::entry::ChangeRecord;
use crate::seen::Seen;
use std::borrow::Cow;
use wabe_kernel::Fault;

/// The columns, in order. They are names of the data format, the same in every language.
pub const COLUMNS: [&str; 15] = [
    "seq",
    "at",
    "id",
    "kind",
    "command",
    "object_kind",
    "object_id",
    "object_name",
    "actor_kind",
    "actor_user",
    "actor_token",
    "actor_installation",
    "purpose",
    "before",
    "after",
];

/// A cell that a spreadsheet shows instead of carrying it out: an apostrophe in front of what would
/// begin a formula. Source: bar 3.14 T6, ASVS 1.2.10.
#[must_use]
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The columns of what staff saw and changed, in order.
pub const SEEN_COLUMNS: [&str; 9] = [
    "at", "what", "by", "word", "object", "ticket", "access", "token", "detail",
];

/// What staff saw and changed as CSV, as [`changes_as_csv`] does it.
///
/// # Errors
/// A fault of the CSV writer.
pub fn seen_as_csv(all: &[Seen], heading: bool) -> Result<Vec<u8>, Fault> {
    let text = |value: Option<String>| value.unwrap_or_default();
    let cells = |seen: &Seen| {
        [
            seen.at.to_string(),
            seen.what.clone(),
            text(seen.by.clone()),
            seen.word.clone(),
            text(seen.object.clone()),
            text(seen.ticket.map(|ticket| ticket.to_string())),
            text(seen.access.map(|access| access.to_string())),
            text(
                seen.token_name
                    .clone()
                    .or(seen.token.map(|id| id.to_string())),
            ),
            text(seen.detail.clone()),
        ]
    };
    let rows: Vec<_> = all.iter().map(cells).collect();
    written(&SEEN_COLUMNS, &rows, heading)
}

/// Changes as CSV (RFC 4180) in UTF-8; the first row names the columns when `heading` says so, so
/// that pages of a long list follow each other.
///
/// # Errors
/// A fault of the CSV writer.
pub fn changes_as_csv(records: &[ChangeRecord], heading: bool) -> Result<Vec<u8>, Fault> {
    let rows: Vec<_> = records.iter().map(cells).collect();
    written(&COLUMNS, &rows, heading)
}

/// Rows as CSV in the same way: nothing in it is a formula.
///
/// # Errors
/// A fault of the CSV writer.
pub fn written<const N: usize>(
    columns: &[&str; N],
    rows: &[[String; N]],
    heading: bool,
) -> Result<Vec<u8>, Fault> {
    let failed = |error| Fault::because("write a table", error);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    if heading {
        writer.write_record(columns).map_err(failed)?;
    }
    for cells in rows {
        writer
            .write_record(cells.iter().map(|cell| harmless(cell).into_owned()))
            .map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| Fault::because("write a table", error.into_error()))
}

fn cells(record: &ChangeRecord) -> [String; COLUMNS.len()] {
    let json = |value: &serde_json::Value| {
        if value.is_null() {
            String::new()
        } else {
            value.to_string()
        }
    };
    [
        record.seq.to_string(),
        record.at.to_string(),
        record.id.to_string(),
        record.kind.to_string(),
        record.command.clone(),
        record.object_kind.clone(),
        record.object_id.clone(),
        record.object_name.clone(),
        record.actor_kind.clone(),
        record
            .actor_user
            .map(|user| user.to_string())
            .unwrap_or_default(),
        record
            .actor_token
            .map(|token| token.to_string())
            .unwrap_or_default(),
        record
            .actor_installation
            .map(|installation| installation.to_string())
            .unwrap_or_default(),
        record.purpose.clone().unwrap_or_default(),
        json(&record.before),
        json(&record.after),
    ]
}
