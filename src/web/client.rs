//! Where a request comes from: the peer, or what a trusted proxy says about it.

use http::HeaderMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The address that limits are counted under. Debug shows its network only.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(pub IpAddr);

impl Client {
    /// The peer's address, unless the peer is one of `proxies`: then the last address of
    /// `X-Forwarded-For` that is not a proxy itself. Headers from anybody else are not looked at.
    #[must_use]
    pub fn of(peer: Option<SocketAddr>, headers: &HeaderMap, proxies: &[IpAddr]) -> Self {
        let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| {
            peer.ip().to_canonical()
        });
        if !proxies.contains(&peer) {
            return Self(peer);
        }
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
        let first = hops.find_map(|hop| match hop.trim().parse::<IpAddr>() {
            Ok(hop) if proxies.contains(&hop.to_canonical()) => None,
            Ok(hop) => Some(Some(hop.to_canonical())),
            Err(_) => Some(None),
        });
        Self(first.flatten().unwrap_or(peer))
    }

    /// The network that one customer of an access provider has: the address for IPv4, /64 for IPv6.
    #[must_use]
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }

    /// The address shortened as records keep it: /24 for IPv4, /48 for IPv6 (bar 3.16 T1).
    #[must_use]
    pub fn shortened(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                IpAddr::from([a, b, c, 0])
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.shortened())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &str) -> IpAddr {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let proxies = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        Client::of(Some(peer.parse().unwrap()), &headers, &proxies).0
    }

    // 3.15 T1
    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(
            client("192.0.2.7:1", "203.0.113.9").to_string(),
            "192.0.2.7"
        );
        assert_eq!(
            client("10.0.0.1:1", "1.1.1.1, 203.0.113.9, 10.0.0.2").to_string(),
            "203.0.113.9"
        );
        assert_eq!(
            client("10.0.0.1:1", "203.0.113.9, nonsense").to_string(),
            "10.0.0.1"
        );
        assert_eq!(client("[::ffff:192.0.2.7]:1", "x").to_string(), "192.0.2.7");
    }

    #[test]
    fn addresses_are_shortened_before_they_are_kept() {
        let client = Client("2001:db8:1:2:3::4".parse().unwrap());
        assert_eq!(client.shortened().to_string(), "2001:db8:1::");
        assert_eq!(client.network().to_string(), "2001:db8:1:2::");
        assert_eq!(
            format!("{:?}", Client("192.0.2.7".parse().unwrap())),
            "Client(192.0.2.0)"
        );
    }
}
