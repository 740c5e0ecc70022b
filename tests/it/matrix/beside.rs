//! The panel's database, opened beside the panel, on either engine: for what no way in makes or shows.

use crate::process::Panel;
use wabe_store::{Query, Statement, Store};

/// The database of a running panel.
pub(super) struct Beside(Store);

fn asked(sql: &'static str, values: &[&str]) -> Query {
    let name = "test.beside";
    let query = Statement { name, sql }.query();
    values.iter().fold(query, |query, value| query.bind(*value))
}

impl Beside {
    /// Opens it.
    pub(super) async fn of(panel: &Panel) -> Self {
        Self(Store::open(&panel.location()).await.unwrap())
    }

    /// Writes one row.
    pub(super) async fn put(&self, sql: &'static str, values: &[&str]) {
        let mut tx = self.0.write().await.unwrap();
        asked(sql, values).execute_one(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The `id` of the first row.
    pub(super) async fn id(&self, sql: &'static str, values: &[&str]) -> String {
        let mut tx = self.0.read().await.unwrap();
        let row = asked(sql, values).one(&mut tx).await.unwrap();
        tx.rollback().await.unwrap();
        row.text("id").unwrap()
    }

    /// Closes it.
    pub(super) async fn close(self) {
        self.0.close().await;
    }
}
