//! Questions to DNS and to foreign websites that prove a right to a domain.
//!
//! Source: bar 3.14 T5. A name is resolved once; every address that is not global is refused; the
//! connection goes to exactly that address; no redirect is followed; time and size are bounded. Who does
//! not answer in time has not said no: every answer tells the two apart.

use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::{RData, RecordType};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use wabe_drivers::fetch::{Upstreams, is_public};
use wabe_kernel::desired::Working;
use wabe_kernel::outside::{Caa, Fetched, Lookup};
use wabe_kernel::{DomainName, Fault, Reached, Upstream};

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most bytes of a file that is read.
const FILE_BYTES_MAX: usize = 4 * 1024;

/// The real outside.
pub struct Outside {
    resolver: TokioResolver,
    upstreams: Upstreams,
}

impl Outside {
    /// Asks the name servers that this machine is configured with. Applications that answer for sites may be there.
    ///
    /// # Errors
    /// When that configuration cannot be read.
    pub fn new(upstreams: Upstreams) -> Result<Self, Fault> {
        let failed = |error| Fault::because("read the resolver's configuration", error);
        let resolver = TokioResolver::builder_tokio()
            .map_err(failed)?
            .build()
            .map_err(failed)?;
        Ok(Self {
            resolver,
            upstreams,
        })
    }

    async fn fetch(&self, name: &DomainName, file: &str) -> Fetched {
        let Some(addresses) = self.addresses(name).await else {
            return Fetched::Silent;
        };
        // One bad address is enough to refuse: names that mix them are up to something.
        let fit = addresses.iter().copied().all(is_public);
        match addresses.first().filter(|_| fit) {
            Some(address) => ask(*address, name, file).await.unwrap_or(Fetched::Silent),
            None => Fetched::Missing,
        }
    }
}

/// Asks the website at this address for the file; absent when the connection broke off.
async fn ask(address: IpAddr, name: &DomainName, file: &str) -> Option<Fetched> {
    let stream = TcpStream::connect(SocketAddr::new(address, 80))
        .await
        .ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .ok()?;
    let driving = tokio::spawn(connection);
    let request = hyper::Request::get(format!("/.well-known/{file}"))
        .header("host", name.as_str())
        .header("user-agent", "wabe-domain-check")
        .body(Empty::<Bytes>::new())
        .ok()?;
    let answer = sender.send_request(request).await.ok()?;
    let status = answer.status();
    let busy = status.is_server_error() || status == hyper::StatusCode::TOO_MANY_REQUESTS;
    let found = if busy {
        Fetched::Silent
    } else if status == hyper::StatusCode::OK {
        let body = Limited::new(answer.into_body(), FILE_BYTES_MAX).collect();
        match body.await {
            Ok(body) => {
                String::from_utf8(body.to_bytes().to_vec()).map_or(Fetched::Missing, Fetched::Text)
            }
            Err(error) if error.is::<LengthLimitError>() => Fetched::Missing,
            Err(_broken) => Fetched::Silent,
        }
    } else {
        Fetched::Missing
    };
    driving.abort();
    Some(found)
}

impl Lookup for Outside {
    fn txt<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<String>>> {
        Box::pin(async move {
            let asked = self.resolver.txt_lookup(format!("{name}."));
            let found = match tokio::time::timeout(PATIENCE, asked).await.ok()? {
                Ok(found) => found,
                Err(error) => return error.is_no_records_found().then(Vec::new),
            };
            let texts = found.answers().iter();
            let texts = texts.filter_map(|record| match &record.data {
                RData::TXT(txt) => Some(txt.to_string()),
                _ => None,
            });
            Some(texts.collect())
        })
    }

    fn addresses<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<IpAddr>>> {
        Box::pin(async move {
            let asked = self.resolver.lookup_ip(format!("{name}."));
            match tokio::time::timeout(PATIENCE, asked).await.ok()? {
                Ok(found) => Some(found.iter().collect()),
                Err(error) => error.is_no_records_found().then(Vec::new),
            }
        })
    }

    fn upstream<'a>(&'a self, upstream: &'a Upstream) -> Working<'a, Reached> {
        Box::pin(async move {
            let found = self.addresses(upstream.host()).await;
            self.upstreams.judge(upstream, found)
        })
    }

    fn mail_servers<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async move {
            let asked = self.resolver.mx_lookup(format!("{name}."));
            let found = match tokio::time::timeout(PATIENCE, asked).await.ok()? {
                Ok(found) => found,
                Err(error) => return error.is_no_records_found().then(Vec::new),
            };
            let mut servers: Vec<(u16, DomainName)> = found
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::MX(mx) => {
                        let name = mx.exchange.to_string();
                        let name = name.trim_end_matches('.').parse().ok()?;
                        Some((mx.preference, name))
                    }
                    _ => None,
                })
                .collect();
            servers.sort();
            Some(servers.into_iter().map(|(_, name)| name).collect())
        })
    }

    fn name_servers<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async move {
            let asked = self.resolver.ns_lookup(format!("{name}."));
            let found = match tokio::time::timeout(PATIENCE, asked).await.ok()? {
                Ok(found) => found,
                Err(error) => return error.is_no_records_found().then(Vec::new),
            };
            let servers = found.answers().iter();
            let servers = servers.filter_map(|record| match &record.data {
                RData::NS(ns) => ns.to_string().parse().ok(),
                _ => None,
            });
            Some(servers.collect())
        })
    }

    fn caa<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<Caa>>> {
        Box::pin(async move {
            let asked = self.resolver.lookup(format!("{name}."), RecordType::CAA);
            let found = match tokio::time::timeout(PATIENCE, asked).await.ok()? {
                Ok(found) => found,
                Err(error) => return error.is_no_records_found().then(Vec::new),
            };
            let records = found.answers().iter();
            let records = records.filter_map(|record| match &record.data {
                RData::CAA(caa) => Some(Caa {
                    critical: caa.issuer_critical,
                    tag: caa.tag.to_ascii_lowercase(),
                    value: String::from_utf8_lossy(&caa.value).into_owned(),
                }),
                _ => None,
            });
            Some(records.collect())
        })
    }

    fn well_known<'a>(&'a self, name: &'a DomainName, file: &'a str) -> Working<'a, Fetched> {
        Box::pin(async move {
            tokio::time::timeout(PATIENCE, self.fetch(name, file))
                .await
                .unwrap_or(Fetched::Silent)
        })
    }
}

#[cfg(test)]
mod tests {
    use wabe_drivers::fetch::is_public;

    #[test]
    fn only_addresses_of_the_public_internet_are_asked() {
        let inside = [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "224.0.0.1",
            "255.255.255.255",
        ];
        for text in inside {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["9.9.9.9", "2620:fe::fe"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }
}
