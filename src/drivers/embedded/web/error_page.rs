//! What a site shows where it has nothing to show: its own page for that, or a plain one.

use http::request::Parts;
use http::{Response, StatusCode};

use crate::embedded::web::answer::whole;
use crate::embedded::web::body::Content;
use crate::embedded::web::index::Site;
use crate::embedded::web::static_file::Found;
use crate::embedded::web::{Sites, page};

impl Sites {
    /// The site's own page for what is not there, or a plain one.
    pub(super) async fn missing(&self, site: &Site, request: &Parts) -> Response<Content> {
        let own = own_page(site, StatusCode::NOT_FOUND).unwrap_or_else(|| "404.html".to_owned());
        match self.page(site, request, (StatusCode::NOT_FOUND, own)).await {
            Ok(Some(own)) => own,
            Ok(None) => page::html(StatusCode::NOT_FOUND, page::NOT_FOUND),
            Err(fault) => self.unreadable(site, request, &fault).await,
        }
    }

    /// The site's own page for this status, or none at all.
    pub(super) async fn failed(
        &self,
        site: &Site,
        request: &Parts,
        status: StatusCode,
    ) -> Response<Content> {
        let Some(own) = own_page(site, status) else {
            return page::empty(status);
        };
        match self.page(site, request, (status, own)).await {
            Ok(Some(own)) => own,
            Ok(None) | Err(_) => page::empty(status),
        }
    }

    /// A page of the site's own with another status than that of a file; nothing where no file is.
    async fn page(
        &self,
        site: &Site,
        request: &Parts,
        (status, page): (StatusCode, String),
    ) -> std::io::Result<Option<Response<Content>>> {
        let own = match site.root.as_str() {
            "" => page,
            root => format!("{root}/{page}"),
        };
        let Found::File(opened) = self.shelf.find(&site.files, vec![own]).await? else {
            return Ok(None);
        };
        let mut response = whole(&opened, request, "404.html");
        *response.status_mut() = status;
        Ok(Some(response))
    }

    pub(super) async fn unreadable(
        &self,
        site: &Site,
        request: &Parts,
        fault: &std::io::Error,
    ) -> Response<Content> {
        tracing::warn!(webspace.id = %site.id, %fault, "file is not readable");
        self.log.complain(&site.log, request.uri.path(), fault);
        let status = StatusCode::SERVICE_UNAVAILABLE;
        self.failed(site, request, status).await
    }
}

/// The page that the site has for this status, beneath its root.
fn own_page(site: &Site, status: StatusCode) -> Option<String> {
    let mut pages = site.rules()?.error_pages.iter();
    let page = pages.find(|page| page.status() == status.as_u16())?;
    Some(page.page().to_string())
}
