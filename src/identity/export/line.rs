//! The lines of the file, each a JSON document: first what is in it and what is not, then a line for each row
//! and for each entry of the record, at last how many there were.

use serde_json::{Map, Value, json};
use wabe_access::customer::Customer;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::export::{Holding, holdings};

/// The form of the lines; another one gets another number.
const VERSION: i64 = 1;
/// What the panel keeps for a customer outside of its tables, and how they take it themselves: by SFTP, in the
/// mailbox, as a dump.
const ELSEWHERE: [(&str, &str); 3] = [
    ("files", "sftp"),
    ("messages", "mailbox"),
    ("databases", "dump"),
];

fn written(line: &Value, text: &mut String) -> Result<(), Fault> {
    let line = serde_json::to_string(line);
    text.push_str(&line.map_err(|error| Fault::because("write a line", error))?);
    text.push('\n');
    Ok(())
}

/// What a table holds, as the first line says it.
fn listed(holding: &Holding) -> Value {
    if let Some(why) = holding.whole {
        return json!({ "table": holding.table, "withheld": why.word() });
    }
    let given: Vec<&str> = holding.given.iter().map(|(column, _)| *column).collect();
    let withheld = holding.withheld.iter();
    let withheld: Map<String, Value> = withheld
        .map(|(column, why)| ((*column).to_owned(), json!(why.word())))
        .collect();
    json!({ "table": holding.table, "columns": given, "withheld": withheld })
}

/// The first line.
///
/// # Errors
/// A fault when it cannot be written.
pub(crate) fn first(
    customer: &Customer,
    asked_at: Timestamp,
    text: &mut String,
) -> Result<(), Fault> {
    let elsewhere = ELSEWHERE.iter();
    let elsewhere: Map<String, Value> = elsewhere
        .map(|(what, how)| ((*what).to_owned(), json!(how)))
        .collect();
    let tables: Vec<Value> = holdings().iter().map(listed).collect();
    let line = json!({
        "wabe_customer_export": VERSION,
        "customer": customer.id,
        "number": customer.number,
        "name": customer.name,
        "asked_at": asked_at,
        "elsewhere": elsewhere,
        "tables": tables,
    });
    written(&line, text)
}

/// The line of a row.
///
/// # Errors
/// A fault when it cannot be written.
pub(crate) fn row(
    table: &str,
    columns: &Map<String, Value>,
    text: &mut String,
) -> Result<(), Fault> {
    written(&json!({ "table": table, "row": columns }), text)
}

/// The line of an entry of the record, opened.
///
/// # Errors
/// A fault when it cannot be written.
pub(crate) fn change(entry: &Value, text: &mut String) -> Result<(), Fault> {
    written(&json!({ "change": entry }), text)
}

/// The last line, without which the file is torn.
///
/// # Errors
/// A fault when it cannot be written.
pub(crate) fn last(lines: i64, now: Timestamp, text: &mut String) -> Result<(), Fault> {
    written(&json!({ "rows": lines, "made_at": now }), text)
}
