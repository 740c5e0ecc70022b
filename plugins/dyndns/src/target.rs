//! Where the visitors of a domain are sent.

use serde::Deserialize;
use std::net::IpAddr;

/// What the customer chose.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// `http` or `https`.
    scheme: String,
    /// 0 for the scheme's own.
    port: u16,
    /// True when IPv6 goes before IPv4.
    prefer_ipv6: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scheme: "http".to_owned(),
            port: 0,
            prefer_ipv6: false,
        }
    }
}

impl Settings {
    /// The address of the router. A redirect has one target, so one address is chosen.
    pub(crate) fn target(&self, addresses: &[IpAddr]) -> String {
        let preferred = addresses
            .iter()
            .find(|address| address.is_ipv6() == self.prefer_ipv6);
        let host = match preferred.or(addresses.first()) {
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => format!("[{address}]"),
            None => return String::new(),
        };
        let scheme = if self.scheme == "https" {
            "https"
        } else {
            "http"
        };
        match self.port {
            0 => format!("{scheme}://{host}/"),
            port => format!("{scheme}://{host}:{port}/"),
        }
    }
}

/// The addresses as routers read them back.
pub(crate) fn joined(addresses: &[IpAddr]) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_target_is_one_address() {
        let both = addresses(&["192.0.2.7", "2001:db8::7"]);
        let mut settings = Settings::default();
        assert_eq!(settings.target(&both), "http://192.0.2.7/");
        settings.port = 8443;
        settings.scheme = "https".to_owned();
        assert_eq!(settings.target(&both), "https://192.0.2.7:8443/");
        settings.prefer_ipv6 = true;
        assert_eq!(settings.target(&both), "https://[2001:db8::7]:8443/");
        assert_eq!(settings.target(&both[..1]), "https://192.0.2.7:8443/");
        assert_eq!(joined(&both), "192.0.2.7,2001:db8::7");
    }
}
