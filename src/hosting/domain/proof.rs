//! Who may prove a name, and who may use a name below a proved one.

use crate::domain::model::{Domain, FILE, Method};
use crate::domain::store;
use std::collections::BTreeMap;
use wabe_access::command::{House, Tools};
use wabe_access::{Door, Refusal};
use wabe_kernel::id::CustomerId;
use wabe_kernel::outside::Fetched;
use wabe_kernel::{DomainName, Fault, Problem};
use wabe_store::Tx;

/// Names that nobody can claim: public suffixes and what this installation itself is reached by.
pub(crate) fn claimable(name: &DomainName, house: &House) -> Result<(), Problem> {
    if name.is_public_suffix() {
        return Err(Problem::new("domain-is-public-suffix"));
    }
    let portal: Option<DomainName> = house.portal_host.parse().ok();
    let own = [
        portal.as_ref(),
        Some(&house.preview_suffix),
        Some(&house.name_server_suffix),
    ];
    let clashes = |own: &DomainName| name.is_within(own) || own.is_within(name);
    if own.into_iter().flatten().any(clashes) {
        return Err(Problem::new("domain-is-the-houses"));
    }
    Ok(())
}

/// Why `customer` cannot prove `name` now, as a finding; `None` when nothing stands in the way.
///
/// The nearest proved name at or above decides. The transaction must not be scoped.
pub(crate) async fn obstacle(
    tx: &mut Tx,
    customer: CustomerId,
    name: &DomainName,
    consented_by: Option<CustomerId>,
) -> Result<Option<&'static str>, Fault> {
    match store::proved(tx, name).await? {
        Some(owner) if owner != customer => return Ok(Some("proved-elsewhere")),
        Some(_) => return Ok(None),
        None => {}
    }
    let above = owner_above(tx, name).await?;
    let free = above.is_none_or(|owner| owner == customer || consented_by == Some(owner));
    Ok((!free).then_some("needs-consent"))
}

/// Whose name is: who has proved the nearest name at or above it. The transaction must not be scoped.
pub(crate) async fn owner(tx: &mut Tx, name: &DomainName) -> Result<Option<CustomerId>, Fault> {
    match store::proved(tx, name).await? {
        Some(owner) => Ok(Some(owner)),
        None => owner_above(tx, name).await,
    }
}

/// Those of these names that are this customer's, in their order: the others are not served for them.
pub(crate) async fn served(
    tx: &mut Tx,
    customer: CustomerId,
    hosts: &[DomainName],
) -> Result<Vec<DomainName>, Fault> {
    tx.unscope().await?;
    let found = owned(tx, customer, hosts).await;
    tx.rescope().await?;
    found
}

async fn owned(
    tx: &mut Tx,
    customer: CustomerId,
    hosts: &[DomainName],
) -> Result<Vec<DomainName>, Fault> {
    let mut found = Vec::new();
    // Names of one customer lie below the same few.
    let mut asked: BTreeMap<DomainName, Option<CustomerId>> = BTreeMap::new();
    for host in hosts {
        let mut owner = None;
        for name in std::iter::once(host.clone()).chain(host.ancestors()) {
            owner = match asked.get(&name) {
                Some(known) => *known,
                None => store::proved(tx, &name).await?,
            };
            asked.insert(name, owner);
            if owner.is_some() {
                break;
            }
        }
        if owner == Some(customer) {
            found.push(host.clone());
        }
    }
    Ok(found)
}

/// Who has proved the nearest name above this one. The transaction must not be scoped.
pub(crate) async fn owner_above(
    tx: &mut Tx,
    name: &DomainName,
) -> Result<Option<CustomerId>, Fault> {
    for above in name.ancestors() {
        let found = store::proved(tx, &above).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// As [`obstacle`], from inside a command; leaves the customer's scope for the question only.
pub(crate) async fn obstacle_at(
    door: &mut Door<'_>,
    name: &DomainName,
    consented_by: Option<CustomerId>,
) -> Result<Option<&'static str>, Refusal> {
    let customer = door.customer();
    door.tx().unscope().await?;
    let found = obstacle(door.tx(), customer, name, consented_by).await?;
    door.tx().rescope().await?;
    Ok(found)
}

/// Refuses a host name that does not lie on a proved domain of this customer, and one that is
/// redirected: that its redirect ends is for its owner to say.
pub(crate) async fn covering(
    door: &mut Door<'_>,
    host: &DomainName,
    field: &str,
) -> Result<(), Refusal> {
    let customer = door.customer();
    door.tx().unscope().await?;
    let nearest = owner(door.tx(), host).await?;
    door.tx().rescope().await?;
    let own = store::find_name(door.tx(), customer, host).await?;
    let problem = match (nearest == Some(customer), own) {
        (true, Some(own)) if own.redirects => Problem::new("host-redirects"),
        (true, _) => return Ok(()),
        (false, Some(_)) => Problem::new("domain-not-proved"),
        (false, None) => Problem::new("domain-not-yours"),
    };
    Err(Refusal::field(field, problem))
}

/// What a look at the outside found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// This proof is in place.
    Seen(Method),
    /// There is none.
    Missing,
    /// Whoever would have to show the proof that was there did not answer: that says nothing.
    Silent,
}

/// Asks the outside whether one of the proofs is in place.
pub(crate) async fn look(tools: &Tools, domain: &Domain) -> Look {
    let house = &tools.house;
    if house.demo && domain.name.is_reserved_for_trying() {
        return Look::Seen(Method::Demo);
    }
    let mut silent = Vec::new();
    if let Some(name) = domain.name.below("_wabe") {
        match tools.lookup.txt(&name).await {
            Some(found) if found.contains(&domain.txt_value()) => return Look::Seen(Method::Txt),
            Some(_) => {}
            None => silent.push(Method::Txt),
        }
    }
    let own = |server: &DomainName| {
        let label = server
            .as_str()
            .strip_suffix(&format!(".{}.{}", domain.token, house.name_server_suffix));
        label.is_some_and(|label| matches!(label, "ns1" | "ns2"))
    };
    match tools.lookup.name_servers(&domain.name).await {
        Some(servers) if !servers.is_empty() && servers.iter().all(own) => {
            return Look::Seen(Method::NameServer);
        }
        Some(_) => {}
        None => silent.push(Method::NameServer),
    }
    match tools.lookup.well_known(&domain.name, FILE).await {
        Fetched::Text(text) if text.trim() == domain.token => return Look::Seen(Method::File),
        Fetched::Text(_) | Fetched::Missing => {}
        Fetched::Silent => silent.push(Method::File),
    }
    // Only the way that the domain was proved counts: the silence of others hides nothing.
    if domain.method.is_some_and(|method| silent.contains(&method)) {
        Look::Silent
    } else {
        Look::Missing
    }
}
