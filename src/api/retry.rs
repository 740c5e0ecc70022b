//! The ways to commands that have something done again, what failed and a certificate; and to those about a
//! certificate of one's own.

use crate::noun::Noun;
use crate::ways::Act::Do;
use crate::ways::{Way, way};

/// The way to each of them.
pub(crate) const WAYS: &[Way] = &[
    way(
        "domain.retry",
        Do,
        Noun::Domain,
        "/api/v1/domains/{id}/retry",
        "",
    ),
    way(
        "webspace.retry",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/retry",
        "",
    ),
    way(
        "mailbox.retry",
        Do,
        Noun::Mailbox,
        "/api/v1/mailboxes/{id}/retry",
        "",
    ),
    way(
        "alias.retry",
        Do,
        Noun::Alias,
        "/api/v1/aliases/{id}/retry",
        "",
    ),
    way(
        "database.retry",
        Do,
        Noun::Database,
        "/api/v1/databases/{id}/retry",
        "",
    ),
    way(
        "webspace.reissue_certificate",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/reissue_certificate",
        "",
    ),
    way(
        "webspace.upload_certificate",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/upload_certificate",
        r#"{"certificate":"-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n","private_key":"-----BEGIN PRIVATE KEY-----\nMIGH...\n-----END PRIVATE KEY-----\n"}"#,
    ),
    way(
        "webspace.remove_certificate",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/remove_certificate",
        "",
    ),
];
