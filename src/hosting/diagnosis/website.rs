//! "Why is my site down?"

use crate::diagnosis::outside::{Addresses, addresses, here, leads_here, proved};
use crate::diagnosis::{Diagnosis, Finding, Way, standing};
use crate::domain::{self, Domain};
use crate::webspace::{self, Webspace};
use futures_util::future::join3;
use std::collections::BTreeSet;
use std::net::IpAddr;
use wabe_access::command::House;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::content::{ContentError, Files, START_PAGES};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::outside::Lookup;
use wabe_kernel::{DomainName, PageRequest, RelPath, Timestamp};
use wabe_store::Tx;

/// What the tables say about a site.
pub struct WebsiteQuestion {
    web: Webspace,
    /// Those of its names that are the customer's now.
    served: Vec<DomainName>,
    domains: Vec<Domain>,
}

/// What the world says about it.
pub(super) struct Seen {
    pub(super) hosts: Vec<Addresses>,
    pub(super) wanted: Option<BTreeSet<IpAddr>>,
    /// Absent when the files cannot be reached now.
    pub(super) start_page: Option<bool>,
}

impl WebsiteQuestion {
    /// Reads what the tables say.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or a fault.
    pub async fn load(
        tx: &mut Tx,
        scope: &Scope,
        id: WebspaceId,
        house: &House,
    ) -> Result<Self, Refusal> {
        let web = webspace::load(tx, scope, id, house).await?;
        let domains = if scope.has(Permission::DomainRead) {
            domain::list(tx, scope, &PageRequest::first(200))
                .await?
                .items
        } else {
            Vec::new()
        };
        let served = domain::served(tx, scope.customer(), &web.hosts).await?;
        Ok(Self {
            web,
            served,
            domains,
        })
    }

    /// The webspace that it is about.
    #[must_use]
    pub const fn webspace(&self) -> &Webspace {
        &self.web
    }

    /// Looks outside, and says what follows.
    pub async fn answer(
        &self,
        lookup: &dyn Lookup,
        files: &dyn Files,
        now: Timestamp,
    ) -> Diagnosis {
        let (hosts, wanted, start_page) = join3(
            addresses(lookup, &self.web.hosts),
            here(lookup, Some(&self.web.preview_host)),
            start_page(files, &self.web),
        )
        .await;
        self.findings(
            &Seen {
                hosts,
                wanted,
                start_page,
            },
            now,
        )
    }

    pub(super) fn findings(&self, seen: &Seen, now: Timestamp) -> Diagnosis {
        let web = &self.web;
        let object = web.id.to_string();
        let mut found = vec![
            standing::standing(&web.standing, &object),
            standing::room(web.used_bytes, web.quota_bytes, &object),
        ];
        if web.hosts.is_empty() {
            let preview = Finding::note("no-hosts").with("host", &web.preview_host);
            found.push(preview.mend(Way::Hosts, &object));
        }
        for at in &seen.hosts {
            let unproved = proved(&self.domains, &at.host);
            // A name below the customer's domain can be another's, who proved it with consent.
            let anothers = || Finding::bad("host-anothers").with("host", &at.host);
            let is_served = self.served.contains(&at.host);
            found.extend(unproved.or_else(|| (!is_served).then(anothers)));
            if is_served {
                found.push(leads_here(at, seen.wanted.as_ref()));
            }
        }
        found.push(certificate(web, now));
        found.extend(seen.start_page.map(|there| {
            let folder = if web.document_root.is_root() {
                "/".to_owned()
            } else {
                web.document_root.to_string()
            };
            if there {
                Finding::good("start-there").with("folder", &folder)
            } else {
                let missing = Finding::bad("start-missing").with("folder", &folder);
                missing.mend(Way::Files, &object)
            }
        }));
        Diagnosis::of(found)
    }
}

/// Whether visitors of the site's address find a page; the name is looked for, nothing is read.
async fn start_page(files: &dyn Files, web: &Webspace) -> Option<bool> {
    for name in START_PAGES {
        let path: RelPath = web.document_root.join(name).ok()?;
        match files.stat(web.id, &path).await {
            Ok(_) => return Some(true),
            Err(ContentError::NotFound) => {}
            Err(_) => return None,
        }
    }
    Some(false)
}

fn certificate(web: &Webspace, now: Timestamp) -> Finding {
    let Some(held) = &web.certificate else {
        return Finding::note("certificate-none");
    };
    if held.valid_until <= now {
        let over = Finding::bad("certificate-over").at(held.valid_until);
        return over.mend(Way::Hosts, &web.id);
    }
    if held.stands_in() {
        return Finding::bad("certificate-stands-in").mend(Way::Hosts, &web.id);
    }
    let missing = |host: &&DomainName| !held.names.contains(host);
    match web.hosts.iter().find(missing) {
        Some(host) => {
            let missing = Finding::bad("certificate-missing").with("host", host);
            missing.mend(Way::Hosts, &web.id)
        }
        None => Finding::good("certificate-good").at(held.valid_until),
    }
}
