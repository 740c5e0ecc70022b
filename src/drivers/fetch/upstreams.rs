//! Where visitors' requests may be passed on to: the same line around the public internet as for requests of plugins.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use wabe_kernel::{Reached, Upstream};

use crate::fetch::address::{Realm, is_own, realm};

/// The most addresses of one name that are kept: what stands behind them is told apart by its own balance.
const KEPT: usize = 4;

/// A network, as an operator names it: `10.20.0.0/16`, `fd00:1::/64`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether an address is in it. One of IPv4 in an address of IPv6 is not.
    #[must_use]
    pub fn covers(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                v4(first, self.bits) == v4(address, self.bits)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                v6(first, self.bits) == v6(address, self.bits)
            }
            _ => false,
        }
    }
}

/// What is fixed of an address. All bits of it may be free.
fn v4(address: Ipv4Addr, bits: u32) -> u32 {
    let free = 32_u32.saturating_sub(bits);
    address.to_bits().checked_shr(free).unwrap_or_default()
}

fn v6(address: Ipv6Addr, bits: u32) -> u128 {
    let free = 128_u32.saturating_sub(bits);
    address.to_bits().checked_shr(free).unwrap_or_default()
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (first, bits) = text
            .split_once('/')
            .map_or((text, None), |(first, bits)| (first, Some(bits)));
        let first: IpAddr = first.parse().map_err(|_wrong| "no address")?;
        let width: u32 = if first.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => width,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse::<u32>().map_err(|_wrong| "no number of bits")?
            }
            Some(_) => return Err("no number of bits"),
        };
        if bits > width {
            return Err("more bits than an address has");
        }
        Ok(Self { first, bits })
    }
}

/// Which addresses applications may have that answer for sites.
#[derive(Debug, Clone)]
pub struct Upstreams {
    /// Networks of the operator's that are open to them although they are private, or this machine's own.
    pub networks: Vec<Network>,
    /// The ports at which sites themselves are shown: whatever is open, a site is never passed on to its own front.
    pub fronts: Vec<u16>,
    /// Whether an address is this machine's own.
    pub is_own: fn(IpAddr) -> bool,
}

impl Upstreams {
    /// The public internet but for this machine, and these networks; sites are shown at these ports.
    #[must_use]
    pub fn new(networks: Vec<Network>, fronts: Vec<u16>) -> Self {
        Self {
            networks,
            fronts,
            is_own,
        }
    }

    /// Whether requests may be passed on to this address and port.
    #[must_use]
    pub fn admit(&self, address: IpAddr, port: u16) -> bool {
        let open = || self.networks.iter().any(|network| network.covers(address));
        let own = || address.is_loopback() || (self.is_own)(address);
        let may = match realm(address) {
            Realm::Public => !own() || open(),
            Realm::Internal => open(),
            // Where clouds answer for a machine's secrets, and what stands for an address of IPv4, no network opens.
            Realm::Never => false,
        };
        may && !(self.fronts.contains(&port) && own())
    }

    /// What a look for the addresses of a name found; absent where nobody answered. The same addresses in another
    /// order are the same.
    #[must_use]
    pub fn judge(&self, upstream: &Upstream, found: Option<Vec<IpAddr>>) -> Reached {
        let Some(mut found) = found else {
            return Reached::Silent;
        };
        if found.is_empty() {
            return Reached::Nowhere;
        }
        // One bad address is enough to refuse: names that mix them are up to something.
        let port = upstream.port();
        if !found.iter().all(|address| self.admit(*address, port)) {
            return Reached::Refused;
        }
        // Those of IPv4 come first: not every machine has a way to IPv6.
        found.sort_unstable();
        found.dedup();
        found.truncate(KEPT);
        Reached::At(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn upstreams(networks: &[&str]) -> Upstreams {
        Upstreams {
            networks: networks.iter().map(|text| text.parse().unwrap()).collect(),
            fronts: vec![80, 443],
            is_own: |address| address.to_string() == "9.9.9.9",
        }
    }

    fn judged(upstreams: &Upstreams, addresses: &[&str]) -> Reached {
        let upstream = "https://app.example.org:8443".parse().unwrap();
        let found = addresses.iter().map(|text| text.parse().unwrap()).collect();
        upstreams.judge(&upstream, Some(found))
    }

    #[test]
    fn one_address_that_is_not_of_the_public_internet_refuses_the_name() {
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "fd00:ec2::254",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::10.0.0.1",
            "2002:7f00:1::1",
            // This machine's own, whatever is in front of it.
            "9.9.9.9",
        ] {
            for addresses in [&[inside][..], &["8.8.8.8", inside], &[inside, "8.8.8.8"]] {
                let found = judged(&upstreams(&[]), addresses);
                assert_eq!(found, Reached::Refused, "{addresses:?}");
            }
        }
    }

    #[test]
    fn addresses_have_one_order_and_are_few() {
        let found = judged(
            &upstreams(&[]),
            &["2606:4700::1", "8.8.8.8", "8.8.4.4", "8.8.8.8"],
        );
        let wanted = ["8.8.4.4", "8.8.8.8", "2606:4700::1"].map(|text| text.parse().unwrap());
        assert_eq!(found, Reached::At(wanted.to_vec()));
        let many = ["1.0.0.1", "1.0.0.2", "1.0.0.3", "1.0.0.4", "1.0.0.5"];
        assert!(matches!(judged(&upstreams(&[]), &many), Reached::At(kept) if kept.len() == 4));
        assert_eq!(judged(&upstreams(&[]), &[]), Reached::Nowhere);
        let upstream = "https://app.example.org".parse().unwrap();
        assert_eq!(upstreams(&[]).judge(&upstream, None), Reached::Silent);
    }

    #[test]
    fn an_operator_opens_private_networks_and_never_what_is_nobodys() {
        let open = upstreams(&["10.20.0.0/16", "127.0.0.0/8", "0.0.0.0/0", "::/0"]);
        let of_one = upstreams(&["10.20.0.0/16"]);
        let at = |upstreams: &Upstreams, address: &str, port| {
            upstreams.admit(address.parse().unwrap(), port)
        };
        assert!(at(&of_one, "10.20.3.4", 8_080) && !at(&of_one, "10.21.3.4", 8_080));
        assert!(at(&open, "127.0.0.1", 8_080) && at(&open, "9.9.9.9", 8_080));
        // Sites would be asked for themselves.
        assert!(!at(&open, "127.0.0.5", 443) && !at(&open, "9.9.9.9", 80));
        assert!(at(&open, "10.20.3.4", 443));
        for never in [
            "169.254.169.254",
            "::ffff:10.20.0.1",
            "64:ff9b::a14:1",
            "0.0.0.0",
        ] {
            assert!(!at(&open, never, 8_080), "{never}");
        }
    }

    #[test]
    fn a_network_is_an_address_and_how_many_bits_are_fixed() {
        for (network, inside, outside) in [
            ("10.20.30.40/16", "10.20.255.1", "10.21.0.0"),
            ("10.20.30.40", "10.20.30.40", "10.20.30.41"),
            ("fd00:1::/64", "fd00:1::5", "fd00:1:0:1::5"),
            ("0.0.0.0/0", "8.8.8.8", "::1"),
            ("::/0", "fd00::1", "10.0.0.1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.covers(inside.parse().unwrap()), "{inside}");
            assert!(!network.covers(outside.parse().unwrap()), "{outside}");
        }
        for wrong in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0/8",
            "a/8",
        ] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn without_networks_nothing_but_the_public_internet_is_admitted(bits: u128, v4: u32, port: u16) {
            let none = upstreams(&[]);
            for address in [IpAddr::from(Ipv6Addr::from_bits(bits)), Ipv4Addr::from_bits(v4).into()] {
                let admitted = none.admit(address, port);
                prop_assert!(!admitted || crate::fetch::is_public(address), "{}", address);
            }
        }
    }
}
