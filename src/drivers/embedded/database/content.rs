//! What the faces of the panel ask of a customer's database.

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use wabe_kernel::content::{ByteSource, ContentError, QueryResult, Sql, TableInfo};
use wabe_kernel::desired::Working;
use wabe_kernel::id::DatabaseId;
use wabe_kernel::quota::Bytes;

use crate::embedded::database::child::fault;
use crate::embedded::database::queue::Weight;
use crate::embedded::database::{Databases, blocking, dump};

/// The longest text of statements, in bytes; the program's own limit.
const STATEMENTS_BYTES_MAX: usize = 1 << 20;
/// Rows of a page.
const ROWS: usize = 500;

#[derive(Deserialize)]
struct Page {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    changed: i64,
    more: bool,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    rows: i64,
}

impl Databases {
    /// Runs a short operation and reads its answer.
    async fn ask(
        &self,
        id: DatabaseId,
        operation: &'static str,
        input: Vec<u8>,
    ) -> Result<Value, ContentError> {
        let (place, database) = self.admit(id, Weight::Light, false).await?;
        let mut running = self.start(operation, (place, &database), self.deadlines.query)?;
        let stdin = running.stdin.take();
        let telling = async move {
            if let Some(mut stdin) = stdin {
                // A child that ended before it heard all tells why in its answer.
                drop(stdin.write_all(&input).await);
            }
        };
        let ((), answer) = tokio::join!(telling, running.answer());
        answer
    }

    async fn run(
        &self,
        id: DatabaseId,
        sql: &str,
        skip: usize,
    ) -> Result<QueryResult, ContentError> {
        if sql.len() > STATEMENTS_BYTES_MAX {
            return Err(ContentError::Refused("sql-limit"));
        }
        let request = json!({ "sql": sql, "skip": skip, "limit": ROWS });
        let found = self.page(id, "query", &request).await?;
        self.touched.tell(&id);
        Ok(found)
    }

    /// A page of rows that an operation answers.
    async fn page(
        &self,
        id: DatabaseId,
        operation: &'static str,
        request: &Value,
    ) -> Result<QueryResult, ContentError> {
        let began = self.clock.now();
        let answer = self
            .ask(id, operation, request.to_string().into_bytes())
            .await?;
        let ended = self.clock.now();
        let page: Page = serde_json::from_value(answer).map_err(fault)?;
        Ok(QueryResult {
            columns: page.columns,
            rows: page.rows,
            changed: page.changed,
            more: page.more,
            millis: ended.millis().saturating_sub(began.millis()),
        })
    }

    async fn take_dump(
        &self,
        id: DatabaseId,
        from: &mut dyn ByteSource,
        progress: &(dyn Fn(Bytes) + Send + Sync),
    ) -> Result<Bytes, ContentError> {
        let (place, database) = self.admit(id, Weight::Transfer, false).await?;
        let mut running = self.start("import", (place, &database), self.deadlines.import)?;
        let Some(stdin) = running.stdin.take() else {
            return Err(ContentError::Fault("a child without input".to_owned()));
        };
        let mut feeding = std::pin::pin!(dump::feed(stdin, from, progress));
        // A child that refuses answers in the middle, and then the rest need not be sent.
        let fed = tokio::select! {
            biased;
            answer = running.answer() => return Err(answer.err().unwrap_or(ContentError::Fault(
                "an import ended before its dump".to_owned(),
            ))),
            fed = &mut feeding => fed,
        };
        match fed {
            Ok(bytes) => {
                let answer = running.answer().await;
                self.touched.tell(&id);
                answer.map(|_| bytes)
            }
            // The pipe broke because the child ended; it knows better why.
            Err(ContentError::Fault(broken)) => Err(running
                .answer()
                .await
                .err()
                .unwrap_or(ContentError::Fault(broken))),
            // Dropping it kills the child before it could believe that the dump is complete.
            Err(refused) => Err(refused),
        }
    }
}

impl Sql for Databases {
    fn query<'a>(
        &'a self,
        database: DatabaseId,
        sql: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(self.run(database, sql, skip))
    }

    fn tables(&self, database: DatabaseId) -> Working<'_, Result<Vec<TableInfo>, ContentError>> {
        Box::pin(async move {
            let answer = self.ask(database, "tables", Vec::new()).await?;
            let tables: Vec<Table> = serde_json::from_value(answer).map_err(fault)?;
            let info = |Table { name, rows }| TableInfo { name, rows };
            Ok(tables.into_iter().map(info).collect())
        })
    }

    fn rows<'a>(
        &'a self,
        database: DatabaseId,
        table: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(async move {
            if table.len() > STATEMENTS_BYTES_MAX {
                return Err(ContentError::NotFound);
            }
            let request = json!({ "table": table, "skip": skip, "limit": ROWS });
            self.page(database, "rows", &request).await
        })
    }

    fn import<'a>(
        &'a self,
        database: DatabaseId,
        from: &'a mut dyn ByteSource,
        progress: &'a (dyn Fn(Bytes) + Send + Sync),
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(self.take_dump(database, from, progress))
    }

    /// Suspended databases can be exported: the data stays the customer's.
    fn export(
        &self,
        database: DatabaseId,
    ) -> Working<'_, Result<Box<dyn ByteSource>, ContentError>> {
        Box::pin(async move {
            let (place, database) = self.admit(database, Weight::Transfer, true).await?;
            let mut running = self.start("export", (place, &database), self.deadlines.export)?;
            drop(running.stdin.take());
            let dump: Box<dyn ByteSource> = Box::new(dump::Dump::begin(running).await?);
            Ok(dump)
        })
    }

    fn usage(&self, database: DatabaseId) -> Working<'_, Result<Bytes, ContentError>> {
        Box::pin(async move {
            self.find(database).await?;
            let folder = self.folder(database);
            blocking(move || folder.bytes()).await.map_err(fault)
        })
    }
}
