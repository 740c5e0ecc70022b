//! Everything running together, and its orderly end.

use crate::agent;
use crate::certificates;
use crate::config::{Config, WebServer};
use crate::control;
use crate::cron_jobs;
use crate::data_dir::DataDir;
use crate::database_servers;
use crate::emptied;
use crate::ground::Ground;
use crate::letters;
use crate::listeners::{Listeners, house};
use crate::measure;
use crate::node::{Node, ServedListeners, Stop};
use crate::plugins::{self, Plugins};
use crate::portal_server;
use crate::schedules::schedules;
use crate::services::Services;
use crate::system_servers;
use crate::web_server;
use std::fs::File;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;
use wabe_kernel::Fault;
use wabe_kernel::cron::CronRunner;

/// How long an orderly end may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running panel.
pub struct Running {
    /// The panel without servers.
    pub ground: Arc<Ground>,
    /// The node.
    pub node: Arc<Node>,
    /// What runs plugins.
    pub plugins: Arc<Plugins>,
    /// Private instances of real services, where they were asked for.
    pub services: Option<Services>,
    /// The port of hosted sites over HTTP.
    pub sites_http: u16,
    stop: Stop,
    told: Told,
    tasks: JoinSet<()>,
    _lock: File,
}

/// What tells this process to end; heard from when this was made, not from when somebody waits for it.
struct Told(Signal, Signal);

impl Told {
    fn listen() -> Result<Self, Fault> {
        let heard =
            |kind| signal(kind).map_err(|error| Fault::because("listen for signals to end", error));
        Ok(Self(
            heard(SignalKind::terminate())?,
            heard(SignalKind::interrupt())?,
        ))
    }

    async fn heard(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
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
    /// Starts everything, with private instances of real services where `services` says so; once this
    /// answers, everything answers.
    ///
    /// # Errors
    /// What could not be started.
    pub async fn start(
        config: Config,
        ephemeral: bool,
        (demo, services): (bool, bool),
    ) -> Result<Self, Fault> {
        raise_limits();
        for warning in config.warnings() {
            tracing::warn!(warning, "a choice in the configuration");
        }
        let data = DataDir::open(&config.data)?;
        let lock = data.lock()?;
        // A panel that was killed leaves its nginx at work, which holds the ports, and its PHP, which may not
        // even be wanted any more.
        wabe_drivers::nginx::end_former(&data.node());
        wabe_drivers::php::end_former(&data.node());
        wabe_drivers::apache::end_former(&data.node());
        let listeners = Listeners::bind(&config, ephemeral).await?;
        let ports = listeners.ports(&config)?;
        let mut house = house(&config, ports, demo)?;
        if let Some(welcome) = agent::ask(&config).await? {
            house.php = welcome.php;
            house.nginx = true;
            house.apache = welcome.apache;
        }
        let ground = Arc::new(Ground::open(config, data, house).await?);
        let services = if services {
            Some(Services::start(&ground, ephemeral).await?)
        } else {
            None
        };
        let (servers, own) = match &services {
            Some(services) => (services.servers(), true),
            None => (system_servers::open(&ground)?, false),
        };
        let agent = agent::connect(&ground).await?;
        let node = Arc::new(Node::open(&ground, servers, agent)?);
        if !own {
            system_servers::ready(&node).await?;
        }
        database_servers::begin(&ground, &node).await?;
        emptied::begin(&ground).await?;
        let plugins = Arc::new(Plugins::open(&ground, &node)?);
        let (stop, mut tasks) = (Stop::default(), JoinSet::new());
        let (faces, served) = ServedListeners::split(listeners);
        // From here on there is something that has to end with this process.
        let mut told = Told::listen()?;
        let all = (&ground, &node, &plugins);
        let begun = begin(all, (faces, served), &stop, &mut told, &mut tasks).await;
        if let Err(fault) = begun {
            all_end(&stop, &mut tasks).await;
            if let Some(services) = services {
                services.end().await;
            }
            return Err(fault);
        }
        let [_, sites_http, ..] = ports;
        Ok(Self {
            ground,
            node,
            plugins,
            services,
            sites_http,
            stop,
            told,
            tasks,
            _lock: lock,
        })
    }

    /// Whether real services run in place of what is built in.
    #[must_use]
    pub fn has_services(&self) -> bool {
        self.node.agent.is_some() || self.ground.config.web.server != WebServer::Embedded
    }

    /// Runs until the process is told to end, then ends everything in order.
    pub async fn until_told(mut self) {
        let ended = tokio::select! {
            () = self.told.heard() => None,
            ended = self.tasks.join_next() => ended,
        };
        if ended.is_some() {
            tracing::error!("a server ended by itself; ending everything");
        }
        self.end().await;
    }

    /// Ends everything in order.
    pub async fn end(mut self) {
        all_end(&self.stop, &mut self.tasks).await;
        self.ground.store.close().await;
        if let Some(services) = self.services.take() {
            services.end().await;
        }
    }
}

/// Begins everything that ends with `stop`, and waits until it answers.
///
/// Errors: what could not be started, or that it was told to end meanwhile.
async fn begin(
    (ground, node, plugins): (&Arc<Ground>, &Arc<Node>, &Arc<Plugins>),
    (faces, served): ((TcpListener, TcpListener), ServedListeners),
    stop: &Stop,
    told: &mut Told,
    tasks: &mut JoinSet<()>,
) -> Result<(), Fault> {
    node.start(ground, served, stop, tasks)?;
    tokio::select! {
        ready = node.ready() => ready?,
        () = told.heard() => return Err(Fault::new("start: it was told to end meanwhile")),
    }
    spawn_faces(ground, (node, plugins), faces, stop, tasks);
    spawn_loops(ground, (node, plugins), stop, tasks)?;
    control::listen(ground.clone(), stop.token.clone(), tasks)
}

/// Ends whatever runs, and waits for it, but not for ever.
async fn all_end(stop: &Stop, tasks: &mut JoinSet<()>) {
    stop.now();
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(PATIENCE, all).await.is_err() {
        tracing::warn!("some servers did not end in time");
    }
}

fn spawn_faces(
    ground: &Arc<Ground>,
    (node, plugins): (&Arc<Node>, &Arc<Plugins>),
    (portal, webhooks): (TcpListener, TcpListener),
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) {
    let (ours, parts, token) = (
        ground.clone(),
        (node.clone(), plugins.clone()),
        stop.token.clone(),
    );
    tasks.spawn(async move {
        let served = portal_server::serve(&ours, (&parts.0, &parts.1), portal, token).await;
        if let Err(fault) = served {
            tracing::error!(cause = %fault.chain(), "the portal ended");
        }
    });
    let (ours, parts, token) = (
        ground.clone(),
        (node.clone(), plugins.clone()),
        stop.token.clone(),
    );
    tasks.spawn(async move {
        let served = plugins::serve_webhooks(&ours, (&parts.0, &parts.1), webhooks, token).await;
        if let Err(fault) = served {
            tracing::error!(cause = %fault.chain(), "the webhooks' server ended");
        }
    });
}

/// Does this until everything ends.
fn spawn_until(
    stop: &Stop,
    tasks: &mut JoinSet<()>,
    work: impl Future<Output = ()> + Send + 'static,
) {
    let token = stop.token.clone();
    tasks.spawn(async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = work => {}
        }
    });
}

fn spawn_cron_jobs(ground: &Arc<Ground>, node: &Node, stop: &Stop, tasks: &mut JoinSet<()>) {
    let ours = ground.clone();
    let runner: Arc<dyn CronRunner> = match &node.agent {
        Some(agent) => agent.driver.clone(),
        None => Arc::new(web_server::cron(ground)),
    };
    tasks.spawn(cron_jobs::follow(ours, runner, stop.token.clone()));
}

fn spawn_loops(
    ground: &Arc<Ground>,
    (node, plugins): (&Arc<Node>, &Arc<Plugins>),
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
        node.servers.touched(),
    ] {
        let measured = measure::follow(ground.clone(), node.clone(), touched);
        spawn_until(stop, tasks, measured);
    }
    if let Some(lost) = node.lost() {
        spawn_until(stop, tasks, measure::look_again(ground.clone(), lost));
    }
    let (ours, node_too, token) = (ground.clone(), node.clone(), stop.token.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = database_servers::follow(ours, node_too.clone()) => {}
            () = node_too.servers.tend() => {}
        }
    });
    if let Some(authority) = certificates::authority(ground, node.answers())? {
        let (ours, node_too, token) = (ground.clone(), node.clone(), stop.token.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = token.cancelled() => {}
                () = certificates::follow(ours, node_too, authority) => {}
            }
        });
    }
    spawn_cron_jobs(ground, node, stop, tasks);
    let (engine, token) = (plugins.engine.clone(), stop.token.clone());
    tasks.spawn(async move { engine.run(token.cancelled()).await });
    let (sandbox, token) = (plugins.sandbox.clone(), stop.token.clone());
    tasks.spawn(async move { sandbox.serve(token).await });
    let (ours, sandbox, token) = (ground.clone(), plugins.sandbox.clone(), stop.token.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = plugins::renew(ours, sandbox) => {}
        }
    });
    let (schedules, token) = (schedules(ground, node, plugins), stop.token.clone());
    tasks.spawn(async move { schedules.run(token.cancelled()).await });
    let (sequencer, store) = (ground.sequencer.clone(), ground.store.clone());
    tasks.spawn(sequencer.run(store, stop.watch.subscribe()));
    Ok(())
}
