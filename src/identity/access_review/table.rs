//! A review as a table: the evidence that it took place.

use crate::access_review::store::Item;
use wabe_audit::as_csv;
use wabe_kernel::Fault;

/// The columns, in order. They are names of the data format, the same in every language.
const COLUMNS: [&str; 11] = [
    "name",
    "email",
    "kind",
    "right",
    "label",
    "since",
    "last_used",
    "outcome",
    "decided_by",
    "decided_at",
    "reason",
];

/// The rights of a review as CSV (RFC 4180).
///
/// # Errors
/// A fault of the CSV writer.
pub fn review_as_csv(items: &[Item]) -> Result<Vec<u8>, Fault> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let time = |at: Option<wabe_kernel::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let cells = |item: &Item| {
        [
            item.user_name.clone(),
            item.user_email.clone(),
            item.kind.to_string(),
            item.subject.clone(),
            item.label.clone(),
            item.since.to_string(),
            time(item.last_used_at),
            item.outcome
                .map(|outcome| outcome.to_string())
                .unwrap_or_default(),
            text(&item.decider),
            time(item.decided_at),
            text(&item.reason),
        ]
    };
    let rows: Vec<_> = items.iter().map(cells).collect();
    as_csv(&COLUMNS, &rows, true)
}
