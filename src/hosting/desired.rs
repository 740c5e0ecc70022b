//! What should become of a resource, read from the tables for the planner.

use crate::{alias, certificate, database, domain, edited_file};
use wabe_access::Refusal;
use wabe_access::command::House;
use wabe_access::resource::{self, Resource};
use wabe_access::standing::{DOMAIN_NOT_PROVED, HOST_NOT_PROVED};
use wabe_kernel::desired::{
    Alias, Database, Desired, Domain, Mailbox, UploadAccess, Webspace, Wish,
};
use wabe_kernel::id::{AliasId, CustomerId, DatabaseId, DomainId, MailboxId, WebspaceId};
use wabe_kernel::{DomainName, Fault, MailAddress, ResourceKind, Timestamp};
use wabe_store::{Tx, statements};

statements! {
    WEBSPACE = "hosting.desired.webspace" =>
        "SELECT preview_label, document_root, quota_bytes, https_redirect, full_addresses_until, \
         password_hash, unwanted_certificate, php FROM webspace WHERE id = $1 AND customer_id = $2";
    MAILBOX = "hosting.desired.mailbox" =>
        "SELECT domain_id, address, quota_bytes, password_hash FROM mailbox \
         WHERE id = $1 AND customer_id = $2";
    PROVED = "hosting.desired.proved_names" =>
        "SELECT name FROM domain WHERE customer_id = $1 AND name > '' AND active = 1 AND verified_at IS NOT NULL";
    HOSTS = "hosting.desired.hosts" =>
        "SELECT name FROM webspace_host WHERE customer_id = $1 AND webspace_id = $2 ORDER BY position, name";
}

/// Turns a thing into the wish that its resource row stands for.
fn wish<T>(resource: &Resource, now: Timestamp, thing: T) -> Wish<T> {
    match resource.deleted_at {
        Some(at) if now >= at.plus_days(resource::TRASH_DAYS) => Wish::Gone,
        Some(_) => Wish::Hidden(thing),
        None if resource.suspended_reason.is_some() => Wish::Hidden(thing),
        None => Wish::Present(thing),
    }
}

/// What should become of a resource, and what keeps part of it out of reach.
pub struct Wanted {
    /// What should become of it.
    pub desired: Desired,
    /// What somebody of the customer has to do first: a code of the message catalogue.
    pub waits_for: Option<&'static str>,
}

impl From<Desired> for Wanted {
    fn from(desired: Desired) -> Self {
        Self {
            desired,
            waits_for: None,
        }
    }
}

/// What should become of `resource`, by the tables' state now. The transaction must not be scoped.
///
/// # Errors
/// A fault of the database.
pub async fn load(
    tx: &mut Tx,
    resource: &Resource,
    house: &House,
    now: Timestamp,
) -> Result<Wanted, Refusal> {
    let wrong = |_not_an_id| Fault::new("read a resource's id");
    let customer = resource.customer;
    match resource.kind {
        ResourceKind::Webspace => {
            let id: WebspaceId = resource.id.parse().map_err(wrong)?;
            let (thing, whole) = webspace(tx, resource, (id, now), house).await?;
            Ok(Wanted {
                desired: Desired::Webspace(id, wish(resource, now, thing)),
                waits_for: (!whole).then_some(HOST_NOT_PROVED),
            })
        }
        ResourceKind::Mailbox => {
            let id: MailboxId = resource.id.parse().map_err(wrong)?;
            let thing = mailbox(tx, customer, id).await?;
            let proved = proved(tx, customer).await?;
            let usable = proved.contains(thing.address.domain());
            let wish = wish(resource, now, thing);
            Ok(Wanted {
                desired: Desired::Mailbox(id, if usable { wish } else { hidden(wish) }),
                waits_for: (!usable).then_some(DOMAIN_NOT_PROVED),
            })
        }
        ResourceKind::Alias => {
            let id: AliasId = resource.id.parse().map_err(wrong)?;
            let (thing, usable) = alias(tx, customer, id).await?;
            let wish = wish(resource, now, thing);
            Ok(Wanted {
                desired: Desired::Alias(id, if usable { wish } else { hidden(wish) }),
                waits_for: (!usable).then_some(DOMAIN_NOT_PROVED),
            })
        }
        ResourceKind::Database => {
            let id: DatabaseId = resource.id.parse().map_err(wrong)?;
            let found = database::store::find(tx, customer, id).await?;
            let thing = Database {
                id,
                engine: found.engine,
                quota: found.quota_bytes,
                login: database::store::login(tx, customer, id).await?,
            };
            Ok(Desired::Database(id, wish(resource, now, thing)).into())
        }
        ResourceKind::Domain => {
            let id: DomainId = resource.id.parse().map_err(wrong)?;
            let found = domain::store::find(tx, customer, id).await?;
            let thing = Domain {
                id,
                name: found.name,
                verified: found.verified,
                redirect: found.redirect,
            };
            Ok(Desired::Domain(id, wish(resource, now, thing)).into())
        }
    }
}

/// The same wish, out of reach.
fn hidden<T>(wish: Wish<T>) -> Wish<T> {
    match wish {
        Wish::Present(thing) | Wish::Hidden(thing) => Wish::Hidden(thing),
        Wish::Gone => Wish::Gone,
    }
}

/// The names that a customer has proved.
pub(crate) async fn proved(tx: &mut Tx, customer: CustomerId) -> Result<Vec<DomainName>, Fault> {
    let rows = PROVED.bind(customer).all(tx).await?;
    rows.iter().map(|row| row.parsed("name")).collect()
}

/// The webspace with the names that it answers to, and whether those are all of its names.
async fn webspace(
    tx: &mut Tx,
    resource: &Resource,
    (id, now): (WebspaceId, Timestamp),
    house: &House,
) -> Result<(Webspace, bool), Refusal> {
    let customer = resource.customer;
    let row = WEBSPACE.bind(id).bind(customer).one(tx).await?;
    let rows = HOSTS.bind(customer).bind(id).all(tx).await?;
    let names: Vec<DomainName> = rows
        .iter()
        .map(|row| row.parsed("name"))
        .collect::<Result<_, _>>()?;
    // A name whose proof is gone, or that is another's by now, is not served, even before anybody takes
    // it off the webspace.
    let hosts = domain::served(tx, customer, &names).await?;
    let whole = hosts.len() == names.len();
    let label = row.text("preview_label")?;
    let preview = house
        .preview_suffix
        .below(&label)
        .ok_or(Fault::new("make a preview address"))?;
    let keys = crate::webspace::key_store::keys(tx, customer, id).await?;
    let thing = Webspace {
        id,
        preview,
        hosts,
        document_root: row.parsed("document_root")?,
        quota: row.int("quota_bytes")?,
        https_redirect: row.flag("https_redirect")?,
        full_addresses_until: row.time_or_null("full_addresses_until")?,
        upload: UploadAccess {
            login: label,
            password_hash: row.text_or_null("password_hash")?,
            keys: keys.into_iter().map(|key| key.public_key).collect(),
        },
        suspended: resource.suspended_reason.is_some() && resource.deleted_at.is_none(),
        unwanted_certificate: row.text_or_null("unwanted_certificate")?,
        php: row.parsed_or_null("php")?,
        rules: Box::new(crate::webspace::rule_store::whole(tx, customer, id).await?),
        supplied: certificate::serving(tx, customer, id, now).await?,
        customer: Some(customer),
        overwrites: edited_file::store::released(tx, customer, id).await?,
    };
    Ok((thing, whole))
}

/// The alias with the targets that can receive, and whether there is anything for it to do.
async fn alias(tx: &mut Tx, customer: CustomerId, id: AliasId) -> Result<(Alias, bool), Refusal> {
    let found = alias::store::find(tx, customer, id).await?;
    let proved = proved(tx, customer).await?;
    let reached = |address: &MailAddress| proved.contains(address.domain());
    let usable = reached(&found.address);
    // An address on a domain that is no longer the customer's may be somebody else's mailbox by now.
    let (kept, lost): (Vec<_>, Vec<_>) = found.targets.into_iter().partition(reached);
    let usable = usable && !kept.is_empty();
    let thing = Alias {
        id,
        domain: found.domain_id,
        address: found.address,
        targets: if kept.is_empty() { lost } else { kept },
    };
    Ok((thing, usable))
}

async fn mailbox(tx: &mut Tx, customer: CustomerId, id: MailboxId) -> Result<Mailbox, Refusal> {
    let row = MAILBOX.bind(id).bind(customer).one(tx).await?;
    Ok(Mailbox {
        id,
        domain: row.parsed("domain_id")?,
        address: row.parsed("address")?,
        password_hash: row.text("password_hash")?,
        quota: row.int("quota_bytes")?,
    })
}
