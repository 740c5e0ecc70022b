//! The agent of this machine: its socket, what it says of itself, and the sites that it shows.

use crate::agent;
use crate::config::Config;
use crate::doctor::{Finding, sites};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;
use std::time::Duration;
use tokio::net::UnixStream;
use wabe_drivers::agent_link::frame;
use wabe_drivers::agent_link::message::{Ask, Told, VERSION, Welcome};
use wabe_kernel::Stray;
use wabe_kernel::desired::Wish;
use wabe_kernel::id::WebspaceId;

/// How long the agent may take to tell all of its sites.
const PATIENCE: Duration = Duration::from_secs(30);

const SOCKET: &str = "socket of the agent is safe";
const ANSWERS: &str = "agent answers";
const RELEASE: &str = "agent is of this release";
const APACHE: &str = "Apache for sites is installed";
const WALLS: &str = "agent has all its walls";

/// Whether only root puts a socket there, and only the panel's user and root get in.
fn socket(place: &Path) -> Finding {
    let again = "systemd-tmpfiles --create wabe.conf; systemctl restart wabe-agent";
    let shown = place.display();
    let found = match std::fs::symlink_metadata(place) {
        Ok(found) => found,
        Err(error) => {
            return Finding::bad(SOCKET, format_args!("{shown}: {error}")).mend(
                "systemctl status wabe-agent; wabe node install --check says what is missing",
            );
        }
    };
    if !found.file_type().is_socket() {
        return Finding::bad(SOCKET, format_args!("{shown} is none")).mend(again);
    }
    let folder = place.parent().map(std::fs::symlink_metadata);
    // The bits of writing for the group and for everybody.
    let is_roots = |folder: std::fs::Metadata| folder.uid() == 0 && folder.mode() & 0o022 == 0;
    if !folder.is_some_and(|folder| folder.is_ok_and(is_roots)) {
        let said = format!("whoever writes into the folder of {shown} can stand in for the agent");
        return Finding::bad(SOCKET, said).mend(again);
    }
    if found.mode() & 0o007 != 0 {
        let said = format!("everybody may speak to the agent at {shown}");
        return Finding::bad(SOCKET, said).mend(again);
    }
    Finding::fine(SOCKET)
}

/// Whether webspaces can have an Apache. The agent knows it from its start.
fn apache(is_there: bool) -> Finding {
    if is_there {
        return Finding::fine(APACHE);
    }
    Finding::odd(APACHE, "no site can have its .htaccess read").mend(
        "wabe node install --apply; systemctl restart wabe-agent wabe; journalctl -u wabe-agent says what is missing",
    )
}

fn judged(welcome: Welcome) -> Vec<Finding> {
    let ours = env!("CARGO_PKG_VERSION");
    let release = if welcome.release == ours {
        Finding::fine(RELEASE)
    } else {
        let said = format!("the agent is {}, this is {ours}", welcome.release);
        Finding::bad(RELEASE, said).mend("systemctl restart wabe-agent wabe")
    };
    let mut findings = vec![Finding::fine(ANSWERS), release];
    if welcome.php.is_empty() {
        let what = "PHP for sites is installed";
        let mend = "wabe node install --apply; systemctl restart wabe-agent wabe";
        findings.push(Finding::odd(what, "sites have no PHP").mend(mend));
    }
    findings.push(apache(welcome.apache));
    if welcome.gaps.is_empty() {
        findings.push(Finding::fine(WALLS));
    }
    let gaps = welcome.gaps.into_iter();
    findings.extend(gaps.map(|gap| Finding::odd(WALLS, gap).mend("start a kernel of Debian's")));
    findings
}

/// Looks at the agent, where the configuration names one.
pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    let Some(place) = &config.node.agent else {
        return Vec::new();
    };
    let found = socket(place);
    // Whoever stands in for it is told nothing.
    if found.is_bad() {
        return vec![found];
    }
    let mut findings = vec![found];
    match agent::ask(config).await {
        Ok(welcome) => {
            findings.extend(welcome.into_iter().flat_map(judged));
            findings.extend(sites::strays(strays(place).await));
        }
        Err(fault) => findings.push(
            Finding::bad(ANSWERS, fault.chain())
                .mend("journalctl -u wabe-agent; systemctl restart wabe-agent wabe"),
        ),
    }
    findings
}

/// What lies in folders of the agent's servers, and is none of ours.
async fn strays(place: &Path) -> Result<Vec<Stray>, String> {
    let asked = async {
        let mut connection = UnixStream::connect(place).await?;
        frame::write(&mut connection, &Ask::Hello { version: VERSION }).await?;
        frame::read::<Told>(&mut connection).await?;
        frame::write(&mut connection, &Ask::Strays).await?;
        frame::read::<Told>(&mut connection).await
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(Told::Strays { strays })) => Ok(strays),
        Ok(Ok(Told::Failed { code, detail })) => Err(format!("{code}: {detail}")),
        Ok(Ok(_)) => Err("the agent does not say".to_owned()),
        Ok(Err(broken)) => Err(broken.to_string()),
        Err(_late) => Err("the agent does not answer in time".to_owned()),
    }
}

/// The webspaces that the agent at this socket shows; none where it does not answer, which is found elsewhere.
pub(super) async fn shown(place: &Path) -> Vec<WebspaceId> {
    let told = tokio::time::timeout(PATIENCE, told(place)).await;
    told.ok().and_then(Result::ok).unwrap_or_default()
}

async fn told(place: &Path) -> Result<Vec<WebspaceId>, frame::Broken> {
    let mut connection = UnixStream::connect(place).await?;
    frame::write(&mut connection, &Ask::Hello { version: VERSION }).await?;
    let Told::Welcome(_) = frame::read::<Told>(&mut connection).await? else {
        return Ok(Vec::new());
    };
    let mut found: Vec<WebspaceId> = Vec::new();
    loop {
        let after = found.last().copied();
        frame::write(&mut connection, &Ask::Sites { after }).await?;
        let Told::Sites { sites, more } = frame::read::<Told>(&mut connection).await? else {
            return Ok(found);
        };
        let ids = sites.into_iter().filter_map(|wish| match wish {
            Wish::Present(webspace) | Wish::Hidden(webspace) => Some(webspace.id),
            Wish::Gone => None,
        });
        found.extend(ids);
        if !more || found.last().copied() == after {
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{judged, socket};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixListener;
    use wabe_drivers::agent_link::message::{VERSION, Welcome};

    fn welcome(release: &str, gaps: &[&str]) -> Welcome {
        Welcome {
            version: VERSION,
            release: release.to_owned(),
            php: vec!["8.2".parse().unwrap()],
            apache: true,
            authority: String::new(),
            gaps: gaps.iter().map(|gap| (*gap).to_owned()).collect(),
        }
    }

    #[test]
    fn an_agent_of_another_release_is_told_from_ours() {
        let ours = judged(welcome(env!("CARGO_PKG_VERSION"), &[]));
        assert!(ours.iter().all(|one| one.to_string().starts_with("ok ")));
        assert!(
            ours.iter()
                .any(|one| one.to_string().contains("Apache for sites"))
        );
        let other = judged(welcome("0.0.9", &["no Landlock"]));
        let shown: Vec<String> = other.iter().map(ToString::to_string).collect();
        let release = "WRONG agent is of this release: the agent is 0.0.9";
        assert!(shown[1].starts_with(release), "{shown:?}");
        let wall = "warn  agent has all its walls: no Landlock";
        assert!(shown.iter().any(|one| one.starts_with(wall)), "{shown:?}");
    }

    #[test]
    fn a_node_without_apache_is_told_how_to_get_one() {
        let without = Welcome {
            apache: false,
            ..welcome(env!("CARGO_PKG_VERSION"), &[])
        };
        let found = judged(without);
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        let odd: Vec<&String> = shown.iter().filter(|one| !one.starts_with("ok ")).collect();
        let [odd] = odd.as_slice() else {
            unreachable!("{shown:?}")
        };
        assert!(
            odd.starts_with(
                "warn  Apache for sites is installed: no site can have its .htaccess read"
            ) && odd.contains("wabe node install --apply"),
            "{odd}"
        );
    }

    #[test]
    fn nobody_else_may_put_a_socket_there_or_get_in() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("agent.sock");
        assert!(socket(&place).is_bad(), "there is none");
        assert!(socket(folder.path()).is_bad(), "a folder is none");
        let _listener = UnixListener::bind(&place).unwrap();
        let open = |path: &std::path::Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        open(&place, 0o666);
        assert!(socket(&place).is_bad(), "everybody gets in");
        open(&place, 0o660);
        let is_root = rustix::process::geteuid().is_root();
        assert_eq!(socket(&place).is_bad(), !is_root, "the folder is ours");
        open(folder.path(), 0o777);
        assert!(socket(&place).is_bad(), "everybody puts one there");
    }
}
