//! The header lines that tell how a message came here.

use std::net::IpAddr;

use mail_parser::DateTime;
use wabe_kernel::{DomainName, Timestamp};

/// What the greeting said about the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Greeting {
    /// The name the client gave itself.
    pub(super) name: String,
    /// Whether it greeted with EHLO.
    pub(super) extended: bool,
}

impl Greeting {
    /// A greeting whose name can stand in a header line; `None` for any other.
    pub(super) fn new(name: &str, extended: bool) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b".-_[]:".contains(&b);
        ((1..=255).contains(&name.len()) && name.bytes().all(plain)).then(|| Self {
            name: name.to_owned(),
            extended,
        })
    }
}

/// One hop, as the `Received` line tells it.
pub(super) struct Hop<'a> {
    /// How the client greeted.
    pub(super) greeting: &'a Greeting,
    /// Where it came from.
    pub(super) peer: IpAddr,
    /// Whether the connection was encrypted.
    pub(super) tls: bool,
    /// This server.
    pub(super) host_name: &'a DomainName,
    /// Now.
    pub(super) at: Timestamp,
    /// Names the message in the log of this server.
    pub(super) id: &'a str,
}

impl Hop<'_> {
    /// The `Received` line, with its line ends. Source: RFC 5321 4.4, RFC 3848.
    pub(super) fn received(&self) -> String {
        let address = match self.peer {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("IPv6:{address}"),
        };
        let protocol = match (self.tls, self.greeting.extended) {
            (true, _) => "ESMTPS",
            (false, true) => "ESMTP",
            (false, false) => "SMTP",
        };
        let date = DateTime::from_timestamp(self.at.0.div_euclid(1_000_000)).to_rfc822();
        format!(
            "Received: from {} ([{address}])\n\tby {} with {protocol} id {};\n\t{date}\n",
            self.greeting.name,
            self.host_name.as_str(),
            self.id,
        )
    }
}
