//! What the operator decides, read once: flag over environment (`WABE_A__B`) over file over default.
//!
//! Unknown keys are refused, and all problems are reported at once. Secrets are named by file.

mod databases;
mod node;
mod sections;

pub use databases::{Databases, RemoteAccess, SystemServer};
pub use node::Node;
pub use sections::{Acme, Config, Listeners, Mail, MailTls, Web, WebServer};

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use std::path::{Path, PathBuf};
use wabe_kernel::Fault;

/// Reads the configuration; `file` must exist when it is given.
///
/// # Errors
/// Everything that is wrong, one line each.
pub fn load(file: Option<&Path>) -> Result<Config, Vec<String>> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = file {
        if !file.is_file() {
            return Err(vec![format!("{}: there is no such file", file.display())]);
        }
        figment = figment.merge(Toml::file_exact(file));
    }
    // `WABE_LOG` says what is logged; it is read before there is a configuration.
    let environment = Env::prefixed("WABE_").ignore(&["log"]).split("__");
    let figment = figment.merge(environment);
    let config: Config = figment.extract().map_err(|errors| {
        errors
            .into_iter()
            .map(|error| error.to_string())
            .collect::<Vec<_>>()
    })?;
    let problems = config.problems();
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(problems)
    }
}

/// The folders that programs of this machine are looked for in.
#[must_use]
pub fn program_folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    wabe_drivers::daemon::folders(&path)
}

/// The configuration as TOML; it holds no secrets, only the files they lie in.
///
/// # Errors
/// When it cannot be rendered.
pub fn show(config: &Config) -> Result<String, Fault> {
    toml::to_string_pretty(config)
        .map_err(|error| Fault::because("render the configuration", error))
}
