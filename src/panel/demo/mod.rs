//! `wabe demo`: everything on this machine, with customers and content to try. Its data goes through
//! the gate like everybody's.

mod code;
mod content;
mod letter;
mod people;
mod plugins;
mod tickets;

pub(crate) use crate::demo::code::print as print_codes;

use crate::cli_say as say;
use crate::config::{Config, WebServer};
use crate::data_dir::DataDir;
use crate::ready::{Account, Ready};
use crate::serve::Running;
use crate::services;
use std::path::{Path, PathBuf};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Refusal};
use wabe_kernel::Fault;

/// Where the demo's customers write to support.
const SUPPORT: &str = "support@wabe.localhost";

/// How the demo starts.
pub struct Options {
    /// Free ports chosen by the system.
    pub ephemeral_ports: bool,
    /// Where to write addresses and accounts.
    pub ready_file: Option<PathBuf>,
    /// Begin with an empty data folder.
    pub fresh: bool,
    /// Where packages lie that the catalogue begins with.
    pub plugins: Option<PathBuf>,
    /// With private instances of real services.
    pub services: bool,
}

fn made(doing: &'static str) -> impl Fn(Refusal) -> Fault {
    move |refusal| match refusal {
        Refusal::Fault(fault) => fault,
        other => Fault::because(doing, std::io::Error::other(format!("{other:?}"))),
    }
}

/// The demo's own hand.
fn house() -> Result<Actor, Fault> {
    let purpose = "demo".parse().map_err(|_problem| Fault::new("say why"))?;
    Ok(Actor::system(HOUSE).for_purpose(purpose))
}

fn accounts_file(data: &DataDir) -> PathBuf {
    data.path().join("demo-accounts.json")
}

/// The accounts that a demo left in its data folder; nothing when there was none.
fn kept_accounts(data: &DataDir) -> Result<Option<Vec<Account>>, Fault> {
    let Ok(text) = std::fs::read(accounts_file(data)) else {
        return Ok(None);
    };
    let accounts = serde_json::from_slice(&text);
    accounts.map_err(|error| Fault::because("read the demo's accounts", error))
}

/// Empties a data folder that is Wabe's own, and nobody's in use.
fn empty(data: &Path) -> Result<(), Fault> {
    let failed = |error| Fault::because("empty the data folder", error);
    if !data.exists() {
        return Ok(());
    }
    let known = ["wabe.db", "keys", "node", "lock", "demo-accounts.json"];
    let mut names = std::fs::read_dir(data)
        .map_err(failed)?
        .filter_map(Result::ok)
        .peekable();
    let is_empty = names.peek().is_none();
    if !is_empty && !known.iter().any(|name| data.join(name).exists()) {
        return Err(Fault::new(
            "--fresh empties only a data folder of Wabe's own; this is none",
        ));
    }
    drop(DataDir::open(data)?.lock()?);
    #[expect(
        clippy::disallowed_methods,
        reason = "the operator asked for it, and the folder is Wabe's own"
    )]
    std::fs::remove_dir_all(data).map_err(failed)
}

/// Starts the demo and runs it until told to end.
///
/// # Errors
/// What could not be started.
pub async fn run(config: Config, options: Options) -> Result<(), Fault> {
    if options.fresh {
        let services = services::of(&config.data)?;
        empty(&config.data)?;
        services::forget(&services)?;
    }
    let mut config = config;
    config
        .mail
        .support
        .get_or_insert_with(|| SUPPORT.to_owned());
    if options.services {
        config.web.server = WebServer::Nginx;
    }
    let running = Running::start(config, options.ephemeral_ports, (true, options.services)).await?;
    let accounts = accounts(&running, options.plugins.as_deref()).await?;
    let house = &running.ground.house;
    let ready = Ready::new(
        house,
        running.sites_http,
        running.node.ca.ca_path(),
        &accounts,
    )
    .with_services(running.has_services())
    .with(running.services.as_ref());
    if let Some(file) = &options.ready_file {
        ready.write(file)?;
    }
    welcome(&running, &accounts);
    running.until_told().await;
    Ok(())
}

/// The accounts of this demo; made with their customers and content at the first start.
async fn accounts(running: &Running, plugins: Option<&Path>) -> Result<Vec<Account>, Fault> {
    if let Some(accounts) = kept_accounts(&running.ground.data)? {
        return Ok(accounts);
    }
    let file = accounts_file(&running.ground.data);
    let accounts = people::make(&running.ground).await?;
    content::make(running, &accounts).await?;
    tickets::make(&running.ground, &accounts).await?;
    if let Some(folder) = plugins {
        plugins::make(&running.ground, folder).await?;
    }
    let text = serde_json::to_vec_pretty(&accounts);
    let text = text.map_err(|error| Fault::because("keep the demo's accounts", error))?;
    crate::ready::write_private(&file, &text)
        .map_err(|error| Fault::because("keep the demo's accounts", error))?;
    Ok(accounts)
}

fn welcome(running: &Running, accounts: &[Account]) {
    let house = &running.ground.house;
    say(&format!("\n  Wabe is ready: {}\n", house.portal_url));
    for account in accounts {
        let Account {
            role,
            email,
            password,
            customer,
            totp_secret,
        } = account;
        let whose = customer.as_deref().unwrap_or("staff");
        let secret = totp_secret.as_deref().unwrap_or("");
        let line = format!("  {role:<15}  {whose:<8} {email:<28} {password:<26} {secret}");
        say(line.trim_end());
    }
    say(
        "\n  Staff also need a code: put the last column into an authenticator app, or ask for the present",
    );
    say(&format!(
        "  codes in another terminal:  wabe demo code --data {}",
        running.ground.data.path().display()
    ));
    say(&format!(
        "\n  A website:  https://sonnenkorn.localhost:{}/",
        house.sites_https_port
    ));
    say(&format!(
        "  Uploads:    sftp://{}   Mail intake: {}   Webhooks: {}",
        house.sftp, house.smtp, house.webhooks_url
    ));
    say(&format!(
        "  Your browser trusts all of it once it knows {}",
        running.node.ca.ca_path().display()
    ));
    if let Some(services) = &running.services {
        say(&format!(
            "  Database servers:  MariaDB {}   PostgreSQL {}",
            services.mariadb, services.postgresql
        ));
    }
    say("  Letters are kept in the data folder under outbox/. End with Ctrl+C.\n");
}
