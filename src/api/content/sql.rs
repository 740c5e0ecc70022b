//! Rows of databases: SQL, tables, dumps.

use crate::Api;
use crate::answer::{self, value_of};
use crate::book::{Answer, Answers, Book, Operation, Sends};
use crate::call::{Call, JSON_BYTES_MAX};
use crate::content::arriving::Arriving;
use crate::content::ready::ready;
use crate::json::Lines;
use crate::problem::Problem;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::Value;
use wabe_access::Permission;
use wabe_kernel::Problem as FieldProblem;
use wabe_kernel::content::{QueryResult, TableInfo};
use wabe_kernel::id::DatabaseId;
use wabe_web::Cost;

const TABLES: &str = "/api/v1/databases/{id}/tables";
const QUERY: &str = "/api/v1/databases/{id}/query";
const EXPORT: &str = "/api/v1/databases/{id}/export";
const IMPORT: &str = "/api/v1/databases/{id}/import";
const SKIP_MAX: i64 = 1_000_000_000;

/// What is to be run.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "it describes the body; the body is read by hand, to name what is wrong"
)]
struct Query {
    /// One or more statements; rows come from the last one, at most 500 a page.
    sql: String,
}

/// A dump that was run.
#[derive(Debug, Serialize, JsonSchema)]
struct Imported {
    /// Bytes read.
    size: i64,
}

/// Adds the operations.
pub(super) fn operations(book: Book) -> Book {
    let needs = Permission::SqlUse;
    let tables = Operation::get(
        "table_list",
        TABLES,
        needs,
        Answers::List(|| schema_for!(TableInfo)),
    );
    let query = Operation::get(
        "sql_query",
        QUERY,
        needs,
        Answers::Json(200, || schema_for!(QueryResult)),
    )
    .by("POST", Sends::Json(|| schema_for!(Query)))
    .query(&["skip"])
    .example(r#"{"sql":"SELECT id, name FROM article ORDER BY id"}"#);
    let export = Operation::get(
        "sql_export",
        EXPORT,
        needs,
        Answers::Bytes("application/sql"),
    );
    let import = Operation::get(
        "sql_import",
        IMPORT,
        needs,
        Answers::Json(200, || schema_for!(Imported)),
    )
    .by("POST", Sends::Bytes);
    book.add(tables.id("dbs").endless(), list_tables)
        .add(query.id("dbs").endless(), run_query)
        .add(export.id("dbs").cost(Cost::Heavy).endless(), run_export)
        .add(import.id("dbs").cost(Cost::Heavy).endless(), run_import)
}

async fn opened(api: &Api, call: &Call, area: &'static str) -> Result<DatabaseId, Problem> {
    let database: DatabaseId = call.id("id")?;
    ready(api, call, &database.to_string(), Permission::SqlUse, area).await?;
    Ok(database)
}

async fn list_tables(api: Api, call: Call) -> Answer {
    let database = opened(&api, &call, "sql.tables").await?;
    let found = api.sql.tables(database).await?;
    let items = found.iter().map(value_of).collect::<Result<Vec<_>, _>>()?;
    Ok(answer::all(&items))
}

async fn run_query(api: Api, mut call: Call) -> Answer {
    let skip = call.number("skip", 0, 0, SKIP_MAX)?;
    let body = call.bytes(JSON_BYTES_MAX).await?;
    let (asked, mut errors) = call.object(&body, Lines::Many)?;
    for name in asked.keys().filter(|name| *name != "sql") {
        errors.add(name, FieldProblem::new("unknown-field"));
    }
    let sql = match asked.get("sql") {
        Some(Value::String(sql)) if !sql.trim().is_empty() => sql.as_str(),
        Some(Value::String(_) | Value::Null) | None => {
            errors.add("sql", FieldProblem::new("required"));
            ""
        }
        Some(_) => {
            errors.add("sql", FieldProblem::new("must-be-text"));
            ""
        }
    };
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let database = opened(&api, &call, "sql.query").await?;
    let skip = usize::try_from(skip).unwrap_or(0);
    answer::ok(&api.sql.query(database, sql, skip).await?)
}

async fn run_export(api: Api, call: Call) -> Answer {
    let database = opened(&api, &call, "sql.export").await?;
    let source = api.sql.export(database).await?;
    let name = format!("{database}.sql");
    Ok(answer::download(
        "application/sql",
        &name,
        None,
        answer::streamed(source),
    ))
}

async fn run_import(api: Api, mut call: Call) -> Answer {
    let database = opened(&api, &call, "sql.import").await?;
    let mut source = Arriving::new(call.body());
    let size = api.sql.import(database, &mut source, &|_done| {}).await?;
    answer::ok(&Imported { size })
}
