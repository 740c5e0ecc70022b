//! A site that an application elsewhere answers for: everything is passed on to it, at the addresses that were found
//! for its name and nowhere else. nginx looks up no name, and every address is judged here once more, whoever found it.

use std::net::{IpAddr, SocketAddr};
use wabe_kernel::desired::{StepFailure, Webspace};
use wabe_kernel::{SiteProxy, Upstream};

use crate::nginx::head::{LOOPED, SHORT_ADDRESS, UNCLEAR, UPGRADE, UPGRADE_CONNECTION, VIA};
use crate::nginx::include::behind::{Way, named};
use crate::nginx::include::{Given, Ground, path};
use crate::nginx::syntax::{Directive, Word, own, own_block};

/// Whether somebody was asked for a name and a password that are the site's own, and no business of the application's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// By nobody but the application, if at all.
    No,
    /// By nginx.
    Yes,
}

impl Asked {
    /// What holds for the site as a whole.
    pub(super) fn at_the_door(webspace: &Webspace) -> Self {
        let mut keys = webspace.rules.keys.iter();
        if keys.any(|key| key.folder.is_root()) {
            Self::Yes
        } else {
            Self::No
        }
    }
}

/// The application that answers for this site, if one does.
pub(super) fn proxy(webspace: &Webspace) -> Option<&SiteProxy> {
    webspace.rules.proxy.as_ref()
}

/// Refuses paths that the application may read otherwise than nginx does, where some of them are protected: what is
/// `/b` to one could be `/a/../b`, `/a;x/b` or `/a%2fb` to the other.
pub(super) fn unclear(webspace: &Webspace) -> Option<Directive> {
    let protects = proxy(webspace).is_some() && !webspace.rules.keys.is_empty();
    protects.then(|| own_block("if", [UNCLEAR], vec![own("return", ["400"])]))
}

/// What the addresses of a site's application are called together. It is looked up among these groups, never as a name.
fn group(webspace: &Webspace) -> Result<Word, StepFailure> {
    Word::fixed(&format!("wabe_{}", webspace.id))
}

/// Where the application is asked: nowhere when one of its addresses is none that this node goes to, whoever found it. A
/// failure would leave what stood before, and that may be just such an address.
fn reached(proxy: &SiteProxy, ground: &Ground) -> Vec<SocketAddr> {
    let port = proxy.upstream.port();
    let at = |address: &IpAddr| SocketAddr::new(*address, port);
    let all: Vec<SocketAddr> = proxy.addresses.iter().map(at).collect();
    let fronts = [ground.http, ground.https];
    let may = |at: &SocketAddr| ground.upstreams.admit(at.ip(), port) && !fronts.contains(at);
    if all.iter().all(may) { all } else { Vec::new() }
}

/// The addresses, with how much of this server a slow application may hold.
pub(super) fn addresses(
    webspace: &Webspace,
    ground: &Ground,
) -> Result<Option<Directive>, StepFailure> {
    let all = proxy(webspace).map_or_else(Vec::new, |proxy| reached(proxy, ground));
    if all.is_empty() {
        return Ok(None);
    }
    let only_v6 = all.iter().all(SocketAddr::is_ipv6);
    let server = |at: &SocketAddr| {
        let mut words = vec![
            Word::literal(&at.to_string()),
            Word::own("max_conns=128"),
            Word::own("max_fails=3"),
            Word::own("fail_timeout=10s"),
        ];
        if at.is_ipv6() && !only_v6 {
            // Not every machine has a way there.
            words.push(Word::own("backup"));
        }
        Directive::new("server", words)
    };
    let servers = all.iter().map(server).collect();
    Ok(Some(Directive::block(
        "upstream",
        [group(webspace)?],
        servers,
    )))
}

/// How the application is known over TLS: by its name, signed by an authority that this machine trusts. It stands beside
/// what passes requests on, so that it is made once for all of it.
pub(super) fn trust(webspace: &Webspace, ground: &Ground) -> Result<Vec<Directive>, StepFailure> {
    let Some(upstream) = proxy(webspace)
        .map(|proxy| &proxy.upstream)
        .filter(|upstream| upstream.is_secure())
    else {
        return Ok(Vec::new());
    };
    let name = Word::fixed(upstream.host().as_str())?;
    let file = path(&ground.authorities)?;
    Ok(vec![
        own("proxy_ssl_server_name", ["on"]),
        Directive::new("proxy_ssl_name", [name]),
        own("proxy_ssl_verify", ["on"]),
        own("proxy_ssl_verify_depth", ["5"]),
        Directive::new("proxy_ssl_trusted_certificate", [file]),
        own("proxy_ssl_protocols", ["TLSv1.2", "TLSv1.3"]),
    ])
}

/// What passes a request on; while the application is nowhere, what says so.
pub(super) fn passed_on(
    webspace: &Webspace,
    proxy: &SiteProxy,
    (given, way, asked): (&Given<'_>, Way, Asked),
) -> Result<Vec<Directive>, StepFailure> {
    if reached(proxy, given.ground).is_empty() {
        return Ok(vec![own("return", ["502"])]);
    }
    let upstream = &proxy.upstream;
    let target = Word::own(upstream.scheme()).then(&Word::own("://"));
    let mut all = vec![
        // Whoever comes from here again goes round in circles.
        own_block("if", [LOOPED], vec![own("return", ["508"])]),
        Directive::new("proxy_pass", [target.then(&group(webspace)?)]),
    ];
    all.extend(bounds());
    all.extend(headers(upstream, (given, way, asked))?);
    all.extend(answers(webspace, upstream)?);
    Ok(all)
}

/// How long and how much: a slow or endless application costs this server little. Answers are handed on as they come and
/// never wait on the disk.
fn bounds() -> [Directive; 12] {
    [
        own("proxy_http_version", ["1.1"]),
        own("proxy_connect_timeout", ["5s"]),
        own("proxy_send_timeout", ["30s"]),
        own("proxy_read_timeout", ["120s"]),
        own("proxy_next_upstream", ["error", "timeout"]),
        own("proxy_next_upstream_tries", ["2"]),
        own("proxy_next_upstream_timeout", ["10s"]),
        own("proxy_buffer_size", ["16k"]),
        own("proxy_buffers", ["8", "16k"]),
        own("proxy_busy_buffers_size", ["32k"]),
        own("proxy_max_temp_file_size", ["0"]),
        own("gzip", ["off"]),
    ]
}

/// What the application hears of a request. Of the visitor's address it hears what the log of visits has: the network,
/// unless whole addresses were instructed. What visitors say of themselves in such headers is overwritten, and what is
/// meant for this server alone ends here (RFC 9110 7.6.1).
fn headers(
    upstream: &Upstream,
    (given, way, asked): (&Given<'_>, Way, Asked),
) -> Result<Vec<Directive>, StepFailure> {
    let visitor = if given.full {
        "$remote_addr"
    } else {
        SHORT_ADDRESS
    };
    let header = |name: &'static str, value: Word| {
        Directive::new("proxy_set_header", [Word::own(name), value])
    };
    let mut all = vec![
        header("Host", Word::fixed(&upstream.authority())?),
        header("Upgrade", Word::own(UPGRADE)),
        header("Connection", Word::own(UPGRADE_CONNECTION)),
        header("Via", Word::own(VIA)),
        header("X-Forwarded-For", Word::own(visitor)),
        header("X-Real-IP", Word::own(visitor)),
        header("X-Forwarded-Proto", Word::own("$scheme")),
        header("X-Forwarded-Host", named(given.ground, way)),
    ];
    let ends = [
        "Forwarded",
        "X-Forwarded-Port",
        "X-Forwarded-Server",
        "X-Forwarded-Prefix",
        // Some applications take these for the path that was asked for, around what is protected here.
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Client-IP",
        "True-Client-IP",
        "X-Wabe-Probe",
        "X-Wabe-Front",
        "X-Wabe-Visitor",
        "Proxy",
        "Proxy-Connection",
        "Proxy-Authorization",
        "Keep-Alive",
        "TE",
        "Trailer",
    ];
    all.extend(ends.map(|name| header(name, Word::own(""))));
    if asked == Asked::Yes {
        all.push(header("Authorization", Word::own("")));
    }
    Ok(all)
}

/// What becomes of an answer: addresses and cookies of the application's own name become the site's, and no answer leads
/// around what nginx protects.
fn answers(webspace: &Webspace, upstream: &Upstream) -> Result<Vec<Directive>, StepFailure> {
    let site = |scheme: &'static str| -> Result<Directive, StepFailure> {
        let from = format!("{scheme}://{}/", upstream.authority());
        Ok(Directive::new(
            "proxy_redirect",
            [Word::fixed(&from)?, Word::own("/")],
        ))
    };
    let host = Word::fixed(upstream.host().as_str())?;
    let mut all = vec![
        site("https")?,
        site("http")?,
        Directive::new("proxy_cookie_domain", [host, Word::own("$host")]),
        own(
            "proxy_ignore_headers",
            [
                "X-Accel-Redirect",
                "X-Accel-Expires",
                "X-Accel-Charset",
                "X-Accel-Limit-Rate",
            ],
        ),
        // The site says that itself, once.
        own("proxy_hide_header", ["X-Content-Type-Options"]),
        // It says itself what its texts are written in.
        own("charset", ["off"]),
    ];
    if webspace.rules.hsts.header().is_some() {
        // The site's own word is the only one.
        all.push(own("proxy_hide_header", ["Strict-Transport-Security"]));
    }
    Ok(all)
}
