//! The sections of the configuration.

use crate::config::Databases;
use crate::config::node::Node;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use wabe_kernel::{CallingCode, DomainName, MailAddress};
use wabe_package::Host;

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// A `postgres://` URL; the SQLite file in the data folder when absent.
    pub database: Option<String>,
    /// The file that holds the database URL, instead of `database`.
    pub database_file: Option<PathBuf>,
    /// The portal's address as browsers name it, without a slash at its end.
    pub portal_url: Option<String>,
    /// Where webhooks of plugins arrive, another origin than the portal's, without a slash at its end.
    pub webhooks_url: Option<String>,
    /// Webspaces are reachable below this name at once.
    pub preview_suffix: String,
    /// Name servers that prove a domain lie below this name.
    pub name_server_suffix: String,
    /// The hoster's name in letters.
    pub hoster: String,
    /// Where customers call, as it is printed on their emergency sheets; empty for nowhere.
    pub hoster_phone: String,
    /// The country, as its number behind the `+`, in which telephone numbers are meant that name none.
    pub calling_code: CallingCode,
    /// The policy profile: `STANDARD-2026`, `DE-LEGACY`, `BSI-NIST` or `HIGH`.
    pub profile: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// Memory for hashing passwords, in MiB; 64 are needed at least.
    pub hashing_memory_mib: u32,
    /// Where the servers listen.
    pub listen: Listeners,
    /// Who works on this machine as root.
    pub node: Node,
    /// How sites are shown.
    pub web: Web,
    /// Who issues certificates for public names.
    pub acme: Acme,
    /// Database servers of this machine that take customers' databases.
    pub databases: Databases,
    /// How letters leave.
    pub mail: Mail,
    /// How plugins run.
    pub plugins: Plugins,
}

/// Who issues certificates for public names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Acme {
    /// The address of an authority's ACME directory; whoever names it agrees to the terms of that authority.
    /// Nothing is ordered when absent.
    pub directory: Option<String>,
    /// Whom the authority writes to.
    pub contact: Option<String>,
    /// A file with the authority, in PEM, that signs the directory's own certificate, where the public ones
    /// do not; such a directory may lie on a private network.
    pub root: Option<PathBuf>,
    /// The names by which CAA records permit the authority, where its directory does not say.
    pub caa: Vec<String>,
}

impl Acme {
    /// What is wrong with it, one line each.
    fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        let Some(directory) = &self.directory else {
            return found;
        };
        if wabe_drivers::acme::host_of(directory).is_none() {
            found.push(format!(
                "acme.directory: {directory:?} is not an https:// address with a host name in it"
            ));
        }
        match &self.contact {
            None => found.push("acme.contact: the authority wants an e-mail address".to_owned()),
            Some(contact) if contact.parse::<MailAddress>().is_err() => {
                found.push(format!(
                    "acme.contact: {contact:?} is not an e-mail address"
                ));
            }
            Some(_) => {}
        }
        found
    }
}

/// How plugins run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plugins {
    /// Take packages that no trusted key signed; for trying, not for customers.
    pub unsigned: bool,
    /// Runs at once.
    pub slots: u32,
    /// Hosts that plugins may be granted although they lie on a private network or on this machine:
    /// exact names, with the port where it is not 443.
    pub internal_hosts: Vec<String>,
}

impl Plugins {
    /// The internal hosts; what is none is among [`Config::problems`].
    #[must_use]
    pub fn internal(&self) -> BTreeSet<Host> {
        let hosts = self.internal_hosts.iter();
        hosts.filter_map(|host| host.parse().ok()).collect()
    }

    /// What is wrong with an internal host.
    fn misfit(text: &str) -> Option<String> {
        let defect = text.parse::<Host>().err()?;
        let key = format!("plugins.internal_hosts: {text:?}");
        Some(if text.contains("://") {
            format!(
                "{key} is an address; name the host alone, as erp.example.org or erp.example.org:8443"
            )
        } else if text.contains('*') {
            format!("{key} names many hosts; name each one")
        } else if text.parse::<IpAddr>().is_ok() || text.starts_with('[') {
            format!(
                "{key} is a number; plugins ask hosts by name, with a certificate for that name"
            )
        } else {
            format!("{key}: {}", defect.cause())
        })
    }
}

/// How sites are shown.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// By which server.
    pub server: WebServer,
    /// Run the PHP of all customers as the panel's own user, while webspaces have none of their own.
    pub php_without_users: bool,
    /// What the PHP of one webspace may take.
    pub php: wabe_drivers::php::Limits,
}

/// A server of sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebServer {
    /// The one that is built in; without PHP.
    #[default]
    Embedded,
    /// A private nginx, with PHP-FPM where that is installed.
    Nginx,
}

/// Where the servers listen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listeners {
    /// The portal, over HTTPS.
    pub portal: SocketAddr,
    /// Hosted sites, over HTTP.
    pub sites_http: SocketAddr,
    /// Hosted sites, over HTTPS.
    pub sites_https: SocketAddr,
    /// Uploads over SFTP.
    pub sftp: SocketAddr,
    /// The mail intake; loopback only.
    pub smtp: SocketAddr,
    /// Webhooks of plugins, over HTTPS.
    pub webhooks: SocketAddr,
    /// The private MariaDB of `wabe demo --services`; loopback only.
    pub mariadb: SocketAddr,
    /// The private PostgreSQL of `wabe demo --services`; loopback only.
    pub postgresql: SocketAddr,
}

/// How letters leave.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The mail server; letters are kept as files in the data folder when absent.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// How the way to it is protected.
    pub tls: MailTls,
    /// The login name.
    pub user: Option<String>,
    /// The file that holds the login's password.
    pub password_file: Option<PathBuf>,
    /// Whom letters come from.
    pub from: String,
    /// Where mail to support goes; tickets do not come by mail when absent.
    pub support: Option<String>,
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTls {
    /// TLS from the first byte.
    Implicit,
    /// STARTTLS, refused when not offered.
    StartTls,
    /// None; for a server on this machine only.
    Loopback,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("var"),
            database: None,
            database_file: None,
            portal_url: None,
            webhooks_url: None,
            preview_suffix: "preview.localhost".to_owned(),
            name_server_suffix: "ns.wabe.localhost".to_owned(),
            hoster: "Wabe".to_owned(),
            hoster_phone: String::new(),
            calling_code: CallingCode::default(),
            profile: "STANDARD-2026".to_owned(),
            proxies: Vec::new(),
            hashing_memory_mib: 256,
            listen: Listeners::default(),
            node: Node::default(),
            web: Web::default(),
            acme: Acme::default(),
            databases: Databases::default(),
            mail: Mail::default(),
            plugins: Plugins::default(),
        }
    }
}

impl Listeners {
    /// What listens beyond this machine and must not.
    fn exposed(&self) -> impl Iterator<Item = String> {
        let kept = [
            ("smtp", "the built-in mail intake listens", self.smtp),
            ("mariadb", "private services listen", self.mariadb),
            ("postgresql", "private services listen", self.postgresql),
        ];
        let out = kept.into_iter().filter(|(_, _, at)| !at.ip().is_loopback());
        out.map(|(key, what, _)| format!("listen.{key}: {what} on loopback only"))
    }
}

impl Default for Listeners {
    fn default() -> Self {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            portal: at(8443),
            sites_http: at(8080),
            sites_https: at(8444),
            sftp: at(2222),
            smtp: at(2525),
            webhooks: at(8445),
            mariadb: at(13306),
            postgresql: at(15432),
        }
    }
}

impl Default for Plugins {
    fn default() -> Self {
        Self {
            unsigned: false,
            slots: 8,
            internal_hosts: Vec::new(),
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            tls: MailTls::StartTls,
            user: None,
            password_file: None,
            from: "panel@wabe.localhost".to_owned(),
            support: None,
        }
    }
}

/// What is said about a profile that NIST and BSI advise against. Source: bar 1.4.
const DISCOURAGED: &str = "takes passwords of 8 characters, and demands classes of characters and a new \
    password every 90 days, which NIST SP 800-63B-4 (3.1.1.2) forbids and BSI ORP.4.A23 advises against, \
    because people then choose what is easily guessed; keep it only where a contract demands it, and say so \
    in the annex of the contract";

/// What is said about applications that share a user with the panel.
const SHARED: &str = "runs what customers write as the panel's own user; PHP's own walls (open_basedir, no programs) \
    are all that keeps it from other customers' files and from the panel's keys, and they have been climbed \
    before; keep it only where everybody who may upload is trusted with all of it";

impl Config {
    /// What is allowed and yet worth a second thought, one line each, naming the key.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let chosen = wabe_identity::Profile::by_name(&self.profile);
        let discouraged = chosen.filter(|profile| profile.is_discouraged());
        let warning = discouraged.map(|profile| format!("profile: {} {DISCOURAGED}", profile.name));
        let shared = self.web.php_without_users;
        let shared = shared.then(|| format!("web.php_without_users: {SHARED}"));
        warning.into_iter().chain(shared).collect()
    }

    /// Everything that is wrong beyond the types, one line each, naming the key.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, text) in [
            ("preview_suffix", &self.preview_suffix),
            ("name_server_suffix", &self.name_server_suffix),
        ] {
            if text.parse::<DomainName>().is_err() {
                found.push(format!(
                    "{key}: {text:?} is not a host name of two or more labels"
                ));
            }
        }
        if wabe_identity::Profile::by_name(&self.profile).is_none() {
            found.push(format!("profile: there is no profile {:?}", self.profile));
        }
        let limits = self.web.php.problems().into_iter();
        found.extend(limits.map(|problem| format!("web.php.{problem}")));
        if self.mail.from.parse::<MailAddress>().is_err() {
            found.push(format!(
                "mail.from: {:?} is not an e-mail address",
                self.mail.from
            ));
        }
        if let Some(support) = &self.mail.support {
            // A token of 26 letters stands behind its local part.
            let fits = |address: MailAddress| address.local().as_str().len() <= 36;
            if !support.parse().is_ok_and(fits) {
                found.push(format!(
                    "mail.support: {support:?} is not an e-mail address of at most 36 characters before the @"
                ));
            }
        }
        if self.database.is_some() && self.database_file.is_some() {
            found.push("database, database_file: give one of them".to_owned());
        }
        if let Some(url) = &self.database
            && !url.starts_with("postgres://")
            && !url.starts_with("postgresql://")
        {
            found.push("database: expected a postgres:// URL".to_owned());
        }
        for (key, url) in [
            ("portal_url", &self.portal_url),
            ("webhooks_url", &self.webhooks_url),
        ] {
            if let Some(url) = url
                && (!url.starts_with("https://") || url.ends_with('/'))
            {
                found.push(format!(
                    "{key}: expected https://… without a slash at its end"
                ));
            }
        }
        if self.webhooks_url.is_some() && self.webhooks_url == self.portal_url {
            found.push("webhooks_url: expected another origin than the portal's".to_owned());
        }
        if !(1..=64).contains(&self.plugins.slots) {
            found.push("plugins.slots: expected 1 to 64".to_owned());
        }
        let internal = self.plugins.internal_hosts.iter();
        found.extend(internal.filter_map(|host| Plugins::misfit(host)));
        found.extend(self.listen.exposed());
        found.extend(self.acme.problems());
        found.extend(self.databases.problems());
        found.extend(self.node.problems(&self.web));
        if self.hashing_memory_mib < 64 {
            found.push("hashing_memory_mib: 64 are needed at least".to_owned());
        }
        found
    }
}
