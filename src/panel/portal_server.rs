//! The portal's HTTPS server: three faces behind one socket, each with its own routes.

use crate::ground::Ground;
use crate::node::Node;
use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;
use wabe_kernel::Fault;
use wabe_web::{Settings, Web};

/// Days that the portal's own certificate is good for.
const CERTIFICATE_DAYS: u16 = 90;
/// How long open requests may take once the end has come.
const FAREWELL: Duration = Duration::from_secs(5);

/// TLS 1.3 only. Source: bar 3.12 T4.
fn tls(node: &Node, host: &str) -> Result<ServerConfig, Fault> {
    let issued = node.ca.issue(&[host, "127.0.0.1"], CERTIFICATE_DAYS);
    let issued = issued.map_err(|error| Fault::because("issue the portal's certificate", error))?;
    let wrong = |error| Fault::because("read the portal's certificate", error);
    let chain = CertificateDer::pem_slice_iter(issued.cert_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrong)?;
    let key = PrivateKeyDer::from_pem_slice(issued.key_pem.expose().as_bytes()).map_err(wrong)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let refused = |error| Fault::because("set up the portal's TLS", error);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(refused)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(refused)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The faces as one service: `/api/` is REST, `/staff` the staff desk, everything else the portal.
pub fn router(ground: &Ground, node: &Node) -> Router {
    let settings = Settings {
        origins: vec![ground.house.portal_url.clone()],
        proxies: ground.config.proxies.clone(),
        ..Settings::at(&ground.house.portal_url)
    };
    let visitors = crate::bridges::Visitors {
        store: ground.store.clone(),
        identity: ground.identity.clone(),
    };
    let web = Web::new(
        settings,
        Arc::new(visitors),
        ground.clock.clone(),
        ground.rng.clone(),
    );
    let portal = wabe_portal::Portal {
        gate: ground.gate.clone(),
        identity: ground.identity.clone(),
        files: node.files.clone(),
        mail: node.mail.clone(),
        sql: node.databases.clone(),
        streams: ground.streams.clone(),
    };
    let api = wabe_api::Api {
        gate: ground.gate.clone(),
        files: node.files.clone(),
        mail: node.mail.clone(),
        sql: node.databases.clone(),
        streams: ground.streams.clone(),
    };
    let staff = wabe_staff::Staff {
        gate: ground.gate.clone(),
        identity: ground.identity.clone(),
        streams: ground.streams.clone(),
    };
    let portal = wabe_portal::routes().into_router(web.clone(), portal);
    let staff = wabe_staff::routes().into_router(web.clone(), staff);
    let api = wabe_api::routes(ground.gate.commands()).into_router(web, api);
    let faces = [("/api", api), ("/staff", staff)];
    Router::new().fallback_service(tower::service_fn(move |request: axum::extract::Request| {
        let path = request.uri().path();
        let below = |prefix: &str| {
            path.strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let face = faces.iter().find(|(prefix, _)| below(prefix));
        let face = face.map_or_else(|| portal.clone(), |(_, face)| face.clone());
        face.oneshot(request)
    }))
}

/// Serves until `stop`; open requests get a few seconds more.
///
/// # Errors
/// When TLS cannot be set up or the socket fails.
pub async fn serve(
    ground: &Ground,
    node: &Node,
    listener: std::net::TcpListener,
    stop: tokio_util::sync::CancellationToken,
) -> Result<(), Fault> {
    // Compressing the assets once is cheaper than compressing them per visit, but not before the start.
    tokio::task::spawn_blocking(|| wabe_web::assets::Assets::global().compress());
    let config = RustlsConfig::from_config(Arc::new(tls(node, &ground.house.portal_host)?));
    let handle = axum_server::Handle::new();
    let ending = handle.clone();
    tokio::spawn(async move {
        stop.cancelled().await;
        ending.graceful_shutdown(Some(FAREWELL));
    });
    let failed = |error| Fault::because("serve the portal", error);
    let mut server = axum_server::from_tcp_rustls(listener, config)
        .map_err(failed)?
        .handle(handle);
    let builder = server.http_builder();
    builder
        .http1()
        .header_read_timeout(Duration::from_secs(10))
        .timer(hyper_util::rt::TokioTimer::new());
    builder
        .http2()
        .max_concurrent_streams(100)
        .max_header_list_size(16 * 1024);
    let service = router(ground, node).into_make_service_with_connect_info::<SocketAddr>();
    server.serve(service).await.map_err(failed)
}
