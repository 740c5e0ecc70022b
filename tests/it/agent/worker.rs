//! What a worker is let into, and what not.

use crate::agent::node::{Agent, apply, at, life, webspace};
use rustix::fd::OwnedFd;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use wabe_drivers::agent_link::message::{Ask, VERSION};
use wabe_drivers::agent_link::{AgentDriver, door, frame, receive};
use wabe_drivers::embedded::files::{Door, Doors, WebFiles};
use wabe_kernel::PhpVersion;
use wabe_kernel::content::{ContentError, Files as _, PhpStatus};
use wabe_kernel::desired::{Webspace, Working};
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_panel::system::SystemClock;

/// The handles of a worker and of its webspace's folder.
fn handles(agent: &Agent, webspace: WebspaceId) -> [OwnedFd; 2] {
    let mut stream = UnixStream::connect(agent.socket()).unwrap();
    for ask in [Ask::Hello { version: VERSION }, Ask::Door { webspace }] {
        stream.write_all(&frame::of(&ask).unwrap()).unwrap();
        let mut head = [0; 4];
        stream.read_exact(&mut head).unwrap();
        let mut text = vec![0; frame::length(head).unwrap()];
        stream.read_exact(&mut text).unwrap();
    }
    let (_, handles) = receive(&stream, &mut [0; 1]).unwrap();
    handles.try_into().unwrap()
}

/// One door, whatever is asked for.
struct Always(Door);

impl Doors for Always {
    fn open(&self, _web: WebspaceId) -> Result<Door, ContentError> {
        Ok(self.0.clone())
    }

    fn redirect_logs(&self, _domain: DomainId) -> Result<OwnedFd, ContentError> {
        Err(ContentError::NotFound)
    }

    fn php(
        &self,
        _web: WebspaceId,
        _version: PhpVersion,
    ) -> Working<'_, Result<Option<PhpStatus>, ContentError>> {
        Box::pin(std::future::ready(Err(ContentError::NotFound)))
    }

    fn all(&self) -> Vec<WebspaceId> {
        Vec::new()
    }
}

/// A field of what the system says of a process; none once it is gone.
fn status(pid: &str, field: &str) -> Option<String> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(name, _)| *name == field)?;
    Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The workers that an agent started and that are this user.
fn workers(agent: &Agent, user: &str) -> Vec<String> {
    let parent = agent.id().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let pid = entry.file_name().into_string().unwrap();
        let is_ours = status(&pid, "PPid").as_deref() == Some(&*parent);
        if is_ours && status(&pid, "Uid").as_deref() == Some(user) {
            found.push(pid);
        }
    }
    found
}

async fn two(agent: &Agent) -> (Arc<AgentDriver>, Webspace, Webspace) {
    let driver = agent.driver().await;
    let (mine, theirs) = (webspace("mine"), webspace("theirs"));
    for site in [&mine, &theirs] {
        let acts = life(site).into_iter().take(3).collect();
        apply(&driver, (site, 1), acts).await.unwrap();
    }
    (driver, mine, theirs)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wall_holds_on_this_kernel() {
    let agent = Agent::new().await;
    let (_, welcome) = agent.connected().await;
    // Each worker tries it all before it says that it is ready, and an agent does not begin without one.
    let gap = welcome.gaps.iter().find(|gap| gap.contains("reads what"));
    assert!(gap.is_none(), "this kernel lacks a wall: {gap:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_the_customers_user_and_has_nothing_else() {
    let agent = Agent::new().await;
    let (driver, mine, _) = two(&agent).await;
    let files = agent.files(&driver);
    files.list(mine.id, &at("")).await.unwrap();
    let folder = agent.path(&format!("web/{}/files", mine.id));
    let owner = std::fs::metadata(folder).unwrap().uid();
    let four = vec![owner.to_string(); 4].join(" ");
    let found = workers(&agent, &four);
    assert!(!found.is_empty(), "nobody works on the files as {owner}");
    for worker in found {
        for (field, expected) in [
            ("Gid", &*four),
            ("Groups", ""),
            ("NoNewPrivs", "1"),
            ("Seccomp", "2"),
            ("CapInh", "0000000000000000"),
            ("CapPrm", "0000000000000000"),
            ("CapEff", "0000000000000000"),
            ("CapAmb", "0000000000000000"),
        ] {
            let said = status(&worker, field);
            // One that only looked something up ends meanwhile.
            assert!(
                said.is_none() || said.as_deref() == Some(expected),
                "{field}: {said:?}"
            );
        }
    }
    files.list(mine.id, &at("")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_opens_nothing_of_another_customer_whatever_handle_it_gets() {
    let agent = Agent::new().await;
    let (driver, mine, theirs) = two(&agent).await;
    let [worker, own] = handles(&agent, mine.id);
    let [_, other] = handles(&agent, theirs.id);
    let clock = Arc::new(SystemClock::default());
    let with = |folder: OwnedFd| {
        let worker = worker.try_clone().unwrap();
        let doors = Arc::new(Always(door(worker, folder).unwrap()));
        WebFiles::behind(doors, driver.known(), clock.clone())
    };
    assert!(with(own).list(mine.id, &at("")).await.is_ok());
    let foreign = with(other);
    let refused = Err(ContentError::Refused("not-permitted"));
    assert_eq!(foreign.list(mine.id, &at("")).await.map(drop), refused);
    assert_eq!(foreign.delete(mine.id, &at("public")).await, refused);
    // The node's own things are behind the same wall, although their modes let everybody read them.
    let root: OwnedFd = std::fs::File::open("/usr").unwrap().into();
    let away = with(root).list(mine.id, &at("")).await;
    assert!(away.is_err(), "{away:?}");
    let made = Path::new("/usr/files").exists() || Path::new("/usr/staging").exists();
    assert!(!made);
}
