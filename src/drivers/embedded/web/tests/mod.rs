//! The driver and its server over real sockets, with a clock that stands still.

mod driver;
mod fuzz;
mod logging;
mod redirect;
mod rules;
mod serving;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;
use wabe_kernel::desired::{
    Act, Revision, Step, StepFailure, Subject, UploadAccess, Webspace, Wish,
};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes as Size, Clock, DomainName, Rng, Timestamp};

use crate::embedded::ca::LocalCa;
use crate::embedded::web::Sites;
use crate::embedded::web::tls::ClockTime;

/// 2026-11-21T10:00:00Z, until a test says otherwise.
pub(crate) struct FixedClock(AtomicI64);

impl FixedClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_795_255_200_000_000)))
    }

    pub(crate) fn move_days(&self, days: i64) {
        self.move_seconds(days * 86_400);
    }

    pub(crate) fn move_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The same bytes in every run.
pub(crate) struct SeededRng(AtomicU64);

impl SeededRng {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(1)))
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        for piece in bytes.chunks_mut(8) {
            // SplitMix64.
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            piece.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..piece.len()]);
        }
    }
}

fn name(text: &str) -> DomainName {
    text.parse().unwrap()
}

/// A node in a temporary folder.
struct Node {
    dir: TempDir,
    clock: Arc<FixedClock>,
    rng: Arc<SeededRng>,
    ca: Arc<LocalCa>,
    sites: Arc<Sites>,
}

impl Node {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (clock, rng) = (FixedClock::new(), SeededRng::new());
        let ca = LocalCa::open_or_create(&dir.path().join("ca"), &[], clock.clone(), rng.clone());
        let ca = Arc::new(ca.unwrap());
        let sites = Sites::open(
            &dir.path().join("node"),
            ca.clone(),
            clock.clone(),
            rng.clone(),
        );
        Self {
            sites: sites.unwrap(),
            dir,
            clock,
            rng,
            ca,
        }
    }

    /// The same folder, as after a restart.
    fn reopened(&self) -> Arc<Sites> {
        let node = self.dir.path().join("node");
        Sites::open(&node, self.ca.clone(), self.clock.clone(), self.rng.clone()).unwrap()
    }

    fn webspace(&self, preview: &str, hosts: &[&str]) -> Webspace {
        Webspace {
            id: WebspaceId::new(self.clock.now(), &*self.rng),
            preview: name(preview),
            hosts: hosts.iter().map(|host| name(host)).collect(),
            document_root: "public".parse().unwrap(),
            quota: Size::from(1_000_000),
            https_redirect: false,
            full_addresses_until: None,
            upload: UploadAccess {
                login: format!("w-{preview}"),
                password_hash: None,
                keys: Vec::new(),
            },
            suspended: false,
            unwanted_certificate: None,
            overwrites: None,
            php: None,
            rules: Box::default(),
            supplied: None,
            customer: None,
        }
    }

    fn folder(&self, id: WebspaceId) -> PathBuf {
        self.dir.path().join("node/web").join(id.to_string())
    }

    fn public(&self, webspace: &Webspace) -> PathBuf {
        self.folder(webspace.id).join("files/public")
    }

    async fn apply(&self, id: WebspaceId, revision: Revision, act: Act) -> Result<(), StepFailure> {
        let subject = Subject::Webspace(id);
        let step = Step {
            subject,
            revision,
            act,
        };
        self.sites.apply(&step).await
    }

    async fn configure(&self, revision: Revision, wish: Wish<Webspace>) -> Result<(), StepFailure> {
        let id = match &wish {
            Wish::Present(webspace) | Wish::Hidden(webspace) => webspace.id,
            Wish::Gone => unreachable!("tests configure what is there"),
        };
        self.apply(id, revision, Act::ConfigureSite(wish)).await
    }

    /// Folder, certificate and site, as the planner would have it.
    async fn make(&self, webspace: &Webspace) {
        let id = webspace.id;
        let root = webspace.document_root.clone();
        self.apply(id, 1, Act::MakeFolder(id, root, None))
            .await
            .unwrap();
        let names = std::iter::once(&webspace.preview).chain(&webspace.hosts);
        let names = names.cloned().collect();
        self.apply(id, 1, Act::IssueCertificate(id, names))
            .await
            .unwrap();
        self.configure(1, Wish::Present(webspace.clone()))
            .await
            .unwrap();
    }

    fn put(&self, webspace: &Webspace, path: &str, content: impl AsRef<[u8]>) {
        let path = self.public(webspace).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::File::create(path).unwrap();
        std::io::Write::write_all(&mut file, content.as_ref()).unwrap();
    }

    async fn serve(&self) -> Served {
        let http = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let https = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stop = CancellationToken::new();
        let (plain, tls) = (http.local_addr().unwrap(), https.local_addr().unwrap());
        let running = tokio::spawn(self.sites.clone().serve(http, https, stop.clone()));
        // Until both listeners are told to the driver, redirects would not know their port.
        while self.sites.listening().is_none() {
            tokio::task::yield_now().await;
        }
        let time = Arc::new(ClockTime(self.clock.clone()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let client = ClientConfig::builder_with_details(provider, time)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(self.ca.roots())
            .with_no_client_auth();
        Served {
            plain,
            tls,
            client,
            stop,
            running,
        }
    }
}

/// A serving node and a visitor.
struct Served {
    plain: SocketAddr,
    tls: SocketAddr,
    client: ClientConfig,
    stop: CancellationToken,
    running: JoinHandle<Result<(), StepFailure>>,
}

impl Served {
    async fn connect(
        &self,
        server_name: &str,
        protocols: &[&[u8]],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut client = self.client.clone();
        client.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let stream = TcpStream::connect(self.tls).await.unwrap();
        let server_name = ServerName::try_from(server_name.to_owned()).unwrap();
        TlsConnector::from(Arc::new(client))
            .connect(server_name, stream)
            .await
    }

    /// The certificate that is shown for a name.
    async fn certificate(&self, server_name: &str) -> std::io::Result<CertificateDer<'static>> {
        let stream = self.connect(server_name, &[]).await?;
        Ok(stream.get_ref().1.peer_certificates().unwrap()[0].clone())
    }

    /// Sends `request` over TLS, with the server name as host.
    async fn ask(&self, server_name: &str, request: http::request::Builder) -> Response<Bytes> {
        let stream = self.connect(server_name, &[b"http/1.1"]).await.unwrap();
        exchange(stream, server_name, request).await
    }

    async fn get(&self, server_name: &str, path: &str) -> Response<Bytes> {
        self.ask(server_name, Request::get(path)).await
    }

    /// Sends `request` without TLS.
    async fn ask_plain(&self, host: &str, request: http::request::Builder) -> Response<Bytes> {
        let stream = TcpStream::connect(self.plain).await.unwrap();
        exchange(stream, host, request).await
    }

    /// Sends bytes as they are, without TLS, and reads to the end.
    async fn raw(&self, bytes: &str) -> String {
        let mut stream = TcpStream::connect(self.plain).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn end(self) {
        self.stop.cancel();
        self.running.await.unwrap().unwrap();
    }
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    host: &str,
    request: http::request::Builder,
) -> Response<Bytes> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    let driven = tokio::spawn(connection);
    let has_host = request.headers_ref().unwrap().contains_key(HOST);
    let request = if has_host {
        request
    } else {
        request.header(HOST, host)
    };
    let response = sender
        .send_request(request.body(Empty::<Bytes>::new()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    driven.abort();
    Response::from_parts(parts, body)
}
