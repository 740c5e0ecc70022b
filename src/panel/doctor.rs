//! Looks for what is wrong with an installation, and says how to mend it.

use crate::config::{Config, WebServer, program_folders};
use crate::control::{self, Operation};
use crate::data_dir::DataDir;
use crate::ground::location;
use crate::sibling::beside;
use serde_json::Value;
use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use wabe_store::Store;

/// One thing that was looked at.
pub struct Finding {
    what: &'static str,
    bad: Option<String>,
    odd: Option<String>,
}

impl Finding {
    /// Whether something is wrong.
    #[must_use]
    pub const fn is_bad(&self) -> bool {
        self.bad.is_some()
    }

    const fn fine(what: &'static str) -> Self {
        Self {
            what,
            bad: None,
            odd: None,
        }
    }

    /// What is allowed and yet worth a second thought.
    const fn odd(what: &'static str, warning: String) -> Self {
        Self {
            what,
            bad: None,
            odd: Some(warning),
        }
    }

    fn bad(what: &'static str, mend: impl fmt::Display) -> Self {
        Self {
            what,
            bad: Some(mend.to_string()),
            odd: None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.bad, &self.odd) {
            (Some(mend), _) => write!(f, "WRONG {}: {mend}", self.what),
            (None, Some(warning)) => write!(f, "warn  {}: {warning}", self.what),
            (None, None) => write!(f, "ok    {}", self.what),
        }
    }
}

/// Looks at everything that can be looked at without changing anything.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = choices(config);
    let data = match DataDir::open(&config.data) {
        Ok(data) => data,
        Err(fault) => {
            findings.push(Finding::bad("data folder", fault.chain()));
            return findings;
        }
    };
    findings.push(private("data folder is private", data.path()));
    findings.push(private("keys are private", &data.keys()));
    findings.push(private("compiled plugins are private", &data.artifacts()));
    let servers = [&config.databases.mariadb, &config.databases.postgresql];
    findings.extend(servers.into_iter().flatten().map(|server| {
        let what = "password of a database server is private";
        private(what, &server.password_file)
    }));
    findings.push(database(config, &data).await);
    findings.push(program("wabe-sql lies beside wabe", "wabe-sql"));
    findings.push(program("wabe-sandbox lies beside wabe", "wabe-sandbox"));
    findings.extend(web_server(config));
    findings.extend(edited(config, &data));
    findings.extend(agent(config).await);
    findings.push(internal_hosts(config).await);
    findings.push(running(&data));
    findings.extend(sandbox(&data).await);
    findings
}

/// Whether the configuration holds choices that are worth a second thought.
fn choices(config: &Config) -> Vec<Finding> {
    let what = "choices in the configuration";
    let warnings = config.warnings();
    if warnings.is_empty() {
        return vec![Finding::fine(what)];
    }
    let odd = warnings.into_iter();
    odd.map(|warning| Finding::odd(what, warning)).collect()
}

/// Whether nobody but the owner may do anything: the six lower bits of the mode are clear.
fn private(what: &'static str, path: &Path) -> Finding {
    match std::fs::metadata(path) {
        Ok(found) if found.permissions().mode().trailing_zeros() >= 6 => Finding::fine(what),
        Ok(_) => Finding::bad(
            what,
            format_args!("others can look into it; chmod 700 {}", path.display()),
        ),
        Err(error) => Finding::bad(what, error),
    }
}

async fn database(config: &Config, data: &DataDir) -> Finding {
    let what = "database answers";
    let place = match location(config, data) {
        Ok(place) => place,
        Err(fault) => return Finding::bad(what, fault.chain()),
    };
    let opened = async {
        let store = Store::open(&place).await?;
        store.check_roles().await?;
        store.close().await;
        Ok::<_, wabe_kernel::Fault>(())
    };
    match opened.await {
        Ok(()) => Finding::fine(what),
        Err(fault) => Finding::bad(what, fault.chain()),
    }
}

fn program(what: &'static str, name: &'static str) -> Finding {
    if beside(name).is_ok() {
        Finding::fine(what)
    } else {
        Finding::bad(what, "build or install it beside this program")
    }
}

/// Whether the server that shows the sites is there, and PHP for them.
fn web_server(config: &Config) -> Vec<Finding> {
    if config.web.server == WebServer::Embedded {
        return Vec::new();
    }
    let (what, folders) = ("nginx is installed", program_folders());
    let nginx = match wabe_drivers::daemon::find("nginx", &folders) {
        Some(_) => Finding::fine(what),
        None => Finding::bad(what, "apt-get install nginx-light"),
    };
    let what = "PHP for sites is installed";
    let php = if wabe_drivers::php::installed(&folders).is_empty() {
        let warning = "sites have no PHP; apt-get install php-fpm php-sqlite3".to_owned();
        Finding::odd(what, warning)
    } else {
        Finding::fine(what)
    };
    vec![nginx, php]
}

/// Whether the agent answers, and which walls its workers lack; nothing where there is none.
async fn agent(config: &Config) -> Vec<Finding> {
    let what = "the agent of the node answers";
    match crate::agent::ask(config).await {
        Ok(None) => Vec::new(),
        Ok(Some(welcome)) if welcome.gaps.is_empty() => vec![Finding::fine(what)],
        Ok(Some(welcome)) => {
            let gaps = welcome.gaps.into_iter();
            gaps.map(|gap| Finding::odd(what, gap)).collect()
        }
        Err(fault) => vec![Finding::bad(
            what,
            format_args!("{}; start wabe-agent serve as root", fault.chain()),
        )],
    }
}

/// Whether somebody edited what nginx reads. It was restored; what lay there is kept, for whoever sets it properly.
fn edited(config: &Config, data: &DataDir) -> Vec<Finding> {
    if config.web.server == WebServer::Embedded {
        return Vec::new();
    }
    let what = "includes of nginx are as they were written";
    let found = match wabe_drivers::nginx::edited(&data.node()) {
        Ok(found) if found.is_empty() => return vec![Finding::fine(what)],
        Ok(found) => found,
        Err(fault) => return vec![Finding::bad(what, fault)],
    };
    let told = |edit: wabe_drivers::nginx::Edited| {
        let (of, kept) = (edit.of, edit.kept.display());
        let difference = edit.difference.trim_end();
        let warning = format!(
            "that of {of} was edited by hand and restored. Set it in the portal, then remove {kept} and the file beside \
             it.\n{difference}"
        );
        Finding::odd(what, warning)
    };
    found.into_iter().map(told).collect()
}

/// Whether every internal host of plugins has an address here: a name that nobody knows was mistyped.
async fn internal_hosts(config: &Config) -> Finding {
    let what = "internal hosts of plugins are known";
    for host in config.plugins.internal() {
        let (name, port) = (host.name.as_str().to_owned(), host.port);
        if let Err(error) = tokio::net::lookup_host((name, port)).await {
            let mend = format_args!(
                "{host} has no address here ({error}); mend plugins.internal_hosts or the name server"
            );
            return Finding::bad(what, mend);
        }
    }
    Finding::fine(what)
}

/// How the process is that runs plugins; nothing is known of it without a running panel.
async fn sandbox(data: &DataDir) -> Option<Finding> {
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
    Some(Finding::bad(
        what,
        format_args!("{reason}{again}; read the panel's log"),
    ))
}

fn running(data: &DataDir) -> Finding {
    match data.lock() {
        Ok(_lock) => Finding::bad("panel runs", "start it with wabe serve or wabe demo"),
        Err(_taken) => Finding::fine("panel runs"),
    }
}
