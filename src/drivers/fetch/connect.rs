//! From a name to a connection that is known to lead there.

use rustls::client::Resumption;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore, version};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use wabe_kernel::{Clock, Fault};
use wabe_package::Host;
use wabe_package::wire::Problem;

use crate::embedded::web::tls::ClockTime;
use crate::fetch::{Fetch, saying};

/// Addresses of one name that are tried.
const TRIED: usize = 4;

/// The authorities that this machine trusts. Without any, every request fails and says so; the panel
/// goes on.
#[must_use]
pub fn native_roots() -> Arc<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (usable, unusable) = roots.add_parsable_certificates(found.certs);
    if usable == 0 {
        tracing::warn!(
            unusable,
            "this machine trusts no certificate authority: plugins can ask no other host"
        );
    }
    Arc::new(roots)
}

/// TLS 1.3 or 1.2 with a verified name; nothing is kept from one connection for the next.
pub(super) fn connector(
    roots: Arc<RootCertStore>,
    clock: Arc<dyn Clock>,
) -> Result<TlsConnector, Fault> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(ClockTime(clock)))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .map_err(|error| Fault::because("set up TLS for requests", error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

impl Fetch {
    /// A connection to the host, at an address that was checked.
    pub(super) async fn connect(&self, host: &Host) -> Result<TlsStream<TcpStream>, Problem> {
        let addresses = self.addresses(host).await?;
        let stream = self.reach(host, &addresses).await?;
        let name = ServerName::try_from(host.name.as_str().to_owned())
            .map_err(|_name| saying::invalid("the host of a URL is a name"))?;
        let shaking = self.connector.connect(name, stream);
        match tokio::time::timeout(self.caps.connect, shaking).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(saying::no_trust(host, &error)),
            Err(_late) => Err(saying::too_slow(host, self.caps.connect)),
        }
    }

    /// The name's addresses, asked for once: all of them may be gone to, or none is.
    async fn addresses(&self, host: &Host) -> Result<Vec<IpAddr>, Problem> {
        let asking = self.resolver.addresses(&host.name);
        let mut found = match tokio::time::timeout(self.caps.resolve, asking).await {
            Ok(Ok(found)) if !found.is_empty() => found,
            _ => return Err(saying::no_address(host)),
        };
        if !found
            .iter()
            .all(|address| self.borders.admit(host, *address))
        {
            tracing::debug!(%host, "a name leads out of the public internet");
            return Err(saying::not_public(host));
        }
        // Not every machine has a way to IPv6.
        found.sort_by_key(IpAddr::is_ipv6);
        found.truncate(TRIED);
        Ok(found)
    }

    /// Connects to the first of them that takes the connection, each with its share of the time.
    async fn reach(&self, host: &Host, addresses: &[IpAddr]) -> Result<TcpStream, Problem> {
        let shares = u32::try_from(addresses.len()).unwrap_or(1).max(1);
        for address in addresses {
            let connecting = TcpStream::connect(SocketAddr::new(*address, host.port));
            let share = self.caps.connect / shares;
            if let Ok(Ok(stream)) = tokio::time::timeout(share, connecting).await {
                return Ok(stream);
            }
        }
        Err(saying::no_connection(host))
    }
}
