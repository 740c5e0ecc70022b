//! The record as a table for spreadsheets.

use crate::entry::ChangeRecord;
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

/// Changes as CSV (RFC 4180) in UTF-8; the first row names the columns when `heading` says so, so
/// that pages of a long list follow each other.
///
/// # Errors
/// A fault of the CSV writer.
pub fn changes_as_csv(records: &[ChangeRecord], heading: bool) -> Result<Vec<u8>, Fault> {
    let failed = |error| Fault::because("write a table", error);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    if heading {
        writer.write_record(COLUMNS).map_err(failed)?;
    }
    for record in records {
        let cells = cells(record);
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
