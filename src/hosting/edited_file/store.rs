//! The table of files that were edited by hand.

use crate::edited_file::{Answer, EditedFile, ListedFile};
use wabe_access::standing::EDITED_BY_HAND;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{EditMark, Edited, Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

/// The most that a page of the desk shows; those that are known for longest first.
const SHOWN_MAX: i64 = 200;

statements! {
    NOTE = "hosting.edited_file.note" =>
        "INSERT INTO edited_file (webspace_id, customer_id, mark, state, aside, difference, reading, found_at) \
         VALUES ($1, $2, $3, 'open', $4, $5, $6, $7) ON CONFLICT (webspace_id) DO UPDATE SET \
         state = CASE WHEN edited_file.mark = excluded.mark \
         AND COALESCE(edited_file.aside, '') = COALESCE(excluded.aside, '') THEN edited_file.state ELSE 'open' END, \
         found_at = CASE WHEN edited_file.mark = excluded.mark THEN edited_file.found_at ELSE excluded.found_at END, \
         mark = excluded.mark, aside = excluded.aside, difference = excluded.difference, \
         reading = excluded.reading";
    FORGET = "hosting.edited_file.forget" =>
        "DELETE FROM edited_file WHERE webspace_id = $1 AND customer_id = $2";
    ANSWER = "hosting.edited_file.answer" =>
        "UPDATE edited_file SET state = $1 WHERE webspace_id = $2 AND customer_id = $3 AND mark = $4";
    RELEASED = "hosting.edited_file.released" =>
        "SELECT mark FROM edited_file WHERE webspace_id = $1 AND customer_id = $2 AND state = 'released'";
    WHOSE = "hosting.edited_file.whose" => "SELECT customer_id FROM edited_file WHERE webspace_id = $1";
    FIND = "hosting.edited_file.find" =>
        "SELECT e.webspace_id, e.customer_id, e.mark, e.state, e.aside, e.difference, e.reading, e.found_at, \
         r.name, r.failure, r.desired_revision, r.applied_revision, c.number, c.name AS customer_name \
         FROM edited_file e JOIN resource r ON r.id = e.webspace_id JOIN customer c ON c.id = e.customer_id \
         WHERE e.webspace_id = $1";
    LIST = "hosting.edited_file.list" =>
        "SELECT e.webspace_id, e.customer_id, e.state, e.aside, e.found_at, \
         r.name, r.failure, c.number, c.name AS customer_name \
         FROM edited_file e JOIN resource r ON r.id = e.webspace_id JOIN customer c ON c.id = e.customer_id \
         WHERE e.found_at >= 0 ORDER BY e.found_at LIMIT $1";
    COUNT = "hosting.edited_file.count_of" =>
        "SELECT CAST(count(*) AS BIGINT) AS files FROM edited_file WHERE customer_id = $1";
}

fn waits(row: &Row) -> Result<bool, Fault> {
    Ok(row.text_or_null("failure")?.as_deref() == Some(EDITED_BY_HAND))
}

fn listed(row: &Row) -> Result<ListedFile, Fault> {
    Ok(ListedFile {
        webspace: row.parsed("webspace_id")?,
        name: row.text("name")?,
        customer: row.parsed("customer_id")?,
        number: row.text("number")?,
        customer_name: row.text("customer_name")?,
        answer: row.parsed("state")?,
        aside: row.parsed_or_null("aside")?,
        found_at: row.time("found_at")?,
        waits: waits(row)?,
    })
}

fn from_row(row: &Row) -> Result<EditedFile, Fault> {
    let reading = serde_json::from_value(row.json("reading")?);
    Ok(EditedFile {
        webspace: row.parsed("webspace_id")?,
        name: row.text("name")?,
        customer: row.parsed("customer_id")?,
        number: row.text("number")?,
        customer_name: row.text("customer_name")?,
        mark: row.parsed("mark")?,
        answer: row.parsed("state")?,
        aside: row.parsed_or_null("aside")?,
        difference: row.text("difference")?,
        reading: reading.map_err(|error| Fault::because("read an edited file", error))?,
        found_at: row.time("found_at")?,
        waits: waits(row)?,
        is_settled: row.int("desired_revision")? == row.int("applied_revision")?,
    })
}

/// Keeps what was seen on a node: this was edited by hand, or nothing is. Something else than before is asked about
/// anew.
///
/// # Errors
/// A fault of the database.
pub async fn note(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    seen: Option<&Edited>,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = match seen {
        Some(seen) => {
            let reading = serde_json::to_value(&seen.reading)
                .map_err(|error| Fault::because("write an edited file", error))?;
            let query = NOTE.bind(id).bind(customer).bind(seen.mark.to_string());
            let query = query.bind(seen.aside.map(wabe_kernel::Aside::word));
            query.bind(&seen.difference).bind(&reading).bind(now)
        }
        None => FORGET.bind(id).bind(customer),
    };
    query.execute(tx).await.map(|_rows| ())
}

/// What may be written over.
pub(crate) async fn released(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Option<EditMark>, Fault> {
    let row = RELEASED.bind(id).bind(customer).optional(tx).await?;
    row.map(|row| row.parsed("mark")).transpose()
}

/// Whose webspace it is whose file was edited.
pub(crate) async fn whose(tx: &mut Tx, id: WebspaceId) -> Result<Option<CustomerId>, Fault> {
    let row = WHOSE.bind(id).optional(tx).await?;
    row.map(|row| row.parsed("customer_id")).transpose()
}

/// The edited file of this webspace.
pub(crate) async fn find(tx: &mut Tx, id: WebspaceId) -> Result<Option<EditedFile>, Fault> {
    let row = FIND.bind(id).optional(tx).await?;
    row.as_ref().map(from_row).transpose()
}

/// Writes down an answer about exactly this.
pub(crate) async fn answer(tx: &mut Tx, file: &EditedFile, answer: Answer) -> Result<(), Fault> {
    let query = ANSWER.bind(answer.word()).bind(file.webspace);
    let query = query.bind(file.customer).bind(file.mark.to_string());
    query.execute_one(tx).await
}

/// All of them, for the desk; at most 200, and without what was written. Needs `hoster:write`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<ListedFile>, Refusal> {
    scope.needs(Permission::HosterWrite)?;
    let rows = LIST.bind(SHOWN_MAX).all(tx).await?;
    Ok(rows.iter().map(listed).collect::<Result<_, _>>()?)
}

/// That of one webspace, for the desk. Needs `hoster:write`.
///
/// # Errors
/// `NotFound` when nothing is edited there, `Forbidden`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: WebspaceId) -> Result<EditedFile, Refusal> {
    scope.needs(Permission::HosterWrite)?;
    find(tx, id).await?.ok_or(Refusal::NotFound)
}

/// How many of a customer's are edited.
///
/// # Errors
/// A fault of the database.
pub async fn count_of(tx: &mut Tx, customer: CustomerId) -> Result<i64, Fault> {
    COUNT.bind(customer).one(tx).await?.int("files")
}

#[cfg(test)]
mod tests {
    use super::{FIND, LIST};

    #[test]
    fn a_list_loads_no_texts() {
        for text in ["e.difference", "e.reading"] {
            assert!(
                FIND.sql.contains(text) && !LIST.sql.contains(text),
                "{text}"
            );
        }
    }
}
