//! What is there before anything is measured: webspaces with PHP, and databases, made through the gate.
//!
//! They are made while no panel runs, because most of the time of a request to make a webspace goes into hashing its
//! upload password: here that costs next to nothing. Then a panel brings them to life behind the server that is built
//! in, which makes the same files and has nothing to load; nginx shows all of them with its next start.

use crate::changes::ground;
use crate::node::clicks::login;
use crate::node::house::{House, Shown, php_version, text};
use crate::node::seconds;
use crate::node::servers::{Engine, Login};
use crate::report::{Outcome, Row};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use wabe_access::{Actor, Gate, Refusal, Tools};
use wabe_identity::{Cost, Passwords, Pepper, PoolSettings, Profile};
use wabe_kernel::rng::random;
use wabe_panel::commands::commands;
use wabe_panel::ground::Ground;
use wabe_panel::operations::command;
use wabe_store::Statement;

const OWNER: Statement = Statement {
    name: "bench.owner",
    sql: "SELECT m.user_id, m.customer_id FROM member m JOIN wabe_user u ON u.id = m.user_id \
          WHERE u.email = $1",
};
/// The least that hashing can cost.
const CHEAP: Cost = Cost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

/// How much is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stock {
    /// Webspaces, each with PHP.
    pub(super) sites: usize,
    /// Databases on each server.
    pub(super) databases: usize,
}

/// What was made.
pub(super) struct Made {
    /// The names that the webspaces answer to.
    pub(super) hosts: Vec<String>,
    /// What programs log in to the databases with.
    pub(super) logins: Vec<Login>,
    /// How long it took until all of it lived.
    pub(super) taken: Duration,
    /// The same as a row.
    pub(super) row: Row,
}

fn refused(refusal: &Refusal) -> String {
    format!("the gate refuses: {refusal:?}")
}

/// The panel without servers, whose gate hashes at next to no cost.
async fn cheap(house: &House) -> Outcome<Ground> {
    let mut ground = ground(house.config()?).await?;
    let profile = Profile::by_name(&ground.config.profile).ok_or("there is no such profile")?;
    let settings = PoolSettings {
        cost: CHEAP,
        cores: 2,
        memory_mib: 128,
    };
    let pepper = Arc::new(Pepper::from_bytes(random(ground.rng.as_ref())));
    let hashing = Passwords::new(profile, settings, pepper, ground.rng.clone());
    let tools = Tools {
        hashing: Arc::new(hashing),
        ..ground.gate.tools().clone()
    };
    let (recorder, events) = (ground.gate.recorder().clone(), ground.gate.events().clone());
    let gate = Gate::new(ground.store.clone(), recorder, tools, events, commands());
    ground.gate = Arc::new(gate);
    Ok(ground)
}

/// The first owner of the demo, who has just logged in.
async fn owner(ground: &Ground, house: &House) -> Outcome<Actor> {
    let mut tx = ground.store.read().await?;
    let email = &house.folder.account(0)?.email;
    let row = OWNER.bind(email).one(&mut tx).await?;
    tx.rollback().await?;
    let (user, customer) = (row.parsed("user_id")?, row.parsed("customer_id")?);
    Ok(Actor::member(user, customer, ground.clock.now()))
}

async fn through_the_gate(house: &House, stock: Stock) -> Outcome<(Vec<String>, Vec<Login>)> {
    let ground = cheap(house).await?;
    let owner = owner(&ground, house).await?;
    let run = async |name: &str, input: Value| {
        let done = command(&ground, &owner, name, input).await;
        Outcome::Ok(done.map_err(|refusal| refused(&refusal))?)
    };
    let (php, mut hosts, mut logins) = (php_version()?, Vec::new(), Vec::new());
    for number in 0..stock.sites {
        let input = json!({ "name": format!("stock-{number}"), "quota_bytes": 10_000_000 });
        let made = run("webspace.create", input).await?;
        hosts.push(text(&made, "preview_host"));
        let input = json!({ "id": text(&made, "id"), "php": php });
        run("webspace.set_php", input).await?;
    }
    for number in 0..stock.databases {
        for engine in Engine::ALL {
            let name = format!("stock_{}_{number}", engine.word());
            let input = json!({ "name": name, "engine": engine.word(), "quota_bytes": 10_000_000 });
            logins.push(login(engine, &run("database.create", input).await?)?);
        }
    }
    ground.store.close().await;
    Ok((hosts, logins))
}

/// Makes all of it, until it lives; no panel runs before, and none afterwards.
pub(super) async fn made(house: &House, stock: Stock, patience: Duration) -> Outcome<Made> {
    let begun = Instant::now();
    let (hosts, logins) = Box::pin(through_the_gate(house, stock)).await?;
    let gate = begun.elapsed();
    let running = house.start(Shown::Embedded).await?;
    house.settled(patience).await?;
    running.end()?;
    let taken = begun.elapsed();
    let what = match stock.databases * Engine::ALL.len() {
        0 => format!("{} webspaces made", stock.sites),
        databases => format!("{} webspaces and {databases} databases made", stock.sites),
    };
    let row = Row::new(what, seconds(taken)).beside(
        format!("through the gate alone: {}", seconds(gate)),
        taken.as_secs_f64() / gate.as_secs_f64(),
    );
    Ok(Made {
        hosts,
        logins,
        taken,
        row,
    })
}
