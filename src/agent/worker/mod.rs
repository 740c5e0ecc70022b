//! `wabe-agent worker`: a process that is a customer's user, for the files of one webspace.
//!
//! It is started as root with a socket for its standard input, is handed the folders of the webspace over it, takes
//! off everything that it will not need, and answers whoever holds the other end. It is never told a path.

mod fence;

use rustix::fd::{AsFd as _, OwnedFd};
use std::time::Duration;
use wabe_drivers::agent_link::{receive, send, worker};

use crate::workers::{FOLDERS, Ready};

/// A worker that nobody wants anything from for so long ends.
const IDLE: Duration = Duration::from_mins(5);

/// Whom it becomes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The number of its user
    #[arg(long)]
    user: u32,
    /// The number of its group
    #[arg(long)]
    group: u32,
}

pub(crate) fn main(arguments: &Arguments) -> Result<(), String> {
    let failed = |errno: rustix::io::Errno| errno.to_string();
    let socket = std::io::stdin();
    let socket = socket.as_fd().try_clone_to_owned();
    let socket: OwnedFd = socket.map_err(|error| error.to_string())?;
    let mut room = [0; 1];
    let (length, folders) = receive(&socket, &mut room).map_err(failed)?;
    if length != 1 || folders.len() != FOLDERS.len() {
        return Err("a worker is started by the agent alone".to_owned());
    }
    fence::become_them(arguments.user, arguments.group)?;
    let gaps = fence::raise(folders)?;
    let ready = serde_json::to_vec(&Ready { gaps }).map_err(|error| error.to_string())?;
    send(&socket, &ready, &[]).map_err(failed)?;
    worker::serve(&socket, IDLE).map_err(failed)
}
