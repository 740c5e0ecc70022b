//! Rows in bulk are rows as the gate and the reconciler leave them.

use crate::on_both_engines;
use serde_json::json;
use sqlx::{AnyConnection, Connection as _, Row as _};
use std::collections::BTreeMap;
use wabe_access::{Scope, StaffRole};
use wabe_kernel::PageRequest;
use wabe_store::{Location, Tx};
use wabe_support::ticket::queue::{self, QueueFilter, Queued};
use wabe_support::ticket::{Category, Lane, Priority, Status};
use wabe_testkit::{Bulk, House, Tickets, fill, fill_tickets};

on_both_engines!(
    bulk_rows_equal_what_the_gate_makes,
    bulk_rows_are_read_like_others,
    bulk_tickets_equal_what_the_gate_makes,
    bulk_tickets_are_found_like_others,
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

/// The same of tickets, of what was written in them and of their words.
const OWN_OF_TICKETS: [&str; 16] = [
    "id",
    "customer_id",
    "ticket_id",
    "number",
    "subject",
    "subject_search",
    "category",
    "queue_at",
    "opened_by",
    "opened_at",
    "first_answer_due",
    "solution_due",
    "last_activity_at",
    "author",
    "body",
    "created_at",
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

/// Tickets of three customers in bulk: 20 in work, of which every other is somebody's of ours; 10 that wait.
async fn tickets(house: &House) -> String {
    let bulk = Bulk {
        customers: 3,
        mailboxes_each: 1,
    };
    fill(&house.db.store, house.clock.as_ref(), bulk)
        .await
        .unwrap();
    let support = house.staff(StaffRole::Support).await;
    let owner = support.user.unwrap().to_string();
    let wanted = Tickets {
        tickets: 100,
        customers: 3,
        open: 20,
        mine_every: 2,
        owner: &owner,
    };
    fill_tickets(&house.db.store, house.clock.as_ref(), wanted)
        .await
        .unwrap();
    owner
}

async fn bulk_tickets_equal_what_the_gate_makes(house: House) {
    let tenant = house.tenant("Sonne").await;
    let input = json!({ "subject": "Domain moves", "body": "Please help." });
    let opened = house.run_json(&tenant.owner, "ticket.create", input).await;
    opened.unwrap();
    tickets(&house).await;
    sqlx::any::install_default_drivers();
    let url = match &house.db.location {
        Location::Sqlite(path) => format!("sqlite://{}", path.display()),
        Location::Postgres(url) => url.clone(),
    };
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    for (table, more) in [
        ("ticket", " AND status = 'new'"),
        ("ticket_message", " AND author_kind = 'member'"),
        ("ticket_word", " AND word IN ('domain', 'moves')"),
    ] {
        let gate = format!("customer_id = '{}'{more}", tenant.id);
        let gate = rows(&mut connection, &house.db.location, table, &gate).await;
        let bulk = format!("customer_id LIKE 'cus_01kaj000000000%'{more}");
        let bulk = rows(&mut connection, &house.db.location, table, &bulk).await;
        assert!(!gate.is_empty() && bulk.len() >= 3, "{table}");
        for row in &bulk {
            for (column, value) in row {
                let model = &gate[0][column];
                assert_eq!(model.is_some(), value.is_some(), "{table}.{column}");
                let own = column == "word" || OWN_OF_TICKETS.contains(&column.as_str());
                if !own {
                    assert_eq!(model, value, "{table}.{column}");
                }
            }
        }
    }
}

async fn bulk_tickets_are_found_like_others(house: House) {
    let owner = tickets(&house).await;
    let support = house.staff(StaffRole::Support).await;
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &support).await.unwrap();
    let mut counts = Vec::new();
    let mine = owner.parse().unwrap();
    for (lane, owner) in [
        (Lane::Working, None),
        (Lane::Working, Some(mine)),
        (Lane::Waiting, None),
        (Lane::Done, None),
    ] {
        let filter = QueueFilter {
            lane,
            owner,
            ..QueueFilter::default()
        };
        let page = PageRequest::first(200);
        let found = queue::list(&mut tx, &scope, &filter, &page).await.unwrap();
        counts.push(found.items.len());
    }
    assert_eq!(counts, [20, 10, 10, 70]);
    narrowed(&mut tx, &scope).await;
    searched(&mut tx, &scope).await;
    tx.rollback().await.unwrap();
}

/// Each way of asking finds what fits, whatever else is asked for with it.
async fn narrowed(tx: &mut Tx, scope: &Scope) {
    let all = QueueFilter {
        lane: Lane::Done,
        ..QueueFilter::default()
    };
    let page = PageRequest::first(200);
    let done = queue::list(tx, scope, &all, &page).await.unwrap().items;
    for (status, category, priority) in [
        (Some(Status::Closed), Some(Category::Email), None),
        (Some(Status::Closed), None, Some(Priority::High)),
        (None, Some(Category::Website), Some(Priority::High)),
        (
            Some(Status::Closed),
            Some(Category::Contract),
            Some(Priority::Normal),
        ),
        (Some(Status::Solved), Some(Category::Email), None),
    ] {
        let filter = QueueFilter {
            status,
            category,
            priority,
            ..all.clone()
        };
        let found = queue::list(tx, scope, &filter, &page).await.unwrap();
        let fits = |one: &&Queued| {
            status.is_none_or(|status| one.ticket.status == status)
                && category.is_none_or(|category| one.ticket.category == category)
                && priority.is_none_or(|priority| one.ticket.priority == priority)
        };
        let wanted: Vec<_> = done.iter().filter(fits).map(|one| one.ticket.id).collect();
        let found: Vec<_> = found.items.iter().map(|one| one.ticket.id).collect();
        assert_eq!(found, wanted, "{filter:?}");
        assert_eq!(found.is_empty(), status == Some(Status::Solved));
    }
}

/// Words in any order, common ones and rare ones, and all of them are meant.
async fn searched(tx: &mut Tx, scope: &Scope) {
    for (search, tickets) in [
        ("Mailbox", 25),
        ("mailbox case8", 1),
        ("case8 full mailbox", 1),
        ("webspace case8", 0),
        ("bulk slow", 25),
        ("T1000007", 1),
        ("K100000001", 36),
    ] {
        let page = PageRequest {
            search: search.to_owned(),
            ..PageRequest::first(100)
        };
        let found = queue::search(tx, scope, &page).await.unwrap();
        assert_eq!(found.items.len(), tickets, "{search}");
    }
}
