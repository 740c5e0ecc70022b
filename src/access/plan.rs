//! Plans: what customers can book.

use crate::limit::Limit;
use std::collections::BTreeMap;
use wabe_kernel::id::{CustomerId, PlanId};
use wabe_kernel::{Fault, PhpCeiling, PhpMemory, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    FIND = "access.plan.find" => "SELECT id, name, limits FROM plan WHERE name = $1";
    LIST = "access.plan.list" => "SELECT id, name, limits FROM plan WHERE limits <> '{}' ORDER BY name";
    INSERT = "access.plan.insert" =>
        "INSERT INTO plan (id, name, limits, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (name) DO NOTHING";
    RUN_LIMITS = "access.plan.run_limits" =>
        "SELECT p.run_limits FROM customer c JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    FIND_RUN_LIMITS = "access.plan.find_run_limits" => "SELECT run_limits FROM plan WHERE id = $1";
    TARGETS = "access.plan.targets" =>
        "SELECT p.answer_seconds, p.solution_seconds FROM customer c JOIN plan p ON p.id = c.plan_id \
         WHERE c.id = $1";
    FIND_TARGETS = "access.plan.find_targets" =>
        "SELECT answer_seconds, solution_seconds FROM plan WHERE id = $1";
    SET_TARGETS = "access.plan.set_targets" =>
        "UPDATE plan SET answer_seconds = $1, solution_seconds = $2 WHERE id = $3";
    PHP = "access.plan.php" =>
        "SELECT p.php FROM customer c JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    UPLOAD = "access.plan.upload" =>
        "SELECT p.upload_bytes_max FROM customer c JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    SET_UPLOAD = "access.plan.set_upload" => "UPDATE plan SET upload_bytes_max = $1 WHERE id = $2";
    CRON = "access.plan.cron" =>
        "SELECT p.cron_minutes_min FROM customer c JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    SET_CRON = "access.plan.set_cron" => "UPDATE plan SET cron_minutes_min = $1 WHERE id = $2";
    PHP_CEILING = "access.plan.php_ceiling" =>
        "SELECT p.php_megabytes, p.php_seconds, p.php_children FROM customer c \
         JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    SET_PHP_CEILING = "access.plan.set_php_ceiling" =>
        "UPDATE plan SET php_megabytes = $1, php_seconds = $2, php_children = $3 WHERE id = $4";
    CONNECTIONS = "access.plan.connections" =>
        "SELECT p.database_connections, p.database_connections_sum FROM customer c \
         JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    SET_CONNECTIONS = "access.plan.set_connections" =>
        "UPDATE plan SET database_connections = $1, database_connections_sum = $2 WHERE id = $3";
    REMOTE = "access.plan.database_remote" =>
        "SELECT p.database_remote FROM customer c JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    SET_REMOTE = "access.plan.set_database_remote" => "UPDATE plan SET database_remote = $1 WHERE id = $2";
    PROXY = "access.plan.site_proxy" =>
        "SELECT p.site_proxy FROM customer c JOIN plan p ON p.id = c.plan_id WHERE c.id = $1";
    SET_PROXY = "access.plan.set_site_proxy" => "UPDATE plan SET site_proxy = $1 WHERE id = $2";
    SET_PHP = "access.plan.set_php" => "UPDATE plan SET php = $1 WHERE id = $2";
    SET_RUN_LIMITS = "access.plan.set_run_limits" => "UPDATE plan SET run_limits = $1 WHERE id = $2";
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Its name, as on the invoice.
    pub name: String,
    /// The most of each limit.
    pub limits: BTreeMap<Limit, i64>,
}

fn from_row(row: &Row) -> Result<Plan, Fault> {
    let mut limits = BTreeMap::new();
    if let Some(object) = row.json("limits")?.as_object() {
        for (name, max) in object {
            let limit = name
                .parse()
                .map_err(|_wrong| Fault::new("read a plan's limits"))?;
            limits.insert(limit, max.as_i64().unwrap_or(0));
        }
    }
    Ok(Plan {
        id: row.parsed("id")?,
        name: row.text("name")?,
        limits,
    })
}

/// The plan of this name.
///
/// # Errors
/// A fault of the database.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<Plan>, Fault> {
    FIND.bind(name)
        .optional(tx)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// All plans that can be booked.
///
/// # Errors
/// A fault of the database.
pub async fn list(tx: &mut Tx) -> Result<Vec<Plan>, Fault> {
    LIST.query().all(tx).await?.iter().map(from_row).collect()
}

/// Adds a plan unless one of this name exists; answers whether it was added.
///
/// # Errors
/// A fault of the database.
pub async fn insert(tx: &mut Tx, plan: &Plan, now: Timestamp) -> Result<bool, Fault> {
    let limits: serde_json::Map<String, serde_json::Value> = plan
        .limits
        .iter()
        .map(|(limit, max)| (limit.to_string(), (*max).into()))
        .collect();
    let limits = serde_json::Value::Object(limits);
    let query = INSERT
        .bind(plan.id)
        .bind(&plan.name)
        .bind(&limits)
        .bind(now);
    Ok(query.execute(tx).await? == 1)
}

/// Gives a customer a plan's limits; what is in use stays, even above them.
///
/// # Errors
/// A fault of the database.
pub async fn apply(tx: &mut Tx, customer: CustomerId, plan: &Plan) -> Result<(), Fault> {
    for limit in Limit::ALL {
        let max = plan.limits.get(&limit).copied().unwrap_or(0);
        crate::usage::set(tx, customer, limit, max).await?;
    }
    Ok(())
}

/// What runs of plugins may use under the plan of a customer, as far as it differs from the defaults.
///
/// # Errors
/// A fault of the database.
pub async fn run_limits(
    tx: &mut Tx,
    customer: CustomerId,
) -> Result<Option<serde_json::Value>, Fault> {
    limits_in(RUN_LIMITS.bind(customer).optional(tx).await?)
}

/// What runs of plugins may use under this plan, as far as it differs from the defaults.
///
/// # Errors
/// A fault of the database.
pub async fn own_run_limits(tx: &mut Tx, plan: PlanId) -> Result<Option<serde_json::Value>, Fault> {
    limits_in(FIND_RUN_LIMITS.bind(plan).optional(tx).await?)
}

/// Says what runs of plugins may use under a plan; answers what it said before.
///
/// # Errors
/// A fault of the database.
pub async fn set_run_limits(
    tx: &mut Tx,
    plan: PlanId,
    limits: &serde_json::Value,
) -> Result<Option<serde_json::Value>, Fault> {
    let before = limits_in(FIND_RUN_LIMITS.bind(plan).optional(tx).await?)?;
    SET_RUN_LIMITS
        .bind(limits)
        .bind(plan)
        .execute_one(tx)
        .await?;
    Ok(before)
}

/// Seconds to the first answer and to the solution under the plan of a customer, where it says any.
///
/// # Errors
/// A fault of the database.
pub async fn targets(tx: &mut Tx, customer: CustomerId) -> Result<Option<(i64, i64)>, Fault> {
    targets_in(TARGETS.bind(customer).optional(tx).await?)
}

/// Seconds to the first answer and to the solution under this plan, where it says any.
///
/// # Errors
/// A fault of the database.
pub async fn own_targets(tx: &mut Tx, plan: PlanId) -> Result<Option<(i64, i64)>, Fault> {
    targets_in(FIND_TARGETS.bind(plan).optional(tx).await?)
}

/// Says by when customers of a plan are answered and helped.
///
/// # Errors
/// A fault of the database.
pub async fn set_targets(
    tx: &mut Tx,
    plan: PlanId,
    (answer_seconds, solution_seconds): (i64, i64),
) -> Result<(), Fault> {
    let query = SET_TARGETS.bind(answer_seconds).bind(solution_seconds);
    query.bind(plan).execute_one(tx).await
}

/// Whether sites may have PHP under the plan of a customer.
///
/// # Errors
/// A fault of the database.
pub async fn allows_php(tx: &mut Tx, customer: CustomerId) -> Result<bool, Fault> {
    let row = PHP.bind(customer).optional(tx).await?;
    row.map_or(Ok(true), |row| row.flag("php"))
}

/// The most that sites may take at once under the plan of a customer, in bytes.
///
/// # Errors
/// A fault of the database.
pub async fn upload_bytes_max(tx: &mut Tx, customer: CustomerId) -> Result<i64, Fault> {
    let row = UPLOAD.bind(customer).one(tx).await?;
    row.int("upload_bytes_max")
}

/// Says the most that sites may take at once under a plan, in bytes.
///
/// # Errors
/// A fault of the database.
pub async fn set_upload_bytes_max(tx: &mut Tx, plan: PlanId, bytes: i64) -> Result<(), Fault> {
    SET_UPLOAD.bind(bytes).bind(plan).execute_one(tx).await
}

/// The fewest minutes between two times of a cron job under the plan of a customer.
///
/// # Errors
/// A fault of the database.
pub async fn cron_minutes_min(tx: &mut Tx, customer: CustomerId) -> Result<i64, Fault> {
    let row = CRON.bind(customer).one(tx).await?;
    row.int("cron_minutes_min")
}

/// Says the fewest minutes between two times of a cron job under a plan.
///
/// # Errors
/// A fault of the database.
pub async fn set_cron_minutes_min(tx: &mut Tx, plan: PlanId, minutes: i64) -> Result<(), Fault> {
    SET_CRON.bind(minutes).bind(plan).execute_one(tx).await
}

/// The most that PHP may take under the plan of a customer.
///
/// # Errors
/// A fault of the database.
pub async fn php_ceiling(tx: &mut Tx, customer: CustomerId) -> Result<PhpCeiling, Fault> {
    let row = PHP_CEILING.bind(customer).one(tx).await?;
    let wrong = || Fault::new("read what PHP may take under a plan");
    let memory = u32::try_from(row.int("php_megabytes")?).ok();
    Ok(PhpCeiling {
        memory: memory.and_then(PhpMemory::new).ok_or_else(wrong)?,
        seconds: number(row.int("php_seconds")?)?,
        children: number(row.int("php_children")?)?,
    })
}

fn number<T: TryFrom<i64>>(number: i64) -> Result<T, Fault> {
    T::try_from(number).map_err(|_out_of_range| Fault::new("read what PHP may take under a plan"))
}

/// Says the most that PHP may take under a plan.
///
/// # Errors
/// A fault of the database.
pub async fn set_php_ceiling(tx: &mut Tx, plan: PlanId, most: &PhpCeiling) -> Result<(), Fault> {
    let query = SET_PHP_CEILING.bind(i64::from(most.memory.megabytes()));
    let query = query.bind(i64::from(most.seconds.get()));
    let query = query.bind(i64::from(most.children.get()));
    query.bind(plan).execute_one(tx).await
}

/// Connections that a plan allows to databases on servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// To one database.
    pub each: i64,
    /// To all of a customer together.
    pub sum: i64,
}

/// The connections that the plan of a customer allows.
///
/// # Errors
/// A fault of the database.
pub async fn connections(tx: &mut Tx, customer: CustomerId) -> Result<Connections, Fault> {
    let row = CONNECTIONS.bind(customer).one(tx).await?;
    Ok(Connections {
        each: row.int("database_connections")?,
        sum: row.int("database_connections_sum")?,
    })
}

/// Says which connections a plan allows.
///
/// # Errors
/// A fault of the database.
pub async fn set_connections(
    tx: &mut Tx,
    plan: PlanId,
    Connections { each, sum }: Connections,
) -> Result<(), Fault> {
    SET_CONNECTIONS
        .bind(each)
        .bind(sum)
        .bind(plan)
        .execute_one(tx)
        .await
}

/// Whether programs elsewhere may come to databases under the plan of a customer.
///
/// # Errors
/// A fault of the database.
pub async fn database_remote(tx: &mut Tx, customer: CustomerId) -> Result<bool, Fault> {
    REMOTE.bind(customer).one(tx).await?.flag("database_remote")
}

/// Says whether programs elsewhere may come to databases under a plan. They may unless this was said.
///
/// # Errors
/// A fault of the database.
pub async fn set_database_remote(tx: &mut Tx, plan: PlanId, remote: bool) -> Result<(), Fault> {
    SET_REMOTE.bind(remote).bind(plan).execute_one(tx).await
}

/// Whether applications elsewhere may answer for sites under the plan of a customer.
///
/// # Errors
/// A fault of the database.
pub async fn site_proxy(tx: &mut Tx, customer: CustomerId) -> Result<bool, Fault> {
    PROXY.bind(customer).one(tx).await?.flag("site_proxy")
}

/// Says whether applications elsewhere may answer for sites under a plan. They may not unless this was said.
///
/// # Errors
/// A fault of the database.
pub async fn set_site_proxy(tx: &mut Tx, plan: PlanId, allowed: bool) -> Result<(), Fault> {
    SET_PROXY.bind(allowed).bind(plan).execute_one(tx).await
}

/// Says whether sites may have PHP under a plan. They may unless this was said.
///
/// # Errors
/// A fault of the database.
pub async fn set_php(tx: &mut Tx, plan: PlanId, php: bool) -> Result<(), Fault> {
    SET_PHP.bind(php).bind(plan).execute_one(tx).await
}

fn targets_in(row: Option<Row>) -> Result<Option<(i64, i64)>, Fault> {
    let Some(row) = row else { return Ok(None) };
    let both = (
        row.int_or_null("answer_seconds")?,
        row.int_or_null("solution_seconds")?,
    );
    Ok(match both {
        (Some(answer), Some(solution)) => Some((answer, solution)),
        _ => None,
    })
}

fn limits_in(row: Option<Row>) -> Result<Option<serde_json::Value>, Fault> {
    let text = row.map(|row| row.text_or_null("run_limits")).transpose()?;
    let read = text.flatten().map(|text| serde_json::from_str(&text));
    read.transpose()
        .map_err(|error| Fault::because("read a plan's limits", error))
}
