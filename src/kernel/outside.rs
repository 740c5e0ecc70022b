//! Questions to the outside world.

use crate::DomainName;
use crate::desired::Working;

/// Questions to the outside that prove a right to a domain. Every answer is bounded in time and size.
pub trait Lookup: Send + Sync + 'static {
    /// The TXT records of a name; empty when there are none.
    fn txt<'a>(&'a self, name: &'a DomainName) -> Working<'a, Vec<String>>;

    /// The name servers a name is delegated to; empty when unknown.
    fn name_servers<'a>(&'a self, name: &'a DomainName) -> Working<'a, Vec<DomainName>>;

    /// The text at `http://{name}/.well-known/{file}`, from global addresses only.
    fn well_known<'a>(&'a self, name: &'a DomainName, file: &'a str)
    -> Working<'a, Option<String>>;
}
