//! Webspaces: a folder, a site, an upload login.
//!
//! Invariants: live at once at its preview address; every further host name lies on a proved domain of
//! the same customer and leads to one webspace; the upload password is shown once and kept as a hash.

mod access_key;
pub(crate) mod certificate;
mod create;
mod delete;
mod folder_key;
pub(crate) mod key_store;
mod model;
mod own_certificate;
mod proxy;
pub(crate) mod proxy_store;
mod reissue_certificate;
mod reset_upload_password;
pub(crate) mod rule_store;
mod set_hosts;
mod set_php_settings;
mod set_proxy;
mod set_rules;
mod set_server;
pub(crate) mod set_site;
mod set_upload_password;
pub(crate) mod store;

pub use access_key::{AccessKey, CreateAccessKey, DeleteAccessKey};
pub use certificate::{Certificate, note_certificate};
pub use create::CreateWebspace;
pub use delete::{DeleteWebspace, RestoreWebspace};
pub use folder_key::{ProtectFolder, UnprotectFolder};
pub use key_store::access_keys;
pub use model::{Created, FolderAccess, Webspace};
pub use own_certificate::{RemoveCertificate, UploadCertificate};
pub use proxy::look_due;
pub use reissue_certificate::ReissueCertificate;
pub use reset_upload_password::ResetUploadPassword;
pub use set_hosts::{AddHost, RemoveHost};
pub use set_php_settings::{SetPhpSettings, php_rows};
pub use set_proxy::SetProxy;
pub use set_rules::{SetErrorPages, SetHsts, SetRedirects, SetUploadSize};
pub use set_server::SetServer;
pub use set_site::{SetDocumentRoot, SetFullAddresses, SetHttpsRedirect, SetPhp, SetWebspaceQuota};
pub use set_upload_password::{NewUploadPassword, SetUploadPassword};
pub use store::{list, load};

pub(crate) use set_site::back;

use wabe_access::{CommandSpec, Permission};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::WebspaceId;

crate::lifecycle::suspend_and_resume!(
    WebspaceId,
    ResourceKind::Webspace,
    Permission::WebspaceWrite,
    "webspace.suspend",
    "webspace.resume"
);
crate::lifecycle::retry_command!(
    WebspaceId,
    ResourceKind::Webspace,
    Permission::WebspaceWrite,
    "webspace.retry"
);

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateWebspace>(),
    CommandSpec::of::<AddHost>(),
    CommandSpec::of::<RemoveHost>(),
    CommandSpec::of::<SetDocumentRoot>(),
    CommandSpec::of::<SetHttpsRedirect>(),
    CommandSpec::of::<SetWebspaceQuota>(),
    CommandSpec::of::<SetFullAddresses>(),
    CommandSpec::of::<SetPhp>(),
    CommandSpec::of::<SetPhpSettings>(),
    CommandSpec::of::<SetRedirects>(),
    CommandSpec::of::<SetErrorPages>(),
    CommandSpec::of::<SetHsts>(),
    CommandSpec::of::<SetUploadSize>(),
    CommandSpec::of::<SetServer>(),
    CommandSpec::of::<SetProxy>(),
    CommandSpec::of::<ProtectFolder>(),
    CommandSpec::of::<UnprotectFolder>(),
    CommandSpec::of::<SetUploadPassword>(),
    CommandSpec::of::<ResetUploadPassword>(),
    CommandSpec::of::<ReissueCertificate>(),
    CommandSpec::of::<UploadCertificate>(),
    CommandSpec::of::<RemoveCertificate>(),
    CommandSpec::of::<Retry>(),
    CommandSpec::of::<CreateAccessKey>(),
    CommandSpec::of::<DeleteAccessKey>(),
    CommandSpec::of::<Suspend>(),
    CommandSpec::of::<Resume>(),
    CommandSpec::of::<DeleteWebspace>(),
    CommandSpec::of::<RestoreWebspace>(),
];
