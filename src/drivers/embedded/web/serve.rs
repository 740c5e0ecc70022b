//! The listeners: connections within bounds, HTTP/1.1 on plain, HTTP/1.1 and HTTP/2 over TLS.
//!
//! Bounds (bar 3.15 T3): headers of 16 KiB within 10 s, a TLS handshake within 10 s, 30 s without
//! movement, 100 streams and a few pending resets per connection, and a number of connections that
//! leaves file descriptors for everything else in the process.

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use rustix::process::Resource;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wabe_kernel::desired::StepFailure;

use crate::embedded::web::Sites;
use crate::embedded::web::access_log::{self, AccessLog};
use crate::embedded::web::answer::Via;
use crate::embedded::web::idle::Impatient;

const CONNECTIONS_MAX: u64 = 4_096;
const HEADER_BYTES_MAX: u32 = 16 * 1_024;
const HEADER_TIME: Duration = Duration::from_secs(10);
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
const IDLE_TIME: Duration = Duration::from_secs(30);
/// How long connections may take to end when the server does.
const FAREWELL_TIME: Duration = Duration::from_secs(10);
/// A pause after a failed accept, so that a lack of descriptors does not become a busy loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const STREAMS_MAX: u32 = 100;
const PENDING_RESETS_MAX: usize = 20;

/// What all connections share.
#[derive(Clone)]
struct Floor {
    sites: Arc<Sites>,
    tracker: TaskTracker,
    places: Arc<Semaphore>,
    stop: CancellationToken,
}

impl AsRef<AccessLog> for Sites {
    fn as_ref(&self) -> &AccessLog {
        &self.log
    }
}

impl Sites {
    /// Serves visitors on both listeners until `stop`, then lets open answers end (10 s at most) and
    /// writes the access logs.
    ///
    /// Errors: `files-failed` when a listener has no address; `certificate-failed` when TLS cannot
    /// be set up. Trouble with single connections is theirs alone.
    pub async fn serve(
        self: Arc<Self>,
        http: TcpListener,
        https: TcpListener,
        stop: CancellationToken,
    ) -> Result<(), StepFailure> {
        let address = https
            .local_addr()
            .map_err(|fault| StepFailure::new("files-failed", fault))?;
        let acceptor = TlsAcceptor::from(self.tls_config()?);
        let floor = Floor {
            tracker: TaskTracker::new(),
            places: Arc::new(Semaphore::new(places())),
            stop: stop.clone(),
            sites: Arc::clone(&self),
        };
        self.set_listening(Some(address));
        let log_stop = CancellationToken::new();
        let log = tokio::spawn(access_log::keep(Arc::clone(&self), log_stop.clone()));
        tokio::join!(
            floor.accept(&http, None),
            floor.accept(&https, Some(acceptor))
        );
        drop((http, https));
        self.set_listening(None);
        floor.tracker.close();
        if tokio::time::timeout(FAREWELL_TIME, floor.tracker.wait())
            .await
            .is_err()
        {
            tracing::info!("connections of visitors were cut at the end");
        }
        log_stop.cancel();
        log.await
            .map_err(|fault| StepFailure::new("files-failed", fault))
    }
}

/// Half of what the process may open, and no more than the bound.
fn places() -> usize {
    let open = rustix::process::getrlimit(Resource::Nofile).current;
    let half = open.map_or(CONNECTIONS_MAX, |open| (open / 2).max(16));
    usize::try_from(half.min(CONNECTIONS_MAX)).unwrap_or(16)
}

impl Floor {
    async fn accept(&self, listener: &TcpListener, tls: Option<TlsAcceptor>) {
        loop {
            let accepted = tokio::select! {
                accepted = self.next(listener) => accepted,
                () = self.stop.cancelled() => return,
            };
            match accepted {
                Ok((stream, peer, place)) => {
                    let (floor, tls) = (self.clone(), tls.clone());
                    let task = async move {
                        floor.welcome(stream, peer, tls).await;
                        drop(place);
                    };
                    drop(self.tracker.spawn(task));
                }
                Err(fault) => {
                    tracing::debug!(%fault, "accepting a connection failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn next(
        &self,
        listener: &TcpListener,
    ) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let place = Arc::clone(&self.places);
        let place = place.acquire_owned().await.map_err(io::Error::other)?;
        let (stream, peer) = listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok((stream, peer, place))
    }

    async fn welcome(&self, stream: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>) {
        let stream = Impatient::new(stream, IDLE_TIME);
        let peer = peer.ip();
        let Some(tls) = tls else {
            let via = Via {
                peer,
                server_name: None,
            };
            return self.speak_1(stream, via).await;
        };
        // Strangers' failing handshakes are everyday; there is nobody to tell.
        let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE_TIME, tls.accept(stream)).await else {
            return;
        };
        let session = stream.get_ref().1;
        let via = Via {
            peer,
            server_name: Some(
                session
                    .server_name()
                    .unwrap_or_default()
                    .to_ascii_lowercase()
                    .into(),
            ),
        };
        if session.alpn_protocol() == Some(b"h2") {
            self.speak_2(stream, via).await;
        } else {
            self.speak_1(stream, via).await;
        }
    }

    async fn speak_1<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        via: Via,
    ) {
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .max_header_size(usize::try_from(HEADER_BYTES_MAX).unwrap_or(usize::MAX));
        let sites = Arc::clone(&self.sites);
        let service = service_fn(move |request: Request<Incoming>| {
            let (sites, via) = (Arc::clone(&sites), via.clone());
            async move { Ok::<_, Infallible>(sites.answer(request.into_parts().0, &via).await) }
        });
        self.finish(builder.serve_connection(TokioIo::new(stream), service))
            .await;
    }

    async fn speak_2<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        via: Via,
    ) {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS_MAX)
            .max_header_list_size(HEADER_BYTES_MAX)
            .max_pending_accept_reset_streams(PENDING_RESETS_MAX);
        let sites = Arc::clone(&self.sites);
        let service = service_fn(move |request: Request<Incoming>| {
            let (sites, via) = (Arc::clone(&sites), via.clone());
            async move { Ok::<_, Infallible>(sites.answer(request.into_parts().0, &via).await) }
        });
        self.finish(builder.serve_connection(TokioIo::new(stream), service))
            .await;
    }

    /// Drives a connection to its end; from `stop` on it takes no further requests.
    async fn finish<C: GracefulConnection>(&self, connection: C) {
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        // How a visitor's connection ends is the visitor's business.
        drop(ended);
    }
}
