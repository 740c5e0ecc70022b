//! Which addresses are of the public internet.
//!
//! Source: the registries of special-purpose addresses that RFC 6890 made, as of 2026, and what embeds
//! an IPv4 address in one of IPv6, which a gateway or tunnel would turn back.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use wabe_package::Host;

/// Where an address lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Realm {
    /// On the public internet.
    Public,
    /// On a private network or this machine: named hosts may be allowed to lie there.
    Internal,
    /// Where nobody has any business: other protocols, other machines' control, nothing at all.
    Never,
}

/// Ranges of IPv4 that are not public: first address, length of the prefix, realm.
const V4: [(Ipv4Addr, u32, Realm); 15] = [
    // This network.
    (Ipv4Addr::UNSPECIFIED, 8, Realm::Never),
    // Private.
    (Ipv4Addr::new(10, 0, 0, 0), 8, Realm::Internal),
    // Shared behind a carrier's translation.
    (Ipv4Addr::new(100, 64, 0, 0), 10, Realm::Internal),
    // Loopback.
    (Ipv4Addr::new(127, 0, 0, 0), 8, Realm::Internal),
    // Link-local, where clouds answer for a machine's secrets.
    (Ipv4Addr::new(169, 254, 0, 0), 16, Realm::Never),
    // Private.
    (Ipv4Addr::new(172, 16, 0, 0), 12, Realm::Internal),
    // Protocols' own.
    (Ipv4Addr::new(192, 0, 0, 0), 24, Realm::Never),
    // Documentation.
    (Ipv4Addr::new(192, 0, 2, 0), 24, Realm::Never),
    // Relays of 6to4, which are no more.
    (Ipv4Addr::new(192, 88, 99, 0), 24, Realm::Never),
    // Private.
    (Ipv4Addr::new(192, 168, 0, 0), 16, Realm::Internal),
    // Benchmarks.
    (Ipv4Addr::new(198, 18, 0, 0), 15, Realm::Never),
    // Documentation.
    (Ipv4Addr::new(198, 51, 100, 0), 24, Realm::Never),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Realm::Never),
    // Multicast.
    (Ipv4Addr::new(224, 0, 0, 0), 4, Realm::Never),
    // Reserved, and broadcast.
    (Ipv4Addr::new(240, 0, 0, 0), 4, Realm::Never),
];

/// The range of IPv6 that is given out for the public internet: all else is something else.
const V6_PUBLIC: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Ranges of IPv6 with a realm of their own; the first that holds an address counts.
const V6: [(Ipv6Addr, u32, Realm); 10] = [
    // Loopback.
    (Ipv6Addr::LOCALHOST, 128, Realm::Internal),
    // Where a cloud answers for a machine's secrets.
    (
        Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0),
        32,
        Realm::Never,
    ),
    // Unique local.
    (
        Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0),
        7,
        Realm::Internal,
    ),
    // IPv4 in IPv6: mapped, compatible (with the unspecified address), translated locally or not.
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, Realm::Never),
    (Ipv6Addr::UNSPECIFIED, 96, Realm::Never),
    (
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0),
        32,
        Realm::Never,
    ),
    // Protocols' own: Teredo, benchmarks, ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Realm::Never),
    // Documentation.
    (
        Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0),
        32,
        Realm::Never,
    ),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Realm::Never),
    // 6to4.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, Realm::Never),
];

/// Whether an address is of the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    realm(address) == Realm::Public
}

/// Where an address lies.
pub(super) fn realm(address: IpAddr) -> Realm {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

fn v4(address: Ipv4Addr) -> Realm {
    let within = |(first, length): (Ipv4Addr, u32)| {
        let shift = 32_u32.saturating_sub(length);
        address.to_bits() >> shift == first.to_bits() >> shift
    };
    let found = V4
        .iter()
        .find(|(first, length, _)| within((*first, *length)));
    found.map_or(Realm::Public, |(_, _, realm)| *realm)
}

fn v6(address: Ipv6Addr) -> Realm {
    let within = |(first, length): (Ipv6Addr, u32)| {
        let shift = 128_u32.saturating_sub(length);
        address.to_bits() >> shift == first.to_bits() >> shift
    };
    let found = V6
        .iter()
        .find(|(first, length, _)| within((*first, *length)));
    match found {
        Some((_, _, realm)) => *realm,
        None if within(V6_PUBLIC) && !is_isatap(address) => Realm::Public,
        None => Realm::Never,
    }
}

/// Whether a tunnel of ISATAP would turn the address back into one of IPv4. Source: RFC 5214 6.1.
fn is_isatap(address: Ipv6Addr) -> bool {
    let [_, _, _, _, flags, mark, _, _] = address.segments();
    flags & !0x0200 == 0 && mark == 0x5efe
}

/// Where the public internet ends for requests.
#[derive(Debug, Clone)]
pub struct Borders {
    /// Hosts that the operator allows although they lie on a private network or on this machine.
    pub internal: BTreeSet<Host>,
    /// Whether an address is this machine's own: what listens there may count on a wall in front.
    pub is_own: fn(IpAddr) -> bool,
}

impl Default for Borders {
    /// No internal host; own addresses as the system knows them.
    fn default() -> Self {
        Self {
            internal: BTreeSet::new(),
            is_own,
        }
    }
}

impl Borders {
    /// Whether a connection to this host may go to this address.
    pub(super) fn admit(&self, host: &Host, address: IpAddr) -> bool {
        let named = self.internal.contains(host);
        match realm(address) {
            Realm::Public => named || !(self.is_own)(address),
            Realm::Internal => named,
            Realm::Never => false,
        }
    }
}

/// Asks the system's routes, without a packet: whoever speaks to itself does so from the same address.
pub(super) fn is_own(address: IpAddr) -> bool {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let from = UdpSocket::bind(SocketAddr::new(any, 0)).and_then(|socket| {
        socket.connect(SocketAddr::new(address, 443))?;
        socket.local_addr()
    });
    from.is_ok_and(|from| from.ip() == address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn realm_of(text: &str) -> Realm {
        realm(text.parse().unwrap())
    }

    /// The first and the last address of each range, and a neighbour outside where it is public.
    #[test]
    fn every_range_of_ipv4_is_known_to_its_ends() {
        for (inside, outside, realm) in [
            (["0.0.0.0", "0.255.255.255"], "1.0.0.0", Realm::Never),
            (["10.0.0.0", "10.255.255.255"], "11.0.0.0", Realm::Internal),
            (
                ["100.64.0.0", "100.127.255.255"],
                "100.128.0.0",
                Realm::Internal,
            ),
            (
                ["127.0.0.0", "127.255.255.255"],
                "128.0.0.0",
                Realm::Internal,
            ),
            (
                ["169.254.0.0", "169.254.169.254"],
                "169.253.255.255",
                Realm::Never,
            ),
            (
                ["172.16.0.0", "172.31.255.255"],
                "172.32.0.0",
                Realm::Internal,
            ),
            (["192.0.0.0", "192.0.0.255"], "192.0.1.0", Realm::Never),
            (["192.0.2.0", "192.0.2.255"], "192.0.3.0", Realm::Never),
            (
                ["192.88.99.0", "192.88.99.255"],
                "192.88.100.0",
                Realm::Never,
            ),
            (
                ["192.168.0.0", "192.168.255.255"],
                "192.169.0.0",
                Realm::Internal,
            ),
            (["198.18.0.0", "198.19.255.255"], "198.20.0.0", Realm::Never),
            (
                ["198.51.100.0", "198.51.100.255"],
                "198.51.101.0",
                Realm::Never,
            ),
            (
                ["203.0.113.0", "203.0.113.255"],
                "203.0.114.0",
                Realm::Never,
            ),
            (
                ["224.0.0.0", "239.255.255.255"],
                "223.255.255.255",
                Realm::Never,
            ),
            (["240.0.0.0", "255.255.255.255"], "8.8.8.8", Realm::Never),
        ] {
            for address in inside {
                assert_eq!(realm_of(address), realm, "{address}");
            }
            assert_eq!(realm_of(outside), Realm::Public, "{outside}");
        }
    }

    #[test]
    fn every_range_of_ipv6_is_known_to_its_ends() {
        for (address, realm) in [
            ("::", Realm::Never),
            ("::1", Realm::Internal),
            // Compatible, mapped, translated: whatever lies inside.
            ("::8.8.8.8", Realm::Never),
            ("::127.0.0.1", Realm::Never),
            ("::ffff:8.8.8.8", Realm::Never),
            ("::ffff:127.0.0.1", Realm::Never),
            ("::ffff:169.254.169.254", Realm::Never),
            ("::ffff:0:127.0.0.1", Realm::Never),
            ("64:ff9b::8.8.8.8", Realm::Never),
            ("64:ff9b::10.0.0.1", Realm::Never),
            ("64:ff9b:1::10.0.0.1", Realm::Never),
            ("64:ff9b:ffff:ffff:ffff:ffff:ffff:ffff", Realm::Never),
            // Discard-only.
            ("100::1", Realm::Never),
            ("100:0:0:1::1", Realm::Never),
            // Teredo, benchmarks, ORCHID, and the rest of the protocols' own.
            ("2001::1", Realm::Never),
            ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Realm::Never),
            ("2001:2::1", Realm::Never),
            ("2001:10::1", Realm::Never),
            ("2001:20::1", Realm::Never),
            ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Realm::Never),
            ("2001:200::1", Realm::Public),
            ("2001:db8::1", Realm::Never),
            ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", Realm::Never),
            ("2001:db9::1", Realm::Public),
            ("2002:7f00:1::1", Realm::Never),
            ("2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Realm::Never),
            ("2003::1", Realm::Public),
            ("3fff::1", Realm::Never),
            ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", Realm::Never),
            ("3fff:1000::1", Realm::Public),
            ("1fff:ffff::1", Realm::Never),
            ("4000::1", Realm::Never),
            ("5f00::1", Realm::Never),
            ("fbff::1", Realm::Never),
            ("fc00::1", Realm::Internal),
            ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Realm::Internal),
            ("fd00:ec2::254", Realm::Never),
            ("fe00::1", Realm::Never),
            ("fe80::1", Realm::Never),
            ("febf::1", Realm::Never),
            ("fec0::1", Realm::Never),
            ("ff02::1", Realm::Never),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Realm::Never),
            // Tunnels by their second half.
            ("2606:4700::5efe:10.0.0.1", Realm::Never),
            ("2606:4700::200:5efe:10.0.0.1", Realm::Never),
            ("2606:4700:4700::1111", Realm::Public),
            ("2a01:4f8::1", Realm::Public),
        ] {
            assert_eq!(realm_of(address), realm, "{address}");
        }
    }

    #[test]
    fn named_hosts_may_lie_inside_and_nobody_may_go_to_what_never_is() {
        let (named, other): (Host, Host) = (
            "intern.example.org".parse().unwrap(),
            "extern.example.org".parse().unwrap(),
        );
        let borders = Borders {
            internal: BTreeSet::from([named.clone()]),
            is_own: |address| address.to_string() == "9.9.9.9",
        };
        for (host, address, admitted) in [
            (&named, "10.0.0.1", true),
            (&named, "127.0.0.1", true),
            (&named, "8.8.8.8", true),
            (&named, "9.9.9.9", true),
            (&named, "169.254.169.254", false),
            (&named, "::ffff:127.0.0.1", false),
            (&other, "10.0.0.1", false),
            (&other, "127.0.0.1", false),
            (&other, "8.8.8.8", true),
            (&other, "9.9.9.9", false),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(borders.admit(host, address), admitted, "{host} {address}");
        }
        let none = Borders::default();
        assert!(!none.admit(&named, "10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn the_system_knows_its_own_addresses() {
        assert!(is_own("127.0.0.1".parse().unwrap()));
        assert!(!is_own("192.0.2.1".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn what_embeds_another_address_is_never_public(embedded: u32) {
            let [a, b, c, d] = embedded.to_be_bytes();
            let v4 = Ipv4Addr::from_bits(embedded);
            for text in [
                format!("::ffff:{v4}"), format!("::{v4}"), format!("64:ff9b::{v4}"),
                format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1"), format!("2600::5efe:{v4}"),
            ] {
                prop_assert_ne!(realm(text.parse().unwrap()), Realm::Public, "{}", text);
            }
        }
    }
}
