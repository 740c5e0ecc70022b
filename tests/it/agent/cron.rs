//! Cron jobs by the agent: as whose user, and how long.

use crate::agent::node::{Agent, apply, at, life, webspace};
use crate::client::until;
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use wabe_drivers::agent_link::AgentDriver;
use wabe_drivers::embedded::files::Place;
use wabe_kernel::cron::{CronOrder, CronRunner as _};
use wabe_kernel::desired::Webspace;
use wabe_kernel::id::CronRunId;
use wabe_kernel::{Clock as _, CronOutcome};
use wabe_panel::system::{SystemClock, SystemRng};

async fn with_script(agent: &Agent, text: &str) -> (Arc<AgentDriver>, Webspace) {
    let driver = agent.driver().await;
    let site = webspace("jobs");
    apply(&driver, (&site, 1), life(&site)).await.unwrap();
    let files = agent.files(&driver);
    let mut upload = files.upload(site.id, &at("job.sh"), true).await.unwrap();
    let text = text.as_bytes().to_vec();
    upload.write(Place::End, text).await.unwrap();
    upload.publish().await.unwrap();
    (driver, site)
}

fn order(site: &Webspace) -> CronOrder {
    CronOrder {
        run: CronRunId::new(SystemClock::default().now(), &SystemRng),
        webspace: site.id,
        php: None,
        command: "./job.sh".parse().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_as_the_customers_user_and_says_how_it_ended() {
    let agent = Agent::new().await;
    let script = "#!/bin/sh\nid -u\nid -G\nexit 3\n";
    let (driver, site) = with_script(&agent, script).await;
    let folder = agent.path(&format!("web/{}/files", site.id));
    let owner = std::fs::metadata(folder).unwrap().uid();
    let ended = driver.run(order(&site)).await;
    assert_eq!(ended.output, format!("{owner}\n{owner}\n"));
    assert_eq!(
        (ended.outcome, ended.exit, ended.reason),
        (CronOutcome::Failed, Some(3), None)
    );
    let mut missing = order(&site);
    missing.command = "./nothing.sh".parse().unwrap();
    let ended = driver.run(missing).await;
    assert_eq!(ended.reason, Some("program-missing"));
    let nobodys = driver.run(order(&webspace("nobody"))).await;
    assert_eq!(nobodys.reason, Some("no-user"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_ends_with_whoever_waits_for_it() {
    let agent = Agent::new().await;
    let script = "#!/bin/sh\ntrap 'rm -f here; exit' TERM\n: > here\n\
        while :; do sleep 0.05; done\n";
    let (driver, site) = with_script(&agent, script).await;
    let here = agent.path(&format!("web/{}/files/here", site.id));
    let (waiting, asked) = (driver.clone(), order(&site));
    let running = tokio::spawn(async move { waiting.run(asked).await });
    let is_there = || async { here.exists().then_some(()) };
    until("the job to run", is_there).await;
    running.abort();
    let is_gone = || async { (!here.exists()).then_some(()) };
    until("the job to end", is_gone).await;
}
