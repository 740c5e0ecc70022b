//! The ready file: where everything answers, and who can log in.

use crate::services::Services;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use wabe_access::command::House;
use wabe_kernel::Fault;

/// Somebody who can log in to the demo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// `owner`, or what an employee may: `support`, `operator`, `privacy_officer`, `management`, `auditor`.
    pub role: String,
    /// The address to log in with.
    pub email: String,
    /// The password; the demo shows it on purpose.
    pub password: String,
    /// The customer's number; absent for staff.
    pub customer: Option<String>,
    /// The secret of the authenticator app that staff log in with; the demo shows it on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
}

/// The ready file's content.
#[derive(Debug, Serialize)]
pub struct Ready<'a> {
    portal: &'a str,
    api: String,
    sites_http: String,
    sites_https: String,
    smtp: &'a str,
    sftp: &'a str,
    webhooks: &'a str,
    ca_file: String,
    pid: u32,
    accounts: &'a [Account],
    #[serde(skip_serializing_if = "Option::is_none")]
    mariadb: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postgresql: Option<&'a str>,
    /// Whether real services run, as the installation has them, in place of what is built in.
    services: bool,
}

impl<'a> Ready<'a> {
    /// Everything that answers.
    #[must_use]
    pub fn new(house: &'a House, sites_http: u16, ca_file: &Path, accounts: &'a [Account]) -> Self {
        Self {
            portal: &house.portal_url,
            api: format!("{}/api/v1", house.portal_url),
            sites_http: format!("http://localhost:{sites_http}"),
            sites_https: format!("https://localhost:{}", house.sites_https_port),
            smtp: &house.smtp,
            sftp: &house.sftp,
            webhooks: &house.webhooks_url,
            ca_file: ca_file.display().to_string(),
            pid: std::process::id(),
            accounts,
            mariadb: None,
            postgresql: None,
            services: false,
        }
    }

    /// The same with the private services, where there are any.
    #[must_use]
    pub fn with(self, services: Option<&'a Services>) -> Self {
        Self {
            mariadb: services.map(|services| services.mariadb.as_str()),
            postgresql: services.map(|services| services.postgresql.as_str()),
            services: self.services || services.is_some(),
            ..self
        }
    }

    /// With real services, or not.
    #[must_use]
    pub const fn with_services(mut self, services: bool) -> Self {
        self.services = services;
        self
    }

    /// Writes the file, readable by its owner alone; it is there wholly or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), Fault> {
        let failed = |error| Fault::because("write the ready file", error);
        let text = serde_json::to_vec_pretty(self);
        let text = text.map_err(|error| Fault::because("write the ready file", error))?;
        write_private(file, &text).map_err(failed)
    }
}

/// Writes a file for its owner alone, atomically and durably.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = file.with_extension("part");
    let mut options = std::fs::OpenOptions::new();
    let mut writer = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    writer.write_all(bytes)?;
    writer.sync_all()?;
    #[expect(
        clippy::disallowed_methods,
        reason = "a file of the operator, named by the operator"
    )]
    std::fs::rename(&unfinished, file)
}
