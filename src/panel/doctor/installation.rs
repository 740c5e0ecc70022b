//! The panel itself: its configuration, its folders, the programs beside it, and whether it runs.

use crate::config::Config;
use crate::control::{self, Operation};
use crate::data_dir::DataDir;
use crate::doctor::Finding;
use crate::sibling::beside;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Whether the configuration holds choices that are worth a second thought.
pub(super) fn choices(config: &Config) -> Vec<Finding> {
    let what = "choices in the configuration";
    let warnings = config.warnings();
    if warnings.is_empty() {
        return vec![Finding::fine(what)];
    }
    let odd = warnings.into_iter();
    odd.map(|warning| Finding::odd(what, warning)).collect()
}

/// Whether nobody else looks into what is the panel's alone.
pub(super) fn folders(config: &Config, data: &DataDir) -> Vec<Finding> {
    let mut findings = vec![
        private("data folder is private", data.path()),
        private("keys are private", &data.keys()),
        private("compiled plugins are private", &data.artifacts()),
    ];
    let servers = [&config.databases.mariadb, &config.databases.postgresql];
    findings.extend(servers.into_iter().flatten().map(|server| {
        let what = "password of a database server is private";
        private(what, &server.password_file)
    }));
    findings
}

/// Whether nobody but the owner may do anything: the six lower bits of the mode are clear.
fn private(what: &'static str, path: &Path) -> Finding {
    match std::fs::metadata(path) {
        Ok(found) if found.permissions().mode().trailing_zeros() >= 6 => Finding::fine(what),
        Ok(_) => Finding::bad(what, "others can look into it")
            .mend(format_args!("chmod go= {}", path.display())),
        Err(error) => Finding::bad(what, error),
    }
}

/// Whether the programs are there that the panel starts.
pub(super) fn programs() -> Vec<Finding> {
    vec![
        program("wabe-sql lies beside wabe", "wabe-sql"),
        program("wabe-sandbox lies beside wabe", "wabe-sandbox"),
    ]
}

fn program(what: &'static str, name: &'static str) -> Finding {
    if beside(name).is_ok() {
        Finding::fine(what)
    } else {
        Finding::bad(what, "build or install it beside this program")
    }
}

/// Whether every internal host of plugins has an address here: a name that nobody knows was mistyped.
pub(super) async fn internal_hosts(config: &Config) -> Finding {
    let what = "internal hosts of plugins are known";
    for host in config.plugins.internal() {
        let (name, port) = (host.name.as_str().to_owned(), host.port);
        if let Err(error) = tokio::net::lookup_host((name, port)).await {
            return Finding::bad(what, format_args!("{host} has no address here ({error})"))
                .mend("mend plugins.internal_hosts or the name server");
        }
    }
    Finding::fine(what)
}

/// How the process is that runs plugins; nothing is known of it without a running panel.
pub(super) async fn sandbox(data: &DataDir) -> Option<Finding> {
    let what = "plugins run";
    let asked = control::ask(&data.control_socket(), &Operation::SandboxHealth).await;
    let health = asked.ok()??.ok()?;
    if health.get("up")?.as_bool()? {
        return Some(Finding::fine(what));
    }
    let reason = health.get("reason").and_then(Value::as_str);
    let again = health.get("retry_in_s").and_then(Value::as_u64);
    let again = again.map_or_else(String::new, |wait| format!("; next start in {wait} s"));
    let reason = reason.unwrap_or("nobody knows why");
    let said = format!("{reason}{again}");
    Some(Finding::bad(what, said).mend("read the panel's log"))
}

/// Whether a panel is at work over this data folder.
pub(super) fn running(data: &DataDir) -> Finding {
    match data.lock() {
        Ok(_lock) => {
            Finding::bad("panel runs", "it does not").mend("start it with wabe serve or wabe demo")
        }
        Err(_taken) => Finding::fine("panel runs"),
    }
}
