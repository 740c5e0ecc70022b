//! Rows in bulk are rows as the gate and the reconciler leave them.

use crate::on_both_engines;
use serde_json::json;
use sqlx::{AnyConnection, Connection as _, Row as _};
use std::collections::BTreeMap;
use wabe_access::Scope;
use wabe_kernel::PageRequest;
use wabe_store::Location;
use wabe_testkit::{Bulk, House, fill};

on_both_engines!(
    bulk_rows_equal_what_the_gate_makes,
    bulk_rows_are_read_like_others
);

/// Columns that say whose a row is or what it is called, and so differ from row to row.
const OWN: [&str; 14] = [
    "id",
    "customer_id",
    "domain_id",
    "resource_id",
    "plan_id",
    "number",
    "name",
    "name_search",
    "contact_email",
    "address",
    "token",
    "password_hash",
    "max",
    "checked_at",
];

/// One row: each column with its value, `None` for NULL.
type Columns = BTreeMap<String, Option<String>>;

async fn rows(
    connection: &mut AnyConnection,
    location: &Location,
    table: &str,
    filter: &str,
) -> Vec<Columns> {
    let names = match location {
        Location::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}')"),
        Location::Postgres(_) => format!(
            "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns WHERE table_name = '{table}'"
        ),
    };
    let names: &'static str = names.leak();
    let found = sqlx::query(names)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let names: Vec<String> = found.iter().map(|row| row.get("name")).collect();
    let cast: Vec<String> = names
        .iter()
        .map(|name| format!("CAST({name} AS TEXT) AS {name}"))
        .collect();
    let sql: &'static str =
        format!("SELECT {} FROM {table} WHERE {filter}", cast.join(", ")).leak();
    let found = sqlx::query(sql).fetch_all(&mut *connection).await.unwrap();
    found
        .iter()
        .map(|row| {
            names
                .iter()
                .map(|name| (name.clone(), row.get(name.as_str())))
                .collect()
        })
        .collect()
}

async fn bulk_rows_equal_what_the_gate_makes(house: House) {
    let tenant = house.tenant("Sonne").await;
    for (name, input) in [
        ("domain.create", json!({ "name": "sonne.test" })),
        (
            "mailbox.create",
            json!({ "address": "a@sonne.test", "password": wabe_testkit::PASSWORD }),
        ),
        (
            "mailbox.create",
            json!({ "address": "b@sonne.test", "password": wabe_testkit::PASSWORD }),
        ),
    ] {
        house.run_json(&tenant.owner, name, input).await.unwrap();
    }
    house.settle().await;
    let bulk = Bulk {
        customers: 3,
        mailboxes_each: 2,
    };
    fill(&house.db.store, house.clock.as_ref(), bulk)
        .await
        .unwrap();
    sqlx::any::install_default_drivers();
    let url = match &house.db.location {
        Location::Sqlite(path) => format!("sqlite://{}", path.display()),
        Location::Postgres(url) => url.clone(),
    };
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    for (table, key, kind) in [
        ("customer", "id", ""),
        ("usage", "customer_id", " AND name = 'mailboxes'"),
        ("usage", "customer_id", " AND name = 'domains'"),
        ("usage", "customer_id", " AND name = 'storage_bytes'"),
        ("resource", "customer_id", " AND kind = 'domain'"),
        ("resource", "customer_id", " AND kind = 'mailbox'"),
        ("domain", "customer_id", ""),
        ("mailbox", "customer_id", ""),
        ("mail_address", "customer_id", ""),
    ] {
        let gate = format!("{key} = '{}'{kind}", tenant.id);
        let gate = rows(&mut connection, &house.db.location, table, &gate).await;
        let bulk = format!("{key} LIKE 'cus_01kaj000000000%'{kind}");
        let bulk = rows(&mut connection, &house.db.location, table, &bulk).await;
        assert_eq!(gate.len() * 3, bulk.len(), "{table}{kind}");
        for row in &bulk {
            for (column, value) in row {
                let model = &gate[0][column];
                assert_eq!(model.is_some(), value.is_some(), "{table}.{column}{kind}");
                if !OWN.contains(&column.as_str()) {
                    assert_eq!(model, value, "{table}.{column}{kind}");
                }
            }
        }
    }
}

async fn bulk_rows_are_read_like_others(house: House) {
    let bulk = Bulk {
        customers: 25,
        mailboxes_each: 4,
    };
    fill(&house.db.store, house.clock.as_ref(), bulk)
        .await
        .unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let page = PageRequest::first(50);
    let found = wabe_access::customer::search(&mut tx, &page).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(found.items.len(), 25);
    let customer = found.items[7].id;
    let mut tx = house.db.store.read_for(customer).await.unwrap();
    let scope = Scope::system(customer);
    let mailboxes = wabe_hosting::mailbox::list(&mut tx, &scope, &page)
        .await
        .unwrap();
    let domains = wabe_hosting::domain::list(&mut tx, &scope, &page)
        .await
        .unwrap();
    assert_eq!((mailboxes.items.len(), domains.items.len()), (4, 1));
    assert!(domains.items[0].verified);
    assert_eq!(mailboxes.items[0].domain_id, domains.items[0].id);
}
