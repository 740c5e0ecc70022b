//! What a router asks for.

use std::net::IpAddr;
use wabe::Request;

/// Hosts that one request may name.
const HOSTS_MAX: usize = 20;

/// A request that makes sense.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// In small letters, without a final dot; each once.
    pub(crate) hosts: Vec<String>,
    /// At most one IPv4 and one IPv6 address, in this order.
    pub(crate) addresses: Vec<IpAddr>,
}

/// Why a request makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No host, or not a whole name.
    NotFqdn,
    /// Too many hosts.
    NumHost,
    /// An address that is none, or that nobody can reach.
    BadAddress,
    /// Neither GET nor POST.
    BadMethod,
}

impl Refusal {
    /// The word for the router.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::NotFqdn => "notfqdn",
            Self::NumHost => "numhost",
            Self::BadAddress => "badip",
            Self::BadMethod => "badagent",
        }
    }

    /// The status. Routers look at the word and take anything but 200 for a fault of the network, so
    /// the dialect's own words come with 200.
    pub(crate) const fn status(self) -> u16 {
        match self {
            Self::NotFqdn | Self::NumHost | Self::BadAddress => 200,
            Self::BadMethod => 405,
        }
    }
}

impl Order {
    /// Reads `hostname`, `myip` (or `ip`, and `myipv6`, `myip6`, `ip6`), each a list with commas.
    /// Without an address it is the caller's own.
    pub(crate) fn read(request: &Request) -> Result<Self, Refusal> {
        if !matches!(request.method.as_str(), "GET" | "POST") {
            return Err(Refusal::BadMethod);
        }
        let hosts = hosts(&listed(request, &["hostname", "host", "domain"]))?;
        let mut given = listed(
            request,
            &["myip", "ip", "myipv4", "myipv6", "myip6", "ip6", "ipv6"],
        );
        if given.is_empty() {
            given.push(request.remote.clone());
        }
        let addresses = addresses(&given)?;
        Ok(Self { hosts, addresses })
    }
}

/// Every value of these parameters, taken apart at commas, without empty ones.
fn listed(request: &Request, names: &[&str]) -> Vec<String> {
    let is_meant = |name: &String| names.contains(&name.to_ascii_lowercase().as_str());
    let mut all = Vec::new();
    for (_, value) in request.params().filter(|(name, _)| is_meant(name)) {
        let parts = value.split([',', ' ']).map(str::trim);
        all.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
    }
    all
}

fn hosts(given: &[String]) -> Result<Vec<String>, Refusal> {
    let mut hosts = Vec::new();
    for host in given {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if !is_whole_name(&host) {
            return Err(Refusal::NotFqdn);
        }
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    match hosts.len() {
        0 => Err(Refusal::NotFqdn),
        1..=HOSTS_MAX => Ok(hosts),
        _ => Err(Refusal::NumHost),
    }
}

/// At least two labels of letters, digits and inner hyphens, and not an address.
fn is_whole_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(label)
        && host.parse::<IpAddr>().is_err()
}

/// The first address of each kind.
fn addresses(given: &[String]) -> Result<Vec<IpAddr>, Refusal> {
    let mut v4 = None;
    let mut v6 = None;
    for text in given {
        let address: IpAddr = text
            .trim_matches(['[', ']'])
            .parse()
            .ok()
            .filter(is_reachable)
            .ok_or(Refusal::BadAddress)?;
        match address.to_canonical() {
            address @ IpAddr::V4(_) => v4.get_or_insert(address),
            address @ IpAddr::V6(_) => v6.get_or_insert(address),
        };
    }
    Ok(v4.into_iter().chain(v6).collect())
}

/// Whether it can be somebody's address: a private one is let through, as some use this at home.
fn is_reachable(address: &IpAddr) -> bool {
    let address = address.to_canonical();
    !address.is_unspecified() && !address.is_multicast() && !address.is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            query: query.to_owned(),
            remote: "198.51.100.9".to_owned(),
            ..Request::default()
        }
    }

    fn check(query: &str, hosts: &[&str], addresses: &[&str]) {
        let order = Order::read(&request(query)).unwrap();
        assert_eq!(order.hosts, hosts, "{query}");
        let given: Vec<String> = order.addresses.iter().map(ToString::to_string).collect();
        assert_eq!(given, addresses, "{query}");
    }

    #[test]
    fn routers_ask_in_many_ways() {
        check(
            "hostname=home.example.de&myip=192.0.2.7",
            &["home.example.de"],
            &["192.0.2.7"],
        );
        check(
            "hostname=a.example.de,b.example.de&ip=192.0.2.7",
            &["a.example.de", "b.example.de"],
            &["192.0.2.7"],
        );
        check(
            "system=dyndns&hostname=A.Example.DE.&myip=192.0.2.7&wildcard=NOCHG",
            &["a.example.de"],
            &["192.0.2.7"],
        );
        check(
            "hostname=a.example.de",
            &["a.example.de"],
            &["198.51.100.9"],
        );
        check(
            "hostname=a.example.de&myip=",
            &["a.example.de"],
            &["198.51.100.9"],
        );
    }

    #[test]
    fn a_fritz_box_sends_both_addresses_or_leaves_one_empty() {
        check(
            "hostname=home.example.de&myip=192.0.2.7&myip6=2001:db8::7",
            &["home.example.de"],
            &["192.0.2.7", "2001:db8::7"],
        );
        check(
            "hostname=home.example.de&myip=192.0.2.7,2001%3Adb8%3A%3A7",
            &["home.example.de"],
            &["192.0.2.7", "2001:db8::7"],
        );
        check(
            "hostname=home.example.de&myip=2001:db8::7,192.0.2.7",
            &["home.example.de"],
            &["192.0.2.7", "2001:db8::7"],
        );
        check(
            "hostname=home.example.de&myip=192.0.2.7&myip6=",
            &["home.example.de"],
            &["192.0.2.7"],
        );
        check(
            "hostname=home.example.de&myip=&myip6=2001:db8::7",
            &["home.example.de"],
            &["2001:db8::7"],
        );
        check(
            "hostname=home.example.de&myip=::ffff:192.0.2.7",
            &["home.example.de"],
            &["192.0.2.7"],
        );
    }

    #[test]
    fn nonsense_is_named_in_the_dialects_words() {
        let refusal = |query: &str| Order::read(&request(query)).unwrap_err();
        for query in [
            "",
            "hostname=",
            "hostname=home",
            "hostname=192.0.2.7",
            "hostname=a..example.de",
            "hostname=-a.example.de",
            "hostname=a_b.example.de",
            "hostname=a.example.de/x",
        ] {
            assert_eq!(refusal(query), Refusal::NotFqdn, "{query}");
        }
        let many: Vec<String> = (0..21).map(|n| format!("h{n}.example.de")).collect();
        assert_eq!(
            refusal(&format!("hostname={}", many.join(","))),
            Refusal::NumHost
        );
        for address in [
            "x",
            "192.0.2",
            "0.0.0.0",
            "127.0.0.1",
            "::1",
            "224.0.0.1",
            "192.0.2.7:80",
        ] {
            assert_eq!(
                refusal(&format!("hostname=a.example.de&myip={address}")),
                Refusal::BadAddress
            );
        }
        let post = Request {
            method: "DELETE".to_owned(),
            ..request("hostname=a.example.de")
        };
        assert_eq!(Order::read(&post), Err(Refusal::BadMethod));
    }
}
