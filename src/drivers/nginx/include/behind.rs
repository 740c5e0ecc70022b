//! A site that Apache answers for: everything is passed on to it, with what nginx knows of the visitor.

use wabe_kernel::desired::{StepFailure, Webspace};

use crate::apache::Backend;
use crate::apache::config::{FRONT_HEADER, VISITOR_HEADER, patience};
use crate::nginx::include::Ground;
use crate::nginx::syntax::{Directive, Word, own};

/// How long nginx waits beyond what Apache waits for PHP.
const SPARE_SECONDS: u64 = 15;

/// How a visitor came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Over HTTP.
    Plain,
    /// Over HTTPS.
    Secure,
}

/// The name by which the site was found, with its port, and no other one that stands in the request.
pub(super) fn named(ground: &Ground, way: Way) -> Word {
    let (port, usual) = match way {
        Way::Plain => (ground.http.port(), 80),
        Way::Secure => (ground.https.port(), 443),
    };
    if port == usual {
        Word::own("$host")
    } else {
        Word::own("$host:").then(&Word::number(port))
    }
}

/// What passes a request on. Apache hears of HTTPS by being asked over it, so that `.htaccess` that look are told what is
/// true; nobody but root gives its address away, so that its certificate tells nothing that matters.
pub(super) fn passed_on(
    webspace: &Webspace,
    (backend, ground): (&Backend, &Ground),
    way: Way,
) -> Result<Vec<Directive>, StepFailure> {
    let target = match way {
        Way::Plain => format!("http://{}", backend.http),
        Way::Secure => format!("https://{}", backend.https),
    };
    let seconds = patience(webspace).saturating_add(SPARE_SECONDS);
    let seconds = Word::bytes(seconds).then(&Word::own("s"));
    let header = |name: &'static str, value| {
        let words = [Word::own(name), value];
        Directive::new("proxy_set_header", words)
    };
    Ok(vec![
        Directive::new("proxy_pass", [Word::fixed(&target)?]),
        own("proxy_http_version", ["1.1"]),
        Directive::new("proxy_read_timeout", [seconds]),
        header("Host", named(ground, way)),
        header("Connection", Word::own("close")),
        header(FRONT_HEADER, Word::fixed(backend.word.expose())?),
        header(VISITOR_HEADER, Word::own("$remote_addr")),
        header("X-Forwarded-For", Word::own("$remote_addr")),
        header("X-Forwarded-Proto", Word::own("$scheme")),
        // What visitors say of themselves in these names is nothing that anybody should believe.
        header("X-Forwarded-Host", Word::own("")),
        header("X-Forwarded-Port", Word::own("")),
        header("Forwarded", Word::own("")),
        header("Proxy", Word::own("")),
        // No application leads around what nginx protects.
        own("proxy_ignore_headers", ["X-Accel-Redirect"]),
        own("gzip", ["off"]),
    ])
}
