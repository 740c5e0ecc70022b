//! What addresses a name has.

use hickory_resolver::TokioResolver;
use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use wabe_kernel::desired::Working;
use wabe_kernel::{DomainName, Fault};

/// Resolves names; it is asked once for each request, and its answer is judged as a whole.
pub trait Resolver: Send + Sync + 'static {
    /// Every address of this name.
    ///
    /// # Errors
    /// When nobody knows it now.
    fn addresses<'a>(&'a self, name: &'a DomainName) -> Working<'a, io::Result<Vec<IpAddr>>>;
}

/// The name servers that this machine is configured with.
pub struct Dns(TokioResolver);

impl Dns {
    /// Reads the system's configuration.
    ///
    /// # Errors
    /// A fault when it cannot be read.
    pub fn system() -> Result<Self, Fault> {
        let failed = |error| Fault::because("read the resolver's configuration", error);
        let builder = TokioResolver::builder_tokio().map_err(failed)?;
        builder.build().map(Self).map_err(failed)
    }
}

impl Resolver for Dns {
    fn addresses<'a>(&'a self, name: &'a DomainName) -> Working<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            // The dot at the end keeps search lists out.
            let found = self.0.lookup_ip(format!("{name}."));
            let found = found.await.map_err(io::Error::other)?;
            Ok(found.iter().collect())
        })
    }
}

/// Hosts whose addresses are known; the others are asked of somebody else.
pub struct KnownHosts {
    /// The known ones.
    pub known: BTreeMap<DomainName, Vec<IpAddr>>,
    /// Who knows the others.
    pub others: Arc<dyn Resolver>,
}

impl Resolver for KnownHosts {
    fn addresses<'a>(&'a self, name: &'a DomainName) -> Working<'a, io::Result<Vec<IpAddr>>> {
        match self.known.get(name) {
            Some(addresses) => Box::pin(async { Ok(addresses.clone()) }),
            None => self.others.addresses(name),
        }
    }
}
