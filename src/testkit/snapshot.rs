//! Everything a database holds, as text, to compare before and after.

use sqlx::{AnyConnection, Connection as _, Row as _};
use std::collections::BTreeMap;
use wabe_store::Location;

/// Every row of every table, by table, in the order of their text. What migrations note is left out.
pub async fn snapshot(location: &Location) -> BTreeMap<String, Vec<String>> {
    sqlx::any::install_default_drivers();
    let (url, tables) = match location {
        Location::Sqlite(path) => (
            format!("sqlite://{}", path.display()),
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
             AND name <> '_sqlx_migrations'",
        ),
        Location::Postgres(url) => (
            url.clone(),
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public' \
             AND tablename <> '_sqlx_migrations'",
        ),
    };
    let mut connection = AnyConnection::connect(&url)
        .await
        .expect("the database opens");
    let mut found = BTreeMap::new();
    let rows = sqlx::query(tables).fetch_all(&mut connection).await;
    for row in rows.expect("tables can be listed") {
        let table: String = row.get("name");
        let line = match location {
            Location::Sqlite(_) => sqlite_line(&mut connection, &table).await,
            Location::Postgres(_) => format!("CAST(\"{table}\" AS TEXT)"),
        };
        // The name comes from the catalogue; the text lives as long as the test does.
        let sql: &'static str = format!("SELECT {line} AS line FROM \"{table}\" ORDER BY 1").leak();
        let lines = sqlx::query(sql).fetch_all(&mut connection).await;
        let lines = lines.expect("a table can be read");
        found.insert(table, lines.iter().map(|row| row.get("line")).collect());
    }
    drop(connection.close().await);
    found
}

/// An expression for one row of a SQLite table as text.
async fn sqlite_line(connection: &mut AnyConnection, table: &str) -> String {
    let sql: &'static str = format!("SELECT name FROM pragma_table_info('{table}')").leak();
    let columns = sqlx::query(sql).fetch_all(connection).await;
    let columns = columns.expect("columns can be listed");
    let quoted = columns
        .iter()
        .map(|row| format!("quote(\"{}\")", row.get::<String, _>("name")));
    quoted.collect::<Vec<_>>().join(" || ',' || ")
}
