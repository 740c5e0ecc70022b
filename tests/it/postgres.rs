//! The second wall: what a transaction scoped to one customer reaches on PostgreSQL, whatever its
//! statements say. Source: bar 3.7 T4.

use crate::repository::{customer_tables, nothing_found};
use sqlx::{Connection as _, PgConnection, Row as _};
use std::sync::LazyLock;
use tokio::sync::RwLock;
use wabe_hosting::database::CreateDatabase;
use wabe_kernel::Fields as _;
use wabe_store::{Location, Opening, Statement, Store};
use wabe_testkit::{Engine, House, Postgres, Tenant};

/// Roles are the server's: whoever bends one must be alone.
pub(crate) static ROLES: LazyLock<RwLock<()>> = LazyLock::new(RwLock::default);

async fn connect(house: &House) -> PgConnection {
    let Location::Postgres(url) = &house.db.location else {
        panic!("not PostgreSQL")
    };
    PgConnection::connect(url).await.unwrap()
}

async fn count(connection: &mut PgConnection, sql: String) -> Result<i64, sqlx::Error> {
    let sql: &'static str = sql.leak();
    Ok(sqlx::query(sql).fetch_one(connection).await?.get(0))
}

/// Two customers with something in their tables.
async fn two_tenants(house: &House) -> [Tenant; 2] {
    let tenants = [house.tenant("Sonne").await, house.tenant("Mond").await];
    for tenant in &tenants {
        for (name, input) in [
            (
                "domain.create",
                serde_json::json!({ "name": format!("{}.test", tenant.number.as_str().to_lowercase()) }),
            ),
            ("webspace.create", serde_json::json!({ "name": "shop" })),
            ("database.create", serde_json::json!({ "name": "shop" })),
        ] {
            house.run_json(&tenant.owner, name, input).await.unwrap();
        }
    }
    tenants
}

/// Whether the role may read this table at all.
async fn may_read(connection: &mut PgConnection, table: &str) -> bool {
    let sql: &'static str = format!(
        "SELECT CAST(has_table_privilege('wabe_tenant', '{table}', 'SELECT') AS TEXT) AS may"
    )
    .leak();
    sqlx::query(sql)
        .fetch_one(connection)
        .await
        .unwrap()
        .get::<String, _>("may")
        == "true"
}

#[tokio::test]
async fn without_a_customer_the_tenant_role_sees_no_row_of_any_customer_table() {
    let _calm = ROLES.read().await;
    let house = House::on(Engine::Postgres).await;
    let [first, _] = two_tenants(&house).await;
    let mut connection = connect(&house).await;
    let mut findings = Vec::new();
    for setting in ["", "cus_nobody", first.id.to_string().as_str()] {
        for table in customer_tables() {
            if !may_read(&mut connection, &table).await {
                continue;
            }
            let mut tx = connection.begin().await.unwrap();
            sqlx::raw_sql("SET LOCAL ROLE wabe_tenant")
                .execute(&mut *tx)
                .await
                .unwrap();
            if !setting.is_empty() {
                let set = sqlx::query("SELECT set_config('wabe.customer', $1, true)");
                set.bind(setting).execute(&mut *tx).await.unwrap();
            }
            let key = if table == "customer" {
                "id"
            } else {
                "customer_id"
            };
            let foreign = format!("SELECT count(*) FROM {table} WHERE {key} <> '{setting}'");
            if count(&mut tx, foreign).await.unwrap() != 0 {
                findings.push(format!("{table}: foreign rows are seen as {setting:?}"));
            }
            let own = count(&mut tx, format!("SELECT count(*) FROM {table}"))
                .await
                .unwrap();
            if table == "resource" && (own == 3) != setting.starts_with(&first.id.to_string()) {
                findings.push(format!("{table}: {own} rows are seen as {setting:?}"));
            }
            tx.rollback().await.unwrap();
        }
    }
    nothing_found(&findings);
}

const SEEN: Statement = Statement {
    name: "test.seen",
    sql: "SELECT DISTINCT customer_id FROM resource",
};

#[tokio::test]
async fn the_wall_stands_once_a_transaction_is_opened_with_its_first_question() {
    let _calm = ROLES.read().await;
    let house = House::on(Engine::Postgres).await;
    let [first, second] = two_tenants(&house).await;
    let opening = Opening {
        plain: SEEN,
        walled: wabe_store::walled!("test.open", "SELECT id FROM customer WHERE id = $1"),
    };
    let (mut tx, row) = house
        .db
        .store
        .open_for(first.id, opening)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.text("id").unwrap(), first.id.to_string());
    let seen = SEEN.query().all(&mut tx).await.unwrap();
    let [seen] = seen.as_slice() else {
        panic!("{} customers are seen", seen.len())
    };
    assert_eq!(seen.text("customer_id").unwrap(), first.id.to_string());
    tx.rollback().await.unwrap();

    // The connection goes back into the pool: what it did there must not outlive the transaction.
    let mut tx = house.db.store.write_for(second.id).await.unwrap();
    let seen = SEEN.query().all(&mut tx).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].text("customer_id").unwrap(), second.id.to_string());
    tx.rollback().await.unwrap();

    let nobody = "cus_01kaj000000000zzzzzzzzzzzz".parse().unwrap();
    assert!(
        house
            .db
            .store
            .open_for(nobody, opening)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_tenants_transaction_can_neither_change_nor_plant_foreign_rows() {
    let _calm = ROLES.read().await;
    let house = House::on(Engine::Postgres).await;
    let [first, second] = two_tenants(&house).await;
    let before = wabe_testkit::snapshot(&house.db.location).await;
    for sql in [
        "UPDATE resource SET name = 'mine' WHERE customer_id = $1",
        "UPDATE webspace SET name = 'mine' WHERE customer_id = $1",
        "UPDATE usage SET used = 0 WHERE customer_id = $1",
        "UPDATE customer SET change_seq = 0 WHERE id = $1",
        "DELETE FROM member WHERE customer_id = $1",
    ] {
        let mut tx = house.db.store.write_for(first.id).await.unwrap();
        let statement = Statement {
            name: "test.foreign",
            sql,
        };
        assert_eq!(
            statement.bind(second.id).execute(&mut tx).await.unwrap(),
            0,
            "{sql}"
        );
        tx.commit().await.unwrap();
    }
    let mut tx = house.db.store.write_for(first.id).await.unwrap();
    let plant = Statement {
        name: "test.plant",
        sql: "INSERT INTO resource (id, customer_id, kind, name, state, desired_revision, \
              applied_revision, created_at, updated_at) VALUES ('web_1', $1, 'webspace', 'x', 'live', 1, 1, 0, 0)",
    };
    assert!(plant.bind(second.id).execute(&mut tx).await.is_err());
    drop(tx);
    let own = Statement {
        name: "test.move",
        sql: "UPDATE resource SET customer_id = $1 WHERE kind = 'webspace'",
    };
    let mut tx = house.db.store.write_for(first.id).await.unwrap();
    assert!(own.bind(second.id).execute(&mut tx).await.is_err());
    drop(tx);
    assert_eq!(before, wabe_testkit::snapshot(&house.db.location).await);
}

#[tokio::test]
async fn what_only_the_system_decides_is_out_of_a_tenants_reach() {
    let _calm = ROLES.read().await;
    let house = House::on(Engine::Postgres).await;
    let [first, _] = two_tenants(&house).await;
    for sql in [
        "SELECT password_hash FROM wabe_user",
        "SELECT token_hash FROM session",
        "SELECT payload FROM job",
        "SELECT note FROM checkpoint",
        "SELECT event FROM security_log",
        "UPDATE change SET payload = NULL",
        "DELETE FROM change",
        "DELETE FROM resource",
        "UPDATE resource SET applied_revision = desired_revision",
        "UPDATE usage SET max = 1000000",
        "UPDATE customer SET suspended_reason = NULL",
        "UPDATE customer SET plan_id = 'pln_00000000000000000000000000'",
        "UPDATE plan SET limits = '{}'",
        "UPDATE subject_key SET wrapped = NULL",
        "INSERT INTO staff (user_id, role, created_at) VALUES ('usr_1', 'operator', 0)",
    ] {
        let mut tx = house.db.store.write_for(first.id).await.unwrap();
        let statement = Statement {
            name: "test.reach",
            sql,
        };
        assert!(statement.query().execute(&mut tx).await.is_err(), "{sql}");
    }
    let mut tx = house.db.store.write().await.unwrap();
    for sql in [
        "DELETE FROM change",
        "DELETE FROM checkpoint",
        "UPDATE change SET at = 0",
    ] {
        let statement = Statement {
            name: "test.record",
            sql,
        };
        assert!(statement.query().execute(&mut tx).await.is_err(), "{sql}");
        tx = house.db.store.write().await.unwrap();
    }
}

#[tokio::test]
async fn a_customers_setting_ends_with_its_transaction() {
    let _calm = ROLES.read().await;
    let house = House::on(Engine::Postgres).await;
    let [first, _] = two_tenants(&house).await;
    let mut connection = connect(&house).await;
    let mut tx = connection.begin().await.unwrap();
    sqlx::raw_sql("SET LOCAL ROLE wabe_tenant")
        .execute(&mut *tx)
        .await
        .unwrap();
    let set = sqlx::query("SELECT set_config('wabe.customer', $1, true)");
    set.bind(first.id.to_string())
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(
        count(&mut tx, "SELECT count(*) FROM webspace".to_owned())
            .await
            .unwrap(),
        1
    );
    tx.commit().await.unwrap();
    let mut next = connection.begin().await.unwrap();
    sqlx::raw_sql("SET LOCAL ROLE wabe_tenant")
        .execute(&mut *next)
        .await
        .unwrap();
    assert_eq!(
        count(&mut next, "SELECT count(*) FROM webspace".to_owned())
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn who_leaves_the_scope_twice_returns_with_the_last() {
    let _calm = ROLES.read().await;
    let house = House::on(Engine::Postgres).await;
    let [first, _] = two_tenants(&house).await;
    let seen = Statement {
        name: "test.seen",
        sql: "SELECT count(*) AS seen FROM webspace",
    };
    let mut tx = house.db.store.read_for(first.id).await.unwrap();
    let mut counts = Vec::new();
    for leave in [None, Some(true), Some(true), Some(false), Some(false)] {
        match leave {
            Some(true) => tx.unscope().await.unwrap(),
            Some(false) => tx.rescope().await.unwrap(),
            None => {}
        }
        counts.push(
            seen.query()
                .one(&mut tx)
                .await
                .unwrap()
                .int("seen")
                .unwrap(),
        );
    }
    assert_eq!(counts, [1, 2, 2, 2, 1]);
}

#[tokio::test]
async fn a_tenant_role_that_passes_policies_is_refused_at_the_start() {
    let _alone = ROLES.write().await;
    let server = Postgres::shared().await;
    let location = server.database().await;
    let store = Store::open(&location).await.unwrap();
    store.check_roles().await.unwrap();
    for (bend, mend) in [
        (
            "ALTER ROLE wabe_tenant BYPASSRLS",
            "ALTER ROLE wabe_tenant NOBYPASSRLS",
        ),
        (
            "ALTER ROLE wabe_tenant SUPERUSER",
            "ALTER ROLE wabe_tenant NOSUPERUSER",
        ),
        (
            "ALTER ROLE wabe_system SUPERUSER",
            "ALTER ROLE wabe_system NOSUPERUSER",
        ),
    ] {
        server.as_superuser(&location, bend);
        let refused = store.check_roles().await.is_err();
        server.as_superuser(&location, mend);
        assert!(refused, "{bend}");
    }
    store.check_roles().await.unwrap();
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let _calm = ROLES.read().await;
    let location = Postgres::shared().await.empty_database().await;
    let store = Store::open(&location).await.unwrap();
    store.migrate().await.unwrap();
    let first = wabe_testkit::snapshot(&location).await;
    store.migrate().await.unwrap();
    assert_eq!(first, wabe_testkit::snapshot(&location).await);
}

#[tokio::test]
async fn many_changes_at_once_are_numbered_without_gaps() {
    let _calm = ROLES.read().await;
    let house = House::on(Engine::Postgres).await;
    let tenant = house.tenant("Sonne").await;
    let mut working = tokio::task::JoinSet::new();
    for number in 0..12 {
        let (gate, actor) = (house.gate.clone(), tenant.owner.clone());
        let object = serde_json::json!({ "name": format!("db{number}") });
        let command = CreateDatabase::from_json(object.as_object().unwrap()).unwrap();
        working.spawn(async move {
            gate.run(&actor, command, wabe_access::Mode::Commit)
                .await
                .map(drop)
                .is_ok()
        });
    }
    while let Some(done) = working.join_next().await {
        assert!(done.unwrap());
    }
    let mut connection = connect(&house).await;
    let sql = "SELECT count(DISTINCT seq) FROM change WHERE seq BETWEEN 1 AND 12";
    assert_eq!(count(&mut connection, sql.to_owned()).await.unwrap(), 12);
}
