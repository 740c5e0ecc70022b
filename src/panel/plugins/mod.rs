//! Plugins, wired: the room that decides stands on the sandbox's child, the compiler, the client for
//! other hosts, and the files of webspaces.
//!
//! Invariants: the panel starts and goes on without the sandbox; what was compiled for an engine that is
//! no more is compiled again by itself.

mod bridges;
mod keys;
mod renew;
mod webhooks;

use crate::data_dir::DataDir;
use crate::ground::Ground;
use crate::https::{self, Served};
use crate::node::Node;
use crate::plugin_records::PluginRecords;
use crate::sibling::beside;
use bridges::{Compiler, Guests, Known, Outside};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use wabe_access::command::House;
use wabe_automation::engine::Parts;
use wabe_automation::{Desk, Engine};
use wabe_drivers::fetch::Fetch;
use wabe_drivers::sandbox::{
    Artifacts, Health, Patience, SandboxDriver, SandboxParts, SealKey, Workshop, WorkshopParts,
};
use wabe_kernel::content::Mail;
use wabe_kernel::outside::Lookup;
use wabe_kernel::{Clock, Fault, Rng};
use wabe_package::compiled::Tier;

pub use renew::renew;

/// Compilations at once: each may take a whole core for seconds.
const COMPILED_AT_ONCE: usize = 2;

/// Where the program of the sandbox lies, or should.
fn program() -> PathBuf {
    beside("wabe-sandbox").unwrap_or_else(|_missing| {
        let own = std::env::current_exe().unwrap_or_default();
        own.with_file_name("wabe-sandbox")
    })
}

/// What plugins stand on before anything is served.
pub struct Base {
    /// What was compiled.
    pub artifacts: Arc<Artifacts>,
    /// Compiles.
    pub workshop: Arc<Workshop>,
    /// How the child is that runs guests; empty where nothing is served.
    pub health: OnceLock<watch::Receiver<Health>>,
    /// The mail that plugins may ask about; empty where nothing is served.
    pub mail: Arc<OnceLock<Arc<dyn Mail>>>,
}

impl Base {
    /// Opens the folder of artifacts.
    ///
    /// # Errors
    /// When folder or key cannot be opened.
    pub fn open(data: &DataDir, clock: &Arc<dyn Clock>, rng: &dyn Rng) -> Result<Self, Fault> {
        let key = keys::open_or_create(&data.keys().join("artifact_seal.key"), rng)?;
        let key = SealKey::from_bytes(*key);
        let artifacts = Artifacts::open(&data.artifacts(), key, clock.clone())?;
        let workshop = Workshop::new(WorkshopParts {
            program: program(),
            artifacts: artifacts.clone(),
            tier: Tier::Small,
            at_once: COMPILED_AT_ONCE,
            deadline: WorkshopParts::DEADLINE,
        });
        Ok(Self {
            artifacts,
            workshop: Arc::new(workshop),
            health: OnceLock::new(),
            mail: Arc::default(),
        })
    }

    /// What the commands about plugins work with.
    ///
    /// # Errors
    /// When the key of secrets cannot be opened.
    pub fn desk(
        &self,
        data: &DataDir,
        (store, house, lookup): (wabe_store::Store, Arc<House>, Arc<dyn Lookup>),
        rng: &dyn Rng,
        unsigned: bool,
    ) -> Result<Desk, Fault> {
        let secrets = keys::open_or_create(&data.keys().join("plugin-secrets.key"), rng)?;
        let secrets = wabe_audit::seal::SealKey::from_bytes(secrets.as_slice())?;
        Ok(Desk {
            workshop: Arc::new(Compiler(self.workshop.clone())),
            secrets: Arc::new(secrets),
            records: Arc::new(PluginRecords {
                store,
                house,
                lookup,
                mail: self.mail.clone(),
            }),
            people: Arc::new(Known),
            commands: crate::commands::commands(),
            unsigned,
            component_max: Tier::Small.bytes_max(),
        })
    }
}

/// What runs plugins.
pub struct Plugins {
    /// Turns what happens into runs, and runs into changes.
    pub engine: Arc<Engine>,
    /// Keeps the child that runs guests.
    pub sandbox: Arc<SandboxDriver>,
}

impl Plugins {
    /// Everything in its place; nothing runs yet.
    ///
    /// # Errors
    /// When the resolver's configuration cannot be read.
    pub fn open(ground: &Ground, node: &Node) -> Result<Self, Fault> {
        let slots = ground.config.plugins.slots;
        let internal = ground.config.plugins.internal();
        let fetch = Fetch::open(ground.clock.clone(), internal)?;
        let sandbox = SandboxDriver::new(SandboxParts {
            program: program(),
            artifacts: ground.plugins.artifacts.clone(),
            slots,
            patience: Patience::default(),
            clock: ground.clock.clone(),
        });
        let _ours_is_the_first = ground.plugins.health.set(sandbox.watch());
        let mail: Arc<dyn Mail> = node.mail.clone();
        let _ours_is_the_first = ground.plugins.mail.set(mail);
        let engine = Engine::new(Parts {
            gate: ground.gate.clone(),
            streams: ground.streams.clone(),
            sandbox: Arc::new(Guests(sandbox.clone())),
            fetch: Arc::new(Outside(fetch)),
            files: node.files.clone(),
            slots: usize::try_from(slots).unwrap_or(1),
        });
        Ok(Self { engine, sandbox })
    }
}

/// Serves webhooks until `stop`.
///
/// # Errors
/// When TLS cannot be set up or the socket fails.
pub async fn serve_webhooks(
    ground: &Ground,
    (node, plugins): (&Node, &Plugins),
    listener: TcpListener,
    stop: CancellationToken,
) -> Result<(), Fault> {
    let url = ground.house.webhooks_url.trim_start_matches("https://");
    let host = url.split([':', '/']).next().unwrap_or("localhost");
    let served = Served {
        router: webhooks::router(plugins.engine.clone(), ground.config.proxies.clone()),
        host,
        // Routers and other small machines call here, too.
        versions: &[&rustls::version::TLS13, &rustls::version::TLS12],
    };
    https::serve(node, served, listener, stop).await
}
