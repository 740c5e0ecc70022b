//! HTTPS servers of the panel: certificates of the local authority, limits on connections, an orderly end.

use crate::node::Node;
use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use wabe_kernel::Fault;

/// Days that a certificate is good for.
const CERTIFICATE_DAYS: u16 = 90;
/// How long open requests may take once the end has come.
const FAREWELL: Duration = Duration::from_secs(5);

/// What a server is to its visitors.
pub struct Served<'a> {
    /// What answers.
    pub router: Router,
    /// The name that its certificate is for, beside 127.0.0.1.
    pub host: &'a str,
    /// The versions of TLS that it speaks.
    pub versions: &'a [&'static SupportedProtocolVersion],
}

fn tls(node: &Node, served: &Served<'_>) -> Result<ServerConfig, Fault> {
    // A certificate of addresses alone would have one for its common name, which OpenSSL takes for a
    // name of a host and finds outside of the authority's limits.
    let host = if served.host.parse::<IpAddr>().is_ok() {
        "localhost"
    } else {
        served.host
    };
    let names = [host, "127.0.0.1"];
    let issued = node
        .ca
        .issue(&names, CERTIFICATE_DAYS)
        .map_err(|error| Fault::because("issue a certificate of the panel", error))?;
    let wrong = |error| Fault::because("read a certificate of the panel", error);
    let chain = CertificateDer::pem_slice_iter(issued.cert_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrong)?;
    let key = PrivateKeyDer::from_pem_slice(issued.key_pem.expose().as_bytes()).map_err(wrong)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let refused = |error| Fault::because("set up TLS", error);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(served.versions)
        .map_err(refused)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(refused)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Serves until `stop`; open requests get a few seconds more.
///
/// # Errors
/// When TLS cannot be set up or the socket fails.
pub async fn serve(
    node: &Node,
    served: Served<'_>,
    listener: std::net::TcpListener,
    stop: tokio_util::sync::CancellationToken,
) -> Result<(), Fault> {
    let config = RustlsConfig::from_config(Arc::new(tls(node, &served)?));
    let handle = axum_server::Handle::new();
    let ending = handle.clone();
    tokio::spawn(async move {
        stop.cancelled().await;
        ending.graceful_shutdown(Some(FAREWELL));
    });
    let failed = |error| Fault::because("serve over HTTPS", error);
    let mut https = axum_server::from_tcp_rustls(listener, config)
        .map_err(failed)?
        .handle(handle);
    let builder = https.http_builder();
    builder
        .http1()
        .header_read_timeout(Duration::from_secs(10))
        .timer(hyper_util::rt::TokioTimer::new());
    builder
        .http2()
        .max_concurrent_streams(100)
        .max_header_list_size(16 * 1024);
    let make = served
        .router
        .into_make_service_with_connect_info::<SocketAddr>();
    https.serve(make).await.map_err(failed)
}
