//! Who may prove a name, and who may use a name below a proved one.

use crate::domain::model::{Domain, FILE, Method};
use crate::domain::store;
use wabe_access::command::{House, Tools};
use wabe_access::{Door, Refusal};
use wabe_kernel::id::CustomerId;
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
    for above in name.ancestors() {
        if let Some(owner) = store::proved(tx, &above).await? {
            let fine = owner == customer || consented_by == Some(owner);
            return Ok(if fine { None } else { Some("needs-consent") });
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
    let names = std::iter::once(host.clone()).chain(host.ancestors());
    door.tx().unscope().await?;
    let mut nearest = None;
    for name in names {
        nearest = store::proved(door.tx(), &name).await?;
        if nearest.is_some() {
            break;
        }
    }
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

/// Asks the outside whether one of the proofs is in place.
pub(crate) async fn look(tools: &Tools, domain: &Domain) -> Option<Method> {
    let house = &tools.house;
    if house.demo && domain.name.is_reserved_for_trying() {
        return Some(Method::Demo);
    }
    if let Some(name) = domain.name.below("_wabe") {
        let wanted = domain.txt_value();
        if tools.lookup.txt(&name).await.contains(&wanted) {
            return Some(Method::Txt);
        }
    }
    let own = |server: &DomainName| {
        let label = server
            .as_str()
            .strip_suffix(&format!(".{}.{}", domain.token, house.name_server_suffix));
        label.is_some_and(|label| matches!(label, "ns1" | "ns2"))
    };
    let servers = tools.lookup.name_servers(&domain.name).await;
    if !servers.is_empty() && servers.iter().all(own) {
        return Some(Method::NameServer);
    }
    let text = tools.lookup.well_known(&domain.name, FILE).await?;
    (text.trim() == domain.token).then_some(Method::File)
}
