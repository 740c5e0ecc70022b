//! A webspace as people and the API see it.

use crate::webspace::certificate::Certificate;
use schemars::JsonSchema;
use serde::Serialize;
use std::net::IpAddr;
use wabe_access::command::House;
use wabe_access::door::Object;
use wabe_access::standing::Standing;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{
    DomainName, ErrorPages, FolderKey, FolderUser, Hsts, PhpSettings, PhpVersion, RelPath,
    SiteRedirects, SiteServer, Timestamp, Upstream, WebspaceName,
};

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
    /// Where it sends visitors on, each as `301 /old https://www.example.org/new`.
    pub redirects: SiteRedirects,
    /// Its own pages for errors, each as `404 errors/missing.html`.
    pub error_pages: ErrorPages,
    /// How long browsers keep to HTTPS once they came by it: `off`, `month` or `years`.
    pub hsts: Hsts,
    /// The most that visitors upload at once, in bytes; what the server takes by itself when absent.
    pub upload_bytes: Option<i64>,
    /// What was decided about its PHP; what is absent is as usual. The plan is the most.
    pub php_settings: PhpSettings,
    /// What answers for it: `nginx`, or `apache`, which reads `.htaccess`.
    pub server: SiteServer,
    /// The application elsewhere that answers in place of its files; absent where its files are shown.
    pub proxy: Option<Upstream>,
    /// The addresses that were found for it, and that alone are asked; none while it is away.
    pub proxy_addresses: Vec<IpAddr>,
    /// What was the matter when it was looked for last: `refused`, `nowhere` or `silent`; absent while it is well.
    pub proxy_trouble: Option<String>,
    /// Who comes into which protected folders.
    pub folder_keys: Vec<FolderAccess>,
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

/// Somebody who may come into a protected folder, and with it that nobody else may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FolderAccess {
    /// The folder, beneath the document root.
    pub folder: RelPath,
    /// Who.
    pub user: FolderUser,
}

impl From<&FolderKey> for FolderAccess {
    fn from(key: &FolderKey) -> Self {
        Self {
            folder: key.folder.clone(),
            user: key.user.clone(),
        }
    }
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
            "php": self.php, "redirects": self.redirects, "error_pages": self.error_pages,
            "hsts": self.hsts, "upload_bytes": self.upload_bytes, "folder_keys": self.folder_keys,
            "php_settings": self.php_settings, "server": self.server, "proxy": self.proxy,
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
