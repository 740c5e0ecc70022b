//! The hosts that the user of a database logs in from: this machine, and what the customer listed.
//!
//! MariaDB keeps an account for each of them, and lets the most particular one that fits decide. None that is
//! listed fits this machine, which has rules of its own.
//!
//! Views, triggers and routines run as the account that made them, and not at all once that is gone. So an account
//! whose host was taken off the list is kept while something in its database names it: locked, without a password,
//! with the rights of the others.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use sqlx::{Executor as _, MySqlConnection, Row as _};
use wabe_kernel::AddressRange;
use wabe_kernel::desired::DatabaseLogin;

use crate::database_server::rendered::Quoted;
use crate::database_server::server::{Place, Trouble};
use crate::mariadb::account::{ACCOUNTS, HOST, run};
use crate::mariadb::quote::literal;

const SESSIONS: &str = "SELECT DISTINCT CAST(HOST AS CHAR) AS host FROM information_schema.PROCESSLIST \
    WHERE USER = ?";

/// Whom the objects in a database run as. A trigger is in the database of its table, by which it is looked for: the
/// server would open every table of all databases otherwise.
const DEFINERS: &str = "SELECT CAST(DEFINER AS CHAR) AS definer FROM information_schema.VIEWS \
    WHERE TABLE_SCHEMA = ? UNION SELECT CAST(DEFINER AS CHAR) FROM information_schema.TRIGGERS \
    WHERE EVENT_OBJECT_SCHEMA = ? UNION SELECT CAST(DEFINER AS CHAR) FROM information_schema.ROUTINES \
    WHERE ROUTINE_SCHEMA = ? UNION SELECT CAST(DEFINER AS CHAR) FROM information_schema.EVENTS \
    WHERE EVENT_SCHEMA = ?";

/// As many accounts of one user are kept for what they made.
const KEPT_MAX: usize = 100;

/// An account that a user should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wished {
    /// The host, as MariaDB writes it.
    pub(super) host: String,
    /// Whether it comes in over TLS alone.
    pub(super) tls: bool,
    /// Connections that it may hold at once.
    pub(super) connections: u32,
    /// Whether nobody logs in with it: it is there for what it made.
    pub(super) kept: bool,
}

/// The accounts that a login should have on this server as it is now.
pub(super) async fn wished_now(
    home: &mut MySqlConnection,
    login: &DatabaseLogin,
    place: &Place,
) -> Result<Vec<Wished>, Trouble> {
    let name = login.name.as_str();
    let listed = wished(login, place, &[]);
    let rows = home.fetch_all(sqlx::query(ACCOUNTS).bind(name)).await?;
    let mut beside = BTreeSet::new();
    for row in &rows {
        let host: String = row.try_get("host")?;
        if listed.iter().all(|one| one.host != host) {
            beside.insert(host);
        }
    }
    if beside.is_empty() {
        return Ok(listed);
    }
    let named = definers(home, name).await?;
    let kept: Vec<AddressRange> = beside
        .intersection(&named)
        .filter_map(|host| range(host))
        .take(KEPT_MAX)
        .collect();
    Ok(wished(login, place, &kept))
}

/// The hosts of a user whom something in the database of the name runs as.
async fn definers(home: &mut MySqlConnection, name: &str) -> Result<BTreeSet<String>, Trouble> {
    let query = sqlx::query(DEFINERS);
    let query = query.bind(name).bind(name).bind(name).bind(name);
    let mut hosts = BTreeSet::new();
    for row in &home.fetch_all(query).await? {
        let definer: Option<String> = row.try_get("definer")?;
        let parts = definer.as_deref().and_then(|one| one.rsplit_once('@'));
        if let Some((user, host)) = parts
            && user == name
        {
            hosts.insert(host.to_owned());
        }
    }
    Ok(hosts)
}

/// The accounts of a login. Connections count for each account; those from elsewhere share the number once more, and
/// have one at least, so that a long list takes hardly more places than a short one.
///
/// `made`: where objects were made from that is not listed. What lies in a listed network is let in like that: its
/// account decides for it, being the more particular one.
fn wished(login: &DatabaseLogin, place: &Place, made: &[AddressRange]) -> Vec<Wished> {
    let admitted = place.admitted(&login.remote);
    let (inside, outside): (Vec<&AddressRange>, Vec<&AddressRange>) =
        made.iter().partition(|range| {
            let mut known = admitted.iter().filter(|known| host(known).is_some());
            known.any(|known| known.includes(range))
        });
    let hosts: Vec<String> = admitted.iter().chain(inside).filter_map(host).collect();
    let count = u32::try_from(hosts.len()).unwrap_or(u32::MAX).max(1);
    let share = (login.connections / count).max(1);
    let own = Wished {
        host: HOST.to_owned(),
        tls: false,
        connections: login.connections,
        kept: false,
    };
    let elsewhere = hosts.into_iter().map(|host| Wished {
        host,
        tls: true,
        connections: share,
        kept: false,
    });
    let kept = outside.into_iter().filter_map(host).map(|host| Wished {
        host,
        tls: true,
        connections: 1,
        kept: true,
    });
    std::iter::once(own).chain(elsewhere).chain(kept).collect()
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

/// The range that a host stands for; nothing of one that is not written as ours are.
fn range(text: &str) -> Option<AddressRange> {
    let range: AddressRange = match text.split_once('/') {
        None => text.parse().ok()?,
        Some((first, mask)) => {
            let mask: Ipv4Addr = mask.parse().ok()?;
            let bits = mask.to_bits().leading_ones();
            format!("{first}/{bits}").parse().ok()?
        }
    };
    (host(&range).as_deref() == Some(text)).then_some(range)
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
        let found = wished(&login, &on(), &[]);
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
            let found = wished(&login("203.0.113.7", 1), &place(remote), &[]);
            assert_eq!(found.len(), 1);
            assert!(!found[0].tls && found[0].host == HOST);
        }
        let few = wished(&login("203.0.113.7\n203.0.113.8", 1), &on(), &[]);
        assert!(few.iter().all(|one| one.connections == 1));
    }

    #[test]
    fn what_made_something_stays_and_is_open_where_its_network_is() {
        let made = [
            "203.0.113.7",
            "198.51.100.0/255.255.255.0",
            "198.51.101.9",
            "2001:db8::7",
        ];
        let made = made.map(|host| range(host).unwrap());
        let told = |found: Vec<Wished>| -> Vec<(String, bool, u32)> {
            let parts = found.into_iter();
            parts
                .map(|one| (one.host, one.kept, one.connections))
                .collect()
        };
        let one = |host: &str, kept, connections| (host.to_owned(), kept, connections);
        // Networks of IPv6 let nobody in on MariaDB, so that nothing lies in one.
        let login = login("203.0.0.0/16\n2001:db8::/64", 20);
        assert_eq!(
            told(wished(&login, &on(), &made)),
            [
                one(HOST, false, 20),
                one("203.0.0.0/255.255.0.0", false, 10),
                one("203.0.113.7", false, 10),
                one("198.51.100.0/255.255.255.0", true, 1),
                one("198.51.101.9", true, 1),
                one("2001:db8::7", true, 1),
            ]
        );
        // Where the servers are shut, all that is kept is shut.
        let shut = told(wished(&login, &place(RemoteWay::Off), &made));
        assert!(shut.len() == 5 && shut[1..].iter().all(|(_, kept, _)| *kept));
    }

    #[test]
    fn only_hosts_as_ours_are_kept() {
        for ours in ["203.0.113.7", "10.1.0.0/255.255.240.0", "2001:db8::7"] {
            assert_eq!(host(&range(ours).unwrap()).as_deref(), Some(ours));
        }
        for other in [
            "%",
            "localhost",
            "127.0.0.1",
            "::1",
            "203.0.113.%",
            "10.1.0.0/20",
            "10.1.0.0/255.0.0.0",
            "10.1.2.3/255.255.240.0",
            "10.1.0.0/255.255.15.0",
            "2001:DB8::7",
        ] {
            assert_eq!(range(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_host_has_digits_and_signs_of_addresses_alone(text in "[0-9a-f.:/]{0,24}") {
            if let Ok(range) = text.parse::<AddressRange>() && let Some(host) = host(&range) {
                prop_assert!(host.chars().all(|c| c.is_ascii_hexdigit() || ".:/".contains(c)));
                prop_assert!(host != HOST && literal(&host).is_ok());
                prop_assert_eq!(super::range(&host), Some(range));
            }
        }
    }
}
