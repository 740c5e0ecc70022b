//! The configuration around all includes: processes, limits, TLS, logs, and who answers to no name of ours.

use std::net::SocketAddr;
use std::path::Path;
use wabe_kernel::Secret;
use wabe_kernel::desired::StepFailure;

use crate::embedded::web::page;
use crate::nginx::include::{Ground, digits_of, path, secure_listen};
use crate::nginx::syntax::{Directive, Word, own, own_block};

/// Log formats: with the network a visitor is in, and with the whole address.
pub(super) const LOG_SHORT: &str = "wabe_short";
pub(super) const LOG_FULL: &str = "wabe_full";
/// The network that a visitor is in, as the short log has it.
pub(super) const SHORT_ADDRESS: &str = "$wabe_address";
/// Holds where a request was here before.
pub(super) const LOOPED: &str = "($wabe_looped)";
/// Holds where a path means more than one thing.
pub(super) const UNCLEAR: &str = "($wabe_unclear)";
/// Who passed a request on until now, and this server.
pub(super) const VIA: &str = "$wabe_via";
/// What a connection is asked to become, and how it goes on: WebSocket, or nothing else.
pub(super) const UPGRADE: &str = "$wabe_upgrade";
pub(super) const UPGRADE_CONNECTION: &str = "$wabe_connection";
/// Says what files are by their names; it comes with nginx.
pub(super) const TYPES: &str = "/etc/nginx/mime.types";
/// The pages that are ours, beneath their folder.
pub(super) const NOT_FOUND_FILE: &str = "/not-found.html";
pub(super) const SUSPENDED_FILE: &str = "/suspended.html";
pub(super) const GONE_FILE: &str = "/gone.html";
pub(super) const AWAY_FILE: &str = "/away.html";
pub(super) const ROBOTS_FILE: &str = "/robots.txt";

/// What lies in the folder of pages.
pub(super) const PAGES: [(&str, &str); 5] = [
    (NOT_FOUND_FILE, page::NOT_FOUND),
    (SUSPENDED_FILE, page::SUSPENDED),
    (GONE_FILE, page::GONE),
    (AWAY_FILE, page::AWAY),
    (ROBOTS_FILE, page::PREVIEW_ROBOTS),
];

/// ECDHE with AEAD only, for TLS 1.2 (bar 3.12 T4); TLS 1.3 has nothing weaker.
const CIPHERS: &str = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
/// A line as the built-in server writes it, without queries. Its first word is the address.
const LINE: &str = " - - [$time_local] $host \"$request_method $wabe_path $server_protocol\" \
$status $body_bytes_sent \"$wabe_referrer\" \"$wabe_agent\"";

/// Where the instance's own things lie, and whose it is.
pub(super) struct Instance<'a> {
    pub(super) folder: &'a Path,
    pub(super) ground: &'a Ground,
    /// Marks the driver's own requests.
    pub(super) probe_mark: &'a Secret,
    /// Whom its workers are, where it may become somebody.
    pub(super) worker_user: Option<&'a str>,
}

/// The whole configuration with these includes, each a file or a pattern of files; its process number goes
/// into the file `pid`.
pub(super) fn all(
    instance: &Instance<'_>,
    pid: &'static str,
    includes: Vec<Word>,
) -> Result<Vec<Directive>, StepFailure> {
    let folder = path(instance.folder)?;
    let within = |name: &'static str| folder.clone().then(&Word::own(name));
    let mut found = Vec::new();
    if let Some(user) = instance.worker_user {
        found.push(Directive::new("user", [Word::fixed(user)?]));
    }
    found.extend([
        own("daemon", ["off"]),
        own("worker_processes", ["auto"]),
        own("worker_rlimit_nofile", ["8192"]),
        own("worker_shutdown_timeout", ["10s"]),
        Directive::new("pid", [within(pid)]),
        Directive::new("error_log", [within("/logs/error.log"), Word::own("crit")]),
        own_block("events", [], vec![own("worker_connections", ["2048"])]),
    ]);
    // Whatever is about a request names the visitor by the whole address, and is kept elsewhere, shortened.
    let mut http = vec![Directive::new(
        "error_log",
        [within("/logs/error.log"), Word::own("emerg")],
    )];
    http.extend(basics());
    http.extend(bounds());
    http.extend(tls());
    let temporary = [
        ("client_body_temp_path", "/tmp/body"),
        ("proxy_temp_path", "/tmp/proxy"),
        ("fastcgi_temp_path", "/tmp/fastcgi"),
        ("uwsgi_temp_path", "/tmp/uwsgi"),
        ("scgi_temp_path", "/tmp/scgi"),
    ];
    http.extend(temporary.map(|(name, end)| Directive::new(name, [within(end)])));
    http.extend(logs(instance.probe_mark));
    http.extend(passing(instance.probe_mark)?);
    http.extend(fastcgi());
    http.extend(nobodys(instance.ground));
    let include = |word| Directive::new("include", [word]);
    http.extend(includes.into_iter().map(include));
    found.push(own_block("http", [], http));
    Ok(found)
}

fn basics() -> Vec<Directive> {
    vec![
        own("include", [TYPES]),
        own("default_type", ["application/octet-stream"]),
        own("charset", ["utf-8"]),
        own(
            "charset_types",
            [
                "text/css",
                "text/plain",
                "text/xml",
                "application/javascript",
                "application/json",
            ],
        ),
        own_block("geo", ["$wabe_d"], vec![own("default", ["$"])]),
        own_block("geo", ["$wabe_at"], vec![own("default", [""])]),
        own("index", ["index.html", "index.htm"]),
        own("sendfile", ["on"]),
        own("server_tokens", ["off"]),
        own("absolute_redirect", ["off"]),
        own("recursive_error_pages", ["on"]),
        own("log_not_found", ["off"]),
        own("server_names_hash_bucket_size", ["512"]),
        own("server_names_hash_max_size", ["65536"]),
        own("gzip", ["on"]),
        own("gzip_vary", ["on"]),
        own("gzip_min_length", ["1024"]),
        own(
            "gzip_types",
            [
                "text/css",
                "text/plain",
                "text/xml",
                "application/javascript",
                "application/json",
                "application/wasm",
                "image/svg+xml",
            ],
        ),
    ]
}

/// How long PHP may take where nobody said otherwise; the time that nginx waits for it is longer.
pub(super) const PHP_SECONDS: u32 = 60;

/// Bar 3.15 T3.
fn bounds() -> Vec<Directive> {
    vec![
        own("client_header_timeout", ["10s"]),
        own("client_body_timeout", ["30s"]),
        own("send_timeout", ["30s"]),
        own("keepalive_timeout", ["30s"]),
        own("large_client_header_buffers", ["4", "16k"]),
        own("client_max_body_size", ["64m"]),
        own("http2_max_concurrent_streams", ["100"]),
        own("reset_timedout_connection", ["on"]),
        own("fastcgi_read_timeout", ["90s"]),
    ]
}

fn tls() -> Vec<Directive> {
    vec![
        own("ssl_protocols", ["TLSv1.2", "TLSv1.3"]),
        own("ssl_ciphers", [CIPHERS]),
        own("ssl_prefer_server_ciphers", ["off"]),
        own("ssl_session_cache", ["shared:wabe:10m"]),
        own("ssl_session_timeout", ["1d"]),
        own("ssl_session_tickets", ["off"]),
        own("ssl_early_data", ["off"]),
    ]
}

/// One entry of a map.
fn entry(name: &'static str, value: &'static str) -> Directive {
    own(name, [value])
}

/// What a line of a log is made of: the network of an address, a path without its query, the host that
/// referred, and nothing longer than it should be.
fn logs(probe_mark: &Secret) -> Vec<Directive> {
    let networks = vec![
        entry("default", "::"),
        entry(
            "~^(?<wabe_v4>[0-9]+\\.[0-9]+\\.[0-9]+)\\.[0-9]+$",
            "$wabe_v4.0",
        ),
        entry(
            "~^(?<wabe_v6a>[0-9a-f]+:[0-9a-f]+:[0-9a-f]+):",
            "$wabe_v6a::",
        ),
        entry("~^(?<wabe_v6b>[0-9a-f]+:[0-9a-f]+)::", "$wabe_v6b::"),
        entry("~^(?<wabe_v6c>[0-9a-f]+)::", "$wabe_v6c::"),
    ];
    let day = vec![
        entry("default", "0"),
        entry("~^(?<wabe_date>[0-9]{4}-[0-9]{2}-[0-9]{2})T", "$wabe_date"),
    ];
    let path = vec![
        entry("default", "-"),
        entry("~^(?<wabe_cut>[^?]{1,512})", "$wabe_cut"),
    ];
    let referrer = vec![
        entry("default", "-"),
        entry(
            "~*^https?://(?:[^/?#@]*@)?(?<wabe_from>[a-z0-9.-]{1,253})(?:[:/?#]|$)",
            "$wabe_from",
        ),
    ];
    let agent = vec![
        entry("default", "-"),
        entry("~^(?<wabe_name>.{1,512})", "$wabe_name"),
    ];
    let marked = Directive::entry(Word::literal(probe_mark.expose()), Word::own("0"));
    let format = |name, address| own("log_format", [name, address, LINE]);
    vec![
        own_block("map", ["$remote_addr", "$wabe_address"], networks),
        own_block("map", ["$time_iso8601", "$wabe_day"], day),
        own_block("map", ["$request_uri", "$wabe_path"], path),
        own_block("map", ["$http_referer", "$wabe_referrer"], referrer),
        own_block("map", ["$http_user_agent", "$wabe_agent"], agent),
        own_block(
            "map",
            ["$http_x_wabe_probe", "$wabe_visit"],
            vec![entry("default", "1"), marked],
        ),
        format(LOG_SHORT, "$wabe_address"),
        format(LOG_FULL, "$remote_addr"),
        own("access_log", ["off"]),
        own(
            "open_log_file_cache",
            ["max=1024", "inactive=20s", "valid=30s"],
        ),
    ]
}

/// What requests are known by that are passed on to an application elsewhere. One that comes back here has this very
/// server among those that passed it on (RFC 9110 7.6.3); which one that is tells nothing else. Only WebSocket may take
/// over a connection (RFC 6455 4.1): whatever else could would speak past everything that is said here.
fn passing(probe_mark: &Secret) -> Result<Vec<Directive>, StepFailure> {
    let digest = digits_of(&format!("a server by itself: {}", probe_mark.expose()));
    let here = Word::fixed(&format!("wabe-{digest}"))?;
    let also = Word::own("$http_via, 1.1 ").then(&here);
    let alone = Word::own("1.1 ").then(&here);
    let known = Word::own("~").then(&here);
    let via = vec![
        Directive::new("default", [also]),
        Directive::entry(Word::own(""), alone),
    ];
    let looped = vec![
        entry("default", ""),
        Directive::entry(known, Word::own("1")),
    ];
    let upgrade = vec![entry("default", ""), entry("~*^websocket$", "websocket")];
    let connection = vec![entry("default", "upgrade"), entry("", "close")];
    let unclear = vec![
        entry("default", ""),
        entry(
            "~*^[^?]*(//|;|\\\\|/\\.\\.?([/?]|$)|%(2e|2f|5c|3b|25))",
            "1",
        ),
    ];
    Ok(vec![
        own_block("map", ["$http_via", VIA], via),
        own_block("map", ["$http_via", "$wabe_looped"], looped),
        own_block("map", ["$http_upgrade", UPGRADE], upgrade),
        own_block("map", [UPGRADE, UPGRADE_CONNECTION], connection),
        own_block("map", ["$request_uri", "$wabe_unclear"], unclear),
    ])
}

/// What PHP hears of a request. Source: RFC 3875; `HTTP_PROXY` is a header that poses as a setting.
fn fastcgi() -> Vec<Directive> {
    const PARAMETERS: [(&str, &str); 20] = [
        ("SCRIPT_FILENAME", "$document_root$fastcgi_script_name"),
        ("SCRIPT_NAME", "$fastcgi_script_name"),
        ("QUERY_STRING", "$query_string"),
        ("REQUEST_METHOD", "$request_method"),
        ("CONTENT_TYPE", "$content_type"),
        ("CONTENT_LENGTH", "$content_length"),
        ("REQUEST_URI", "$request_uri"),
        ("DOCUMENT_URI", "$document_uri"),
        ("DOCUMENT_ROOT", "$document_root"),
        ("SERVER_PROTOCOL", "$server_protocol"),
        ("REQUEST_SCHEME", "$scheme"),
        ("GATEWAY_INTERFACE", "CGI/1.1"),
        ("SERVER_SOFTWARE", "nginx"),
        ("REMOTE_ADDR", "$remote_addr"),
        ("REMOTE_PORT", "$remote_port"),
        ("SERVER_ADDR", "$server_addr"),
        ("SERVER_PORT", "$server_port"),
        ("SERVER_NAME", "$host"),
        ("REDIRECT_STATUS", "200"),
        ("HTTP_PROXY", ""),
    ];
    let parameter = |(name, value)| own("fastcgi_param", [name, value]);
    let mut found: Vec<Directive> = PARAMETERS.into_iter().map(parameter).collect();
    found.push(own("fastcgi_param", ["HTTPS", "$https", "if_not_empty"]));
    found
}

/// Who asks by no name of ours gets no answer, and over TLS no certificate.
fn nobodys(ground: &Ground) -> [Directive; 2] {
    let listen = |at: SocketAddr| Word::literal(&at.to_string());
    let plain = vec![
        Directive::new("listen", [listen(ground.http), Word::own("default_server")]),
        own("server_name", [""]),
        own("return", ["444"]),
    ];
    let secure = vec![
        secure_listen(ground, true),
        own("server_name", [""]),
        own("ssl_reject_handshake", ["on"]),
    ];
    [
        own_block("server", [], plain),
        own_block("server", [], secure),
    ]
}
