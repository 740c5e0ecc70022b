//! The portal's HTTPS server: three faces behind one socket, each with its own routes.

use crate::ground::Ground;
use crate::https::{self, Served};
use crate::node::Node;
use crate::plugins::Plugins;
use axum::Router;
use std::sync::Arc;
use tower::ServiceExt as _;
use wabe_kernel::Fault;
use wabe_web::{Settings, Web};

/// The faces as one service: `/api/` is REST, `/staff` the staff desk, everything else the portal.
pub fn router(ground: &Ground, node: &Node, plugins: &Plugins) -> Router {
    let settings = Settings {
        origins: vec![ground.house.portal_url.clone()],
        proxies: ground.config.proxies.clone(),
        ..Settings::at(&ground.house.portal_url)
    };
    let visitors = crate::bridges::Visitors {
        store: ground.store.clone(),
        identity: ground.identity.clone(),
        streams: ground.streams.clone(),
        uses: wabe_identity::staff::used::Uses::default(),
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
        sql: node.sql.clone(),
        streams: ground.streams.clone(),
        automation: plugins.engine.clone(),
    };
    let api = wabe_api::Api {
        gate: ground.gate.clone(),
        files: node.files.clone(),
        mail: node.mail.clone(),
        sql: node.sql.clone(),
        streams: ground.streams.clone(),
        automation: plugins.engine.clone(),
    };
    let staff = wabe_staff::Staff {
        gate: ground.gate.clone(),
        identity: ground.identity.clone(),
        streams: ground.streams.clone(),
        files: node.files.clone(),
        automation: plugins.engine.clone(),
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
    (node, plugins): (&Node, &Plugins),
    listener: std::net::TcpListener,
    stop: tokio_util::sync::CancellationToken,
) -> Result<(), Fault> {
    // Compressing the assets once is cheaper than compressing them per visit, but not before the start.
    tokio::task::spawn_blocking(|| wabe_web::assets::Assets::global().compress());
    let served = Served {
        router: router(ground, node, plugins),
        host: &ground.house.portal_host,
        // Source: bar 3.12 T4.
        versions: &[&rustls::version::TLS13],
    };
    https::serve(node, served, listener, stop).await
}
