//! Database servers that the operator runs, for customers' databases: found by the configuration, and looked
//! at before anything is given to them.

use crate::config::SystemServer;
use crate::ground::Ground;
use crate::node::Node;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use wabe_drivers::database_server::server::{DatabaseServer, Place, Trouble};
use wabe_drivers::{mariadb, postgresql};
use wabe_kernel::{Fault, RemoteWay, Secret};

/// How often, and after which pause, a server is asked that does not answer yet: machines start all at once.
const LOOKS: u32 = 30;
const PAUSE: Duration = Duration::from_secs(1);

/// What an administrator logs in with, of a file that only its owner reads.
fn password(file: &Path) -> Result<Secret, Fault> {
    let wrong = |error| Fault::because("read the password of a database server", error);
    let named = |error: io::Error| wrong(io::Error::other(format!("{}: {error}", file.display())));
    let mode = std::fs::metadata(file).map_err(named)?.permissions().mode();
    if mode & 0o077 != 0 {
        let said = io::Error::other("others may read it; chmod 600 it");
        return Err(named(said));
    }
    let text = std::fs::read_to_string(file).map_err(named)?;
    Ok(Secret::new(text.trim()))
}

fn place(server: &SystemServer, remote: RemoteWay) -> Result<Place, Fault> {
    Ok(Place {
        host: server.address.ip().to_string(),
        port: server.address.port(),
        user: server.user.clone(),
        password: password(&server.password_file)?,
        remote,
    })
}

fn unfit(name: &str, what: &str) -> Fault {
    let said = format!("databases.{name}: {what}");
    Fault::because("use a database server", io::Error::other(said))
}

/// The servers that the configuration names.
///
/// # Errors
/// A password that cannot be read or that others may read.
pub fn open(ground: &Ground) -> Result<Vec<Arc<dyn DatabaseServer>>, Fault> {
    let (clock, rng) = (ground.clock.clone(), ground.rng.clone());
    let named = &ground.config.databases;
    let mut servers: Vec<Arc<dyn DatabaseServer>> = Vec::new();
    if let Some(server) = &named.mariadb {
        let remote = named.remote.as_ref();
        let remote = remote.map_or(RemoteWay::Off, |remote| RemoteWay::On {
            host: remote.name.clone(),
            authority: None,
        });
        let place = place(server, remote)?;
        servers.push(mariadb::Mariadb::new(place, clock.clone(), rng.clone()));
    }
    if let Some(server) = &named.postgresql {
        // Its pg_hba.conf is the operator's, and says who comes in.
        let remote = match &named.remote {
            Some(_) => RemoteWay::Foreign,
            None => RemoteWay::Off,
        };
        let place = place(server, remote)?;
        servers.push(postgresql::Postgresql::new(place, clock, rng));
    }
    Ok(servers)
}

/// Looks whether each of the servers is fit, and readies it.
///
/// # Errors
/// Everything that speaks against one of them, one line each; or that it does not answer.
pub async fn ready(node: &Node) -> Result<(), Fault> {
    let mut looks = 0;
    loop {
        looks += 1;
        let mut away = None;
        for (engine, misfits) in node.servers.misfits().await {
            match misfits {
                Ok(misfits) if misfits.is_empty() => {}
                Ok(misfits) => return Err(unfit(engine.word(), &misfits.join("\n"))),
                // It answered, and not as an administrator is answered.
                Err(Trouble::Refused(said)) => return Err(unfit(engine.word(), &said)),
                Err(Trouble::Away(said)) => away = Some(unfit(engine.word(), &said)),
            }
        }
        match away {
            None => break,
            Some(fault) if looks >= LOOKS => return Err(fault),
            Some(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    let prepared = node.servers.prepare().await;
    prepared.map_err(|failure| {
        let said = format!("{}: {}", failure.code, failure.detail);
        Fault::because("prepare a database server", io::Error::other(said))
    })
}
