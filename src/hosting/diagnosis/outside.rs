//! What the world outside answers about names, and what follows from it.

use crate::diagnosis::{Finding, Way};
use crate::domain::Domain;
use crate::mail_dns::is_of_version;
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::net::IpAddr;
use wabe_access::command::House;
use wabe_kernel::DomainName;
use wabe_kernel::outside::Lookup;

/// The most names that are asked about at once.
pub(super) const NAMES_MAX: usize = 10;

/// Names that never stand in the world's DNS. Source: RFC 6761.
pub(crate) fn is_local(name: &DomainName) -> bool {
    let last = name.as_str().rsplit('.').next();
    matches!(last, Some("test" | "localhost" | "invalid"))
}

fn words<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(", ")
}

/// Where names lead; absent where nobody answered.
pub(super) struct Addresses {
    pub(super) host: DomainName,
    pub(super) found: Option<BTreeSet<IpAddr>>,
}

/// Asks where these names lead, all at once. Local ones are not asked about.
pub(super) async fn addresses(lookup: &dyn Lookup, hosts: &[DomainName]) -> Vec<Addresses> {
    let one = |host: DomainName| async move {
        let found = if is_local(&host) {
            None
        } else {
            lookup.addresses(&host).await
        };
        Addresses {
            found: found.map(BTreeSet::from_iter),
            host,
        }
    };
    let asked = hosts.iter().take(NAMES_MAX).cloned();
    join_all(asked.map(one)).await
}

/// The addresses of this house, as the world finds them: those of a name that is known to lead here. A
/// house that only this machine reaches has none.
pub(super) async fn here(
    lookup: &dyn Lookup,
    name: Option<&DomainName>,
) -> Option<BTreeSet<IpAddr>> {
    let found = lookup.addresses(name?).await?;
    Some(found.into_iter().filter(|at| !at.is_loopback()).collect())
}

/// Whether a name leads here; `wanted` are the addresses of this house, when they are known.
pub(super) fn leads_here(at: &Addresses, wanted: Option<&BTreeSet<IpAddr>>) -> Finding {
    let host = &at.host;
    if is_local(host) {
        return Finding::note("host-local").with("host", host);
    }
    let (Some(found), Some(wanted)) = (&at.found, wanted.filter(|wanted| !wanted.is_empty()))
    else {
        return Finding::note("host-silent").with("host", host);
    };
    let said = |finding: Finding| {
        finding
            .with("host", host)
            .with("found", &words(found))
            .with("wanted", &words(wanted))
    };
    if found.is_empty() {
        said(Finding::bad("host-missing"))
    } else if found.is_subset(wanted) {
        said(Finding::good("host-here"))
    } else if found.is_disjoint(wanted) {
        said(Finding::bad("host-elsewhere"))
    } else {
        said(Finding::note("host-partly"))
    }
}

/// What DNS says about the mail of a domain; absent where nobody answered.
pub(super) struct MailRoute {
    domain: DomainName,
    servers: Option<Vec<DomainName>>,
    texts: Option<Vec<String>>,
}

impl MailRoute {
    /// Asks for it.
    pub(super) async fn ask(lookup: &dyn Lookup, domain: &DomainName) -> Self {
        let mut route = Self {
            domain: domain.clone(),
            servers: None,
            texts: None,
        };
        if !is_local(domain) {
            route.servers = lookup.mail_servers(domain).await;
            route.texts = lookup.txt(domain).await;
        }
        route
    }

    /// Whether mail to it arrives here, and whether others believe its mail.
    pub(super) fn findings(&self, house: &House) -> Vec<Finding> {
        let domain = &self.domain;
        if is_local(domain) {
            return vec![Finding::note("mail-local").with("domain", domain)];
        }
        let wanted = house.smtp.rsplit_once(':').map_or("", |(host, _)| host);
        let Some(servers) = &self.servers else {
            return vec![Finding::note("mail-silent").with("domain", domain)];
        };
        let said = |finding: Finding| {
            finding
                .with("domain", domain)
                .with("found", &words(servers))
                .with("wanted", &wanted)
        };
        let here = servers
            .iter()
            .filter(|name| name.as_str() == wanted)
            .count();
        let route = match here {
            0 if servers.is_empty() => Finding::bad("mail-missing"),
            0 => Finding::bad("mail-elsewhere"),
            _ if here < servers.len() => Finding::note("mail-partly"),
            _ => Finding::good("mail-here"),
        };
        let spf = self.texts.as_ref().map(|texts| {
            let spf = texts.iter().filter(|text| is_of_version(text, "v=spf1"));
            match spf.count() {
                0 => Finding::note("spf-missing"),
                1 => Finding::good("spf-there"),
                _ => Finding::bad("spf-twice"),
            }
        });
        let spf = spf.map(|spf| spf.with("domain", domain));
        std::iter::once(said(route)).chain(spf).collect()
    }
}

/// Whether the right to the domain of a name was proved.
pub(super) fn proved(domains: &[Domain], name: &DomainName) -> Option<Finding> {
    let domain = domains
        .iter()
        .filter(|domain| name.is_within(&domain.name))
        .max_by_key(|domain| domain.name.as_str().len())?;
    let unproved = Finding::bad("domain-unproved").with("domain", &domain.name_unicode);
    (!domain.verified).then(|| unproved.mend(Way::Page, &domain.id))
}
