//! From a request to its answer: which site, may it be shown, which file, how packed.

use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LAST_MODIFIED, LOCATION, RANGE,
    RETRY_AFTER, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use tower::ServiceExt;
use tower_http::compression::Compression;
use wabe_kernel::SiteServer;
use wabe_kernel::content::START_PAGES;

use crate::embedded::web::access_log::{Note, Pending, Visit};
use crate::embedded::web::body::{Content, Pieces, Sent};
use crate::embedded::web::conditional::{self, Verdict};
use crate::embedded::web::host::host_of;
use crate::embedded::web::index::{Shown, Site};
use crate::embedded::web::range::{self, Range};
use crate::embedded::web::static_file::{Found, Opened};
use crate::embedded::web::target::{NoTarget, Target};
use crate::embedded::web::{Sites, page};

pub(super) const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// Carries the mark of the driver's own requests.
pub(super) const PROBE: HeaderName = HeaderName::from_static("x-wabe-probe");
/// Where certificate authorities look, over plain HTTP. Source: RFC 8555 8.3.
pub(crate) const CHALLENGES: &str = "/.well-known/acme-challenge/";
/// Smaller or larger texts are sent as they are.
const PACKED_BYTES: std::ops::RangeInclusive<u64> = 1_024..=8 * 1_024 * 1_024;

/// How a request came in.
#[derive(Debug, Clone)]
pub(super) struct Via {
    pub(super) peer: IpAddr,
    /// The server name of the TLS connection; none over plain HTTP.
    pub(super) server_name: Option<Arc<str>>,
}

/// Marks an answer that compression may shrink.
#[derive(Clone, Copy)]
struct Packable;

impl Sites {
    /// Answers one request; the body of the request is never looked at.
    pub(super) async fn answer(self: &Arc<Self>, request: Parts, via: &Via) -> Response<Sent> {
        let Ok(host) = host_of(&request) else {
            let mut refused = page::empty(StatusCode::BAD_REQUEST);
            let close = HeaderValue::from_static("close");
            refused.headers_mut().insert(CONNECTION, close);
            return finished(refused);
        };
        let Some(site) = self.site_for(&host, via) else {
            if let Some(led) = self.answer_redirect(&request, &host, via) {
                return led;
            }
            let status = match via.server_name {
                Some(_) => StatusCode::MISDIRECTED_REQUEST,
                None => StatusCode::NOT_FOUND,
            };
            return finished(page::html(status, page::NO_SITE));
        };
        let mut response = self.answer_of(&site, &request, &host, via).await;
        if site.is_preview(&host) {
            let hidden = HeaderValue::from_static("noindex, nofollow");
            response.headers_mut().insert(ROBOTS, hidden);
        }
        if via.server_name.is_some()
            && let Some(kept) = site.rules().and_then(|rules| rules.hsts.header())
        {
            let kept = HeaderValue::from_static(kept);
            response
                .headers_mut()
                .insert(STRICT_TRANSPORT_SECURITY, kept);
        }
        let now = self.log.now();
        let full = site.full_addresses_until.is_some_and(|until| now < until);
        let about = (&*host, response.status());
        let note = self.noted(&request, via, about, (&site.log, full));
        drop(host);
        packed(response, request).await.map(|body| body.noted(note))
    }

    /// The site of this host; over TLS only the one whose name the connection was made for.
    fn site_for(&self, host: &str, via: &Via) -> Option<Arc<Site>> {
        let index = self.index();
        let site = index.by_host(host)?;
        if let Some(name) = &via.server_name
            && index.by_host(name)?.id != site.id
        {
            return None;
        }
        Some(Arc::clone(site))
    }

    /// Begins to note a visit, unless it is the driver's own; `full` keeps the whole address.
    pub(super) fn noted(
        &self,
        request: &Parts,
        via: &Via,
        (host, status): (&str, StatusCode),
        (log, full): (&Arc<Pending>, bool),
    ) -> Option<Note> {
        (!self.is_probe(request)).then(|| {
            let visit = Visit::new(request, (via.peer, full), host, status, self.log.now());
            self.log.note(log, visit)
        })
    }

    fn is_probe(&self, request: &Parts) -> bool {
        request
            .headers
            .get(PROBE)
            .and_then(|mark| mark.to_str().ok())
            .is_some_and(|mark| self.probe_mark.verify(mark))
    }

    async fn answer_of(
        &self,
        site: &Site,
        request: &Parts,
        host: &str,
        via: &Via,
    ) -> Response<Content> {
        if request.method == Method::OPTIONS {
            return with(page::empty(StatusCode::NO_CONTENT), ALLOW, METHODS);
        }
        if request.method != Method::GET && request.method != Method::HEAD {
            return with(page::empty(StatusCode::METHOD_NOT_ALLOWED), ALLOW, METHODS);
        }
        let path = request.uri.path();
        if let Some(answer) = self.challenges.answer(path) {
            return page::told("text/plain", answer);
        }
        let plain = via.server_name.is_none();
        if plain && site.https_redirect && !path.starts_with(CHALLENGES) {
            return self.to_https(host, request);
        }
        match site.shown {
            Shown::Suspended => {
                let closed = page::html(StatusCode::SERVICE_UNAVAILABLE, page::SUSPENDED);
                return with(closed, RETRY_AFTER, HeaderValue::from_static("3600"));
            }
            Shown::Trashed => return page::html(StatusCode::NOT_FOUND, page::GONE),
            Shown::Files => {}
        }
        if path == "/robots.txt" && site.is_preview(host) {
            let media_type = "text/plain; charset=utf-8";
            return page::fixed(StatusCode::OK, media_type, page::PREVIEW_ROBOTS);
        }
        match led_on(site, path) {
            Some(led) if led.status() == StatusCode::GONE => {
                return self.failed(site, request, StatusCode::GONE).await;
            }
            Some(led) => return led,
            None => {}
        }
        match Target::parse(path) {
            // Nobody asks for names and passwords here, so that nobody comes in.
            Ok(target) if is_locked(site, &target) => {
                self.failed(site, request, StatusCode::FORBIDDEN).await
            }
            Ok(target) => self.file(site, request, &target).await,
            Err(NoTarget::Hidden) => self.missing(site, request).await,
            Err(NoTarget::Malformed) => page::empty(StatusCode::BAD_REQUEST),
        }
    }

    /// The same address over HTTPS. The host is a configured name, so it leads nowhere else.
    fn to_https(&self, host: &str, request: &Parts) -> Response<Content> {
        let port = match self.listening().map(|address| address.port()) {
            None | Some(443) => String::new(),
            Some(port) => format!(":{port}"),
        };
        let path = request
            .uri
            .path_and_query()
            .map_or("/", |path| path.as_str());
        redirect(&format!("https://{host}{port}{path}"))
    }

    async fn file(&self, site: &Site, request: &Parts, target: &Target) -> Response<Content> {
        let (names, shown): (&[&str], _) = if target.folder {
            (&START_PAGES, START_PAGES[0])
        } else {
            (&[""], target.name())
        };
        let paths = names.iter().map(|name| target.beneath(&site.root, name));
        match self.shelf.find(&site.files, paths.collect()).await {
            Ok(Found::File(mut opened)) => {
                opened.is.by(self.clock.now());
                sent(&opened, request, shown)
            }
            Ok(Found::Folder) if !target.folder => {
                let query = request.uri.query().map(|query| format!("?{query}"));
                redirect(&(target.as_folder() + &query.unwrap_or_default()))
            }
            Ok(Found::Folder | Found::Nothing) => self.missing(site, request).await,
            Err(fault) => self.unreadable(site, request, &fault).await,
        }
    }
}

/// What a rule of the site says of this path.
fn led_on(site: &Site, path: &str) -> Option<Response<Content>> {
    let mut rules = site.rules()?.redirects.iter();
    let rule = rules.find(|rule| rule.covers(path))?;
    let status = StatusCode::from_u16(rule.status()).unwrap_or(StatusCode::FOUND);
    let mut response = page::empty(status);
    if let Some(target) = rule.target() {
        insert_text(response.headers_mut(), LOCATION, target.as_str());
    }
    Some(response)
}

/// Whether only some may come there.
fn is_locked(site: &Site, target: &Target) -> bool {
    site.rules().is_some_and(|rules| {
        // What files of rules for Apache kept somebody out of is not known here, and no file was meant to be shown where
        // an application elsewhere answered.
        rules.server == SiteServer::Apache
            || rules.proxy.is_some()
            || rules.keys.iter().any(|key| target.is_in(&key.folder))
    })
}

/// A file as the request wants it: unchanged, in part or whole.
fn sent(opened: &Opened, request: &Parts, name: &str) -> Response<Content> {
    let headers = &request.headers;
    match conditional::judge(headers, &opened.is) {
        Verdict::Failed => return page::empty(StatusCode::PRECONDITION_FAILED),
        Verdict::NotModified => {
            let mut response = page::empty(StatusCode::NOT_MODIFIED);
            describe(response.headers_mut(), opened, name);
            response.headers_mut().remove(CONTENT_TYPE);
            return response;
        }
        Verdict::Answer => {}
    }
    let asked = headers.get(RANGE).and_then(|value| value.to_str().ok());
    let range = match asked {
        Some(asked) if request.method == Method::GET => range::parse(asked, opened.size),
        _ => Range::Whole,
    };
    match range {
        Range::Part { first, last } if conditional::range_holds(headers, &opened.is) => {
            let length = last - first + 1;
            let body = Content::File(Pieces::new(Arc::clone(&opened.file), first, length));
            let mut response = Response::new(body);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let headers = response.headers_mut();
            describe(headers, opened, name);
            headers.insert(CONTENT_LENGTH, length.into());
            insert_text(
                headers,
                CONTENT_RANGE,
                &format!("bytes {first}-{last}/{}", opened.size),
            );
            response
        }
        Range::Unsatisfiable if conditional::range_holds(headers, &opened.is) => {
            let mut response = page::empty(StatusCode::RANGE_NOT_SATISFIABLE);
            let all = format!("bytes */{}", opened.size);
            insert_text(response.headers_mut(), CONTENT_RANGE, &all);
            response
        }
        _ => whole(opened, request, name),
    }
}

pub(super) fn whole(opened: &Opened, request: &Parts, name: &str) -> Response<Content> {
    let body = if request.method == Method::HEAD {
        Content::Empty
    } else {
        Content::File(Pieces::new(Arc::clone(&opened.file), 0, opened.size))
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    describe(headers, opened, name);
    headers.insert(CONTENT_LENGTH, opened.size.into());
    if headers.contains_key(VARY) {
        response.extensions_mut().insert(Packable);
    }
    response
}

/// What is said about a file in every answer.
fn describe(headers: &mut HeaderMap, opened: &Opened, name: &str) {
    let media_type = mime_guess::from_path(name)
        .first_raw()
        .unwrap_or("application/octet-stream");
    let is_text = media_type.starts_with("text/") || media_type == "application/javascript";
    if is_text {
        insert_text(
            headers,
            CONTENT_TYPE,
            &format!("{media_type}; charset=utf-8"),
        );
    } else {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    insert_text(headers, ETAG, &opened.is.tag);
    let modified = httpdate::fmt_http_date(opened.is.modified);
    insert_text(headers, LAST_MODIFIED, &modified);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let shrinks = is_text
        || media_type.ends_with("json")
        || media_type.ends_with("xml")
        || matches!(media_type, "application/wasm" | "font/ttf" | "font/otf");
    if shrinks && PACKED_BYTES.contains(&opened.size) {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
}

fn insert_text(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

pub(super) fn with(
    mut response: Response<Content>,
    name: HeaderName,
    value: HeaderValue,
) -> Response<Content> {
    response.headers_mut().insert(name, value);
    response
}

/// Keeps the method and may be kept. Source: RFC 9110 15.4.9.
fn redirect(to: &str) -> Response<Content> {
    let mut response = page::empty(StatusCode::PERMANENT_REDIRECT);
    insert_text(response.headers_mut(), LOCATION, to);
    response
}

/// Compresses what may be and is wanted so; the tag of a compressed version is a weak one.
async fn packed(response: Response<Content>, request: Parts) -> Response<Sent> {
    let packable = response.extensions().get::<Packable>().is_some();
    if !packable || !request.headers.contains_key(ACCEPT_ENCODING) {
        return finished(response);
    }
    let mut ready = Some(response);
    let inner = tower::service_fn(move |_: Request<()>| {
        let ready = ready.take().unwrap_or_else(|| page::empty(StatusCode::OK));
        std::future::ready(Ok::<_, Infallible>(ready))
    });
    let service = Compression::new(inner)
        .compress_when(|_: StatusCode, _: http::Version, _: &HeaderMap, _: &http::Extensions| true);
    let Ok(mut response) = service.oneshot(Request::from_parts(request, ())).await;
    if response.headers().contains_key(CONTENT_ENCODING)
        && let Some(tag) = response
            .headers()
            .get(ETAG)
            .and_then(|tag| tag.to_str().ok())
    {
        let weak = format!("W/{tag}");
        insert_text(response.headers_mut(), ETAG, &weak);
    }
    secured(response.map(Sent::packed))
}

pub(super) fn finished(response: Response<Content>) -> Response<Sent> {
    secured(response.map(Sent::plain))
}

fn secured(mut response: Response<Sent>) -> Response<Sent> {
    let nosniff = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}
