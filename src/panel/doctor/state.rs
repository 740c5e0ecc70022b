//! What the panel's database says of its node: servers that do not answer, certificates that were not issued, and what
//! lies on the node for things that are gone.

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::doctor::{Finding, agent};
use crate::ground::location;
use std::collections::BTreeMap;
use std::path::Path;
use wabe_hosting::database::server;
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{Engine, Fault};
use wabe_store::{Store, Tx, statements};

statements! {
    FAILED_ORDERS = "panel.doctor.failed_orders" =>
        "SELECT webspace_id, failure, failure_host FROM certificate_order WHERE next_at >= $1 \
         AND failure IS NOT NULL ORDER BY next_at LIMIT 20";
    THERE = "panel.doctor.is_there" => "SELECT id FROM resource WHERE id = $1 AND gone_at IS NULL";
}

const ANSWERS: &str = "database answers";
const ORDERS: &str = "certificates are issued";
const LEFTOVERS: &str = "nothing is left of what is gone";
/// As many leftovers are told.
const TOLD_MAX: usize = 20;

/// Looks at everything that the database knows.
pub(super) async fn examine(config: &Config, data: &DataDir) -> Vec<Finding> {
    let opened = async {
        let store = Store::open(&location(config, data)?).await?;
        store.check_roles().await?;
        Ok::<_, Fault>(store)
    };
    let store = match opened.await {
        Ok(store) => store,
        Err(fault) => return vec![Finding::bad(ANSWERS, fault.chain())],
    };
    let mut findings = vec![Finding::fine(ANSWERS)];
    match read(&store, config, data).await {
        Ok(more) => findings.extend(more),
        Err(fault) => {
            let what = "database is up to date";
            findings
                .push(Finding::bad(what, fault.chain()).mend("wabe migrate, or start the panel"));
        }
    }
    store.close().await;
    findings
}

async fn read(store: &Store, config: &Config, data: &DataDir) -> Result<Vec<Finding>, Fault> {
    let mut tx = store.read().await?;
    let mut findings = servers(&mut tx).await?;
    if config.acme.directory.is_some() {
        findings.extend(orders(&mut tx).await?);
    }
    let mut kept = all_kept(&data.node());
    if let Some(agent) = &config.node.agent {
        for id in agent::shown(agent).await {
            let site = format!("a site that the agent shows ({})", agent.display());
            kept.entry(id.to_string()).or_default().push(site);
        }
    }
    findings.extend(leftovers(&mut tx, kept).await?);
    tx.rollback().await?;
    Ok(findings)
}

/// The servers for customers' databases, as the panel saw them last.
async fn servers(tx: &mut Tx) -> Result<Vec<Finding>, Fault> {
    let servers = server::list(tx).await?.into_iter();
    let judged = servers.map(|server| {
        let what = match server.engine {
            Engine::Mariadb => "MariaDB answers",
            Engine::Postgresql => "PostgreSQL answers",
            Engine::Sqlite => "SQLite answers",
        };
        if server.answers {
            return Finding::fine(what);
        }
        let said = format!("nobody at {}:{}", server.host, server.port);
        Finding::bad(what, said)
            .mend("read the log of the server; what customers wish waits for it")
    });
    Ok(judged.collect())
}

/// Orders of certificates that failed and are tried again.
async fn orders(tx: &mut Tx) -> Result<Vec<Finding>, Fault> {
    let rows = FAILED_ORDERS.bind(0_i64).all(tx).await?;
    if rows.is_empty() {
        return Ok(vec![Finding::fine(ORDERS)]);
    }
    let mut findings = Vec::new();
    for row in rows {
        let (webspace, trouble) = (row.text("webspace_id")?, row.text("failure")?);
        let host = row.text_or_null("failure_host")?;
        let host = host.map_or_else(String::new, |host| format!(" ({host})"));
        let said = format!("none for {webspace}{host}: {trouble}");
        let mend =
            "its page in the portal says what to do; the panel's log has the authority's words";
        findings.push(Finding::odd(ORDERS, said).mend(mend));
    }
    Ok(findings)
}

/// What lies on the node, by the id of what it is for.
type Kept = BTreeMap<String, Vec<String>>;

/// Whether a name is an id of what has files on a node.
fn is_of_node(name: &str) -> bool {
    name.parse::<WebspaceId>().is_ok() || name.parse::<DomainId>().is_ok()
}

/// What lies in a folder under ids, by those.
fn kept(folder: &Path, ending: &str, found: &mut Kept) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(ending));
        if let Some(id) = id.filter(|id| is_of_node(id)) {
            found
                .entry(id.to_owned())
                .or_default()
                .push(entry.path().display().to_string());
        }
    }
}

/// Files of webspaces, includes of nginx and pools of PHP beneath the node's folder, by the ids of what they are for.
fn all_kept(node: &Path) -> Kept {
    let mut found = Kept::new();
    kept(&node.join("web"), "", &mut found);
    kept(&node.join("nginx").join("sites"), ".conf", &mut found);
    let versions = std::fs::read_dir(node.join("php"));
    for version in versions.into_iter().flatten().flatten() {
        kept(&version.path().join("pool"), ".conf", &mut found);
    }
    found
}

/// What lies on the node for webspaces and redirects that are gone.
async fn leftovers(tx: &mut Tx, kept: Kept) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    for (id, places) in kept {
        if findings.len() >= TOLD_MAX {
            break;
        }
        if THERE.bind(id.as_str()).optional(tx).await?.is_some() {
            continue;
        }
        let said = format!("{id} is gone, and this is there: {}", places.join(", "));
        let mend = "it may go in this moment; look again, then look at it and remove it";
        findings.push(Finding::odd(LEFTOVERS, said).mend(mend));
    }
    if findings.is_empty() {
        findings.push(Finding::fine(LEFTOVERS));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::all_kept;

    #[test]
    fn only_what_is_named_by_an_id_is_taken_for_somebodys() {
        let node = tempfile::tempdir().unwrap();
        let id = "web_01kb3fcv2ce8ja41hvr6xsa35a";
        for folder in ["web", "nginx/sites", "php/8.2/pool", "php/run/pool"] {
            std::fs::create_dir_all(node.path().join(folder)).unwrap();
        }
        for folder in ["web", "nginx/sites", "php/8.2/pool"] {
            for name in ["lost+found", "web_x.conf"] {
                std::fs::create_dir(node.path().join(folder).join(name)).unwrap();
            }
        }
        assert!(all_kept(node.path()).is_empty());
        for place in [
            format!("web/{id}"),
            format!("nginx/sites/{id}.conf"),
            format!("php/8.2/pool/{id}.conf"),
        ] {
            std::fs::create_dir(node.path().join(place)).unwrap();
        }
        let found = all_kept(node.path());
        assert_eq!(found.keys().collect::<Vec<_>>(), [id]);
        assert_eq!(found[id].len(), 3);
    }
}
