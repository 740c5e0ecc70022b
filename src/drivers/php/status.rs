//! How a pool is doing, as PHP-FPM itself counts.
//!
//! It is asked over a socket that nobody else reaches: nginx passes on nothing but files of PHP that are there, and
//! from 8.0 on the way is a socket of its own, which answers even when every process is busy.

use rustix::fd::{AsRawFd as _, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags};
use serde::Deserialize;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::UnixStream;
use wabe_kernel::PhpVersion;
use wabe_kernel::content::{ContentError, PhpStatus};
use wabe_kernel::id::WebspaceId;

use crate::php::fastcgi;

/// What a pool is asked for to say how it is.
pub(super) const STATUS_PATH: &str = "/wabe-status";
/// How long it may take to say so.
const PATIENCE: Duration = Duration::from_secs(3);
/// From this version on a pool says so at a socket of its own. Source: PHP 8.0, `pm.status_listen`.
const APART: &str = "8.0";

/// The folder of the sockets of a master of its own, in the one that says who passes.
const WITHIN: &str = "s";

/// Where a pool is reached.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sockets {
    /// By who shows the site.
    pub(super) requests: PathBuf,
    /// By who asks how it is, where the version has a way of its own for that.
    pub(super) status: Option<PathBuf>,
}

impl Sockets {
    /// Those in the folder of all pools; of a master of its own, in a folder that holds nothing else.
    pub(super) fn of((folder, is_own): (&Path, bool), id: WebspaceId, version: PhpVersion) -> Self {
        let apart: Option<PhpVersion> = APART.parse().ok();
        let is_apart = apart.is_some_and(|apart| version >= apart);
        let run = folder.join("run");
        let socket = |kind: &str| {
            if is_own {
                run.join(id.to_string())
                    .join(version.to_string())
                    .join(WITHIN)
                    .join(kind)
            } else {
                run.join(format!("{id}-{version}.{kind}"))
            }
        };
        Self {
            requests: socket("sock"),
            status: is_apart.then(|| socket("status")),
        }
    }
}

/// A socket that is one: where a customer's user could put something else, a link leads nowhere.
fn held(socket: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let held = rustix::fs::open(socket, flags, Mode::empty())?;
    let about = rustix::fs::fstat(&held)?;
    if FileType::from_raw_mode(about.st_mode) == FileType::Socket {
        Ok(held)
    } else {
        Err(ErrorKind::NotFound.into())
    }
}

/// A connection to whoever listens at this very socket.
///
/// # Errors
/// When nobody does, or it is none.
pub(super) async fn connect(socket: &Path) -> io::Result<UnixStream> {
    let held = held(socket)?;
    UnixStream::connect(format!("/proc/self/fd/{}", held.as_raw_fd())).await
}

/// What PHP-FPM says of a pool.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "start since")]
    seconds: i64,
    #[serde(rename = "accepted conn")]
    accepted: i64,
    #[serde(rename = "listen queue")]
    waiting: i64,
    #[serde(rename = "idle processes")]
    idle: i64,
    #[serde(rename = "active processes")]
    active: i64,
    #[serde(rename = "max active processes")]
    most_active: i64,
    #[serde(rename = "max children reached")]
    limit_reached: i64,
    #[serde(rename = "slow requests")]
    slow: i64,
}

/// How the pool of this webspace is doing, in the folder of all pools; nothing where none runs.
///
/// # Errors
/// When it does not say so in time.
pub(crate) async fn read(
    folder: &Path,
    id: WebspaceId,
    version: PhpVersion,
) -> Result<Option<PhpStatus>, ContentError> {
    let is_own = folder.join("run").join(id.to_string()).is_dir();
    let sockets = Sockets::of((folder, is_own), id, version);
    // Where there is no other way, whoever asks is one of those who are worked on.
    let asking = i64::from(sockets.status.is_none());
    let socket = sockets.status.unwrap_or(sockets.requests);
    let parameters = [
        ("SCRIPT_NAME", STATUS_PATH),
        ("SCRIPT_FILENAME", STATUS_PATH),
        ("REQUEST_METHOD", "GET"),
        ("QUERY_STRING", "json"),
    ];
    let asked = tokio::time::timeout(PATIENCE, async {
        fastcgi::ask(connect(&socket).await?, &parameters).await
    });
    let answer = match asked.await {
        Err(_late) => return Err(ContentError::TimedOut),
        Ok(Err(fault)) => {
            return match fault.kind() {
                ErrorKind::NotFound | ErrorKind::ConnectionRefused => Ok(None),
                _ => Err(ContentError::Fault(fault.to_string())),
            };
        }
        Ok(Ok(answer)) => answer,
    };
    let said = said_in(&answer);
    let said = said.ok_or_else(|| ContentError::Fault("PHP-FPM says something else".to_owned()))?;
    Ok(Some(PhpStatus {
        active: said.active.saturating_sub(asking),
        ..said
    }))
}

/// What an answer says behind its headers.
fn said_in(answer: &[u8]) -> Option<PhpStatus> {
    let blank = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let body = answer.get(blank.checked_add(4)?..)?;
    let said: Said = serde_json::from_slice(body).ok()?;
    Some(PhpStatus {
        seconds: said.seconds,
        accepted: said.accepted,
        waiting: said.waiting,
        idle: said.idle,
        active: said.active,
        most_active: said.most_active,
        limit_reached: said.limit_reached,
        slow: said.slow,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn what_the_pool_says_is_read() {
        let answer = b"Content-Type: application/json\r\n\r\n{\"pool\":\"web_x\",\
            \"process manager\":\"ondemand\",\"start time\":1796017380,\"start since\":2,\
            \"accepted conn\":7,\"listen queue\":3,\"max listen queue\":0,\"listen queue len\":0,\
            \"idle processes\":1,\"active processes\":4,\"total processes\":5,\
            \"max active processes\":5,\"max children reached\":2,\"slow requests\":6}";
        let said = said_in(answer).unwrap();
        let numbers = (said.waiting, said.idle, said.active, said.limit_reached);
        assert_eq!(numbers, (3, 1, 4, 2));
        assert_eq!((said.seconds, said.accepted, said.slow), (2, 7, 6));
        assert_eq!(
            said_in(b"Status: 404 Not Found\r\n\r\nFile not found.\n"),
            None
        );
    }

    #[test]
    fn only_what_has_a_way_of_its_own_is_asked_there() {
        let id = WebspaceId::from_uuid(Uuid::from_u128(7));
        let status = |version: &str, is_own| {
            let version = version.parse().unwrap();
            Sockets::of((Path::new("/a"), is_own), id, version).status
        };
        assert_eq!(status("7.4", false), None);
        let path = format!("/a/run/{id}-8.2.status");
        assert_eq!(status("8.2", false), Some(PathBuf::from(path)));
        let path = format!("/a/run/{id}/8.2/s/status");
        assert_eq!(status("8.2", true), Some(PathBuf::from(path)));
    }

    #[tokio::test]
    async fn a_link_to_what_another_pool_says_leads_nowhere() {
        let dir = tempfile::tempdir().unwrap();
        let id = WebspaceId::from_uuid(Uuid::from_u128(7));
        let version: PhpVersion = "8.2".parse().unwrap();
        let own = Sockets::of((dir.path(), true), id, version).status.unwrap();
        std::fs::create_dir_all(own.parent().unwrap()).unwrap();
        let other = dir.path().join("other");
        let listener = tokio::net::UnixListener::bind(&other).unwrap();
        std::os::unix::fs::symlink(&other, &own).unwrap();
        assert_eq!(read(dir.path(), id, version).await, Ok(None));
        drop(listener);
    }

    #[tokio::test]
    async fn a_pool_that_is_not_there_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let id = WebspaceId::from_uuid(Uuid::from_u128(7));
        let read = read(dir.path(), id, "8.2".parse().unwrap()).await;
        assert_eq!(read, Ok(None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_what_a_pool_says_or_not(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
        ) {
            let answer = [b"\r\n\r\n".as_slice(), &bytes].concat();
            // What a pool says is longer than that.
            prop_assert_eq!((said_in(&bytes), said_in(&answer)), (None, None));
        }
    }
}
