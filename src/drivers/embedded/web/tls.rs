//! TLS of the sites: the certificate by server name, parsed once, swapped at once.
//!
//! TLS 1.3, and 1.2 with ECDHE and AEAD only (rustls has nothing weaker); no early data, no
//! compression, no renegotiation (bar 3.12 T4). Without a known server name there is no handshake.

use rustls::pki_types::UnixTime;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;
use rustls::{ServerConfig, version};
use std::fmt;
use std::sync::{Arc, Weak};
use wabe_kernel::Clock;
use wabe_kernel::desired::StepFailure;

use crate::embedded::ca::unix_time;
use crate::embedded::web::Sites;

/// Answers with the certificate of the site or redirect that has the asked name.
struct ByName(Weak<Sites>);

impl fmt::Debug for ByName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByName")
    }
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name()?.to_ascii_lowercase();
        let sites = self.0.upgrade()?;
        let index = sites.index();
        let site = index.by_host(&name);
        let site = site.map(|site| (site.id, site.is_public(&name)));
        drop(index);
        let held = match site {
            Some((id, true)) => sites.held_public(id),
            Some((id, false)) => sites.held_certificate(id),
            None => sites.redirect_certificate(&name),
        };
        Some(Arc::clone(&held?.key))
    }
}

/// The injected clock as the TLS library asks for it.
pub(crate) struct ClockTime(pub(crate) Arc<dyn Clock>);

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClockTime")
    }
}

impl TimeProvider for ClockTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(unix_time(self.0.now()))
    }
}

impl Sites {
    /// How the server speaks TLS.
    pub(super) fn tls_config(self: &Arc<Self>) -> Result<Arc<ServerConfig>, StepFailure> {
        let failed = |fault: rustls::Error| StepFailure::new("certificate-failed", fault);
        let time = Arc::new(ClockTime(Arc::clone(&self.clock)));
        let mut config = ServerConfig::builder_with_details(Arc::new(self.provider.clone()), time)
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(failed)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(ByName(Arc::downgrade(self))));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config.ticketer = rustls::crypto::aws_lc_rs::Ticketer::new().map_err(failed)?;
        Ok(Arc::new(config))
    }
}
