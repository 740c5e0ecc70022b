//! What every way of running the panel stands on: database, keys, gate, identity. No servers.

use crate::bridges::{Hosted, QueuedMail};
use crate::commands::commands;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::lookup::Outside;
use crate::plugins::Base;
use crate::system::{SystemClock, SystemRng};
use std::sync::Arc;
use wabe_access::command::{House, Rooms};
use wabe_access::{Events, Gate, Tools};
use wabe_audit::{Keys, Recorder, Sequencer, Streams};
use wabe_drivers::certificate::Certificates;
use wabe_drivers::fetch::Upstreams;
use wabe_identity::password::hashing::{Passwords, PoolSettings};
use wabe_identity::password::pepper::Pepper;
use wabe_identity::{Desk, Identity, Parts, Profile, RealPause};
use wabe_kernel::outside::Lookup;
use wabe_kernel::{Clock, Fault, Rng};
use wabe_store::{Location, Store};

/// The panel without servers.
pub struct Ground {
    /// What the operator decided.
    pub config: Config,
    /// The data folder.
    pub data: DataDir,
    /// The database.
    pub store: Store,
    /// The gate.
    pub gate: Arc<Gate>,
    /// Logins, sessions, tokens.
    pub identity: Arc<Identity>,
    /// Numbers and signs the record.
    pub sequencer: Arc<Sequencer>,
    /// Access and security logs.
    pub streams: Arc<Streams>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Facts of this installation.
    pub house: Arc<House>,
    /// What plugins stand on.
    pub plugins: Base,
}

/// Where the database of this configuration lies.
///
/// # Errors
/// When the file that names it cannot be read.
pub fn location(config: &Config, data: &DataDir) -> Result<Location, Fault> {
    if let Some(url) = &config.database {
        return Ok(Location::Postgres(url.clone()));
    }
    if let Some(file) = &config.database_file {
        let url = std::fs::read_to_string(file);
        let url = url.map_err(|error| Fault::because("read database_file", error))?;
        return Ok(Location::Postgres(url.trim().to_owned()));
    }
    Ok(Location::Sqlite(data.database()))
}

/// How many hashes at once, by the machine and its operator.
fn pool(config: &Config) -> PoolSettings {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = usize::try_from(config.hashing_memory_mib).unwrap_or(64);
    PoolSettings::policy(cores, memory)
}

/// What commands about tickets work with.
fn ticket_desk(config: &Config, plugins: &wabe_automation::Desk) -> wabe_support::Desk {
    wabe_support::Desk {
        secrets: plugins.secrets.clone(),
        address: crate::support_mail::address(config),
        logins: Arc::new(wabe_identity::recovery::by_mail::Known),
    }
}

/// What certificates stand on.
fn certificate_desk(
    config: &Config,
    plugins: &wabe_automation::Desk,
) -> wabe_hosting::certificate::Desk {
    wabe_hosting::certificate::Desk {
        secrets: plugins.secrets.clone(),
        inspector: Arc::new(Certificates::default()),
        orders: config.acme.directory.is_some(),
    }
}

impl Ground {
    /// Opens, migrates and wires everything; `house` says what is reachable where.
    ///
    /// # Errors
    /// When any part cannot be opened.
    pub async fn open(config: Config, data: DataDir, house: House) -> Result<Self, Fault> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let store = Store::open(&location(&config, &data)?).await?;
        store.migrate().await?;
        store.check_roles().await?;
        let keys = Arc::new(Keys::open_or_create(&data.keys(), rng.as_ref())?);
        let recorder = Arc::new(Recorder::new(keys.clone(), clock.clone(), rng.clone()));
        let origin = house.portal_host.clone();
        let sequencer = Arc::new(Sequencer::new(keys.clone(), clock.clone(), origin));
        let streams = Arc::new(Streams::new(keys, clock.clone(), rng.clone()));
        let profile = Profile::by_name(&config.profile).ok_or(Fault::new("find the profile"))?;
        let pepper = Arc::new(Pepper::open_or_create(&data.keys(), rng.as_ref())?);
        let passwords = Arc::new(Passwords::new(profile, pool(&config), pepper, rng.clone()));
        let house = Arc::new(house);
        let outbox = QueuedMail {
            clock: clock.clone(),
            rng: rng.clone(),
            portal_url: house.portal_url.clone(),
        };
        let desk = Desk {
            profile,
            passwords: passwords.clone(),
            outbox: Arc::new(outbox),
            hosted: Arc::new(Hosted),
            assignments: Arc::new(wabe_support::ticket::Assigned),
        };
        let plugins = Base::open(&data, &clock, rng.as_ref())?;
        let fronts = vec![config.listen.sites_http.port(), house.sites_https_port];
        let upstreams = Upstreams::new(config.node.networks(), fronts);
        let lookup: Arc<dyn Lookup> = Arc::new(Outside::new(upstreams)?);
        let place = (store.clone(), house.clone(), lookup.clone());
        let plugin_desk = plugins.desk(&data, place, rng.as_ref(), config.plugins.unsigned)?;
        let tools = Tools {
            hashing: passwords,
            lookup,
            clock: clock.clone(),
            rng: rng.clone(),
            house: house.clone(),
            rooms: Rooms::default()
                .with(desk)
                .with(ticket_desk(&config, &plugin_desk))
                .with(certificate_desk(&config, &plugin_desk))
                .with(plugin_desk),
        };
        let events = Arc::new(Events::default());
        let gate = Gate::new(store.clone(), recorder, tools.clone(), events, commands());
        let identity = Identity::new(Parts {
            store: store.clone(),
            streams: streams.clone(),
            tools,
            pause: Arc::new(RealPause),
        })?;
        let (gate, identity) = (Arc::new(gate), Arc::new(identity));
        Ok(Self {
            config,
            data,
            store,
            gate,
            identity,
            sequencer,
            streams,
            clock,
            rng,
            house,
            plugins,
        })
    }
}
