//! The sockets, bound before anything else, so that everything can know the ports.

use crate::config::{Config, WebServer};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use wabe_access::command::House;
use wabe_kernel::{DomainName, Fault};

/// All listening sockets.
pub struct Listeners {
    /// The portal.
    pub portal: std::net::TcpListener,
    /// Hosted sites over HTTP.
    pub sites_http: TcpListener,
    /// Hosted sites over HTTPS.
    pub sites_https: TcpListener,
    /// Uploads.
    pub sftp: TcpListener,
    /// The mail intake.
    pub smtp: TcpListener,
    /// Webhooks of plugins.
    pub webhooks: std::net::TcpListener,
}

async fn bind(name: &'static str, at: SocketAddr, ephemeral: bool) -> Result<TcpListener, Fault> {
    let at = if ephemeral {
        SocketAddr::new(at.ip(), 0)
    } else {
        at
    };
    TcpListener::bind(at).await.map_err(|error| {
        Fault::because(
            name,
            std::io::Error::new(error.kind(), format!("{at}: {error}")),
        )
    })
}

impl Listeners {
    /// Binds all of them; to free ports chosen by the system when `ephemeral`. Where an agent shows the sites,
    /// its web server has their ports.
    ///
    /// # Errors
    /// Which one could not be bound, and where.
    pub async fn bind(config: &Config, ephemeral: bool) -> Result<Self, Fault> {
        let listen = &config.listen;
        let agent = config.node.agent.is_some();
        let at = |configured: SocketAddr| {
            let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
            if agent { loopback } else { configured }
        };
        let (http, https) = (at(listen.sites_http), at(listen.sites_https));
        let portal = bind("bind the portal's port", listen.portal, ephemeral).await?;
        let portal = portal
            .into_std()
            .map_err(|error| Fault::because("bind the portal's port", error))?;
        let webhooks = bind("bind the webhooks' port", listen.webhooks, ephemeral).await?;
        let webhooks = webhooks
            .into_std()
            .map_err(|error| Fault::because("bind the webhooks' port", error))?;
        Ok(Self {
            portal,
            webhooks,
            sites_http: bind("bind the sites' HTTP port", http, ephemeral).await?,
            sites_https: bind("bind the sites' HTTPS port", https, ephemeral).await?,
            sftp: bind("bind the SFTP port", listen.sftp, ephemeral).await?,
            smtp: bind("bind the SMTP port", listen.smtp, ephemeral).await?,
        })
    }

    /// The ports in the order portal, sites over HTTP, sites over HTTPS, SFTP, SMTP, webhooks; those of sites as
    /// the configuration names them where an agent shows them.
    ///
    /// # Errors
    /// When a socket does not know its address.
    pub fn ports(&self, config: &Config) -> Result<[u16; 6], Fault> {
        let wrong = |error| Fault::because("ask a socket for its port", error);
        let (mut http, mut https) = (
            self.sites_http.local_addr().map_err(wrong)?.port(),
            self.sites_https.local_addr().map_err(wrong)?.port(),
        );
        if config.node.agent.is_some() {
            http = config.listen.sites_http.port();
            https = config.listen.sites_https.port();
        }
        Ok([
            self.portal.local_addr().map_err(wrong)?.port(),
            http,
            https,
            self.sftp.local_addr().map_err(wrong)?.port(),
            self.smtp.local_addr().map_err(wrong)?.port(),
            self.webhooks.local_addr().map_err(wrong)?.port(),
        ])
    }
}

/// The ports that the configuration names, for ways of running without servers.
#[must_use]
pub const fn configured_ports(config: &Config) -> [u16; 6] {
    let listen = &config.listen;
    [
        listen.portal.port(),
        listen.sites_http.port(),
        listen.sites_https.port(),
        listen.sftp.port(),
        listen.smtp.port(),
        listen.webhooks.port(),
    ]
}

/// What is reachable where.
///
/// # Errors
/// When a configured name is wrong.
pub fn house(config: &Config, ports: [u16; 6], demo: bool) -> Result<House, Fault> {
    let name = |text: &str| -> Result<DomainName, Fault> {
        text.parse()
            .map_err(|_problem| Fault::new("read a configured name"))
    };
    let [portal, _, sites_https, upload, intake, webhooks] = ports;
    let portal_url = config.portal_url.clone();
    let portal_url = portal_url.unwrap_or_else(|| format!("https://localhost:{portal}"));
    let webhooks_url = config.webhooks_url.clone();
    let webhooks_url = webhooks_url.unwrap_or_else(|| format!("https://127.0.0.1:{webhooks}"));
    let host = portal_url.trim_start_matches("https://");
    let host = host
        .split([':', '/'])
        .next()
        .unwrap_or("localhost")
        .to_owned();
    Ok(House {
        preview_suffix: name(&config.preview_suffix)?,
        name_server_suffix: name(&config.name_server_suffix)?,
        demo,
        sites_https_port: sites_https,
        sftp: format!("{host}:{upload}"),
        smtp: format!("{host}:{intake}"),
        portal_host: host,
        portal_url,
        webhooks_url,
        hoster: config.hoster.clone(),
        hoster_phone: config.hoster_phone.clone(),
        calling_code: config.calling_code.clone(),
        php: crate::web_server::php_versions(config, demo),
        nginx: config.web.server == WebServer::Nginx,
        // Only an agent has users whom it could run as.
        apache: false,
        cron: crate::web_server::cron_runs(config, demo),
    })
}
