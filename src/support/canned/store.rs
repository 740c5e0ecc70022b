//! The table of canned replies.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use wabe_access::door::Object;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::CannedReplyId;
use wabe_kernel::{Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    LIST = "support.canned.list" => "SELECT id, title, body FROM canned_reply ORDER BY title LIMIT 200";
    FIND = "support.canned.find" => "SELECT id, title, body FROM canned_reply WHERE id = $1";
    INSERT = "support.canned.insert" =>
        "INSERT INTO canned_reply (id, title, body, updated_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (title) DO NOTHING";
    TAKEN = "support.canned.taken" => "SELECT id FROM canned_reply WHERE title = $1 AND id <> $2";
    SET = "support.canned.set" =>
        "UPDATE canned_reply SET title = $1, body = $2, updated_at = $3 WHERE id = $4";
    DELETE = "support.canned.delete" => "DELETE FROM canned_reply WHERE id = $1";
}

/// A canned reply.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CannedReply {
    /// Its id.
    pub id: CannedReplyId,
    /// What it is called.
    pub title: String,
    /// The text, with placeholders.
    pub body: String,
}

impl CannedReply {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "canned_reply",
            id: self.id.to_string(),
            name: self.title.clone(),
        }
    }

    pub(crate) fn snapshot(&self) -> Value {
        json!({ "id": self.id, "title": self.title, "body": self.body })
    }
}

fn from_row(row: &Row) -> Result<CannedReply, Fault> {
    Ok(CannedReply {
        id: row.parsed("id")?,
        title: row.text("title")?,
        body: row.text("body")?,
    })
}

/// All of them, by title. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, or a fault.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<CannedReply>, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    let rows = LIST.query().all(tx).await?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// One of them. Needs `ticket:desk`.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn load(tx: &mut Tx, scope: &Scope, id: CannedReplyId) -> Result<CannedReply, Refusal> {
    scope.needs(Permission::TicketDesk)?;
    find(tx, id).await
}

pub(crate) async fn find(tx: &mut Tx, id: CannedReplyId) -> Result<CannedReply, Refusal> {
    let row = FIND.bind(id).optional(tx).await?;
    Ok(from_row(&row.ok_or(Refusal::NotFound)?)?)
}

/// Adds one; false when there is one of this title.
pub(crate) async fn insert(tx: &mut Tx, new: &CannedReply, now: Timestamp) -> Result<bool, Fault> {
    let query = INSERT.bind(new.id).bind(&new.title).bind(&new.body);
    Ok(query.bind(now).execute(tx).await? == 1)
}

/// Changes one; false when another one has this title.
pub(crate) async fn set(tx: &mut Tx, new: &CannedReply, now: Timestamp) -> Result<bool, Fault> {
    let other = TAKEN.bind(&new.title).bind(new.id).optional(tx).await?;
    if other.is_some() {
        return Ok(false);
    }
    let query = SET.bind(&new.title).bind(&new.body).bind(now);
    query.bind(new.id).execute_one(tx).await?;
    Ok(true)
}

pub(crate) async fn delete(tx: &mut Tx, id: CannedReplyId) -> Result<(), Fault> {
    DELETE.bind(id).execute_one(tx).await
}
