//! Certificates for customers' own domains: ordered, renewed, handed in, and what is in the way of them.

mod account;
mod fake;
mod order;
mod own;
mod pebble;

use crate::client::text;
use crate::domain_proof::{done, proved};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde_json::json;
use std::time::Duration;
use wabe_access::Scope;
use wabe_hosting::certificate::{self, CertificateStanding};
use wabe_kernel::desired::{Observed, ObservedPublic, Subject};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Clock as _, DomainName, Timestamp};
use wabe_testkit::{House, Tenant};

const NAME: &str = "sonne.example";
const HOST: &str = "www.sonne.example";

/// A certificate of somebody's own authority.
pub(crate) struct Made {
    pub(crate) root: String,
    pub(crate) leaf: String,
    pub(crate) key: String,
}

/// A certificate for these names that is valid between these.
pub(crate) fn made(names: &[&str], (from, until): (Timestamp, Timestamp)) -> Made {
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let at = |at: Timestamp| {
        let seconds = at.seconds_since(Timestamp(0));
        epoch + Duration::from_secs(u64::try_from(seconds).unwrap())
    };
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    root.distinguished_name
        .push(DnType::CommonName, "Authority of tests");
    let root_key = KeyPair::generate().unwrap();
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let issuer = Issuer::new(root, root_key);
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut leaf = CertificateParams::new(names).unwrap();
    (leaf.not_before, leaf.not_after) = (at(from), at(until));
    let key = KeyPair::generate().unwrap();
    Made {
        leaf: leaf.signed_by(&key, &issuer).unwrap().pem(),
        key: key.serialize_pem(),
        root: root_pem,
    }
}

/// One that is valid for 90 days from an hour ago.
pub(crate) fn made_now(house: &House, names: &[&str]) -> Made {
    let now = house.clock.now();
    made(names, (now.plus_seconds(-3_600), now.plus_days(90)))
}

/// A webspace with `www.sonne.example`, whose domain its customer has proved.
async fn site(house: &House) -> (Tenant, WebspaceId) {
    let tenant = house.tenant("Sonne").await;
    proved(house, &tenant, NAME).await;
    let made = done(
        house,
        &tenant.owner,
        "webspace.create",
        json!({ "name": "shop" }),
    )
    .await;
    let id = text(&made, "id");
    add(house, &tenant, &id, HOST).await;
    (tenant, id.parse().unwrap())
}

async fn add(house: &House, tenant: &Tenant, id: &str, host: &str) {
    let input = json!({ "id": id, "host": host });
    done(house, &tenant.owner, "webspace.add_host", input).await;
    house.settle().await;
}

/// What the node serves the public names with.
async fn served(house: &House, id: WebspaceId) -> Option<ObservedPublic> {
    let seen = house.reconciler.driver.observe(Subject::Webspace(id)).await;
    match seen.unwrap() {
        Observed::Webspace(seen) => seen.public.map(|public| *public),
        other => panic!("{other:?}"),
    }
}

/// How it stands, as the portal reads it.
async fn standing(house: &House, tenant: &Tenant, id: WebspaceId) -> CertificateStanding {
    let hosts: Vec<DomainName> = vec![HOST.parse().unwrap()];
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::system(tenant.id);
    let found = certificate::standing(&mut tx, &scope, (id, &hosts), house.clock.now()).await;
    tx.rollback().await.unwrap();
    found.unwrap().unwrap()
}
