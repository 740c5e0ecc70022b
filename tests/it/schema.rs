//! The schemas of both engines are one schema, and no table of a customer stands outside the wall.

use crate::postgres::ROLES;
use crate::repository::{List, customer_tables, nothing_found, tables};
use sqlx::{AnyConnection, Connection as _, Row as _};
use std::collections::{BTreeMap, BTreeSet};
use wabe_store::Location;
use wabe_testkit::{Engine, TestStore};

/// A schema in words that both engines share.
#[derive(Debug, Default, PartialEq, Eq)]
struct Schema {
    /// `table.column` with its type, whether it must be there, and its default.
    columns: BTreeMap<String, String>,
    /// Indexes and keys: `table (columns)`, unique or not.
    indexes: BTreeSet<String>,
}

async fn connect(db: &TestStore) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let url = match &db.location {
        Location::Sqlite(path) => format!("sqlite://{}", path.display()),
        Location::Postgres(url) => url.clone(),
    };
    AnyConnection::connect(&url).await.unwrap()
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS place, c.name AS item, c.type AS kind, \
     CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN 1 ELSE 0 END AS needed, \
     COALESCE(c.dflt_value, '') AS standard \
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'";
const POSTGRES_COLUMNS: &str = "SELECT CAST(table_name AS TEXT) AS place, CAST(column_name AS TEXT) AS item, \
     CAST(data_type AS TEXT) AS kind, \
     CAST(CASE WHEN is_nullable = 'NO' THEN 1 ELSE 0 END AS BIGINT) AS needed, \
     COALESCE(CAST(column_default AS TEXT), '') AS standard \
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
const SQLITE_INDEXES: &str = "SELECT t.name AS place, i.\"unique\" AS only, i.partial AS part, \
     (SELECT group_concat(name, ',') FROM (SELECT x.name FROM pragma_index_info(i.name) x ORDER BY x.seqno)) \
     AS items FROM sqlite_schema t JOIN pragma_index_list(t.name) i \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations'";
const SQLITE_KEYS: &str = "SELECT t.name AS place, c.name AS item FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND c.pk = 1 AND c.type = 'BIGINT' AND t.name <> '_sqlx_migrations'";
const POSTGRES_INDEXES: &str = "SELECT CAST(t.relname AS TEXT) AS place, CAST(CASE WHEN i.indisunique THEN 1 ELSE 0 END AS BIGINT) AS only, \
     CAST(CASE WHEN i.indpred IS NULL THEN 0 ELSE 1 END AS BIGINT) AS part, \
     (SELECT string_agg(CAST(a.attname AS TEXT), ',' ORDER BY k.place) \
      FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place) \
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) AS items \
     FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
     WHERE n.nspname = 'public' AND t.relname <> '_sqlx_migrations'";

fn normal(kind: &str) -> String {
    match kind.to_uppercase().as_str() {
        "INTEGER" => "BIGINT".to_owned(),
        "DOUBLE PRECISION" => "DOUBLE".to_owned(),
        other => other.to_owned(),
    }
}

fn default_value(text: &str) -> String {
    text.replace("::text", "")
        .replace("::bigint", "")
        .replace('\'', "")
}

async fn read(db: &TestStore) -> Schema {
    let mut connection = connect(db).await;
    let (columns, indexes) = match db.location {
        Location::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_INDEXES),
        Location::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_INDEXES),
    };
    let mut schema = Schema::default();
    for row in sqlx::query(columns)
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let (place, item): (String, String) = (row.get("place"), row.get("item"));
        let kind = normal(&row.get::<String, _>("kind"));
        let needed: i64 = row.get("needed");
        let standard = default_value(&row.get::<String, _>("standard"));
        schema.columns.insert(
            format!("{place}.{item}"),
            format!("{kind} {needed} {standard}"),
        );
    }
    for row in sqlx::query(indexes)
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let (place, items): (String, String) = (row.get("place"), row.get("items"));
        let (only, part): (i64, i64) = (row.get("only"), row.get("part"));
        schema
            .indexes
            .insert(format!("{place} ({items}) {only} {part}"));
    }
    if matches!(db.location, Location::Sqlite(_)) {
        // A number as key of its own needs no index in SQLite unless it is declared another way.
        for row in sqlx::query(SQLITE_KEYS)
            .fetch_all(&mut connection)
            .await
            .unwrap()
        {
            let (place, item): (String, String) = (row.get("place"), row.get("item"));
            if !schema
                .indexes
                .iter()
                .any(|index| index.starts_with(&format!("{place} (")))
            {
                schema.indexes.insert(format!("{place} ({item}) 1 0"));
            }
        }
    }
    schema
}

#[tokio::test]
async fn both_engines_hold_the_same_schema() {
    let sqlite = read(&TestStore::on(Engine::Sqlite).await).await;
    let postgres = read(&TestStore::on(Engine::Postgres).await).await;
    assert_eq!(sqlite.columns, postgres.columns);
    assert_eq!(sqlite.indexes, postgres.indexes);
}

#[tokio::test]
async fn columns_hold_texts_and_numbers_only() {
    let schema = read(&TestStore::on(Engine::Sqlite).await).await;
    let wrong = schema.columns.iter().filter(|(_, kind)| {
        !["TEXT", "BIGINT", "BYTEA"].contains(&kind.split(' ').next().unwrap_or_default())
    });
    nothing_found(
        &wrong
            .map(|(name, kind)| format!("{name}: {kind}"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_table_belongs_to_customers_or_says_why_not() {
    let mut exempt = List::read("tables_without_customer.txt", 1);
    let mut findings = Vec::new();
    for (table, columns) in tables() {
        let owned = columns.iter().any(|column| column == "customer_id");
        let listed = exempt.take(&table).is_some();
        if !owned && !listed {
            findings.push(format!("{table}: has no customer_id"));
        }
    }
    nothing_found(&findings);
    exempt.all_used();
}

// 3.7 T4
#[tokio::test]
async fn every_customer_table_has_a_forced_row_policy_for_both_roles() {
    let db = TestStore::on(Engine::Postgres).await;
    let mut connection = connect(&db).await;
    let rows = sqlx::query(
        "SELECT CAST(c.relname AS TEXT) AS place, CAST(p.polname AS TEXT) AS policy, \
         CAST(CASE WHEN c.relforcerowsecurity AND c.relrowsecurity THEN 1 ELSE 0 END AS BIGINT) AS forced \
         FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid",
    );
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    let walled: BTreeSet<(String, String)> = rows
        .iter()
        .filter(|row| row.get::<i64, _>("forced") == 1)
        .map(|row| (row.get("place"), row.get("policy")))
        .collect();
    let mut findings = Vec::new();
    for table in customer_tables() {
        for policy in ["tenant", "system"] {
            if !walled.contains(&(table.clone(), policy.to_owned())) {
                findings.push(format!("{table}: no forced policy {policy}"));
            }
        }
    }
    nothing_found(&findings);
}

/// A wall without a door is a table that was forgotten: the first read in a customer's transaction fails.
#[tokio::test]
async fn every_customer_table_is_read_by_its_customer_or_says_why_not() {
    let _calm = ROLES.read().await;
    let db = TestStore::on(Engine::Postgres).await;
    let mut connection = connect(&db).await;
    let rows = sqlx::query(
        "SELECT CAST(c.relname AS TEXT) AS place FROM pg_class c \
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' \
         AND has_any_column_privilege('wabe_tenant', c.oid, 'SELECT')",
    );
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    let read: BTreeSet<String> = rows.iter().map(|row| row.get("place")).collect();
    let mut exempt = List::read("tables_out_of_reach.txt", 1);
    let mut findings = Vec::new();
    for table in customer_tables() {
        if !read.contains(&table) && exempt.take(&table).is_none() {
            findings.push(format!("{table}: no customer's transaction may read it"));
        }
    }
    nothing_found(&findings);
    exempt.all_used();
}
