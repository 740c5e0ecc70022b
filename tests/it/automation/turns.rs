//! Whose turn it is among the installations of one customer.

use super::{ends, everything, is, listener, make_database};
use crate::on_both_engines;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wabe_testkit::{House, done};

on_both_engines!(an_installation_with_much_to_do_holds_no_other_up);

/// More than are looked at at once.
const MANY: usize = 53;

async fn an_installation_with_much_to_do_holds_no_other_up(house: House) {
    let tenant = house.tenant("Sonne").await;
    house.publish(&listener("busy", "1.0.0")).await;
    house.publish(&listener("calm", "1.0.0")).await;
    let busy = house.install(&tenant, "busy", everything()).await;
    house.plugins.sandbox.set_up(false);
    for number in 0..MANY {
        make_database(&house, &tenant.owner, &format!("db{number}")).await;
    }
    house.run_plugins().await;
    let calm = house.install(&tenant, "calm", everything()).await;
    make_database(&house, &tenant.owner, "last").await;
    house.run_plugins().await;
    house.plugins.sandbox.set_up(true);
    // While the first event is under way, no other of the same installation may begin; all else may.
    let (engine, first) = (house.plugins.engine.clone(), AtomicBool::new(true));
    let first = Arc::new(first);
    house.plugins.sandbox.set(Arc::new(move |_order, _host| {
        let (engine, first) = (engine.clone(), first.clone());
        Box::pin(async move {
            if first.swap(false, Ordering::SeqCst) {
                assert_eq!(engine.run_due().await.unwrap(), 1);
            }
            done(&[])
        })
    }));
    house.run_plugins().await;
    let orders = house.plugins.sandbox.orders();
    let who: Vec<&str> = orders
        .iter()
        .map(|order| order.context.installation.as_str())
        .collect();
    assert_eq!(who[..2], [busy.to_string(), calm.to_string()]);
    assert_eq!(who.len(), MANY + 2);
    let over = ends(&house, &tenant).await;
    assert!(over.iter().all(|end| *end == is("done", None)), "{over:?}");
}
