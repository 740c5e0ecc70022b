//! What stands in the include of one site or redirect.
//!
//! Everything of a customer in it is a host name, a path or a target that was parsed; the rest is ours.

mod behind;
mod elsewhere;
mod inside;
mod proxied;
pub(super) mod rules;
mod site;

use sha2::{Digest as _, Sha256};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use wabe_kernel::desired::{StepFailure, Webspace, Wish};
use wabe_kernel::{DomainName, hex};

use crate::apache::Backend;
use crate::embedded::files::rule_file::Shut;
use crate::embedded::web::CHALLENGES;
use crate::embedded::web::page::POLICY;
use crate::embedded::web::probe::PROBE_PATH;
use crate::embedded::web::{Place, Showing};
use crate::fetch::Upstreams;
use crate::nginx::head;
use crate::nginx::include::elsewhere::{hidden, leading_on};
use crate::nginx::include::site::site;
use crate::nginx::syntax::{self, Directive, Word, own, own_block};

/// Stands where the mark will, in the text that the mark stands for. All releases agree on it.
pub(super) const UNMARKED: &str = "unmarked";

/// What all includes of an instance have in common.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub(super) http: SocketAddr,
    pub(super) https: SocketAddr,
    /// The folder of the pages that are ours.
    pub(super) pages: PathBuf,
    /// Where what it cannot do for a site is heard of; nowhere when the path is too long for a socket.
    pub(super) errors: Option<PathBuf>,
    /// HTTP/2 is a directive of its own, as from 1.25.1 on.
    pub(super) http2_apart: bool,
    /// Where applications may be that answer for sites.
    pub(super) upstreams: Upstreams,
    /// Whose signatures prove that it is them.
    pub(super) authorities: PathBuf,
}

/// What decides over an include beside what is shown.
pub(super) struct Given<'a> {
    pub(super) ground: &'a Ground,
    pub(super) place: &'a Place,
    /// Whether whole addresses are logged.
    pub(super) full: bool,
    /// Where PHP is reached, when the site has it.
    pub(super) php: Option<&'a Path>,
    /// Where Apache is reached, when it answers for the site.
    pub(super) apache: Option<&'a Backend>,
    /// Folders that rules for Apache shut, where nginx answers.
    pub(super) shut: &'a [Shut],
}

/// An include, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Include {
    pub(super) tree: Vec<Directive>,
    pub(super) text: String,
    /// What it answers the driver with: no other configuration answers the same.
    pub(super) mark: String,
}

impl Include {
    /// Errors: `site-not-writable` when something in it cannot stand in a configuration.
    pub(super) fn new(what: &Showing, given: &Given<'_>) -> Result<Self, StepFailure> {
        let tree = |mark: &str| match what {
            Showing::Site(Wish::Present(webspace)) => site(webspace, given, mark),
            Showing::Site(Wish::Hidden(webspace)) => hidden(webspace, given, mark),
            Showing::Site(Wish::Gone) => {
                Err(StepFailure::new("wrong-subject", "nothing to configure"))
            }
            Showing::Redirect(redirect) => leading_on(redirect, given, mark),
        };
        let mark = digits_of(&syntax::write(&tree(UNMARKED)?)?);
        let tree = tree(&mark)?;
        Ok(Self {
            text: syntax::write(&tree)?,
            tree,
            mark,
        })
    }
}

/// 32 digits that stand for a text.
pub(super) fn digits_of(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    hex(digest.get(..16).unwrap_or_default())
}

/// A path of ours as a word.
pub(super) fn path(path: &Path) -> Result<Word, StepFailure> {
    let text = path.to_str();
    let text = text.ok_or_else(|| StepFailure::new("site-not-writable", "a path is no text"))?;
    Word::fixed(text)
}

/// The names of a site or a redirect, by the certificate that they are served with.
pub(super) struct Names {
    /// Its own.
    pub(super) local: Vec<DomainName>,
    /// What a public authority signs, or what stands in for that.
    pub(super) public: Vec<DomainName>,
}

fn names(webspace: &Webspace) -> Names {
    Names {
        local: webspace.local_names(),
        public: webspace.public_names(),
    }
}

fn server_name<'a>(names: impl Iterator<Item = &'a DomainName>) -> Directive {
    let words: Vec<Word> = names.map(|name| Word::literal(name.as_str())).collect();
    Directive::new("server_name", words)
}

fn listen(at: SocketAddr) -> Word {
    Word::literal(&at.to_string())
}

/// A server over HTTP, and one over HTTPS for each certificate, each with what stands in it.
fn both(
    (names, given): (&Names, &Given<'_>),
    plain: Vec<Directive>,
    secure: Vec<Directive>,
) -> Result<Vec<Directive>, StepFailure> {
    let mut first = vec![
        Directive::new("listen", [listen(given.ground.http)]),
        server_name(names.local.iter().chain(&names.public)),
    ];
    first.extend(plain);
    let mut servers = vec![Directive::block("server", [], first)];
    if !names.public.is_empty() {
        let (certificate, key) = &given.place.public;
        let held = (certificate.as_path(), key.as_path());
        servers.push(over_tls(
            (&names.public, held),
            given.ground,
            secure.clone(),
        )?);
    }
    let held = (given.place.certificate.as_path(), given.place.key.as_path());
    servers.push(over_tls((&names.local, held), given.ground, secure)?);
    Ok(servers)
}

/// A server over HTTPS for these names, with this certificate and its key.
fn over_tls(
    (names, (certificate, key)): (&[DomainName], (&Path, &Path)),
    ground: &Ground,
    inner: Vec<Directive>,
) -> Result<Directive, StepFailure> {
    let mut server = vec![secure_listen(ground, false)];
    if ground.http2_apart {
        server.push(own("http2", ["on"]));
    }
    server.push(server_name(names.iter()));
    server.push(Directive::new(
        "ssl_certificate",
        [at_handshake(certificate)?],
    ));
    server.push(Directive::new("ssl_certificate_key", [at_handshake(key)?]));
    server.extend(inner);
    Ok(Directive::block("server", [], server))
}

/// What certificate authorities ask for that look whether a name leads here, and what else is there. It lies
/// open, however much is protected.
pub(super) fn challenges(
    given: &Given<'_>,
    otherwise: Directive,
) -> Result<[Directive; 2], StepFailure> {
    let inner = vec![
        Directive::new("root", [path(&given.place.challenges)?]),
        own("disable_symlinks", ["off"]),
        own("default_type", ["text/plain"]),
        own("auth_basic", ["off"]),
        own("try_files", ["$uri", "@wabe_challenge"]),
    ];
    Ok([
        own_block("location", ["^~", CHALLENGES], inner),
        own_block(
            "location",
            ["@wabe_challenge"],
            vec![own("auth_basic", ["off"]), otherwise],
        ),
    ])
}

/// A path that is opened at each handshake: what lies there is what is shown, and a certificate that cannot be
/// read is the trouble of its own site. The name of a variable in it says so; it holds nothing.
fn at_handshake(file: &Path) -> Result<Word, StepFailure> {
    Ok(Word::own("${wabe_at}").then(&path(file)?))
}

/// Listens over TLS; for whoever asks by no name of ours, too, where `fallback` says so.
pub(super) fn secure_listen(ground: &Ground, fallback: bool) -> Directive {
    let mut words = vec![listen(ground.https), Word::own("ssl")];
    if !ground.http2_apart {
        words.push(Word::own("http2"));
    }
    if fallback {
        words.push(Word::own("default_server"));
    }
    Directive::new("listen", words)
}

/// The log of visits, of which the driver's own are none; and of what cannot be done, which is told to the driver,
/// because nginx itself writes whole addresses and queries.
fn logs(given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
    let file = path(&given.place.logs)?.then(&Word::own("/access-$wabe_day.log"));
    let format = if given.full {
        head::LOG_FULL
    } else {
        head::LOG_SHORT
    };
    let words = [file, Word::own(format), Word::own("if=$wabe_visit")];
    let mut found = vec![Directive::new("access_log", words)];
    let id = given.place.folder.file_name().and_then(|id| id.to_str());
    if let (Some(socket), Some(id)) = (&given.ground.errors, id) {
        let told = Word::own("syslog:server=unix:")
            .then(&path(socket)?)
            .then(&Word::own(",nohostname,tag="))
            .then(&Word::fixed(id)?);
        found.push(Directive::new("error_log", [told, Word::own("error")]));
    }
    Ok(found)
}

/// What the driver asks for to see that this very configuration answers.
fn probe(mark: &str) -> Directive {
    let inner = vec![
        own("default_type", ["text/plain"]),
        own_block("if", ["($wabe_visit)"], vec![own("return", ["404"])]),
        Directive::new("return", [Word::own("200"), Word::literal(mark)]),
    ];
    own_block("location", ["=", PROBE_PATH], inner)
}

/// A page of ours that only the server itself leads to.
fn page(
    name: &'static str,
    (ground, file): (&Ground, &'static str),
    retry: bool,
) -> Result<Directive, StepFailure> {
    let file = path(&ground.pages)?.then(&Word::own(file));
    let mut inner = vec![
        own("internal", []),
        Directive::new("alias", [file]),
        own("disable_symlinks", ["off"]),
        own("default_type", ["text/html"]),
        own(
            "add_header",
            ["X-Content-Type-Options", "nosniff", "always"],
        ),
        own("add_header", ["Cache-Control", "no-store", "always"]),
        own("add_header", ["Content-Security-Policy", POLICY, "always"]),
    ];
    if retry {
        inner.push(own("add_header", ["Retry-After", "3600", "always"]));
    }
    Ok(own_block("location", ["=", name], inner))
}

/// The address of the same over HTTPS. The host is one of this server's names, so it leads nowhere else.
fn to_https(ground: &Ground) -> Directive {
    let target = match ground.https.port() {
        443 => Word::own("https://$host"),
        port => Word::own("https://$host:").then(&Word::number(port)),
    };
    let target = target.then(&Word::own("$request_uri"));
    let words = [Word::own("308"), target];
    own_block("location", ["/"], vec![Directive::new("return", words)])
}
