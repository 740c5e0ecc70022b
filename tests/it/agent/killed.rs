//! An agent that is killed in the middle of a step comes to the same end as one that is not.

use crate::agent::node::{Agent, at, death, life, seen, step, webspace};
use std::time::Duration;
use wabe_drivers::agent_link::AgentDriver;
use wabe_kernel::content::Files as _;
use wabe_kernel::desired::{Act, Driver as _, Webspace, Wish};

/// How long after its beginning a step is broken off, in microseconds.
const CUTS: [u64; 5] = [0, 700, 3_000, 12_000, 50_000];

/// Carries out a step that is broken off again and again, and then is not.
async fn through(agent: &mut Agent, driver: &AgentDriver, site: &Webspace, at: (i64, Act)) {
    let (revision, act) = at;
    let step = step(site, revision, act);
    for cut in CUTS {
        let patience = Duration::from_micros(cut);
        // Whether it was over by then does not matter: that is one of the cases.
        drop(tokio::time::timeout(patience, driver.apply(&step)).await);
        agent.killed().await;
    }
    let done = driver.apply(&step).await;
    assert!(done.is_ok(), "{:?}: {done:?}", step.act);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_converges_after_the_agent_was_killed_in_it() {
    let mut agent = Agent::new().await;
    let driver = agent.driver().await;
    let site = webspace("killed");
    for act in life(&site) {
        through(&mut agent, &driver, &site, (1, act)).await;
    }
    let found = seen(&driver, &site).await;
    assert_eq!(found.site, Some(Wish::Present(site.clone())));
    let page = agent.get("killed.test", "").await;
    assert!(page.out.contains(" 200"), "{page:?}");
    // The first page came whole, and the customer may write.
    let files = agent.files(&driver);
    files
        .make_folder(site.id, &at("public/mine"))
        .await
        .unwrap();
    for act in death(&site) {
        through(&mut agent, &driver, &site, (2, act)).await;
    }
    assert!(!agent.path(&format!("web/{}", site.id)).exists());
    assert!(seen(&driver, &site).await.site.is_none());
}
