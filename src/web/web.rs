//! What all faces of one process share: settings, clock, limits, and who finds out who is asking.

use crate::client::Client;
use crate::face::{DOOR, Face};
use crate::live::Streams;
use crate::rate::{Limiter, Rates};
use crate::request::RequestId;
use crate::session::{Sessions, Visitor};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use wabe_kernel::{Clock, Rng, Timestamp};

/// What the operator decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The addresses of this panel as browsers name them, without a slash at the end
    /// (`https://panel.example`); the first one is used in links.
    pub origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// Buckets per network.
    pub network_rates: Rates,
    /// Buckets per session and per API token.
    pub session_rates: Rates,
    /// How long a handler may take; uploads and live streams are not bound by it.
    pub deadline: Duration,
}

impl Settings {
    /// The defaults, for a panel at `origin`.
    #[must_use]
    pub fn at(origin: &str) -> Self {
        Self {
            origins: vec![origin.to_owned()],
            proxies: Vec::new(),
            network_rates: Rates::default(),
            session_rates: Rates {
                burst: 1_000,
                per_second: 100,
            },
            deadline: Duration::from_secs(30),
        }
    }
}

/// The ground the faces stand on; one per process.
pub struct Web {
    pub(crate) settings: Settings,
    pub(crate) sessions: Arc<dyn Sessions>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) networks: Limiter,
    pub(crate) people: Limiter,
    pub(crate) streams: Streams,
}

impl Web {
    /// Everything at its beginning: full buckets, no streams.
    #[must_use]
    pub fn new(
        settings: Settings,
        sessions: Arc<dyn Sessions>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Arc<Self> {
        Arc::new(Self {
            networks: Limiter::new(settings.network_rates),
            people: Limiter::new(settings.session_rates),
            streams: Streams::default(),
            settings,
            sessions,
            clock,
            rng,
        })
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the operator decided.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// What is known of a request before any handler sees it; in the request's extensions.
#[derive(Clone)]
pub(crate) struct Incoming {
    pub(crate) web: Arc<Web>,
    pub(crate) id: RequestId,
    pub(crate) at: Timestamp,
    pub(crate) client: Client,
    pub(crate) face: &'static Face,
    /// Set once the session cookie was read; routes for tokens never read it.
    pub(crate) visitor: Option<Arc<Visitor>>,
}

impl Incoming {
    pub(crate) fn new(web: Arc<Web>, client: Client) -> Self {
        let at = web.now();
        let id = RequestId::new(at, web.rng.as_ref());
        Self {
            web,
            id,
            at,
            client,
            face: &DOOR,
            visitor: None,
        }
    }
}
