//! The one HTTP client for addresses that strangers name: plugins' requests to other hosts.
//!
//! ```text
//! let fetch = Fetch::open(clock, internal)?;           // this machine's name servers and authorities
//! let fetch = Fetch::new(FetchParts { resolver, roots, clock, borders, caps })?;          // or others
//! let response: Result<FetchResponse, Problem> = fetch.fetch(outgoing).await;
//! ```
//!
//! Invariants (bar 3.14 T5): HTTPS alone, to exactly the hosts that the request may go to; a name is
//! resolved once, one address that is not of the public internet refuses the whole name, and the
//! connection goes to an address that was checked, with the name in the handshake and in the request; no
//! redirect is followed, no proxy asked, nothing of the environment heard; time, bytes and headers are
//! bounded both ways; one customer's requests wait for each other and never for another's. Nothing of a
//! request is logged: it carries secrets. Start reading at [`Fetch::fetch`], then `address` (the ranges).

mod address;
mod allowance;
mod body;
mod caps;
mod connect;
mod head;
mod resolver;
mod saying;
mod target;
#[cfg(test)]
mod tests;
mod upstreams;

pub use address::{Borders, is_public};
pub use caps::Caps;
pub use connect::native_roots;
pub use resolver::{Dns, KnownHosts, Resolver};
pub use upstreams::{Network, Upstreams};

use http::Response;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsConnector;
use tokio_util::task::AbortOnDropHandle;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Clock, Fault};
use wabe_package::wire::{FetchRequest, FetchResponse, Problem};
use wabe_package::{Blob, Host};

use crate::fetch::allowance::Allowances;
use crate::fetch::target::Target;

/// A request to another host, with its secrets filled in: it is not for logs.
pub struct Outgoing {
    /// On whose behalf: requests of one customer share its allowance.
    pub customer: CustomerId,
    /// The request.
    pub request: FetchRequest,
    /// The only hosts that it may go to.
    pub hosts: Vec<Host>,
    /// Milliseconds that are left of the run.
    pub within_ms: u32,
}

/// What the client is made of.
pub struct FetchParts {
    /// Resolves names.
    pub resolver: Arc<dyn Resolver>,
    /// Whose certificates count.
    pub roots: Arc<RootCertStore>,
    /// Time, for certificates and allowances.
    pub clock: Arc<dyn Clock>,
    /// Where the public internet ends.
    pub borders: Borders,
    /// The bounds.
    pub caps: Caps,
}

/// The client.
pub struct Fetch {
    resolver: Arc<dyn Resolver>,
    connector: TlsConnector,
    borders: Borders,
    caps: Caps,
    allowances: Allowances,
}

impl Fetch {
    /// A client with this machine's name servers and authorities, these internal hosts, and the bounds
    /// of the bar. Blocks on file work.
    ///
    /// # Errors
    /// A fault when the resolver's configuration cannot be read, or TLS cannot be set up.
    pub fn open(clock: Arc<dyn Clock>, internal: BTreeSet<Host>) -> Result<Self, Fault> {
        Self::new(FetchParts {
            resolver: Arc::new(Dns::system()?),
            roots: native_roots(),
            clock,
            borders: Borders {
                internal,
                ..Borders::default()
            },
            caps: Caps::default(),
        })
    }

    /// A client of these parts.
    ///
    /// # Errors
    /// A fault when TLS cannot be set up.
    pub fn new(parts: FetchParts) -> Result<Self, Fault> {
        let connector = connect::connector(parts.roots, Arc::clone(&parts.clock))?;
        Ok(Self {
            resolver: parts.resolver,
            connector,
            borders: parts.borders,
            allowances: Allowances::new(parts.caps, parts.clock),
            caps: parts.caps,
        })
    }

    /// Sends a request and reads the whole answer. Dropping the future closes the connection.
    ///
    /// # Errors
    /// A problem in words for whoever wrote the plugin: `invalid` for a request that is none, `denied`
    /// for a host that may not be asked, `limit` for what is too much, `unavailable` for the rest.
    pub async fn fetch(&self, outgoing: Outgoing) -> Result<FetchResponse, Problem> {
        let Outgoing {
            customer,
            request,
            hosts,
            within_ms,
        } = outgoing;
        let target = Target::parse(&request.url)?;
        if !hosts.contains(&target.host) {
            return Err(saying::not_granted(&target.host));
        }
        let within = self.within(request.timeout_ms, within_ms)?;
        let request = head::request(&target, request, &self.caps)?;
        let asking = Box::pin(async {
            let place = self.allowances.enter(customer).await?;
            let response = self.exchange(&target, request).await;
            drop(place);
            response
        });
        match tokio::time::timeout(within, asking).await {
            Ok(answered) => answered,
            Err(_late) => Err(saying::too_slow(&target.host, within)),
        }
    }

    /// How long the request may take, all in all.
    fn within(&self, asked_ms: Option<u32>, left_ms: u32) -> Result<Duration, Problem> {
        if asked_ms == Some(0) {
            return Err(saying::invalid("a timeout is at least one millisecond"));
        }
        if left_ms == 0 {
            return Err(saying::no_time_left());
        }
        let millis = |ms: u32| Duration::from_millis(u64::from(ms));
        let asked = asked_ms.map_or(self.caps.total, millis);
        Ok(asked.min(self.caps.total).min(millis(left_ms)))
    }

    async fn exchange(
        &self,
        target: &Target,
        request: http::Request<Full<Bytes>>,
    ) -> Result<FetchResponse, Problem> {
        let host = &target.host;
        let stream = self.connect(host).await?;
        let (mut sender, connection) = http1::Builder::new()
            .max_headers(self.caps.response_headers)
            .max_buf_size(self.caps.response_head_bytes.max(Caps::HEAD_MIN))
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| saying::broken(host, &error))?;
        // How the connection ends is told by the answer, too.
        let driving = AbortOnDropHandle::new(tokio::spawn(async move { drop(connection.await) }));
        let waiting = tokio::time::timeout(self.caps.first_byte, sender.send_request(request));
        let response = waiting
            .await
            .map_err(|_late| saying::too_slow(host, self.caps.first_byte))?
            .map_err(|error| saying::no_answer(host, &error))?;
        let answered = self.answered(host, response).await;
        drop(driving);
        answered
    }

    async fn answered(
        &self,
        host: &Host,
        response: Response<Incoming>,
    ) -> Result<FetchResponse, Problem> {
        let (parts, body) = response.into_parts();
        if parts.status.is_informational() {
            return Err(saying::unasked(host, "switched protocols"));
        }
        let encoding = body::encoding(&parts.headers)
            .ok_or_else(|| saying::unasked(host, "used an encoding that was not asked for"))?;
        let wire = body::read(host, body, &self.caps).await?;
        let body = body::plain(host, wire, encoding, &self.caps).await?;
        Ok(FetchResponse {
            status: parts.status.as_u16(),
            headers: head::answered(&parts.headers, encoding),
            body: Blob(body),
        })
    }
}
