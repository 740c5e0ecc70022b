//! Uploads over SFTP: what stands in for OpenSSH's `internal-sftp` in the embedded default.
//!
//! Invariants:
//! - Nothing but the `sftp` subsystem: no shell, no command, no forwarding, no agent, no X11.
//! - The root `/` of a session is the webspace's folder; everything goes through [`WebFiles`].
//! - Every refused login gets the same answer, after the same work and the same time.
//! - A session ends at its next request once the site is hidden or its credential is gone.
//! - Everything a stranger can make the server hold is bounded: connections, those of one network
//!   before login, those of one login, channels, open files, the length of a packet, time.
//!
//! A public key is not guessed, so the guard against guessing is asked for passwords alone: a flood
//! of wrong passwords never keeps the owner of a key out (security bar 3.2 T1).

mod connection;
mod credential;
mod crowd;
mod cut;
mod extended;
mod host_key;
mod names;
mod open;
mod reply;
mod session;
#[cfg(test)]
mod tests;
mod way;
mod wire;

use russh::keys::{Algorithm, EcdsaCurve, HashAlg};
use russh::server::Config;
use russh::{MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};
use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wabe_kernel::Rng;
use wabe_kernel::content::LoginGuard;

use crate::embedded::SiteIndex;
use crate::embedded::files::WebFiles;
use crate::embedded::sftp::connection::Connection;
use crate::embedded::sftp::credential::Passwords;
use crate::embedded::sftp::crowd::{Crowd, Guest};
use crate::embedded::sftp::cut::Cut;

/// From the first byte to the end of the login.
const LOGIN_TIME: Duration = Duration::from_secs(20);
/// Without a request.
const IDLE_TIME: Duration = Duration::from_mins(5);
/// How long a refused login takes, whatever the reason.
const REFUSAL_TIME: Duration = Duration::from_secs(1);
/// How long open sessions get to tidy up after the shutdown signal.
const GRACE: Duration = Duration::from_secs(10);
/// Rejections of any kind, offers of unknown keys included, before the connection ends. Real
/// attempts are counted in `connection`.
const REJECTIONS_MAX: usize = 12;

/// What the server works with.
pub struct SftpParts {
    /// The files.
    pub files: WebFiles,
    /// Which login belongs to which webspace.
    pub index: Arc<dyn SiteIndex>,
    /// Whether a password may be tried.
    pub guard: Arc<dyn LoginGuard>,
    /// For the host key, when it is made.
    pub rng: Arc<dyn Rng>,
}

/// The upload server, bound and not yet serving.
pub struct SftpServer {
    listener: TcpListener,
    shared: Arc<Shared>,
    config: Arc<Config>,
    fingerprint: String,
}

/// What all connections share.
struct Shared {
    files: WebFiles,
    index: Arc<dyn SiteIndex>,
    guard: Arc<dyn LoginGuard>,
    passwords: Passwords,
    crowd: Crowd,
    tasks: TaskTracker,
}

impl SftpServer {
    /// Takes the listener and the host key; an Ed25519 key is made at `host_key` when missing.
    /// Blocks on file work.
    ///
    /// # Errors
    /// When the key cannot be read or made, or when others than its owner may read it.
    pub fn bind(listener: TcpListener, host_key: &Path, parts: SftpParts) -> io::Result<Self> {
        let key = host_key::load(host_key, &*parts.rng)?;
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let config = Config {
            server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-Wabe")),
            methods: methods(),
            auth_rejection_time: REFUSAL_TIME,
            auth_rejection_time_initial: Some(Duration::ZERO),
            keys: vec![key],
            preferred: algorithms(),
            max_auth_attempts: REJECTIONS_MAX,
            inactivity_timeout: Some(IDLE_TIME),
            // Room for the answers to all requests that clients have under way, so that the
            // connection never waits for a session that waits for the connection.
            event_buffer_size: 256,
            nodelay: true,
            ..Config::default()
        };
        let shared = Shared {
            files: parts.files,
            index: parts.index,
            guard: parts.guard,
            passwords: Passwords::new(),
            crowd: Crowd::default(),
            tasks: TaskTracker::new(),
        };
        Ok(Self {
            listener,
            shared: Arc::new(shared),
            config: Arc::new(config),
            fingerprint,
        })
    }

    /// The host key's fingerprint as SSH clients show it (`SHA256:…`).
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `shutdown`; open sessions are cut off then, unfinished uploads leave nothing.
    pub async fn serve(self, shutdown: CancellationToken) {
        loop {
            let accepted = tokio::select! {
                () = shutdown.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    // Without a place the connection is closed at once, before any work.
                    if let Some(guest) = self.shared.crowd.admit(peer.ip()) {
                        let shared = Arc::clone(&self.shared);
                        let config = Arc::clone(&self.config);
                        let cut = shutdown.child_token();
                        self.shared
                            .tasks
                            .spawn(attend(shared, config, stream, guest, cut));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "sftp: a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        self.shared.tasks.close();
        if tokio::time::timeout(GRACE, self.shared.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("sftp: sessions did not end in time");
        }
    }
}

/// One connection from its first byte to its end.
async fn attend(
    shared: Arc<Shared>,
    config: Arc<Config>,
    stream: TcpStream,
    guest: Arc<Guest>,
    cut: CancellationToken,
) {
    let deadline = Instant::now() + LOGIN_TIME;
    let _ends = cut.clone().drop_guard();
    let (entered, entrance) = oneshot::channel();
    let handler = Connection::new(shared, Arc::clone(&guest), cut.clone(), entered);
    let begin = russh::server::run_stream(config, Cut::new(stream, cut.clone()), handler);
    let mut running = match tokio::time::timeout_at(deadline, Box::pin(begin)).await {
        Ok(Ok(running)) => running,
        Ok(Err(error)) => return tracing::debug!(%error, "sftp: no connection came about"),
        Err(_late) => return,
    };
    tokio::select! {
        ended = &mut running => return closed(ended),
        entrance = tokio::time::timeout_at(deadline, entrance) => {
            if entrance.is_err() {
                cut.cancel();
            }
        }
    }
    closed(running.await);
}

fn closed(ended: Result<(), russh::Error>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "sftp: connection ended");
    }
}

fn methods() -> MethodSet {
    MethodSet::from([MethodKind::PublicKey, MethodKind::Password].as_slice())
}

/// No SHA-1, no CBC, no MAC before encryption, no compression (it would need room before login).
fn algorithms() -> Preferred {
    Preferred {
        kex: Cow::Borrowed(&[
            kex::MLKEM768X25519_SHA256,
            kex::CURVE25519,
            kex::CURVE25519_PRE_RFC_8731,
            kex::DH_G16_SHA512,
            kex::DH_G18_SHA512,
            kex::EXTENSION_SUPPORT_AS_SERVER,
            kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
        ]),
        key: Cow::Borrowed(&[
            Algorithm::Ed25519,
            Algorithm::Ecdsa {
                curve: EcdsaCurve::NistP256,
            },
            Algorithm::Ecdsa {
                curve: EcdsaCurve::NistP384,
            },
            Algorithm::Ecdsa {
                curve: EcdsaCurve::NistP521,
            },
            Algorithm::Rsa {
                hash: Some(HashAlg::Sha512),
            },
            Algorithm::Rsa {
                hash: Some(HashAlg::Sha256),
            },
        ]),
        host_key_certificates: Cow::Borrowed(&[]),
        cipher: Cow::Borrowed(&[
            cipher::CHACHA20_POLY1305,
            cipher::AES_256_GCM,
            cipher::AES_256_CTR,
        ]),
        mac: Cow::Borrowed(&[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM]),
        compression: Cow::Borrowed(&[compression::NONE]),
    }
}
