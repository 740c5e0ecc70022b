//! Which database servers the node has, and whether they answer: written down for commands and pages, which
//! offer nothing else.

use crate::ground::Ground;
use crate::node::Node;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use wabe_drivers::database_server::server::Offer;
use wabe_hosting::database::server::{self, Server};
use wabe_kernel::{Engine, Fault};

/// How often the servers are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// Looks in a row without an answer after which a server is away: one that is started again is not.
const MISSES: u32 = 2;

/// What is written down of a server that was looked at.
fn seen(offer: &Offer, known: &[Server], answers: bool) -> Server {
    let before = known.iter().find(|server| server.engine == offer.engine);
    let version = offer.version.clone();
    let version = version.or_else(|| before.map(|server| server.version.clone()));
    Server {
        engine: offer.engine,
        host: offer.host.clone(),
        port: i64::from(offer.port),
        version: version.unwrap_or_default(),
        answers,
        remote: offer.remote.clone(),
    }
}

/// Writes down what the node has before anything is offered; servers of an earlier start are forgotten.
///
/// # Errors
/// A fault of the database.
pub async fn begin(ground: &Ground, node: &Node) -> Result<(), Fault> {
    let offers = node.servers.offers().await;
    let engines: Vec<Engine> = offers.iter().map(|offer| offer.engine).collect();
    let now = ground.clock.now();
    let mut tx = ground.store.write().await?;
    server::keep_only(&mut tx, &engines).await?;
    let known = server::list(&mut tx).await?;
    for offer in &offers {
        let found = seen(offer, &known, offer.version.is_some());
        server::note(&mut tx, &found, now).await?;
    }
    tx.commit().await
}

/// Looks at the servers again and again, until it is dropped.
pub async fn follow(ground: Arc<Ground>, node: Arc<Node>) {
    let mut misses = BTreeMap::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let offers = node.servers.offers().await;
        if offers.is_empty() {
            // Nothing comes here while the process runs.
            return std::future::pending().await;
        }
        if let Err(fault) = note(&ground, &offers, &mut misses).await {
            tracing::warn!(cause = %fault.chain(), "the database servers were not written down");
        }
    }
}

async fn note(
    ground: &Ground,
    offers: &[Offer],
    silent: &mut BTreeMap<Engine, u32>,
) -> Result<(), Fault> {
    let mut tx = ground.store.read().await?;
    let known = server::list(&mut tx).await?;
    tx.rollback().await?;
    let mut news = Vec::new();
    for offer in offers {
        let missed = silent.entry(offer.engine).or_insert(0);
        *missed = match offer.version {
            Some(_) => 0,
            None => missed.saturating_add(1),
        };
        let found = seen(offer, &known, *missed < MISSES);
        if !known.contains(&found) {
            news.push(found);
        }
    }
    if news.is_empty() {
        return Ok(());
    }
    let now = ground.clock.now();
    let mut tx = ground.store.write().await?;
    for found in &news {
        tracing::warn!(engine = %found.engine, answers = found.answers, "a database server changed");
        server::note(&mut tx, found, now).await?;
    }
    tx.commit().await?;
    ground.gate.events().wake();
    Ok(())
}
