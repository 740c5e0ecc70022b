//! Addresses and networks that programs elsewhere may come from.
//!
//! They end up in the rules of servers, so a value has one form, holds no more than a network of moderate size, and
//! never this machine itself, which has rules of its own.

use crate::field::{Problem, text_form};
use crate::lines::lines;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The widest networks, in bits that are fixed.
const V4_BITS_MIN: u8 = 16;
const V6_BITS_MIN: u8 = 32;
/// The most entries of a list.
const ENTRIES_MAX: usize = 20;

/// An address, or a network of addresses.
///
/// Shape: an IPv4 or IPv6 address, or one with `/` and the number of bits that are fixed; of IPv4 16 at least, of
/// IPv6 32. What lies beyond those bits is dropped. Text form: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressRange {
    /// Its first address.
    first: IpAddr,
    /// How many bits are fixed.
    bits: u8,
}

impl AddressRange {
    /// Its first address.
    #[must_use]
    pub const fn first(&self) -> IpAddr {
        self.first
    }

    /// Whether it is one address.
    #[must_use]
    pub const fn is_single(&self) -> bool {
        self.bits == width(self.first)
    }

    /// The netmask of a network of IPv4, as `255.255.255.0`; nothing of IPv6.
    #[must_use]
    pub const fn v4_mask(&self) -> Option<Ipv4Addr> {
        match self.first {
            IpAddr::V4(_) => Some(Ipv4Addr::from_bits(v4_mask(self.bits))),
            IpAddr::V6(_) => None,
        }
    }

    /// Whether everything in the other one is in this one.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.bits <= other.bits && self.covers(other.first)
    }

    /// Whether an address is in it.
    fn covers(&self, address: IpAddr) -> bool {
        width(address) == width(self.first) && masked(address, self.bits) == self.first
    }

    /// With the number of bits, of a single address too: `203.0.113.7/32`.
    #[must_use]
    pub fn with_bits(&self) -> String {
        format!("{}/{}", self.first, self.bits)
    }
}

const fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

const fn v4_mask(bits: u8) -> u32 {
    match 32_u8.checked_sub(bits) {
        None | Some(0) => u32::MAX,
        Some(32) => 0,
        Some(free) => u32::MAX << free,
    }
}

const fn v6_mask(bits: u8) -> u128 {
    match 128_u8.checked_sub(bits) {
        None | Some(0) => u128::MAX,
        Some(128) => 0,
        Some(free) => u128::MAX << free,
    }
}

fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & v4_mask(bits)).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & v6_mask(bits)).into(),
    }
}

/// Whether nobody comes from there over a network: no address, many at once, or one that stands for another kind.
fn is_odd(address: IpAddr) -> bool {
    let mapped = matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some());
    address.is_unspecified() || address.is_multicast() || mapped
}

impl FromStr for AddressRange {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = || Problem::new("not-an-address-range");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_text| wrong())?;
        let most = width(address);
        let bits = match bits {
            None => most,
            // Numbers may not begin with a plus or a zero.
            Some(digits) => {
                let bits: u8 = digits.parse().map_err(|_text| wrong())?;
                if bits > most || bits.to_string() != digits {
                    return Err(wrong());
                }
                bits
            }
        };
        let least = if most == 32 { V4_BITS_MIN } else { V6_BITS_MIN };
        if bits < least {
            let problem = Problem::new("address-range-too-wide").with("v4", V4_BITS_MIN);
            return Err(problem.with("v6", V6_BITS_MIN));
        }
        let range = Self {
            first: masked(address, bits),
            bits,
        };
        if is_odd(address) || is_odd(range.first) {
            return Err(wrong());
        }
        let own = [
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ];
        if own.into_iter().any(|own| range.covers(own)) {
            return Err(Problem::new("address-of-the-server-itself"));
        }
        Ok(range)
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_single() {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}/{}", self.first, self.bits)
        }
    }
}

text_form!(AddressRange, "address-range");

lines! {
    /// Where programs elsewhere may come from, each once, twenty at most.
    RemoteAddresses of AddressRange by ToString::to_string, at most ENTRIES_MAX
}

impl RemoteAddresses {
    /// Whether something of the other list is not in this one.
    #[must_use]
    pub fn lacks_any_of(&self, other: &Self) -> bool {
        other.iter().any(|range| !self.0.contains(range))
    }
}

impl FromIterator<AddressRange> for RemoteAddresses {
    fn from_iter<I: IntoIterator<Item = AddressRange>>(ranges: I) -> Self {
        Self(ranges.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field as _;
    use proptest::prelude::*;

    fn refused(text: &str) -> String {
        text.parse::<AddressRange>().unwrap_err().code.to_owned()
    }

    #[test]
    fn an_address_is_one_and_a_network_begins_with_its_first() {
        for (typed, form, with_bits) in [
            ("203.0.113.7", "203.0.113.7", "203.0.113.7/32"),
            ("203.0.113.7/32", "203.0.113.7", "203.0.113.7/32"),
            ("203.0.113.7/24", "203.0.113.0/24", "203.0.113.0/24"),
            ("10.1.2.3/16", "10.1.0.0/16", "10.1.0.0/16"),
            ("2001:DB8:0::7", "2001:db8::7", "2001:db8::7/128"),
            (
                "2001:db8:1:2:3::/64",
                "2001:db8:1:2::/64",
                "2001:db8:1:2::/64",
            ),
            ("2001:db8::/32", "2001:db8::/32", "2001:db8::/32"),
        ] {
            let range: AddressRange = typed.parse().unwrap();
            assert_eq!(range.to_string(), form);
            assert_eq!(range.with_bits(), with_bits);
        }
        let range: AddressRange = "10.1.0.0/20".parse().unwrap();
        assert_eq!(range.v4_mask().unwrap().to_string(), "255.255.240.0");
        assert!(range.covers([10, 1, 15, 255].into()) && !range.covers([10, 1, 16, 0].into()));
    }

    #[test]
    fn a_network_includes_what_lies_in_it_and_itself() {
        let range = |text: &str| text.parse::<AddressRange>().unwrap();
        let network = range("203.0.112.0/20");
        for inside in ["203.0.112.0/20", "203.0.113.0/24", "203.0.113.7"] {
            assert!(network.includes(&range(inside)), "{inside}");
        }
        for outside in ["203.0.0.0/16", "203.0.128.7", "2001:db8::7"] {
            assert!(!network.includes(&range(outside)), "{outside}");
        }
    }

    #[test]
    fn everybody_and_what_is_as_good_as_everybody_is_refused() {
        for wide in [
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/15",
            "2001:db8::/31",
            "0.0.0.0/8",
        ] {
            assert_eq!(refused(wide), "address-range-too-wide", "{wide}");
        }
    }

    #[test]
    fn what_is_no_address_of_somebody_elsewhere_is_refused() {
        for odd in [
            "",
            "shop.example",
            "203.0.113",
            "203.0.113.7/",
            "203.0.113.7/33",
            "203.0.113.7/+24",
            "203.0.113.7/024",
            "203.0.113.7 /24",
            "203.0.113.7/24/8",
            "203.0.113.07",
            "0.0.0.0",
            "0.0.0.7/16",
            "::",
            "224.0.0.1",
            "ff02::1",
            "::ffff:203.0.113.7",
            "fe80::1%eth0",
            "::1/96",
            "2001:db8::/129",
            "%",
            "203.0.113.%",
        ] {
            assert_eq!(refused(odd), "not-an-address-range", "{odd}");
        }
        for own in ["127.0.0.1", "127.0.0.1/24", "127.0.0.0/16", "::1"] {
            assert_eq!(refused(own), "address-of-the-server-itself", "{own}");
        }
        assert!("127.0.0.2".parse::<AddressRange>().is_ok());
    }

    #[test]
    fn a_list_says_which_line_is_wrong_and_has_each_once() {
        let list = RemoteAddresses::from_text("203.0.113.7\n\n 2001:db8::/64 \n").unwrap();
        assert_eq!(list.to_string(), "203.0.113.7\n2001:db8::/64");
        let same = RemoteAddresses::from_json(&serde_json::json!(["203.0.113.7", "2001:db8::/64"]));
        assert_eq!(same.unwrap(), list);
        let twice = RemoteAddresses::from_text("203.0.113.7\n203.0.113.7/32").unwrap_err();
        assert_eq!(twice.code, "rule-there-already");
        let many: Vec<String> = (1..=21).map(|last| format!("203.0.113.{last}")).collect();
        let many = RemoteAddresses::from_text(&many.join("\n")).unwrap_err();
        assert_eq!(many.code, "too-many");
        assert!(RemoteAddresses::from_text("").unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn a_range_reads_as_it_is_written(text in "[0-9a-f.:/ ]{0,24}|.{0,12}") {
            if let Ok(range) = text.parse::<AddressRange>() {
                prop_assert_eq!(range.to_string().parse::<AddressRange>().unwrap(), range);
                prop_assert_eq!(range.with_bits().parse::<AddressRange>().unwrap(), range);
                prop_assert!(range.covers(range.first()));
                let fits = |c: char| c.is_ascii_hexdigit() || ".:/".contains(c);
                prop_assert!(range.with_bits().chars().all(fits));
            }
        }

        #[test]
        fn any_text_as_a_list_of_addresses_reads_back_or_is_refused(
            text in "([0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}(/[0-9]{1,2})?\n){0,4}|.{0,20}",
        ) {
            if let Ok(list) = RemoteAddresses::from_text(&text) {
                let again = RemoteAddresses::from_text(&list.to_string()).unwrap();
                prop_assert_eq!(&again, &list);
                let json = serde_json::to_value(&list).unwrap();
                prop_assert_eq!(RemoteAddresses::from_json(&json).unwrap(), list);
            }
        }
    }
}
