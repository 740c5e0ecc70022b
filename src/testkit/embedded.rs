//! The embedded drivers in this process, beneath a folder of the test.

use crate::{TestClock, TestRng};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_drivers::certificate::Certificates;
use wabe_drivers::database_server::DatabaseServers;
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::database::{Databases, Deadlines};
use wabe_drivers::embedded::hands::Embedded;
use wabe_drivers::embedded::mail::Mailboxes;
use wabe_drivers::embedded::web::Sites;
use wabe_kernel::desired::Driver;

/// A node in `folder`: sites, mail, databases. No server listens.
pub(crate) fn embedded_node(
    folder: &Path,
    clock: &Arc<TestClock>,
    rng: &Arc<TestRng>,
) -> Arc<dyn Driver> {
    let suffixes = ["sites.localhost".parse().expect("a good name")];
    let ca = LocalCa::open_or_create(&folder.join("ca"), &suffixes, clock.clone(), rng.clone());
    let (node, ca) = (
        folder.join("node"),
        Arc::new(ca.expect("an authority can be made")),
    );
    let sites = Sites::open(&node, ca, clock.clone(), rng.clone());
    let mail = Mailboxes::open(&node, clock.clone(), rng.clone());
    let databases = Databases::open(&node, &wabe_sql(), Deadlines::default(), clock.clone());
    let servers = DatabaseServers::open(&node, Vec::new());
    Arc::new(Embedded {
        sites: sites.expect("sites can be opened"),
        mail: mail.expect("mail can be opened"),
        databases: databases.expect("databases can be opened"),
        servers: servers.expect("the ledger of servers can be opened"),
    })
}

/// What certificates stand on; nobody orders any unless a test does.
pub(crate) fn certificate_desk(plugins: &wabe_automation::Desk) -> wabe_hosting::certificate::Desk {
    wabe_hosting::certificate::Desk {
        secrets: plugins.secrets.clone(),
        inspector: Arc::new(Certificates::default()),
        orders: true,
    }
}

/// The program that holds databases lies one folder above the tests. Where it was not built nothing
/// but databases misses it, and they say so.
fn wabe_sql() -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its program");
    let above = own
        .parent()
        .and_then(Path::parent)
        .map(|folder| folder.join("wabe-sql"));
    above.filter(|path| path.is_file()).unwrap_or(own)
}
