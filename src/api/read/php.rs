//! How the PHP of a webspace is doing, and what it runs with.

use crate::Api;
use crate::answer;
use crate::book::{Answer, Answers, Book, Operation};
use crate::call::Call;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use wabe_access::Permission;
use wabe_hosting::webspace;
use wabe_kernel::PhpRow;
use wabe_kernel::content::{ContentError, PhpStatus};
use wabe_kernel::id::WebspaceId;

/// The PHP of a webspace.
#[derive(Debug, Serialize, JsonSchema)]
struct Php {
    /// How it is doing; absent where none runs.
    status: Option<PhpStatus>,
    /// What it runs with.
    settings: Vec<Held>,
}

/// A setting as it holds.
#[derive(Debug, Serialize, JsonSchema)]
struct Held {
    /// As in `php_settings`; or `children`, how many requests are worked on at the same time.
    name: &'static str,
    /// Its value.
    value: String,
    /// Who decided about it: `usual`, `plan` or `own`.
    origin: &'static str,
}

impl From<PhpRow> for Held {
    fn from(row: PhpRow) -> Self {
        Self {
            name: row.name,
            value: row.value,
            origin: row.origin.word(),
        }
    }
}

/// Adds the operation.
pub(super) fn operations(book: Book) -> Book {
    let php = Operation::get(
        "webspace_php",
        "/api/v1/webspaces/{id}/php",
        Permission::WebspaceRead,
        Answers::Json(200, || schema_for!(Php)),
    );
    book.add(php.id("web"), of_webspace)
}

async fn of_webspace(api: Api, call: Call) -> Answer {
    let id: WebspaceId = call.id("id")?;
    let house = &api.gate.tools().house;
    let mut look = call.look(&api).await?;
    let web = webspace::load(&mut look.tx, &look.scope, id, house).await?;
    let rows = webspace::php_rows(&mut look.tx, &look.scope, &web.php_settings).await?;
    look.end().await?;
    let status = match web.php {
        Some(_) => match api.files.php(id).await {
            Err(ContentError::NotFound) => None,
            said => said?,
        },
        None => None,
    };
    answer::ok(&Php {
        status,
        settings: rows.into_iter().map(Held::from).collect(),
    })
}
