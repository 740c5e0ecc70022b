//! An outside world that answers what a test put there.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use wabe_drivers::fetch::Upstreams;
use wabe_kernel::desired::Working;
use wabe_kernel::outside::{Caa, Fetched, Lookup};
use wabe_kernel::{DomainName, Reached, Upstream};

/// Knows nothing until it is told.
#[derive(Debug, Default)]
pub struct FakeLookup {
    txt: Mutex<BTreeMap<String, Vec<String>>>,
    name_servers: Mutex<BTreeMap<String, Vec<DomainName>>>,
    addresses: Mutex<BTreeMap<String, Vec<IpAddr>>>,
    mail_servers: Mutex<BTreeMap<String, Vec<DomainName>>>,
    caa: Mutex<BTreeMap<String, Vec<Caa>>>,
    files: Mutex<BTreeMap<String, String>>,
    silent: Mutex<BTreeSet<String>>,
}

fn put<T>(map: &Mutex<BTreeMap<String, T>>, key: &str, value: T) {
    map.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(key.to_owned(), value);
}

fn get<T: Clone>(map: &Mutex<BTreeMap<String, T>>, key: &str) -> Option<T> {
    map.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(key)
        .cloned()
}

impl FakeLookup {
    /// From now on `name` has these TXT records.
    pub fn set_txt(&self, name: &str, records: &[&str]) {
        let records = records.iter().map(|record| (*record).to_owned()).collect();
        put(&self.txt, name, records);
    }

    /// From now on `name` leads to these.
    pub fn set_addresses(&self, name: &str, addresses: &[IpAddr]) {
        put(&self.addresses, name, addresses.to_vec());
    }

    /// From now on these take mail for `name`.
    pub fn set_mail_servers(&self, name: &str, servers: &[DomainName]) {
        put(&self.mail_servers, name, servers.to_vec());
    }

    /// From now on `name` is delegated to these.
    pub fn set_name_servers(&self, name: &str, servers: &[DomainName]) {
        put(&self.name_servers, name, servers.to_vec());
    }

    /// From now on `name` has these CAA records: tag and value.
    pub fn set_caa(&self, name: &str, records: &[(&str, &str)]) {
        let record = |(tag, value): &(&str, &str)| Caa {
            critical: false,
            tag: (*tag).to_owned(),
            value: (*value).to_owned(),
        };
        put(&self.caa, name, records.iter().map(record).collect());
    }

    /// From now on `name` serves this text as `/.well-known/{file}`.
    pub fn set_file(&self, name: &str, file: &str, text: &str) {
        put(&self.files, &format!("{name}/{file}"), text.to_owned());
    }

    /// From now on nobody answers for `name`, or somebody does again.
    pub fn set_silent(&self, name: &str, silent: bool) {
        let mut names = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        if silent {
            names.insert(name.to_owned());
        } else {
            names.remove(name);
        }
    }

    fn is_silent(&self, name: &DomainName) -> bool {
        let names = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        names.contains(name.as_str())
    }
}

impl Lookup for FakeLookup {
    fn txt<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<String>>> {
        Box::pin(async move {
            (!self.is_silent(name)).then(|| get(&self.txt, name.as_str()).unwrap_or_default())
        })
    }

    fn addresses<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<IpAddr>>> {
        Box::pin(async move { get(&self.addresses, name.as_str()) })
    }

    fn upstream<'a>(&'a self, upstream: &'a Upstream) -> Working<'a, Reached> {
        // Judged as in earnest, on a machine of whose own addresses none is known.
        let upstreams = Upstreams {
            networks: Vec::new(),
            fronts: Vec::new(),
            is_own: |_| false,
        };
        Box::pin(async move {
            let name = upstream.host();
            let found = self.addresses(name).await;
            upstreams.judge(upstream, found.filter(|_| !self.is_silent(name)))
        })
    }

    fn mail_servers<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async move { get(&self.mail_servers, name.as_str()) })
    }

    fn name_servers<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<DomainName>>> {
        Box::pin(async move {
            let known = || get(&self.name_servers, name.as_str()).unwrap_or_default();
            (!self.is_silent(name)).then(known)
        })
    }

    fn caa<'a>(&'a self, name: &'a DomainName) -> Working<'a, Option<Vec<Caa>>> {
        Box::pin(async move {
            (!self.is_silent(name)).then(|| get(&self.caa, name.as_str()).unwrap_or_default())
        })
    }

    fn well_known<'a>(&'a self, name: &'a DomainName, file: &'a str) -> Working<'a, Fetched> {
        Box::pin(async move {
            if self.is_silent(name) {
                return Fetched::Silent;
            }
            let found = get(&self.files, &format!("{name}/{file}"));
            found.map_or(Fetched::Missing, Fetched::Text)
        })
    }
}
