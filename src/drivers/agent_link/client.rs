//! The driver whose hands are the agent's.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::UnixStream;
use wabe_kernel::Stray;
use wabe_kernel::certificate::Vault;
use wabe_kernel::desired::{Act, Driver, Observed, Step, StepFailure, Subject, Working};
use wabe_kernel::id::WebspaceId;

use crate::agent_link::code;
use crate::agent_link::frame::{self, Broken};
use crate::agent_link::known::{self, Known};
use crate::agent_link::message::{Ask, Supplied, Told, VERSION, Welcome};

/// How long a step may take: nginx tries and reloads thousands of sites, and PHP waits for requests that run.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long the agent may take to greet.
const GREETING: Duration = Duration::from_secs(5);
/// Connections that nobody uses and that are kept.
const IDLE_MAX: usize = 8;

/// Steps and looks by the agent at this socket.
pub struct AgentDriver {
    path: PathBuf,
    vault: Arc<dyn Vault>,
    idle: Mutex<Vec<UnixStream>>,
    known: Arc<Known>,
}

fn away(broken: impl std::fmt::Display) -> StepFailure {
    StepFailure::new("agent-away", broken)
}

fn unexpected() -> StepFailure {
    away("the agent answered something else")
}

impl AgentDriver {
    /// Connects, and learns which sites there are; what the agent said of itself.
    ///
    /// # Errors
    /// `agent-away` when it does not answer, or speaks another version.
    pub async fn connect(
        path: PathBuf,
        vault: Arc<dyn Vault>,
    ) -> Result<(Arc<Self>, Welcome), StepFailure> {
        let (connection, welcome) = connect(&path).await?;
        let driver = Arc::new(Self {
            path,
            vault,
            idle: Mutex::new(vec![connection]),
            known: Arc::default(),
        });
        driver.learn().await?;
        Ok((driver, welcome))
    }

    /// Where the agent listens.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The sites of the node.
    #[must_use]
    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known)
    }

    async fn learn(&self) -> Result<(), StepFailure> {
        let mut after: Option<WebspaceId> = None;
        loop {
            let told = self.ask(&Ask::Sites { after }).await?;
            let Told::Sites { sites, more } = told else {
                return Err(unexpected());
            };
            let before = after;
            for wish in sites {
                if let Some(webspace) = known::webspace(&wish) {
                    after = Some(webspace.id);
                }
                self.known.put(wish);
            }
            if !more || after == before {
                return Ok(());
            }
        }
    }

    /// What lies in folders of the node's servers, and is none of ours.
    ///
    /// # Errors
    /// `agent-away`, or why the agent cannot look.
    pub async fn strays(&self) -> Result<Vec<Stray>, StepFailure> {
        match self.ask(&Ask::Strays).await? {
            Told::Strays { strays } => Ok(strays),
            Told::Failed { code, detail } => Err(StepFailure {
                code: code::known(&code),
                detail,
            }),
            _ => Err(unexpected()),
        }
    }

    /// A connection that is not in use; one that was kept may have ended meanwhile.
    fn kept(&self) -> Option<UnixStream> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let mut byte = [0_u8; 1];
        loop {
            let connection = idle.pop()?;
            // Nothing comes unasked: whatever can be read is the end.
            match connection.try_read(&mut byte) {
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    return Some(connection);
                }
                _ended => {}
            }
        }
    }

    fn keep(&self, connection: UnixStream) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
    }

    async fn ask(&self, ask: &Ask) -> Result<Told, StepFailure> {
        if let Some(connection) = self.kept() {
            match self.ask_over(connection, ask).await? {
                Ok(told) => return Ok(told),
                // It ended while nobody used it, or in the middle: what is asked may be asked twice.
                Err(Broken::Over(_)) => {}
                Err(broken) => return Err(away(broken)),
            }
        }
        let connection = connect(&self.path).await?.0;
        self.ask_over(connection, ask).await?.map_err(away)
    }

    async fn ask_over(
        &self,
        mut connection: UnixStream,
        ask: &Ask,
    ) -> Result<Result<Told, Broken>, StepFailure> {
        let asked = async {
            frame::write(&mut connection, ask).await?;
            frame::read::<Told>(&mut connection).await
        };
        let told = tokio::time::timeout(PATIENCE, asked).await;
        match told.map_err(|_late| away("no answer in time"))? {
            Ok(Told::Refused { reason }) => Err(away(reason)),
            Ok(told) => {
                self.keep(connection);
                Ok(Ok(told))
            }
            Err(broken) => Ok(Err(broken)),
        }
    }

    /// The certificate that a step names.
    async fn supplied(&self, step: &Step) -> Result<Option<Supplied>, StepFailure> {
        let Act::SupplyCertificate(id, fingerprint) = &step.act else {
            return Ok(None);
        };
        let bundle = self.vault.bundle(*id, fingerprint).await?;
        Ok(Some(bundle.into()))
    }
}

/// What the agent at this socket says of itself.
///
/// # Errors
/// `agent-away` when it does not answer, or speaks another version.
pub async fn greet(path: &Path) -> Result<Welcome, StepFailure> {
    Ok(connect(path).await?.1)
}

pub(super) async fn connect(path: &Path) -> Result<(UnixStream, Welcome), StepFailure> {
    let greeting = async {
        let mut connection = UnixStream::connect(path).await?;
        frame::write(&mut connection, &Ask::Hello { version: VERSION }).await?;
        let told = frame::read::<Told>(&mut connection).await?;
        Ok::<_, Broken>((connection, told))
    };
    let greeted = tokio::time::timeout(GREETING, greeting).await;
    match greeted.map_err(|_late| away("it does not greet"))? {
        Ok((connection, Told::Welcome(welcome))) if welcome.version == VERSION => {
            Ok((connection, welcome))
        }
        Ok((_, Told::Refused { reason })) => Err(away(reason)),
        Ok(_) => Err(unexpected()),
        Err(broken) => Err(away(broken)),
    }
}

impl Driver for AgentDriver {
    fn observe(&self, subject: Subject) -> Working<'_, Result<Observed, StepFailure>> {
        Box::pin(async move {
            match self.ask(&Ask::Observe { subject }).await? {
                Told::Observed { observed } => {
                    self.known.seen(&observed);
                    Ok(*observed)
                }
                Told::Failed { code, detail } => Err(StepFailure {
                    code: code::known(&code),
                    detail,
                }),
                _ => Err(unexpected()),
            }
        })
    }

    fn apply<'a>(&'a self, step: &'a Step) -> Working<'a, Result<(), StepFailure>> {
        Box::pin(async move {
            let supplied = self.supplied(step).await?;
            let ask = Ask::Apply {
                step: Box::new(step.clone()),
                supplied,
            };
            match self.ask(&ask).await? {
                Told::Done => {
                    self.known.applied(step);
                    Ok(())
                }
                Told::Failed { code, detail } => Err(StepFailure {
                    code: code::known(&code),
                    detail,
                }),
                _ => Err(unexpected()),
            }
        })
    }
}
