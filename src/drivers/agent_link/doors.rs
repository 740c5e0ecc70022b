//! Files of webspaces through workers that the agent hands over.

use rustix::fd::OwnedFd;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use wabe_kernel::PhpVersion;
use wabe_kernel::content::{ContentError, PhpStatus};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{DomainId, WebspaceId};

use crate::agent_link::blocking::Connection;
use crate::agent_link::frame::Broken;
use crate::agent_link::message::{Answers, Ask, Told};
use crate::agent_link::remote::Remote;
use crate::embedded::files::{Door, Doors};

/// Workers that are kept at hand; the one that was taken up first makes room.
const KEPT_MAX: usize = 64;

/// A door whose hands are the worker at the other end of this socket.
///
/// # Errors
/// What the system says of the socket.
pub fn door(worker: OwnedFd, folder: OwnedFd) -> io::Result<Door> {
    let worker = Remote::new(worker)?;
    Ok(Door {
        folder: Arc::new(folder),
        hands: Arc::new(worker),
    })
}

/// A worker that is at hand.
struct Kept {
    since: u64,
    worker: Arc<Remote>,
    door: Door,
}

#[derive(Default)]
struct AtHand {
    taken: u64,
    kept: BTreeMap<WebspaceId, Kept>,
}

/// The doors of the webspaces of a node whose agent listens at this path.
pub struct AgentDoors {
    path: PathBuf,
    at_hand: Mutex<AtHand>,
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function for map_err"
)]
fn fault(broken: Broken) -> ContentError {
    ContentError::Fault(format!("the agent of the node: {broken}"))
}

impl AgentDoors {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            at_hand: Mutex::default(),
        }
    }

    fn handles(&self, ask: &Ask) -> Result<Vec<OwnedFd>, ContentError> {
        let mut connection = Connection::open(&self.path).map_err(fault)?;
        match connection.handles(ask).map_err(fault)? {
            Ok(handles) => Ok(handles),
            Err((code, _)) if code == "not-found" => Err(ContentError::NotFound),
            Err((code, detail)) => Err(ContentError::Fault(format!("{code}: {detail}"))),
        }
    }

    fn fetch(&self, web: WebspaceId) -> Result<(Arc<Remote>, Door), ContentError> {
        let handles = self.handles(&Ask::Door { webspace: web })?;
        let Ok([worker, folder]) = <[OwnedFd; 2]>::try_from(handles) else {
            let why = "the agent handed over something else".to_owned();
            return Err(ContentError::Fault(why));
        };
        let worker = Remote::new(worker).map_err(|errno| ContentError::Fault(errno.to_string()))?;
        let worker = Arc::new(worker);
        let door = Door {
            folder: Arc::new(folder),
            hands: worker.clone(),
        };
        Ok((worker, door))
    }
}

impl AtHand {
    fn get(&mut self, web: WebspaceId) -> Option<Door> {
        let kept = self.kept.get(&web)?;
        if kept.worker.is_alive() {
            return Some(kept.door.clone());
        }
        self.kept.remove(&web);
        None
    }

    fn put(&mut self, web: WebspaceId, (worker, door): (Arc<Remote>, Door)) {
        while self.kept.len() >= KEPT_MAX {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.since);
            let Some(oldest) = oldest.map(|(web, _)| *web) else {
                break;
            };
            // Whoever works with it goes on with it.
            self.kept.remove(&oldest);
        }
        self.taken = self.taken.saturating_add(1);
        let since = self.taken;
        let kept = Kept {
            since,
            worker,
            door,
        };
        self.kept.insert(web, kept);
    }
}

impl Doors for AgentDoors {
    fn open(&self, web: WebspaceId) -> Result<Door, ContentError> {
        let at_hand = || self.at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = at_hand().get(web) {
            return Ok(door);
        }
        let (worker, door) = self.fetch(web)?;
        at_hand().put(web, (worker, door.clone()));
        Ok(door)
    }

    fn redirect_logs(&self, domain: DomainId) -> Result<OwnedFd, ContentError> {
        let handles = self.handles(&Ask::RedirectLogs { domain })?;
        handles.into_iter().next().ok_or(ContentError::NotFound)
    }

    fn php(
        &self,
        web: WebspaceId,
        version: PhpVersion,
    ) -> Working<'_, Result<Option<PhpStatus>, ContentError>> {
        let (path, webspace) = (self.path.clone(), web);
        Box::pin(async move {
            let asked = tokio::task::spawn_blocking(move || {
                let mut connection = Connection::open(&path)?;
                connection.ask(&Ask::Php { webspace, version })
            });
            let told = asked.await;
            let told = told.map_err(|broken| ContentError::Fault(broken.to_string()))?;
            match told.map_err(fault)? {
                Told::Php { status } => Ok(status),
                Told::Silent => Err(ContentError::TimedOut),
                Told::Failed { code, detail } => {
                    Err(ContentError::Fault(format!("{code}: {detail}")))
                }
                _ => {
                    let why = "the agent answered something else".to_owned();
                    Err(ContentError::Fault(why))
                }
            }
        })
    }

    fn all(&self) -> Vec<WebspaceId> {
        Vec::new()
    }
}

impl Answers for AgentDoors {
    fn put(&self, token: &str, answer: &str) -> io::Result<()> {
        let ask = Ask::Answer {
            token: token.to_owned(),
            answer: answer.to_owned(),
        };
        let put = Connection::open(&self.path).and_then(|mut connection| connection.done(&ask));
        put.map_err(io::Error::other)
    }

    fn take(&self, token: &str) {
        let ask = Ask::Forget {
            token: token.to_owned(),
        };
        let forgotten =
            Connection::open(&self.path).and_then(|mut connection| connection.done(&ask));
        if let Err(broken) = forgotten {
            tracing::warn!(%broken, "the answer to a certificate authority could not be removed");
        }
    }
}
