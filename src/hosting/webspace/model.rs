//! A webspace as people and the API see it.

use crate::webspace::certificate::Certificate;
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::command::House;
use wabe_access::door::Object;
use wabe_access::standing::Standing;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, PhpVersion, RelPath, Timestamp, WebspaceName};

/// A webspace.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Webspace {
    /// Its id.
    pub id: WebspaceId,
    /// Its name.
    pub name: WebspaceName,
    /// The name it is reachable by at once.
    pub preview_host: DomainName,
    /// Where a browser finds it at once.
    pub preview_url: String,
    /// The customer's own names for it, the main one first.
    pub hosts: Vec<DomainName>,
    /// Where a browser finds it: the first host name on a proved domain, or the preview address.
    pub url: String,
    /// The folder that is served.
    pub document_root: RelPath,
    /// The most its files may take, in bytes.
    pub quota_bytes: i64,
    /// What its files take, as last measured, in bytes.
    pub used_bytes: i64,
    /// Whether plain HTTP is sent on to HTTPS.
    pub https_redirect: bool,
    /// Until when the access log holds full addresses.
    pub full_addresses_until: Option<Timestamp>,
    /// What runs its PHP; absent where it has none.
    pub php: Option<PhpVersion>,
    /// The certificate that its node serves it with, as last looked at; absent before the first.
    pub certificate: Option<Certificate>,
    /// Where files are uploaded over SFTP, `host:port`.
    pub sftp: String,
    /// The SFTP login name.
    pub sftp_login: String,
    /// Whether a password opens it, beside SSH keys.
    pub has_upload_password: bool,
    /// Its state.
    #[serde(flatten)]
    pub standing: Standing,
}

impl Webspace {
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "webspace",
            id: self.id.to_string(),
            name: self.name.to_string(),
        }
    }

    /// What the record keeps of it.
    pub(crate) fn snapshot(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id, "name": self.name, "hosts": self.hosts,
            "document_root": self.document_root, "quota_bytes": self.quota_bytes,
            "https_redirect": self.https_redirect, "full_addresses_until": self.full_addresses_until,
            "php": self.php,
        })
    }
}

/// Where a browser finds a site of this installation.
pub(crate) fn site_url(house: &House, host: &DomainName) -> String {
    match house.sites_https_port {
        443 => format!("https://{host}/"),
        port => format!("https://{host}:{port}/"),
    }
}

/// A new webspace, with the password that is shown this once.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Created {
    /// The webspace.
    #[serde(flatten)]
    pub webspace: Webspace,
    /// The SFTP password; absent when the answer is rendered again.
    pub sftp_password: Option<String>,
}
