//! The configuration of the Apache of one webspace: a closed list of directives.
//!
//! Everything of a customer in it is a path that was parsed; the rest is ours. What a `.htaccess` may say is said here,
//! too: whole groups where everything in them is about the customer's own files, and single directives of the group
//! that could also say who answers.

use std::path::Path;
use wabe_kernel::desired::{StepFailure, Webspace};
use wabe_kernel::{RelPath, Secret};

use crate::apache::Backend;
use crate::apache::syntax::{self, Directive, Word, own};
use crate::embedded::web::Place;

/// Where Debian keeps modules.
pub(super) const ROOT: &str = "/usr/lib/apache2";
/// What browsers are told about a file. Debian has it in a package of its own.
pub(super) const TYPES: &str = "/etc/mime.types";

/// What is loaded, and nothing else: no CGI, no server-side includes, no status, no proxy to HTTP.
pub(super) const MODULES: [&str; 27] = [
    "mpm_event",
    "access_compat",
    "alias",
    "auth_basic",
    "authn_core",
    "authn_file",
    "authz_core",
    "authz_groupfile",
    "authz_host",
    "authz_user",
    "autoindex",
    "deflate",
    "dir",
    "env",
    "expires",
    "filter",
    "headers",
    "mime",
    "negotiation",
    "proxy",
    "proxy_fcgi",
    "remoteip",
    "reqtimeout",
    "rewrite",
    "setenvif",
    "socache_shmcb",
    "ssl",
];

/// Groups of directives that a `.htaccess` may use: who comes in, listings, and two options.
const GROUPS: [&str; 4] = [
    "AuthConfig",
    "Limit",
    "Indexes",
    "Options=Indexes,SymLinksIfOwnerMatch",
];

/// What it may use of the group `FileInfo`. Not there: what is for naming a handler (`SetHandler`, `AddHandler`,
/// `Action`), filters of what comes in, and what changes how PHP is spoken to. Rewriting and types name handlers all the
/// same (`P`, `H`, `T`, `ForceType`): this list keeps order, and the kernel keeps customers apart.
const SINGLE: [&str; 37] = [
    "AcceptPathInfo",
    "AddCharset",
    "AddDefaultCharset",
    "AddEncoding",
    "AddLanguage",
    "AddOutputFilterByType",
    "AddType",
    "BrowserMatch",
    "BrowserMatchNoCase",
    "ContentDigest",
    "DefaultLanguage",
    "ErrorDocument",
    "FallbackResource",
    "FileETag",
    "ForceType",
    "Header",
    "LanguagePriority",
    "Redirect",
    "RedirectMatch",
    "RedirectPermanent",
    "RedirectTemp",
    "RemoveCharset",
    "RemoveEncoding",
    "RemoveLanguage",
    "RemoveType",
    "RequestHeader",
    "RewriteBase",
    "RewriteCond",
    "RewriteEngine",
    "RewriteOptions",
    "RewriteRule",
    "SetEnv",
    "SetEnvIf",
    "SetEnvIfExpr",
    "SetEnvIfNoCase",
    "SetOutputFilter",
    "UnsetEnv",
];

/// Names of PHP that may run elsewhere and hold the same secrets: those that do not run here, and all of them.
const UNRUN: &str = "\\.(?!php$)(?i:php[0-9s]?|phtml|phar)$";
const ANY_PHP: &str = "(?i)\\.(php[0-9s]?|phtml|phar)$";

/// What tells Apache that it is nginx that asks; each webspace has its own word.
pub(crate) const FRONT_HEADER: &str = "X-Wabe-Front";
/// What tells Apache who asks.
pub(crate) const VISITOR_HEADER: &str = "X-Wabe-Visitor";

/// The least that PHP is waited for, in seconds, and how long it is beyond what it may take.
const WAIT_SECONDS: u32 = 90;
const SPARE_SECONDS: u32 = 30;

/// How long PHP is waited for.
pub(crate) fn patience(webspace: &Webspace) -> u64 {
    let seconds = webspace.rules.php.max_execution_time.get();
    u64::from(seconds.saturating_add(SPARE_SECONDS).max(WAIT_SECONDS))
}

/// What a configuration is made of.
pub(super) struct Given<'a> {
    pub(super) webspace: &'a Webspace,
    pub(super) place: &'a Place,
    /// The instance's own folder.
    pub(super) folder: &'a Path,
    pub(super) backend: &'a Backend,
    /// Where PHP is reached, when the site has it.
    pub(super) php: Option<&'a Path>,
    /// Where visitors come over HTTP, and over HTTPS.
    pub(super) ports: (u16, u16),
}

/// A configuration, ready to be written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) tree: Vec<Directive>,
    pub(super) text: String,
}

impl Config {
    /// Errors: `site-not-writable` when something in it cannot stand in a configuration.
    pub(super) fn new(given: &Given<'_>) -> Result<Self, StepFailure> {
        let mut tree = vec![own("ServerRoot", [ROOT])];
        for module in MODULES {
            let name = Word::own(module).then("_module")?;
            let file = Word::own("modules/mod_").then(module)?.then(".so")?;
            tree.push(Directive::new("LoadModule", [name, file]));
        }
        tree.extend(process(given)?);
        tree.extend(manners(given));
        tree.extend(files(given)?);
        tree.extend(php(given)?);
        tree.extend(own_pages(given.webspace)?);
        tree.extend(hosts(given)?);
        let text = syntax::write(&tree)?;
        Ok(Self { tree, text })
    }
}

fn path(path: &Path) -> Result<Word, StepFailure> {
    let text = path.to_str();
    let text = text.ok_or_else(|| StepFailure::new("site-not-writable", "a path is no text"))?;
    Word::of(text)
}

/// Processes, and where they keep what they need. Few threads while nobody asks, because each counts as a process of
/// the customer's user.
fn process(given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
    let run = path(&given.folder.join("run"))?;
    let errors = path(&given.folder.join("error.log"))?;
    Ok(vec![
        Directive::new("PidFile", [run.clone().then("/apache.pid")?]),
        Directive::new("DefaultRuntimeDir", [run]),
        own("Mutex", ["pthread"]),
        Directive::new("ErrorLog", [errors]),
        // Whoever asked is not in it.
        own("ErrorLogFormat", ["[%{c}t] [%-m:%l] %M"]),
        own("LogLevel", ["warn", "ssl:error"]),
        own("ServerLimit", ["4"]),
        own("StartServers", ["1"]),
        own("ThreadLimit", ["4"]),
        own("ThreadsPerChild", ["4"]),
        own("MaxRequestWorkers", ["16"]),
        own("MinSpareThreads", ["1"]),
        own("MaxSpareThreads", ["6"]),
        own("MaxConnectionsPerChild", ["10000"]),
        own("GracefulShutdownTimeout", ["10"]),
    ])
}

/// How it answers, and whom it believes: only who knows the word of this webspace is answered at all.
fn manners(given: &Given<'_>) -> Vec<Directive> {
    let seconds = Word::number(patience(given.webspace));
    vec![
        own("TypesConfig", [TYPES]),
        own("ServerTokens", ["Prod"]),
        own("ServerSignature", ["Off"]),
        own("TraceEnable", ["Off"]),
        own("UseCanonicalName", ["Off"]),
        own("HostnameLookups", ["Off"]),
        own("ProxyRequests", ["Off"]),
        own("KeepAlive", ["Off"]),
        own("Timeout", ["60"]),
        // nginx asks at once. Whoever else connects on this machine and says nothing is not waited for.
        own(
            "RequestReadTimeout",
            ["handshake=10", "header=10", "body=0"],
        ),
        // nginx knows how much the site takes, and lets headers of 16 KB pass.
        own("LimitRequestBody", ["0"]),
        own("LimitRequestFieldSize", ["16384"]),
        own("LimitRequestLine", ["16384"]),
        Directive::new("ProxyTimeout", [seconds]),
        own("RemoteIPHeader", [VISITOR_HEADER]),
        own("RemoteIPInternalProxy", ["127.0.0.0/8"]),
        own("SSLSessionCache", ["shmcb:sessions(65536)"]),
    ]
}

/// The folder that is served, and what a `.htaccess` in it may say.
fn files(given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
    let (all, webspace) = (&given.place.files, given.webspace);
    let nobody = || own("Require", ["all", "denied"]);
    let unrun = given.php.map_or(ANY_PHP, |_runs| UNRUN);
    let mut index = vec![Word::own("index.html"), Word::own("index.htm")];
    if given.php.is_some() {
        index.push(Word::own("index.php"));
    }
    let inner = vec![
        own("Options", ["SymLinksIfOwnerMatch"]),
        own("AllowOverride", GROUPS),
        own("AllowOverrideList", SINGLE),
        Directive::new("DirectoryIndex", index),
        own("Require", ["all", "granted"]),
    ];
    let root = vec![
        own("Options", ["None"]),
        own("AllowOverride", ["None"]),
        nobody(),
    ];
    Ok(vec![
        Directive::new("DocumentRoot", [root_of(all, &webspace.document_root)?]),
        Directive::section("Directory", [Word::own("/")], root),
        Directive::section("Directory", [path(all)?], inner),
        // Names that begin with a dot are nobody's business, but for the one that is made for visitors.
        Directive::section("FilesMatch", [Word::own("^\\.")], vec![nobody()]),
        // Asked for by address: the folder that all of this lies in may be one of them itself.
        Directive::section(
            "LocationMatch",
            [Word::own("/\\.(?!well-known(/|$))")],
            vec![nobody()],
        ),
        // By name nothing is ever let in: what is said of a name takes the place of what a `.htaccess` says.
        Directive::section("FilesMatch", [Word::own(unrun)], vec![nobody()]),
    ])
}

/// The document root.
fn root_of(files: &Path, root: &RelPath) -> Result<Word, StepFailure> {
    let folder = path(files)?;
    if root.is_root() {
        return Ok(folder);
    }
    folder.then("/")?.then(&root.to_string())
}

/// PHP files go to the webspace's own PHP. What it is started with is not said over its socket, whoever sets it.
fn php(given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
    let Some(socket) = given.php else {
        return Ok(Vec::new());
    };
    let socket = path(socket)?;
    let handler = Word::own("proxy:unix:").then(socket.text())?;
    let handler = handler.then("|fcgi://localhost")?;
    let run = vec![Directive::new("SetHandler", [handler])];
    let mut found = vec![Directive::section(
        "FilesMatch",
        [Word::own("\\.php$")],
        run,
    )];
    for unset in [
        "!PHP_VALUE",
        "!PHP_ADMIN_VALUE",
        "!HTTP_X_WABE_FRONT",
        "!wabe_front",
        "!REDIRECT_wabe_front",
    ] {
        found.push(own("ProxyFCGISetEnvIf", ["true", unset]));
    }
    Ok(found)
}

/// The site's own pages for errors, as ways that hold nothing but plain letters.
fn own_pages(webspace: &Webspace) -> Result<Vec<Directive>, StepFailure> {
    let mut found = Vec::new();
    for page in &webspace.rules.error_pages {
        let mut way = String::new();
        for name in page.page().names() {
            way.push('/');
            for byte in name.bytes() {
                if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
                    way.push(char::from(byte));
                } else {
                    way.extend(format!("%{byte:02X}").chars());
                }
            }
        }
        let words = [Word::number(page.status()), Word::of(&way)?];
        found.push(Directive::new("ErrorDocument", words));
    }
    Ok(found)
}

/// The site over HTTP, and over HTTPS: whatever a `.htaccess` asks about the way, the answer is true.
fn hosts(given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
    let (plain, secure) = (given.backend.http, given.backend.https);
    let name = given.webspace.preview.as_str();
    let at = |scheme: &'static str, port: u16| Word::own(scheme).then(&format!("{name}:{port}"));
    let refuse = refuse_others(&given.backend.word)?;
    let mut inner = vec![Directive::new(
        "ServerName",
        [at("http://", given.ports.0)?],
    )];
    inner.extend(refuse.clone());
    let mut over_tls = vec![
        Directive::new("ServerName", [at("https://", given.ports.1)?]),
        own("SSLEngine", ["on"]),
        Directive::new(
            "SSLCertificateFile",
            [path(&given.folder.join("cert.pem"))?],
        ),
        Directive::new(
            "SSLCertificateKeyFile",
            [path(&given.folder.join("key.pem"))?],
        ),
    ];
    over_tls.extend(refuse);
    let (plain, secure) = (
        Word::of(&plain.to_string())?,
        Word::of(&secure.to_string())?,
    );
    Ok(vec![
        Directive::new("ServerName", [at("http://", given.ports.0)?]),
        Directive::new("Listen", [plain.clone()]),
        Directive::new("Listen", [secure.clone(), Word::own("https")]),
        Directive::section("VirtualHost", [plain], inner),
        Directive::section("VirtualHost", [secure], over_tls),
    ])
}

/// Says of a request that it came through nginx; what Apache asks itself later on inherits it under either name.
const CAME: &str = "wabe_front";

/// Refuses whoever does not know the word, before any `.htaccess` is read, and also where that leads to a page for the
/// refusal.
fn refuse_others(word: &Secret) -> Result<Vec<Directive>, StepFailure> {
    let header = Word::own("%{HTTP:").then(FRONT_HEADER)?.then("}")?;
    let same = Word::own("=").then(word.expose())?;
    let came = |prefix: &'static str| Word::own(prefix).then(CAME)?.then("}");
    let note = Word::own("[E=").then(CAME)?.then(":1]")?;
    Ok(vec![
        own("RewriteEngine", ["on"]),
        Directive::new("RewriteCond", [header, same, Word::own("[NV,OR]")]),
        Directive::new("RewriteCond", [came("%{ENV:REDIRECT_")?, Word::own("=1")]),
        Directive::new("RewriteRule", [Word::own("^"), Word::own("-"), note]),
        Directive::new("RewriteCond", [came("%{ENV:")?, Word::own("!=1")]),
        own("RewriteRule", ["^", "-", "[F]"]),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apache::syntax::tests::{skeleton, texts};
    use crate::samples::{place, webspace};
    use proptest::prelude::*;
    use wabe_kernel::{ErrorPages, Field as _};

    fn config(webspace: &Webspace, php: Option<&str>) -> Result<Config, StepFailure> {
        let backend = Backend::of(200_005, Secret::new("a word"));
        Config::new(&Given {
            webspace,
            place: &place("/srv/node/web/a"),
            folder: Path::new("/srv/node/apache/own/a"),
            backend: &backend,
            php: php.map(Path::new),
            ports: (80, 443),
        })
    }

    const SOCKET: &str = "/srv/node/php/run/a/8.2/sock";

    #[test]
    fn a_configuration_reads_back_and_lets_no_handler_be_named() {
        let made = config(&webspace(1), Some(SOCKET)).unwrap();
        assert_eq!(syntax::parse(&made.text), Some(made.tree));
        let override_list = made
            .text
            .lines()
            .find(|line| line.contains("AllowOverrideList"));
        let list = override_list.unwrap();
        for word in [
            "Handler",
            "Action",
            "InputFilter",
            "FCGI",
            "Proxy",
            "Include",
            "SSI",
        ] {
            assert!(!list.contains(word), "{word}");
        }
        for module in [
            "cgi",
            "include",
            "status",
            "info",
            "proxy_http",
            "userdir",
            "lua",
        ] {
            assert!(!made.text.contains(&format!("mod_{module}")), "{module}");
        }
        for line in [
            "Options SymLinksIfOwnerMatch",
            "AllowOverride AuthConfig Limit Indexes Options=Indexes,SymLinksIfOwnerMatch",
            "SetHandler \"proxy:unix:/srv/node/php/run/a/8.2/sock|fcgi://localhost\"",
            "<FilesMatch \"\\\\.(?!php$)(?i:php[0-9s]?|phtml|phar)$\">",
            "ProxyFCGISetEnvIf true \"!PHP_ADMIN_VALUE\"",
            "RequestReadTimeout handshake=10 header=10 body=0",
            "Listen 127.67.13.69:812",
            "Listen 127.67.13.69:813 https",
            "RewriteCond \"%{HTTP:X-Wabe-Front}\" \"=a word\" \"[NV,OR]\"",
        ] {
            let has = made.text.lines().any(|found| found.trim() == line);
            assert!(has, "{line}\n{}", made.text);
        }
        // Whoever is let in by the folder can be kept out by its `.htaccess`.
        assert_eq!(made.text.matches("Require all granted").count(), 1);
        let without = config(&webspace(1), None).unwrap().text;
        assert!(!without.contains("SetHandler") && !without.contains("index.php"));
        assert!(without.contains("<FilesMatch \"(?i)\\\\.(php[0-9s]?|phtml|phar)$\">"));
    }

    fn paths() -> impl Strategy<Value = RelPath> {
        texts().prop_filter_map("not a path", |text| text.parse().ok())
    }

    proptest! {
        #[test]
        fn no_path_brings_a_directive_with_it(root in paths(), page in texts()) {
            let mut web = webspace(1);
            let pages = ErrorPages::from_text(&format!("404 {page}.html"));
            let usual = ErrorPages::from_text("404 a.html").unwrap();
            *web.rules = wabe_kernel::SiteRules {
                error_pages: usual.clone(),
                ..Default::default()
            };
            let plain = config(&web, Some(SOCKET)).unwrap();
            web.document_root = root;
            web.rules.error_pages = pages.unwrap_or(usual);
            match config(&web, Some(SOCKET)) {
                Ok(made) => {
                    prop_assert_eq!(syntax::parse(&made.text), Some(made.tree.clone()));
                    prop_assert_eq!(skeleton(&made.tree), skeleton(&plain.tree));
                    prop_assert!(!made.text.contains(|c: char| c.is_control() && c != '\n'));
                    let named = made.text.contains("${");
                    prop_assert!(!named);
                }
                // What could name a variable, or is too long.
                Err(fault) => prop_assert_eq!(fault.code, "site-not-writable"),
            }
        }
    }
}
