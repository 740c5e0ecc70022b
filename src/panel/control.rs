//! The socket on which a running panel takes the command line's requests, and the requests themselves.
//!
//! Only the owner of the data folder can open the socket (mode 0600). One request a connection, one
//! line of JSON each way.

use crate::ground::Ground;
use crate::operations;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wabe_kernel::Fault;

/// The longest request, in bytes.
const REQUEST_BYTES_MAX: u64 = 64 * 1024;

/// What the command line asks a panel for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// An API token for a person.
    TokenCreate {
        /// The person's address.
        user: String,
        /// The customer's number; the person's only one when absent.
        customer: Option<String>,
        /// What it may do; everything the person may when empty.
        scopes: Vec<String>,
        /// Days until it ends.
        days: i64,
        /// What to call it.
        name: String,
    },
    /// The tokens of the hoster's own.
    TokenList,
    /// Ends a token of the hoster's own.
    TokenRevoke {
        /// Which one.
        id: String,
        /// Why.
        purpose: String,
    },
    /// A new member of staff.
    StaffCreate {
        /// The address to log in with.
        email: String,
        /// What the person is called.
        name: String,
        /// Staff roles.
        roles: Vec<String>,
    },
    /// The staff.
    StaffList,
    /// A new customer with its owner.
    CustomerCreate {
        /// Its name.
        name: String,
        /// The plan it books.
        plan: String,
        /// What the owner is called.
        owner_name: String,
        /// The address the owner logs in with.
        owner_email: String,
        /// A second address of theirs, also of the customer, where the first is kept here.
        #[serde(default)]
        second_email: Option<String>,
        /// Why.
        purpose: String,
    },
    /// Customers whose name begins so.
    CustomerList {
        /// The beginning of the name.
        search: String,
    },
    /// How the process is that runs plugins.
    SandboxHealth,
    /// The record's skeleton, as lines, and the key that signs it.
    AuditDump,
}

/// The answer to an operation: a result, or a line that says why not.
pub type Answer = Result<Value, String>;

/// Starts answering in `tasks`, until `stop`.
///
/// # Errors
/// When the socket cannot be made.
pub fn listen(
    ground: Arc<Ground>,
    stop: CancellationToken,
    tasks: &mut JoinSet<()>,
) -> Result<(), Fault> {
    let failed = |error| Fault::because("make the control socket", error);
    let path = ground.data.control_socket();
    if path.exists() {
        #[expect(
            clippy::disallowed_methods,
            reason = "the socket of a process that is gone; the lock is ours"
        )]
        std::fs::remove_file(&path).map_err(failed)?;
    }
    let listener = UnixListener::bind(&path).map_err(failed)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    tasks.spawn(async move {
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else { continue };
            let ground = ground.clone();
            tokio::spawn(async move {
                if let Err(error) = answer(&ground, stream).await {
                    tracing::warn!(%error, "a control request broke off");
                }
            });
        }
    });
    Ok(())
}

async fn answer(ground: &Ground, stream: UnixStream) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reader.take(REQUEST_BYTES_MAX))
        .read_line(&mut line)
        .await?;
    let answer: Answer = match serde_json::from_str(&line) {
        Ok(operation) => operations::run(ground, operation).await,
        Err(error) => Err(error.to_string()),
    };
    let mut text = serde_json::to_vec(&answer)?;
    text.push(b'\n');
    writer.write_all(&text).await
}

/// Asks the panel that runs over this data folder; `None` when none does.
///
/// # Errors
/// When the connection breaks off.
pub async fn ask(socket: &Path, operation: &Operation) -> std::io::Result<Option<Answer>> {
    let Ok(stream) = UnixStream::connect(socket).await else {
        return Ok(None);
    };
    let (reader, mut writer) = stream.into_split();
    let mut text = serde_json::to_vec(operation)?;
    text.push(b'\n');
    writer.write_all(&text).await?;
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).await?;
    Ok(Some(serde_json::from_str(&line)?))
}
