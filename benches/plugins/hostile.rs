//! The portal while a hundred plugins that never come to an end run all the time.

use super::Subject;
use crate::changes::{Tenant, ground, quota};
use crate::installation::Folder;
use crate::load::{Times, flat_out, paced};
use crate::pages::CALLERS;
use crate::report::{Outcome, Row};
use serde_json::json;
use wabe_access::{Actor, Mode, Scope, customer, member};
use wabe_hosting::mailbox::{self, SetMailboxQuota};
use wabe_kernel::PageRequest;
use wabe_panel::config::Config;
use wabe_panel::ground::Ground;
use wabe_store::Statement;

const RATE: u32 = 50;
const PACED: u32 = 500;
/// Both sides take turns.
const TURNS: u32 = 3;
/// In each of the demo's two customers.
const EACH: u32 = 50;
/// Occasions of a turn: what follows from them takes longer than the turn.
const OCCASIONS: u32 = 5;
const MOST: f64 = 1.2;

const RUNS: Statement = Statement {
    name: "bench.runs",
    sql: "SELECT COUNT(*) AS count FROM run WHERE limit_name = 'cpu'",
};
const WAITING: Statement = Statement {
    name: "bench.waiting",
    sql: "SELECT COUNT(*) AS count FROM run WHERE state IN ('queued', 'running')",
};

/// The dashboard of somebody who is logged in.
async fn dashboard(folder: &Folder) -> Outcome<Times> {
    let running = folder.start("serve").await?;
    let callers = running.visitors(folder.account(0)?, CALLERS).await?;
    let warm = flat_out(callers, "/", 10).await?;
    let load = paced(warm.callers, "/", RATE, PACED).await?;
    drop(load.callers);
    running.end()?;
    Ok(load.times)
}

/// The panel without servers, over a folder whose panel is not running.
async fn open(folder: &Folder) -> Outcome<Ground> {
    let mut config = Config {
        data: folder.data(),
        ..Config::default()
    };
    config.plugins.unsigned = true;
    ground(config).await
}

/// The demo's owners, who have just logged in.
async fn owners(folder: &Folder, ground: &Ground) -> Outcome<Vec<Tenant>> {
    let mut owners = Vec::new();
    for place in 0..2 {
        let number = folder.account(place)?.customer.clone();
        let number = number.ok_or("an owner without a customer")?;
        let number = number.parse().map_err(|_problem| "no number")?;
        let mut tx = ground.store.read().await?;
        let customer = customer::find_number(&mut tx, &number).await?;
        let customer = customer.ok_or("there is no such customer")?;
        let members = member::list(&mut tx, customer).await?;
        let scope = Scope::system(customer);
        let boxes = mailbox::list(&mut tx, &scope, &PageRequest::first(1)).await;
        tx.rollback().await?;
        let boxes = boxes.map_err(|refusal| format!("{refusal:?}"))?;
        let user = members.first().ok_or("there is no member")?.user;
        owners.push(Tenant {
            customer,
            mailbox: boxes.items.first().ok_or("there is no mailbox")?.id,
            owner: Actor::member(user, customer, ground.clock.now()),
        });
    }
    Ok(owners)
}

async fn install(folder: &Folder, subject: &Subject) -> Outcome<()> {
    let ground = open(folder).await?;
    subject.packed.publish(&ground).await?;
    let settings = json!({ "endless": true });
    for tenant in owners(folder, &ground).await? {
        for _ in 0..EACH {
            subject.packed.install(&ground, &tenant, &settings).await?;
        }
    }
    ground.store.close().await;
    Ok(())
}

/// Gives every installation something to begin with; the panel hears of it when it starts.
async fn occasions(folder: &Folder, turn: u32) -> Outcome<()> {
    let ground = open(folder).await?;
    for tenant in owners(folder, &ground).await? {
        for number in 0..OCCASIONS {
            let command = SetMailboxQuota {
                id: tenant.mailbox,
                quota_bytes: quota(turn * OCCASIONS + number)?,
            };
            let done = ground.gate.run(&tenant.owner, command, Mode::Commit).await;
            done.map_err(|refusal| format!("{refusal:?}"))?;
        }
    }
    ground.store.close().await;
    Ok(())
}

async fn count(folder: &Folder, statement: Statement) -> Outcome<i64> {
    let store = folder.store().await?;
    let mut tx = store.read().await?;
    let row = statement.query().one(&mut tx).await?;
    tx.rollback().await?;
    store.close().await;
    Ok(row.int("count")?)
}

pub(super) async fn run(subject: &Subject) -> Outcome<Row> {
    let (quiet, hostile) = (Folder::new().await?, Folder::new().await?);
    install(&hostile, subject).await?;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        alone.push(dashboard(&quiet).await?);
        occasions(&hostile, turn).await?;
        beside.push(dashboard(&hostile).await?);
        if count(&hostile, WAITING).await? == 0 {
            return Err("the hostile plugins had nothing left to do".into());
        }
    }
    let ended = count(&hostile, RUNS).await?;
    let joined = |times: Vec<Times>| {
        let mut all = Times::new(Vec::new());
        for one in times {
            all.join(one);
        }
        all
    };
    let (alone, beside) = (joined(alone), joined(beside));
    let ratio = beside.at(95) / alone.at(95);
    let what = format!("dashboard, {RATE} requests/s, 100 endless plugins ({ended} runs ended)");
    Ok(Row::new(what, beside.cell(95))
        .beside(format!("without plugins: {}", alone.cell(95)), ratio)
        .target("p95 ≤ +20 %", ratio <= MOST))
}
