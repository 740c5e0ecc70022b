//! Looks for what is wrong with an installation and its node, and says how to mend it.
//!
//! Invariant: nothing is changed by looking. Each finding stands alone: what cannot be looked at says so, and the rest
//! is looked at all the same.

mod agent;
mod authority;
mod finding;
mod installation;
mod machine;
mod sites;
mod state;

pub use finding::{Finding, Grade, as_json};
pub use state::STATEMENTS;

use crate::config::Config;
use crate::data_dir::DataDir;

/// Looks at everything that can be looked at without changing anything.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = installation::choices(config);
    findings.extend(machine::walls());
    let data = match DataDir::existing(&config.data) {
        Ok(data) => data,
        Err(fault) => {
            findings.push(Finding::bad("data folder", fault.chain()));
            return findings;
        }
    };
    findings.extend(machine::room(data.path()));
    findings.extend(installation::folders(config, &data));
    let runs = installation::running(&data);
    let is_running = !runs.is_bad();
    findings.extend(Box::pin(state::examine(config, &data)).await);
    findings.extend(installation::programs());
    findings.extend(sites::installed(config));
    if is_running {
        findings.extend(sites::answer(config).await);
    }
    findings.extend(sites::edited(config, &data));
    findings.extend(sites::own_strays(config, &data));
    findings.push(installation::internal_hosts(config).await);
    findings.extend(agent::examine(config).await);
    findings.extend(Box::pin(authority::examine(config)).await);
    findings.push(runs);
    findings.extend(installation::sandbox(&data).await);
    findings
}
