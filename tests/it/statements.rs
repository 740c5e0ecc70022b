//! Every statement of every room, on both engines: it is understood, and it reads no customer table
//! from one end to the other.

use crate::repository::{List, customer_tables, nothing_found};
use sqlx::{AnyConnection, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use wabe_panel::commands::statements;
use wabe_store::{Location, Statement};
use wabe_testkit::{Engine, TestStore, postgres_statements};

/// Words that cannot be the other name of a table.
const KEYWORDS: [&str; 20] = [
    "AS",
    "CROSS",
    "EXCEPT",
    "GROUP",
    "INNER",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "ON",
    "ORDER",
    "RETURNING",
    "SELECT",
    "SET",
    "UNION",
    "USING",
    "VALUES",
    "WHERE",
    "FOR",
    "DEFAULT",
];

/// The tables of a statement by the name that plans call them.
fn names(sql: &str) -> BTreeMap<String, String> {
    let spaced = sql.replace(['(', ')', ','], " ; ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut names = BTreeMap::new();
    for (place, word) in words.iter().enumerate() {
        if !["FROM", "JOIN", "UPDATE", "INTO"].contains(word) {
            continue;
        }
        let table = words.get(place + 1).copied().unwrap_or_default();
        let next = words.get(place + 2).copied().unwrap_or_default();
        let other = if next == "AS" {
            words.get(place + 3).copied().unwrap_or_default()
        } else {
            next
        };
        names.insert(table.to_owned(), table.to_owned());
        if other != ";" && !other.is_empty() && !KEYWORDS.contains(&other) {
            names.insert(other.to_owned(), table.to_owned());
        }
    }
    names
}

/// How many values a statement takes.
fn places(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    });
    numbers.max().unwrap_or(0)
}

#[test]
fn names_are_used_once_and_say_their_room() {
    let rooms = [
        "access",
        "audit",
        "automation",
        "hosting",
        "identity",
        "jobs",
        "panel",
        "reconcile",
        "store",
        "support",
    ];
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for statement in statements().into_iter().chain(postgres_statements()) {
        let room = statement.name.split('.').next().unwrap_or_default();
        if !rooms.contains(&room) {
            findings.push(format!("{}: no room of this name", statement.name));
        }
        if !seen.insert(statement.name) {
            findings.push(format!("{}: used twice", statement.name));
        }
    }
    nothing_found(&findings);
}

#[tokio::test]
async fn sqlite_understands_every_statement_and_scans_no_customer_table() {
    let db = TestStore::on(Engine::Sqlite).await;
    let Location::Sqlite(path) = &db.location else {
        panic!("not SQLite")
    };
    let url = format!("sqlite://{}", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let partial: Vec<String> = sqlx::query(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %' \
         AND sql NOT LIKE '%active = 1%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap()
    .iter()
    .map(|row| row.get("name"))
    .collect();
    let tables = customer_tables();
    let mut allowed = List::read("full_scans.txt", 2);
    let mut findings = Vec::new();
    for statement in statements() {
        let explained: &'static str = format!("EXPLAIN QUERY PLAN {}", statement.sql).leak();
        let rows = match sqlx::query(explained).fetch_all(&mut connection).await {
            Ok(rows) => rows,
            Err(error) => {
                findings.push(format!("{}: {error}", statement.name));
                continue;
            }
        };
        for table in scanned(&rows, &names(statement.sql), &partial) {
            let key = format!("{} {table}", statement.name);
            if tables.contains(&table) && allowed.take(&key).is_none() {
                findings.push(format!("{}: scans {table}", statement.name));
            }
        }
    }
    nothing_found(&findings);
    allowed.all_used();
}

/// The tables that a plan of SQLite reads wholly. A partial index holds only what is looked for.
fn scanned(
    rows: &[sqlx::sqlite::SqliteRow],
    names: &BTreeMap<String, String>,
    partial: &[String],
) -> BTreeSet<String> {
    let details = rows.iter().map(|row| row.get::<String, _>("detail"));
    let scans = details.filter_map(|detail| {
        let rest = detail.strip_prefix("SCAN ")?;
        let mut words = rest.split_whitespace();
        let name = words.next()?;
        let index = words.last();
        if index.is_some_and(|index| partial.iter().any(|partial| partial == index)) {
            return None;
        }
        names.get(name).cloned()
    });
    scans.collect()
}

#[tokio::test]
async fn postgresql_understands_every_statement_and_scans_no_customer_table() {
    let db = TestStore::on(Engine::Postgres).await;
    let Location::Postgres(url) = &db.location else {
        panic!("not PostgreSQL")
    };
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET ROLE wabe_system",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let tables = customer_tables();
    let mut findings = Vec::new();
    for statement in statements().into_iter().chain(postgres_statements()) {
        match explain(&mut connection, statement).await {
            Err(error) => findings.push(format!("{}: {error}", statement.name)),
            Ok(plan) => {
                for line in plan.iter().filter(|line| line.contains("Seq Scan on ")) {
                    let table = line.split("Seq Scan on ").nth(1).unwrap_or_default();
                    let table = table.split_whitespace().next().unwrap_or_default();
                    if tables.iter().any(|known| known == table) {
                        findings.push(format!("{}: scans {table}", statement.name));
                    }
                }
            }
        }
    }
    let listed = crate::repository::text("tests/tidy/full_scans.txt");
    findings.retain(|finding| {
        let key = finding.replace(": scans ", " ");
        !listed.lines().any(|line| line.starts_with(&key))
    });
    nothing_found(&findings);
}

async fn explain(
    connection: &mut PgConnection,
    statement: Statement,
) -> Result<Vec<String>, sqlx::Error> {
    let prepare: &'static str = format!("PREPARE asked AS {}", statement.sql).leak();
    sqlx::raw_sql(prepare).execute(&mut *connection).await?;
    let values = vec!["NULL"; places(statement.sql)].join(", ");
    let values = if values.is_empty() {
        values
    } else {
        format!("({values})")
    };
    let explain: &'static str = format!("EXPLAIN EXECUTE asked{values}").leak();
    let rows = sqlx::raw_sql(explain).fetch_all(&mut *connection).await;
    sqlx::raw_sql("DEALLOCATE asked")
        .execute(&mut *connection)
        .await?;
    Ok(rows?.iter().map(|row| row.get(0)).collect())
}

#[tokio::test]
async fn both_engines_read_the_columns_of_every_question() {
    sqlx::any::install_default_drivers();
    let (sqlite, postgres) = (
        TestStore::on(Engine::Sqlite).await,
        TestStore::on(Engine::Postgres).await,
    );
    let (Location::Sqlite(path), Location::Postgres(url)) = (&sqlite.location, &postgres.location)
    else {
        panic!("one of each");
    };
    let mut first = AnyConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .unwrap();
    let mut second = AnyConnection::connect(url).await.unwrap();
    let mut findings = Vec::new();
    for statement in statements() {
        let described = [
            columns(&mut first, statement.sql).await,
            columns(&mut second, statement.sql).await,
        ];
        match described {
            [Ok(first), Ok(second)] if first == second => {}
            [first, second] => findings.push(format!("{}: {first:?}, {second:?}", statement.name)),
        }
    }
    nothing_found(&findings);
}

/// The names of the columns that a statement answers with.
async fn columns(connection: &mut AnyConnection, sql: &'static str) -> Result<Vec<String>, String> {
    use sqlx::{Column as _, Executor as _, SqlStr, Statement as _};
    let prepared = connection.prepare(SqlStr::from_static(sql)).await;
    let prepared = prepared.map_err(|error| error.to_string())?;
    Ok(prepared
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect())
}
