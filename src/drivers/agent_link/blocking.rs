//! A connection to the agent for threads that may block: for handles, and for answers to authorities.

use rustix::fd::OwnedFd;
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::agent_link::frame::{self, Broken};
use crate::agent_link::message::{Ask, Told, VERSION};
use crate::agent_link::packet;

/// How long an answer may take: a worker is started for some.
const PATIENCE: Duration = Duration::from_secs(15);

/// A connection that was greeted.
pub(super) struct Connection(UnixStream);

fn unexpected() -> Broken {
    Broken::Nonsense("the agent answered something else".to_owned())
}

impl Connection {
    /// Connects, and says hello.
    pub(super) fn open(path: &Path) -> Result<Self, Broken> {
        let socket = UnixStream::connect(path)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let mut connection = Self(socket);
        match connection.ask(&Ask::Hello { version: VERSION })? {
            Told::Welcome(_) => Ok(connection),
            Told::Refused { reason } => Err(Broken::Nonsense(reason)),
            _ => Err(unexpected()),
        }
    }

    /// Asks one thing.
    pub(super) fn ask(&mut self, ask: &Ask) -> Result<Told, Broken> {
        self.0.write_all(&frame::of(ask)?)?;
        let mut head = [0; 4];
        self.0.read_exact(&mut head)?;
        let mut bytes = vec![0; frame::length(head)?];
        self.0.read_exact(&mut bytes)?;
        frame::read_words(&bytes)
    }

    /// Asks for handles; what failed instead has a code.
    pub(super) fn handles(
        &mut self,
        ask: &Ask,
    ) -> Result<Result<Vec<OwnedFd>, (String, String)>, Broken> {
        match self.ask(ask)? {
            Told::Handles => {
                let mut byte = [0; 1];
                match packet::receive(&self.0, &mut byte).map_err(io::Error::from)? {
                    (1, handles) => Ok(Ok(handles)),
                    _ => Err(unexpected()),
                }
            }
            Told::Failed { code, detail } => Ok(Err((code, detail))),
            Told::Refused { reason } => Err(Broken::Nonsense(reason)),
            _ => Err(unexpected()),
        }
    }

    /// Asks for something to be done.
    pub(super) fn done(&mut self, ask: &Ask) -> Result<(), Broken> {
        match self.ask(ask)? {
            Told::Done => Ok(()),
            Told::Failed { code, detail } => Err(Broken::Nonsense(format!("{code}: {detail}"))),
            Told::Refused { reason } => Err(Broken::Nonsense(reason)),
            _ => Err(unexpected()),
        }
    }
}
