//! What the gate and the record cost: a change through the gate, and the same rows written without it.

use crate::client::Visit;
use crate::installation::Folder;
use crate::load::Times;
use crate::report::{Outcome, Row};
use hyper::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Mode, Role};
use wabe_audit::Entry;
use wabe_hosting::mailbox::SetMailboxQuota;
use wabe_kernel::id::{CustomerId, MailboxId, MemberId, UserId};
use wabe_kernel::{Quota, Timestamp};
use wabe_panel::config::Config;
use wabe_panel::data_dir::DataDir;
use wabe_panel::ground::Ground;
use wabe_panel::listeners::{configured_ports, house};
use wabe_store::{Statement, Tx};
use wabe_testkit::{Bulk, fill};

const CUSTOMERS: usize = 32;
const IN_A_ROW: usize = 600;
const VISITORS: usize = 8;
const REQUESTS: u32 = 40;
const WRITING: Duration = Duration::from_secs(4);
const PER_SECOND: f64 = 2_000.0;

const NUMBER: Statement = Statement {
    name: "bench.number",
    sql: "UPDATE customer SET change_seq = change_seq + 1 WHERE id = $1 RETURNING change_seq",
};
const USE: Statement = Statement {
    name: "bench.use",
    sql: "UPDATE usage SET used = used + $1 \
          WHERE customer_id = $2 AND name = 'storage_bytes' AND used + $1 <= max",
};
const QUOTA: Statement = Statement {
    name: "bench.quota",
    sql: "UPDATE mailbox SET quota_bytes = quota_bytes + $1 WHERE id = $2 AND customer_id = $3",
};
const WISH: Statement = Statement {
    name: "bench.wish",
    sql: "UPDATE resource SET desired_revision = desired_revision + 1, state = 'updating', \
          updated_at = $1 WHERE id = $2 AND customer_id = $3",
};

/// One customer with its owner and a mailbox.
#[derive(Clone)]
pub(crate) struct Tenant {
    pub(crate) customer: CustomerId,
    pub(crate) mailbox: MailboxId,
    pub(crate) owner: Actor,
}

/// The panel without servers.
pub(crate) async fn ground(config: Config) -> Outcome<Ground> {
    let facts = house(&config, configured_ports(&config), true)?;
    let data = DataDir::open(&config.data)?;
    Ok(Ground::open(config, data, facts).await?)
}

/// So many customers in bulk, each with an owner who has just logged in.
pub(crate) async fn tenants(ground: &Ground, count: i64) -> Outcome<Vec<Tenant>> {
    let bulk = Bulk {
        customers: count,
        mailboxes_each: 1,
    };
    fill(&ground.store, ground.clock.as_ref(), bulk).await?;
    let mut found = Vec::new();
    let mut tx = ground.store.write().await?;
    for number in 0..count {
        let (now, rng) = (ground.clock.now(), ground.rng.as_ref());
        let customer = format!("cus_01kaj000000000{number:012}").parse()?;
        let mailbox = format!("mbx_01kaj000000000{number:012}").parse()?;
        let place = Member {
            id: MemberId::new(now, rng),
            user: UserId::new(now, rng),
            role: Role::Owner,
            created_at: now,
        };
        member::insert(&mut tx, customer, &place).await?;
        let owner = Actor::member(place.user, customer, now);
        found.push(Tenant {
            customer,
            mailbox,
            owner,
        });
    }
    tx.commit().await?;
    Ok(found)
}

/// Quotas that differ from one change to the next.
pub(crate) fn quota(turn: u32) -> Outcome<Quota> {
    let bytes = Quota::GIGABYTE + i64::from(turn % 1_000 + 1) * 1_000_000;
    Ok(Quota::new(bytes).ok_or("a quota out of range")?)
}

/// Changes the quota of a customer's mailbox.
pub(crate) async fn through_the_gate(ground: &Ground, tenant: &Tenant, turn: u32) -> Outcome<()> {
    let command = SetMailboxQuota {
        id: tenant.mailbox,
        quota_bytes: quota(turn)?,
    };
    match ground.gate.run(&tenant.owner, command, Mode::Commit).await {
        Ok(_done) => Ok(()),
        Err(refusal) => Err(format!("{refusal:?}").into()),
    }
}

/// The rows that a change of a quota touches, and nothing else.
async fn rows(tx: &mut Tx, tenant: &Tenant, now: Timestamp) -> Outcome<i64> {
    let row = NUMBER.bind(tenant.customer).one(tx).await?;
    USE.bind(1).bind(tenant.customer).execute(tx).await?;
    QUOTA
        .bind(1)
        .bind(tenant.mailbox)
        .bind(tenant.customer)
        .execute(tx)
        .await?;
    WISH.bind(now)
        .bind(tenant.mailbox)
        .bind(tenant.customer)
        .execute(tx)
        .await?;
    Ok(row.int("change_seq")?)
}

async fn plainly(ground: &Ground, tenant: &Tenant, recorded: bool) -> Outcome<()> {
    let now = ground.clock.now();
    let mut tx = ground.store.write_for(tenant.customer).await?;
    let seq = rows(&mut tx, tenant, now).await?;
    if recorded {
        ground
            .gate
            .recorder()
            .append(&mut tx, &entry(tenant, seq, now))
            .await?;
    }
    Ok(tx.commit().await?)
}

fn snapshot(tenant: &Tenant, bytes: i64) -> Value {
    json!({
        "id": tenant.mailbox, "address": "box0@k0.test", "quota_bytes": bytes,
        "suspended_reason": null, "deleted_at": null,
    })
}

fn entry(tenant: &Tenant, seq: i64, at: Timestamp) -> Entry {
    Entry {
        customer: tenant.customer,
        seq,
        at,
        actor_kind: "member",
        actor_user: tenant.owner.user,
        actor_token: None,
        actor_installation: None,
        purpose: None,
        authority: "customer",
        ticket: None,
        instruction: None,
        consent: None,
        command: "mailbox.set_quota",
        object_kind: "mailbox",
        object_id: tenant.mailbox.to_string(),
        object_name: "box0@k0.test".to_owned(),
        before: snapshot(tenant, seq),
        after: snapshot(tenant, seq + 1),
    }
}

/// Gate, rows with an entry, rows alone: in turns, so that the machine's moods fall on all alike.
async fn in_a_row(ground: &Ground, tenants: &[Tenant]) -> Outcome<[Times; 3]> {
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    let turns = (0..u32::try_from(IN_A_ROW)?).zip(tenants.iter().cycle());
    for (turn, tenant) in turns {
        let begun = Instant::now();
        through_the_gate(ground, tenant, turn).await?;
        times[0].push(begun.elapsed());
        for (place, recorded) in [(1, true), (2, false)] {
            let begun = Instant::now();
            plainly(ground, tenant, recorded).await?;
            times[place].push(begun.elapsed());
        }
    }
    Ok(times.map(Times::new))
}

/// Changes in a second with a writer for each customer, while the record is being numbered and signed.
async fn at_once(ground: &Arc<Ground>, tenants: Vec<Tenant>, gate: bool) -> Outcome<f64> {
    let count = Arc::new(AtomicU32::new(0));
    let begun = Instant::now();
    let mut writers = JoinSet::new();
    for tenant in tenants {
        let (ground, count) = (ground.clone(), count.clone());
        writers.spawn(async move {
            for turn in 0.. {
                if begun.elapsed() >= WRITING {
                    break;
                }
                if gate {
                    through_the_gate(&ground, &tenant, turn).await?;
                } else {
                    plainly(&ground, &tenant, false).await?;
                }
                count.fetch_add(1, Ordering::Relaxed);
            }
            Outcome::Ok(())
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer??;
    }
    Ok(f64::from(count.load(Ordering::Relaxed)) / begun.elapsed().as_secs_f64())
}

/// The same change as people and programs ask for it: over HTTPS, of a running panel.
async fn over_https(url: Option<String>) -> Outcome<Times> {
    let folder = Folder::on(url).await?;
    let running = folder.start("demo").await?;
    let mut times = Vec::new();
    for place in 0..VISITORS {
        // A token and an address for each: the rate limit counts both.
        let visit = Visit::from(place + 1)?;
        let visit = visit.with("authorization", &format!("Bearer {}", folder.token()?))?;
        let mut connection = running.connect().await?;
        let found = connection.get("/api/v1/mailboxes", &visit).await?;
        let found = found.expect(200)?.json()?;
        let id = found.pointer("/items/0/id").and_then(Value::as_str);
        let path = format!("/api/v1/mailboxes/{}", id.ok_or("the demo has no mailbox")?);
        let visit = visit.with("content-type", "application/json")?;
        for turn in 0..REQUESTS {
            let body = json!({ "quota_bytes": quota(turn)?.bytes() }).to_string();
            let begun = Instant::now();
            let answer = connection
                .send(Method::PATCH, &path, &visit, body.into())
                .await?;
            times.push(begun.elapsed());
            answer.expect(200)?;
        }
    }
    running.end()?;
    Ok(Times::new(times))
}

async fn on(engine: &str, url: Option<String>, beside: Option<String>) -> Outcome<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let config = Config {
        data: folder.path().to_path_buf(),
        database: url,
        ..Config::default()
    };
    let ground = Arc::new(ground(config).await?);
    let tenants = tenants(&ground, i64::try_from(CUSTOMERS)?).await?;
    let (stop, stopped) = watch::channel(false);
    let sequencer = ground.sequencer.clone().run(ground.store.clone(), stopped);
    let numbering = tokio::spawn(sequencer);
    let [gate, recorded, alone] = in_a_row(&ground, &tenants).await?;
    let fast = at_once(&ground, tenants.clone(), true).await?;
    let base = at_once(&ground, tenants, false).await?;
    stop.send_replace(true);
    numbering.await?;
    ground.store.close().await;
    let request = over_https(beside).await?;
    let share = (recorded.at(50) - alone.at(50)).max(0.0) / request.at(95);
    Ok(vec![
        Row::new(
            format!("a change through the gate, {engine}"),
            gate.cell(95),
        )
        .beside(
            format!("the same rows alone: {}", alone.cell(95)),
            gate.at(50) / alone.at(50),
        ),
        Row::new(
            format!("the record's share of a request, {engine}"),
            format!("rows with an entry: {}", recorded.cell(95)),
        )
        .beside(
            format!("the change over HTTPS: {}", request.cell(95)),
            share,
        )
        .target("≤ 5 %", share <= 0.05),
        Row::new(
            format!("changes, {CUSTOMERS} writers, {engine}"),
            format!("{fast:.0}/s"),
        )
        .beside(format!("the same rows alone: {base:.0}/s"), fast / base)
        .target("≥ 2 000/s", fast >= PER_SECOND),
    ])
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let mut table = on("SQLite", None, None).await?;
    // `benches/run` starts one of its own, whose disk writes are real.
    if let (Some(url), Some(beside)) = (named("BENCH_POSTGRES")?, named("BENCH_POSTGRES_PANEL")?) {
        table.extend(on("PostgreSQL", Some(url), Some(beside)).await?);
    }
    Ok(table)
}

fn named(variable: &str) -> Outcome<Option<String>> {
    let value = std::env::var_os(variable).map(std::ffi::OsString::into_string);
    Ok(value
        .transpose()
        .map_err(|_no_text| "the address is no text")?)
}
