//! Everything running together, and its orderly end.

use crate::config::Config;
use crate::control;
use crate::data_dir::DataDir;
use crate::ground::Ground;
use crate::letters;
use crate::listeners::{Listeners, house};
use crate::measure;
use crate::node::{Node, ServedListeners, Stop};
use crate::portal_server;
use crate::schedules::schedules;
use std::fs::File;
use std::sync::Arc;
use tokio::task::JoinSet;
use wabe_kernel::Fault;

/// A running panel.
pub struct Running {
    /// The panel without servers.
    pub ground: Arc<Ground>,
    /// The node.
    pub node: Arc<Node>,
    /// The port of hosted sites over HTTP.
    pub sites_http: u16,
    stop: Stop,
    tasks: JoinSet<()>,
    _lock: File,
}

/// Opens the file descriptors' soft limit up to the hard one: a thousand sites want more than 1024.
fn raise_limits() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, wanted) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

impl Running {
    /// Starts everything; once this answers, everything answers.
    ///
    /// # Errors
    /// What could not be started.
    pub async fn start(config: Config, ephemeral: bool, demo: bool) -> Result<Self, Fault> {
        raise_limits();
        let data = DataDir::open(&config.data)?;
        let lock = data.lock()?;
        let listeners = Listeners::bind(&config, ephemeral).await?;
        let ports = listeners.ports()?;
        let house = house(&config, ports, demo)?;
        let ground = Arc::new(Ground::open(config, data, house).await?);
        let node = Arc::new(Node::open(&ground)?);
        let (stop, mut tasks) = (Stop::default(), JoinSet::new());
        let (portal, served) = ServedListeners::split(listeners);
        node.start(&ground, served, &stop, &mut tasks)?;
        spawn_portal(&ground, &node, portal, &stop, &mut tasks);
        spawn_loops(&ground, &node, &stop, &mut tasks)?;
        control::listen(ground.clone(), stop.token.clone(), &mut tasks)?;
        let [_, sites_http, ..] = ports;
        Ok(Self {
            ground,
            node,
            sites_http,
            stop,
            tasks,
            _lock: lock,
        })
    }

    /// Runs until the process is told to end, then ends everything in order.
    pub async fn until_told(mut self) {
        let ended = tokio::select! {
            () = told() => None,
            ended = self.tasks.join_next() => ended,
        };
        if ended.is_some() {
            tracing::error!("a server ended by itself; ending everything");
        }
        self.end().await;
    }

    /// Ends everything in order.
    pub async fn end(mut self) {
        self.stop.now();
        let patience = std::time::Duration::from_secs(10);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("some servers did not end in time");
        }
        self.ground.store.close().await;
    }
}

async fn told() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

fn spawn_portal(
    ground: &Arc<Ground>,
    node: &Arc<Node>,
    listener: std::net::TcpListener,
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) {
    let (ground, node, token) = (ground.clone(), node.clone(), stop.token.clone());
    tasks.spawn(async move {
        if let Err(fault) = portal_server::serve(&ground, &node, listener, token).await {
            tracing::error!(cause = %fault.chain(), "the portal ended");
        }
    });
}

fn spawn_loops(
    ground: &Arc<Ground>,
    node: &Arc<Node>,
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) -> Result<(), Fault> {
    let worker = letters::worker(ground)?;
    let (running, token) = (worker.clone(), stop.token.clone());
    tasks.spawn(async move { running.run(token.cancelled()).await });
    let (mut news, token) = (ground.gate.events().subscribe(), stop.token.clone());
    let sequencer = ground.sequencer.clone();
    tasks.spawn(async move {
        loop {
            tokio::select! {
                () = token.cancelled() => return,
                // Missed news is news too; a step of a node is none of theirs.
                heard = news.recv() => if !heard.is_ok_and(|change| change.step.is_some()) {
                    worker.wake();
                    sequencer.poke();
                }
            }
        }
    });
    for touched in [
        node.files.touched(),
        node.mail.touched(),
        node.databases.touched(),
    ] {
        let (ground, node, token) = (ground.clone(), node.clone(), stop.token.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = token.cancelled() => {}
                () = measure::follow(ground, node, touched) => {}
            }
        });
    }
    let (schedules, token) = (schedules(ground, node), stop.token.clone());
    tasks.spawn(async move { schedules.run(token.cancelled()).await });
    let (sequencer, store) = (ground.sequencer.clone(), ground.store.clone());
    tasks.spawn(sequencer.run(store, stop.watch.subscribe()));
    Ok(())
}
