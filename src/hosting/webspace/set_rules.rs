//! `webspace.set_redirects`, `set_error_pages`, `set_hsts`, `set_upload_size`

use crate::webspace::model::Webspace;
use crate::webspace::rule_store;
use crate::webspace::set_site::{after, back, before};
use serde_json::Value;
use wabe_access::command::House;
use wabe_access::{Command, Door, InTickets, Inverse, Permission, Refusal, plan};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{ErrorPages, Hsts, Problem, Quota, SiteRedirects, fields};

/// Refuses what only nginx can do where another server shows the sites.
pub(crate) fn needs_nginx(door: &Door<'_>, field: &'static str) -> Result<(), Refusal> {
    if door.tools().house.nginx {
        Ok(())
    } else {
        Err(Refusal::field(field, Problem::new("needs-nginx")))
    }
}

fields! {
    /// Sends visitors of paths on to other addresses; every path but these is the site's own.
    pub struct SetRedirects {
        /// Which webspace.
        pub id: WebspaceId,
        /// Each as `301 /old https://www.example.org/new`; 302, or no number, for now only. `410 /old` for what is gone.
        pub redirects: SiteRedirects,
    }
}

impl Command for SetRedirects {
    const NAME: &'static str = "webspace.set_redirects";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        rule_store::set_redirects(door.tx(), (customer, self.id), &self.redirects).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "redirects", before)
    }
}

fields! {
    /// Shows pages of the site's own in place of ours where something is missing or the server fails.
    pub struct SetErrorPages {
        /// Which webspace.
        pub id: WebspaceId,
        /// Each as `404 errors/missing.html`, or with 401, 403, 410, 500, 502 or 503.
        pub error_pages: ErrorPages,
    }
}

impl Command for SetErrorPages {
    const NAME: &'static str = "webspace.set_error_pages";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        if self
            .error_pages
            .iter()
            .any(wabe_kernel::ErrorPage::needs_nginx)
        {
            needs_nginx(door, "error_pages")?;
        }
        rule_store::set_error_pages(door.tx(), (customer, self.id), &self.error_pages).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "error_pages", before)
    }
}

fields! {
    /// Tells browsers to keep to HTTPS once they came by it, and for how long; they remember it that long.
    pub struct SetHsts {
        /// Which webspace.
        pub id: WebspaceId,
        /// `off`, `month` or `years`.
        pub hsts: Hsts,
    }
}

impl Command for SetHsts {
    const NAME: &'static str = "webspace.set_hsts";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        rule_store::set_hsts(door.tx(), (customer, self.id), self.hsts).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "hsts", before)
    }
}

fields! {
    /// Says how much visitors may upload at once, within the plan.
    pub struct SetUploadSize {
        /// Which webspace.
        pub id: WebspaceId,
        /// In bytes; 64 MB when absent.
        pub upload_bytes: Option<Quota>,
    }
}

impl SetUploadSize {
    /// Only what the plan allows.
    async fn check(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let Some(wanted) = self.upload_bytes else {
            return Ok(());
        };
        needs_nginx(door, "upload_bytes")?;
        let customer = door.customer();
        let most = plan::upload_bytes_max(door.tx(), customer).await?;
        if wanted.bytes() > most {
            let problem = Problem::new("upload-beyond-plan").with("max", most);
            return Err(Refusal::field("upload_bytes", problem));
        }
        Ok(())
    }
}

impl Command for SetUploadSize {
    const NAME: &'static str = "webspace.set_upload_size";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const IN_TICKETS: InTickets = InTickets::Instructed;
    type Output = Webspace;

    fn possible(house: &House) -> bool {
        house.nginx
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        self.check(door).await?;
        let bytes = self.upload_bytes.map(Quota::bytes);
        rule_store::set_upload(door.tx(), (customer, self.id), bytes).await?;
        after(door, &was).await
    }

    fn inverse(before: &Value, _after: &Value) -> Option<Inverse> {
        back(Self::NAME, "upload_bytes", before)
    }
}
