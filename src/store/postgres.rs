//! PostgreSQL: its pool, its transactions, and how a statement runs in one.

use crate::bind::Value;
use crate::row::Row;
use crate::sqlite::Wanted;
use crate::statement::Statement;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions};
use sqlx::{Arguments as _, Executor as _, PgPool, Postgres, Transaction};
use std::time::Duration;
use wabe_kernel::Fault;
use wabe_kernel::id::CustomerId;

const SCOPE: Statement = Statement {
    name: "store.scope",
    sql: "SELECT set_config('wabe.customer', $1, true) AS customer",
};

pub(crate) async fn open(url: &str) -> Result<PgPool, Fault> {
    let opening = |error| Fault::because("open the PostgreSQL database", error);
    let options: PgConnectOptions = url.parse().map_err(opening)?;
    PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(opening)
}

/// A transaction under the role that its scope demands.
pub(crate) async fn begin(
    pool: &PgPool,
    scope: Option<CustomerId>,
) -> Result<Transaction<'static, Postgres>, Fault> {
    let beginning = |error| Fault::because("begin", error);
    let Some(customer) = scope else {
        let begin = "BEGIN; SET LOCAL ROLE wabe_system";
        return pool.begin_with(begin).await.map_err(beginning);
    };
    let begin = "BEGIN; SET LOCAL ROLE wabe_tenant";
    let mut transaction = pool.begin_with(begin).await.map_err(beginning)?;
    let scoping = [crate::bind::Bind::into_value(customer)];
    run(&mut transaction, SCOPE, scoping.into(), Wanted::First).await?;
    Ok(transaction)
}

/// Runs a statement; answers its rows, and how many it touched.
pub(crate) async fn run(
    transaction: &mut Transaction<'static, Postgres>,
    statement: Statement,
    values: Vec<Value>,
    wanted: Wanted,
) -> Result<(Vec<Row>, u64), Fault> {
    let failed = |error| Fault::because(statement.name, error);
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Int(number) => arguments.add(number),
        }
        .map_err(|error| Fault::because(statement.name, error))?;
    }
    let query = sqlx::query_with(statement.sql, arguments);
    match wanted {
        Wanted::All => {
            let rows = transaction.fetch_all(query).await.map_err(failed)?;
            Ok((rows.into_iter().map(Row::of_postgres).collect(), 0))
        }
        Wanted::First => {
            let row = transaction.fetch_optional(query).await.map_err(failed)?;
            Ok((row.into_iter().map(Row::of_postgres).collect(), 0))
        }
        Wanted::Nothing => {
            let done = transaction.execute(query).await.map_err(failed)?;
            Ok((Vec::new(), done.rows_affected()))
        }
    }
}
