//! The SMTP intake: takes mail for the mailboxes of this node from programs on this machine.
//!
//! Invariants: it only listens on loopback; it relays nothing; 250 after DATA means that every copy
//! is on disk. No address of a person and no IP address goes into the log.
//! Source: RFC 5321, 1870, 2034, 2920, 3207, 6152; bar 3.3, 3.15.

mod data;
mod envelope;
mod post;
mod session;
mod trace;
mod wire;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_util::sync::CancellationToken;
use wabe_kernel::DomainName;
use wabe_kernel::quota::Bytes;

pub use self::post::{Letter, Post};
use self::session::{Session, Setting};
#[cfg(test)]
pub(super) use self::wire::Stream as TestStream;
use self::wire::Wire;
use crate::embedded::mail::Mailboxes;

/// How many clients are served at the same time.
const CONNECTIONS_MAX: usize = 200;
/// How long one client may stay in all.
const STAY_MAX: Duration = Duration::from_hours(1);
/// How long open sessions may go on after the shutdown signal.
const GRACE: Duration = Duration::from_secs(10);

/// How the intake presents itself and what it takes.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Its name in greetings and `Received` lines.
    pub host_name: DomainName,
    /// The largest message, in bytes.
    pub size_max: Bytes,
    /// How long a client may take for one line.
    pub idle: Duration,
    /// Offers STARTTLS when there is one.
    pub tls: Option<Arc<ServerConfig>>,
    /// Takes mail for addresses that are nobody's mailbox.
    pub post: Option<Arc<dyn Post>>,
}

impl SmtpSettings {
    /// The usual: messages up to 50 MB, five minutes for a line (RFC 5321 4.5.3.2), no TLS.
    #[must_use]
    pub const fn new(host_name: DomainName) -> Self {
        Self {
            host_name,
            size_max: 50_000_000,
            idle: Duration::from_mins(5),
            tls: None,
            post: None,
        }
    }
}

/// Serves until `shutdown`; sessions then end at their next command, or are cut off after 10 s.
///
/// # Errors
/// When the listener is not on loopback.
pub async fn serve(
    mailboxes: Arc<Mailboxes>,
    listener: TcpListener,
    settings: SmtpSettings,
    shutdown: CancellationToken,
) -> io::Result<()> {
    if !listener.local_addr()?.ip().is_loopback() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the intake only serves loopback",
        ));
    }
    let setting = Arc::new(Setting {
        store: Arc::clone(&mailboxes.store),
        host_name: settings.host_name,
        size_max: settings.size_max,
        idle: settings.idle,
        tls: settings.tls.map(TlsAcceptor::from),
        post: settings.post,
        shutdown: shutdown.clone(),
    });
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut sessions = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(_ended) = sessions.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    turn_away(stream).await;
                    continue;
                };
                let session = Session::new(Arc::clone(&setting), peer.ip());
                let idle = setting.idle;
                sessions.spawn(async move {
                    let talk = Box::pin(session.run(Wire::new(Box::new(stream), idle)));
                    match tokio::time::timeout(STAY_MAX, talk).await {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => tracing::debug!(%error, "smtp: a session broke off"),
                        Err(_) => tracing::debug!("smtp: a session took too long"),
                    }
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: wait for some to come back.
                tracing::warn!(%error, "smtp: cannot accept");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    let rest = async { while sessions.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, rest).await.is_err() {
        tracing::info!("smtp: sessions were cut off at shutdown");
    }
    Ok(())
}

/// Tells a client that there is no place, as far as it listens without being waited for.
async fn turn_away(mut stream: TcpStream) {
    let told = stream.write_all(b"421 4.3.2 too many connections\r\n");
    if let Ok(Err(error)) = tokio::time::timeout(Duration::from_millis(100), told).await {
        tracing::debug!(%error, "smtp: a client without a place did not listen");
    }
}
