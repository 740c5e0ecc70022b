//! "Is my domain right?"

use crate::diagnosis::outside::{Addresses, MailRoute, addresses, here, leads_here};
use crate::diagnosis::{Diagnosis, Finding, Way, standing};
use crate::domain::{self, Domain};
use crate::{mailbox, webspace};
use futures_util::future::join3;
use std::collections::BTreeSet;
use std::net::IpAddr;
use wabe_access::command::House;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::id::DomainId;
use wabe_kernel::outside::Lookup;
use wabe_kernel::{DomainName, PageRequest};
use wabe_store::Tx;

/// What the tables say about a domain.
pub struct DomainQuestion {
    domain: Domain,
    /// Its names that webspaces have.
    hosts: Vec<DomainName>,
    /// A name that is known to lead here.
    here: Option<DomainName>,
    has_mail: bool,
}

impl DomainQuestion {
    /// Reads what the tables say, as far as the asker sees it.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or a fault.
    pub async fn load(
        tx: &mut Tx,
        scope: &Scope,
        id: DomainId,
        house: &House,
    ) -> Result<Self, Refusal> {
        let domain = domain::load(tx, scope, id).await?;
        let (mut hosts, mut here) = (Vec::new(), None);
        if scope.has(Permission::WebspaceRead) {
            let all = PageRequest::first(200);
            for web in webspace::list(tx, scope, &all, house).await?.items {
                let own = web.hosts.iter().filter(|host| host.is_within(&domain.name));
                let before = hosts.len();
                hosts.extend(own.cloned());
                if hosts.len() > before {
                    here = Some(web.preview_host);
                }
            }
        }
        let mut has_mail = false;
        if scope.has(Permission::MailboxRead) {
            let search = format!("@{}", domain.name);
            let wanted = PageRequest {
                search,
                ..PageRequest::first(200)
            };
            let found = mailbox::list(tx, scope, &wanted).await?.items;
            has_mail = found
                .iter()
                .any(|item| *item.address.domain() == domain.name);
        }
        Ok(Self {
            domain,
            hosts,
            here,
            has_mail,
        })
    }

    /// The domain that it is about.
    #[must_use]
    pub const fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Looks outside, and says what follows.
    pub async fn answer(&self, lookup: &dyn Lookup, house: &House) -> Diagnosis {
        let (hosts, wanted, route) = join3(
            addresses(lookup, &self.hosts),
            here(lookup, self.here.as_ref()),
            MailRoute::ask(lookup, &self.domain.name),
        )
        .await;
        self.findings(&hosts, wanted.as_ref(), &route, house)
    }

    pub(super) fn findings(
        &self,
        hosts: &[Addresses],
        wanted: Option<&BTreeSet<IpAddr>>,
        route: &MailRoute,
        house: &House,
    ) -> Diagnosis {
        let domain = &self.domain;
        let object = domain.id.to_string();
        let name = &domain.name_unicode;
        let mut found = Vec::new();
        if domain.verified {
            let proved = Finding::good("domain-proved").with("domain", name);
            found.push(
                domain
                    .verified_at
                    .map_or(proved.clone(), |at| proved.at(at)),
            );
            found.push(standing::standing(&domain.standing, &object));
        } else {
            let unproved = Finding::bad("domain-unproved").with("domain", name);
            found.push(unproved.mend(Way::Page, &object));
        }
        found.extend(hosts.iter().map(|at| leads_here(at, wanted)));
        if hosts.is_empty() {
            found.push(Finding::note("domain-unused").with("domain", name));
        }
        if self.has_mail {
            found.extend(route.findings(house));
        }
        Diagnosis::of(found)
    }
}
