//! Asking a site as a visitor would, after it was configured.

use http::header::{HOST, USER_AGENT};
use http::{Request, StatusCode};
use http_body_util::Empty;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio_rustls::TlsConnector;
use wabe_kernel::DomainName;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::Sites;
use crate::embedded::web::answer::{PROBE, Via};
use crate::embedded::web::certificate::Held;
use crate::embedded::web::index::Shown;
use crate::embedded::web::tls::ClockTime;

/// A local server that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Another server takes up a change in its own time; it is asked again after this long.
const AGAIN: Duration = Duration::from_millis(50);
/// What another server answers itself, whatever the site is made of.
pub(crate) const PROBE_PATH: &str = "/.wabe/probe";

fn failed(why: impl Display) -> StepFailure {
    StepFailure::new("probe-failed", why)
}

/// Ends the task that drives a connection together with the probe.
struct Ended(AbortHandle);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Sites {
    /// Expects site `id` to answer to `name` over TLS, with its own certificate and, while it is
    /// shown, without a server fault. Before the server listens, asks it without a connection.
    pub(super) async fn probe(
        self: &Arc<Self>,
        id: WebspaceId,
        name: &DomainName,
    ) -> Result<(), StepFailure> {
        let site = self.index().by_host(name.as_str()).cloned();
        let site = site
            .filter(|site| site.id == id)
            .ok_or_else(|| failed("no site of this name here"))?;
        let own = self
            .held_certificate(id)
            .ok_or_else(|| failed("no certificate"))?;
        let status = self.status_of(&own, name).await?;
        let fine = status != StatusCode::MISDIRECTED_REQUEST
            && (site.shown != Shown::Files || !status.is_server_error());
        if fine { Ok(()) } else { Err(failed(status)) }
    }

    /// What `name` answers with, over TLS with its `own` certificate; before the server listens,
    /// without a connection.
    pub(super) async fn status_of(
        self: &Arc<Self>,
        own: &Held,
        name: &DomainName,
    ) -> Result<StatusCode, StepFailure> {
        let asked = async {
            match self.listening() {
                Some(address) if self.front().is_some() => loop {
                    match self.ask(own, name, reachable(address)).await {
                        Ok(status) => break Ok(status),
                        Err(fault) => tracing::debug!(detail = fault.detail, "asked again"),
                    }
                    tokio::time::sleep(AGAIN).await;
                },
                Some(address) => self.ask(own, name, reachable(address)).await,
                None => self.ask_inside(name).await,
            }
        };
        tokio::time::timeout(PATIENCE, asked)
            .await
            .map_err(|_late| failed("no answer in time"))?
    }

    async fn ask(
        self: &Arc<Self>,
        own: &Held,
        name: &DomainName,
        address: SocketAddr,
    ) -> Result<StatusCode, StepFailure> {
        let time = Arc::new(ClockTime(Arc::clone(&self.clock)));
        let config = ClientConfig::builder_with_details(Arc::new(self.provider.clone()), time)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_root_certificates(self.ca.roots())
            .with_no_client_auth();
        let server_name = ServerName::try_from(name.as_str().to_owned()).map_err(failed)?;
        let stream = TcpStream::connect(address).await.map_err(failed)?;
        let stream = TlsConnector::from(Arc::new(config))
            .connect(server_name, stream)
            .await
            .map_err(failed)?;
        let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
        if shown.first() != own.key.cert.first() {
            return Err(failed("answers with a certificate of another site"));
        }
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(failed)?;
        let driven = tokio::spawn(connection);
        let _ended = Ended(driven.abort_handle());
        let request = self.question(name, Empty::<bytes::Bytes>::new())?;
        let response = sender.send_request(request).await.map_err(failed)?;
        Ok(response.status())
    }

    async fn ask_inside(self: &Arc<Self>, name: &DomainName) -> Result<StatusCode, StepFailure> {
        let (request, ()) = self.question(name, ())?.into_parts();
        let via = Via {
            peer: Ipv4Addr::LOCALHOST.into(),
            server_name: Some(name.as_str().into()),
        };
        Ok(self.answer(request, &via).await.status())
    }

    fn question<B>(&self, name: &DomainName, body: B) -> Result<Request<B>, StepFailure> {
        // A program of the customer's that fails is no fault of the configuration.
        let path = self.front().map_or("/", |_| PROBE_PATH);
        Request::get(path)
            .header(HOST, name.as_str())
            .header(USER_AGENT, "wabe-probe")
            .header(PROBE, self.probe_mark.expose())
            .body(body)
            .map_err(failed)
    }
}

/// A wildcard address is reached over loopback.
pub(crate) const fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(v4) if v4.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(v6) if v6.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
