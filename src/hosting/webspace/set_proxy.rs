//! `webspace.set_proxy`

use crate::webspace::model::Webspace;
use crate::webspace::proxy::LOOK_SECONDS;
use crate::webspace::proxy_store::{self, Times};
use crate::webspace::set_rules::needs_nginx;
use crate::webspace::set_site::{after, back, before};
use serde_json::Value;
use wabe_access::command::{House, Preparing};
use wabe_access::{Command, Door, Inverse, Permission, Refusal, plan};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Problem, Reached, SiteProxy, Upstream, fields};

fields! {
    /// Has an application elsewhere answer for a site in place of its files, or shows its files again. No file is shown
    /// and no PHP runs meanwhile; they stay.
    pub struct SetProxy {
        /// Which webspace.
        pub id: WebspaceId,
        /// Where it is: `https://app.example.org`, or `http://app.example.org:8080`; the site's own files when absent.
        pub proxy: Option<Upstream>,
    }
    prepared {
        /// What became of the look for its addresses.
        reached: Option<Reached>,
    }
}

impl SetProxy {
    /// The command, before it looked for anything.
    #[must_use]
    pub const fn new(id: WebspaceId, proxy: Option<Upstream>) -> Self {
        Self {
            id,
            proxy,
            reached: None,
        }
    }

    /// The application where it was found, if it may answer for this webspace. To be without is always possible.
    async fn check(
        &self,
        door: &mut Door<'_>,
        (was, upstream): (&Webspace, &Upstream),
    ) -> Result<SiteProxy, Refusal> {
        let refused = |code| Err(Refusal::field("proxy", Problem::new(code)));
        needs_nginx(door, "proxy")?;
        let customer = door.customer();
        if !plan::site_proxy(door.tx(), customer).await? {
            return Err(Refusal::Conflict("plan-without-proxy"));
        }
        let (house, host) = (&door.tools().house, upstream.host());
        let is_here = host.is_within(&house.preview_suffix)
            || host.as_str() == house.portal_host
            || was.hosts.contains(host);
        if is_here {
            return refused("upstream-is-here");
        }
        match self.reached.clone().unwrap_or(Reached::Silent) {
            Reached::At(addresses) => Ok(SiteProxy {
                upstream: upstream.clone(),
                addresses,
            }),
            Reached::Refused => refused("upstream-not-public"),
            Reached::Nowhere => refused("upstream-nowhere"),
            Reached::Silent => refused("upstream-silent"),
        }
    }
}

impl Command for SetProxy {
    const NAME: &'static str = "webspace.set_proxy";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const PREPARES: bool = true;
    type Output = Webspace;

    fn possible(house: &House) -> bool {
        house.nginx
    }

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        // Where there can be none, nobody is asked.
        if let Some(upstream) = &self.proxy
            && with.tools.house.nginx
        {
            self.reached = Some(with.tools.lookup.upstream(upstream).await);
        }
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        let found = match &self.proxy {
            Some(upstream) => Some(self.check(door, (&was, upstream)).await?),
            None => None,
        };
        let good = door.now();
        let times = Times {
            good,
            next: good.plus_seconds(LOOK_SECONDS),
        };
        proxy_store::set(door.tx(), (customer, self.id), found.as_ref(), times).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "proxy", before)
    }
}
