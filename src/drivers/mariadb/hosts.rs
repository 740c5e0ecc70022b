//! The hosts that the user of a database logs in from: this machine, and what the customer listed.
//!
//! MariaDB keeps an account for each of them, and lets the most particular one that fits decide. None that is
//! listed fits this machine, which has rules of its own.

use std::collections::BTreeSet;
use std::net::IpAddr;

use sqlx::{Executor as _, MySqlConnection, Row as _};
use wabe_kernel::AddressRange;
use wabe_kernel::desired::DatabaseLogin;

use crate::database_server::rendered::Quoted;
use crate::database_server::server::{Place, Trouble};
use crate::mariadb::account::{HOST, run};
use crate::mariadb::quote::literal;

const SESSIONS: &str = "SELECT DISTINCT CAST(HOST AS CHAR) AS host FROM information_schema.PROCESSLIST \
    WHERE USER = ?";

/// An account that a user should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wished {
    /// The host, as MariaDB writes it.
    pub(super) host: String,
    /// Whether it comes in over TLS alone.
    pub(super) tls: bool,
    /// Connections that it may hold at once.
    pub(super) connections: u32,
}

/// The accounts of a login. Connections count for each account; those from elsewhere share the number once more, and
/// have one at least, so that a long list takes hardly more places than a short one.
pub(super) fn wished(login: &DatabaseLogin, place: &Place) -> Vec<Wished> {
    let admitted = place.admitted(&login.remote);
    let hosts: Vec<String> = admitted.iter().filter_map(host).collect();
    let count = u32::try_from(hosts.len()).unwrap_or(u32::MAX).max(1);
    let share = (login.connections / count).max(1);
    let own = Wished {
        host: HOST.to_owned(),
        tls: false,
        connections: login.connections,
    };
    let elsewhere = hosts.into_iter().map(|host| Wished {
        host,
        tls: true,
        connections: share,
    });
    std::iter::once(own).chain(elsewhere).collect()
}

/// A range as a host; nothing of a network of IPv6, for which MariaDB has no form.
///
/// Source: MariaDB 10.11, "CREATE USER", "Host Name Component".
fn host(range: &AddressRange) -> Option<String> {
    match (range.first(), range.v4_mask()) {
        (first, _) if range.is_single() => Some(first.to_string()),
        (first @ IpAddr::V4(_), Some(mask)) => Some(format!("{first}/{mask}")),
        _ => None,
    }
}

/// Ends the sessions of a user that did not come from this machine. Those of a network have no common name, so the
/// server is asked for each of them.
pub(super) async fn end_elsewhere(
    home: &mut MySqlConnection,
    (name, user): (&str, &Quoted),
) -> Result<(), Trouble> {
    let rows = home.fetch_all(sqlx::query(SESSIONS).bind(name)).await?;
    let mut hosts = BTreeSet::new();
    for row in &rows {
        let host: String = row.try_get("host")?;
        let host = match host.rsplit_once(':') {
            Some((host, _port)) => host.to_owned(),
            None => host,
        };
        hosts.insert(host);
    }
    hosts.remove(HOST);
    for host in &hosts {
        run(home, &["KILL USER ?@?"], &[user, &literal(host)?]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_kernel::{Field as _, RemoteAddresses, RemoteWay, Secret};

    fn login(remote: &str, connections: u32) -> DatabaseLogin {
        DatabaseLogin {
            name: "shop".parse().unwrap(),
            verifier: "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19".parse().unwrap(),
            connections,
            remote: RemoteAddresses::from_text(remote).unwrap(),
        }
    }

    fn place(remote: RemoteWay) -> Place {
        Place {
            host: HOST.to_owned(),
            port: 3_306,
            user: "wabe".to_owned(),
            password: Secret::new(""),
            remote,
        }
    }

    fn on() -> Place {
        place(RemoteWay::On {
            host: "db.example.org".to_owned(),
            authority: None,
        })
    }

    #[test]
    fn each_address_has_an_account_and_they_share_the_connections() {
        let login = login(
            "203.0.113.7\n198.51.100.0/24\n2001:db8::7\n2001:db8::/64",
            20,
        );
        let found = wished(&login, &on());
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.host.as_str(), one.tls, one.connections))
            .collect();
        assert_eq!(
            told,
            [
                ("127.0.0.1", false, 20),
                ("203.0.113.7", true, 6),
                ("198.51.100.0/255.255.255.0", true, 6),
                ("2001:db8::7", true, 6),
            ]
        );
    }

    #[test]
    fn nobody_comes_from_elsewhere_where_that_is_not_wanted() {
        for remote in [RemoteWay::Off, RemoteWay::Foreign] {
            let found = wished(&login("203.0.113.7", 1), &place(remote));
            assert_eq!(found.len(), 1);
            assert!(!found[0].tls && found[0].host == HOST);
        }
        let few = wished(&login("203.0.113.7\n203.0.113.8", 1), &on());
        assert!(few.iter().all(|one| one.connections == 1));
    }

    proptest! {
        #[test]
        fn a_host_has_digits_and_signs_of_addresses_alone(text in "[0-9a-f.:/]{0,24}") {
            if let Ok(range) = text.parse::<AddressRange>() && let Some(host) = host(&range) {
                prop_assert!(host.chars().all(|c| c.is_ascii_hexdigit() || ".:/".contains(c)));
                prop_assert!(host != HOST && literal(&host).is_ok());
            }
        }
    }
}
