//! Which server shows the sites, and the versions of PHP that come with it.

use crate::config::{Config, WebServer, program_folders};
use crate::ground::Ground;
use std::net::SocketAddr;
use std::sync::Arc;
use wabe_drivers::apache::{self, Apaches};
use wabe_drivers::cron::{self, Cron, WithoutUsers};
use wabe_drivers::embedded::web::Sites;
use wabe_drivers::nginx::{self, Nginx};
use wabe_drivers::php::{self, NoOwners, Pools};
use wabe_kernel::{CronRuns, Fault, PhpVersion};

/// The versions of PHP that this machine has for its sites, oldest first.
///
/// There are none unless applications may run as the panel's own user: no webspace has one of its own here.
#[must_use]
pub fn php_versions(config: &Config, demo: bool) -> Vec<PhpVersion> {
    let runs = without_users(config, demo);
    match config.web.server {
        WebServer::Nginx if runs => php::installed(&program_folders()).into_keys().collect(),
        WebServer::Nginx | WebServer::Embedded => Vec::new(),
    }
}

/// Whether applications of all customers run as the panel's own user: to try it, or where the operator
/// decided so; never as root but to try it.
fn without_users(config: &Config, demo: bool) -> bool {
    demo || (config.web.php_without_users && !rustix::process::geteuid().is_root())
}

/// What runs the cron jobs of this node's webspaces.
///
/// As PHP of sites does, they run as the panel's own user only to try it, or where the operator decided so; then
/// PHP keeps to its walls, and what is not PHP is not run at all.
#[must_use]
pub fn cron(ground: &Ground) -> Cron {
    let parts = cron::Parts {
        folders: program_folders(),
        owners: Arc::new(NoOwners),
        without_users: jobs_without_users(&ground.config, ground.house.demo),
    };
    Cron::new(&ground.data.node(), parts)
}

fn jobs_without_users(config: &Config, demo: bool) -> WithoutUsers {
    match (demo, without_users(config, demo)) {
        (true, _) => WithoutUsers::Everything,
        (false, true) => WithoutUsers::Php,
        (false, false) => WithoutUsers::Nothing,
    }
}

/// Which cron jobs run here: all of them where an agent has a user for each customer.
#[must_use]
pub fn cron_runs(config: &Config, demo: bool) -> CronRuns {
    if config.node.agent.is_some() {
        return CronRuns::All;
    }
    match jobs_without_users(config, demo) {
        WithoutUsers::Everything => CronRuns::All,
        WithoutUsers::Php => CronRuns::Php,
        WithoutUsers::Nothing => CronRuns::Nothing,
    }
}

/// A private nginx at these addresses, where the configuration wants one; the sites are shown through it.
///
/// # Errors
/// When it is not installed, or its folder cannot be used.
pub fn open(
    ground: &Ground,
    sites: &Arc<Sites>,
    listen: (SocketAddr, SocketAddr),
) -> Result<Option<Arc<Nginx>>, Fault> {
    if ground.config.web.server == WebServer::Embedded {
        return Ok(None);
    }
    let node = ground.data.node();
    let parts = php::Parts {
        folders: program_folders(),
        owners: Arc::new(NoOwners),
        web_group: None,
        without_users: without_users(&ground.config, ground.house.demo),
        limits: ground.config.web.php,
    };
    let pools = Pools::open(&node, parts);
    let php = pools.map_err(|error| Fault::because("open the pools of PHP", error))?;
    // Nobody has a user here that it could run as, so that it only ends what an agent left.
    let parts = apache::Parts {
        folders: program_folders(),
        owners: Arc::new(NoOwners),
        limits: ground.config.web.php,
        mark: sites.probe_mark(),
        ports: (listen.0.port(), listen.1.port()),
        clock: ground.clock.clone(),
    };
    let apache = Apaches::open(&node, parts);
    let apache = apache.map_err(|error| Fault::because("open the folder of Apache", error))?;
    let parts = nginx::Parts {
        listen,
        folders: program_folders(),
        clock: ground.clock.clone(),
        probe_mark: sites.probe_mark(),
        worker_user: None,
        php,
        apache,
        proxy_networks: ground.config.node.networks(),
        authorities: None,
    };
    let nginx = Nginx::open(&node, parts).map_err(|error| Fault::because("open nginx", error))?;
    sites.set_front(nginx.clone(), listen.1);
    Ok(Some(nginx))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cron_jobs_run_with_an_agent_and_to_try_and_else_as_the_operator_decided() {
        let mut config = Config::default();
        assert_eq!(cron_runs(&config, true), CronRuns::All);
        assert_eq!(cron_runs(&config, false), CronRuns::Nothing);
        config.web.php_without_users = true;
        let decided = if rustix::process::geteuid().is_root() {
            CronRuns::Nothing
        } else {
            CronRuns::Php
        };
        assert_eq!(cron_runs(&config, false), decided);
        config.node.agent = Some("/run/wabe-agent/agent.sock".into());
        assert_eq!(cron_runs(&config, false), CronRuns::All);
    }
}
