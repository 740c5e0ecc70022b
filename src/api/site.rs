//! The ways to commands on what a site does beside showing its files.

use crate::noun::Noun;
use crate::ways::Act::{Do, Patch};
use crate::ways::{Way, way};

const WEBSPACE: &str = "/api/v1/webspaces/{id}";

/// The way to each of them.
pub(crate) const WAYS: &[Way] = &[
    way(
        "webspace.set_redirects",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"redirects":["301 /old https://www.example.org/new"]}"#,
    ),
    way(
        "webspace.set_error_pages",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"error_pages":["404 errors/missing.html"]}"#,
    ),
    way(
        "webspace.set_hsts",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"hsts":"month"}"#,
    ),
    way(
        "webspace.set_upload_size",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"upload_bytes":100000000}"#,
    ),
    way(
        "webspace.set_php_settings",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"php_settings":{"memory_limit":"256M","max_execution_time":120}}"#,
    ),
    way(
        "webspace.set_server",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"server":"apache"}"#,
    ),
    way(
        "webspace.set_proxy",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"proxy":"https://app.example.org"}"#,
    ),
    way(
        "webspace.protect_folder",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/protect_folder",
        r#"{"folder":"internal","user":"anna","password":"two words and a number 7"}"#,
    ),
    way(
        "webspace.unprotect_folder",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/unprotect_folder",
        r#"{"folder":"internal","user":"anna"}"#,
    ),
];
