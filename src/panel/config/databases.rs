//! Database servers that the operator runs.

use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use wabe_kernel::{DomainName, ServerName};

/// The servers that take customers' databases.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Databases {
    /// MariaDB.
    pub mariadb: Option<SystemServer>,
    /// PostgreSQL.
    pub postgresql: Option<SystemServer>,
    /// Lets programs elsewhere in, by addresses that customers list; nobody comes in from elsewhere without it.
    pub remote: Option<RemoteAccess>,
}

/// How programs elsewhere come to the servers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoteAccess {
    /// The name that they use, which the certificates of the servers are good for: a host name or an address.
    pub name: String,
    /// Addresses of this machine that private instances listen on, beside loopback; servers that the operator runs
    /// listen where they are told to.
    #[serde(default)]
    pub listen: Vec<IpAddr>,
}

impl RemoteAccess {
    /// What is wrong with it, one line each.
    fn problems(&self) -> impl Iterator<Item = String> {
        let named = self.name == "localhost"
            || self.name.parse::<DomainName>().is_ok()
            || self.name.parse::<IpAddr>().is_ok();
        let name = (!named).then(|| {
            format!(
                "databases.remote.name: {:?} is neither a host name nor an address",
                self.name
            )
        });
        let odd = |at: &&IpAddr| at.is_unspecified() || at.is_multicast();
        let listen = self.listen.iter().filter(odd).map(|at| {
            format!(
                "databases.remote.listen: {at} is no address of this machine; name each of them"
            )
        });
        name.into_iter().chain(listen)
    }
}

/// A server, and who administers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemServer {
    /// Where it listens; 127.0.0.1 only, because the way to it is not encrypted.
    pub address: SocketAddr,
    /// Who administers it: a name that no customer's database can have.
    pub user: String,
    /// The file that holds the administrator's password.
    pub password_file: PathBuf,
}

impl Databases {
    /// What is wrong with it, one line each.
    pub(super) fn problems(&self) -> Vec<String> {
        let named = [("mariadb", &self.mariadb), ("postgresql", &self.postgresql)];
        let mut found = Vec::new();
        for (name, server) in named {
            let Some(server) = server else { continue };
            if server.address.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
                found.push(format!(
                    "databases.{name}.address: expected 127.0.0.1 and a port; the way to it is not encrypted"
                ));
            }
            // A customer who took it would get the administrator.
            if server.user.is_empty() || server.user.parse::<ServerName>().is_ok() {
                found.push(format!(
                    "databases.{name}.user: a customer's database could be called {:?}; take a name that begins \
                     with wabe",
                    server.user
                ));
            }
        }
        found.extend(self.remote.iter().flat_map(RemoteAccess::problems));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_of_this_machine_and_its_administrators_name_is_nobodys() {
        let server = |address: &str, user: &str| {
            let server = SystemServer {
                address: address.parse().unwrap(),
                user: user.to_owned(),
                password_file: PathBuf::from("/etc/wabe/password"),
            };
            let databases = Databases {
                mariadb: Some(server),
                ..Databases::default()
            };
            databases.problems().len()
        };
        assert_eq!(server("127.0.0.1:3306", "wabe"), 0);
        assert_eq!(server("127.0.0.1:5432", "postgres"), 0);
        assert_eq!(server("192.0.2.1:3306", "wabe"), 1);
        assert_eq!(server("127.0.0.1:3306", "shop"), 1);
        assert_eq!(server("[::1]:3306", ""), 2);
    }

    #[test]
    fn a_way_in_from_elsewhere_has_a_name_and_addresses_of_this_machine() {
        let found = |name: &str, listen: &[&str]| {
            let remote = RemoteAccess {
                name: name.to_owned(),
                listen: listen.iter().map(|at| at.parse().unwrap()).collect(),
            };
            let databases = Databases {
                remote: Some(remote),
                ..Databases::default()
            };
            databases.problems().len()
        };
        assert_eq!(found("db.example.org", &["192.0.2.1", "2001:db8::1"]), 0);
        assert_eq!(found("127.0.0.2", &["127.0.0.2"]), 0);
        assert_eq!(found("localhost", &[]), 0);
        assert_eq!(found("", &["0.0.0.0"]), 2);
        assert_eq!(found("https://db.example.org", &["::", "224.0.0.1"]), 3);
    }
}
