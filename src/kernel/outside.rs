//! Questions to the outside world.

use crate::desired::Working;
use crate::{DomainName, Reached, Upstream};
use std::net::IpAddr;

/// What a website answered that was asked for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The file's text.
    Text(String),
    /// It answered, and does not have such a file; or its name leads nowhere that may be asked.
    Missing,
    /// Nobody answered: that says nothing about the file.
    Silent,
}

/// A record that says who may issue certificates for a name. Source: RFC 8659.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caa {
    /// Whoever does not understand it issues nothing.
    pub critical: bool,
    /// What it is about, in lower case: `issue`, `issuewild`, `iodef`, or something newer.
    pub tag: String,
    /// What it says.
    pub value: String,
}

/// Questions to the outside: they prove a right to a domain, and tell where it leads. Every answer is bounded in time and size.
pub trait Lookup: Send + Sync + 'static {
    /// The TXT records of a name: empty when there are none, absent when nobody answered.
    fn txt<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<String>>>;

    /// The addresses a name leads to, of any kind: empty when it leads nowhere, absent when nobody
    /// answered.
    fn addresses<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<IpAddr>>>;

    /// Where the application is that answers for a site: every address of its name is one that visitors' requests may
    /// be passed on to, or none is.
    fn upstream<'a>(&'a self, upstream: &'a Upstream) -> Working<'a, Reached>;

    /// The servers that take mail for a domain, the first choice first: empty when there are none, absent
    /// when nobody answered.
    fn mail_servers<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>>;

    /// The name servers a name is delegated to: empty when there are none, absent when nobody answered.
    fn name_servers<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>>;

    /// The CAA records of exactly this name: empty when there are none, absent when nobody answered.
    fn caa<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<Caa>>>;

    /// The text at `http://{name}/.well-known/{file}`, from global addresses only.
    fn well_known<'a>(&'a self, name: &'a DomainName, file: &'a str) -> Working<'a, Fetched>;
}
