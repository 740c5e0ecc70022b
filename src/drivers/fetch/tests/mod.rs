//! The client against servers of this machine, which its policy alone lets it reach: honest ones, slow
//! ones, endless ones, and those that are somebody else.

mod answers;
mod places;
mod times;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use wabe_kernel::desired::Working;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Clock, DomainName};
use wabe_package::wire::{FetchRequest, FetchResponse, Problem};
use wabe_package::{Blob, Host};

use crate::embedded::ca::LocalCa;
use crate::embedded::web::tests::{FixedClock, SeededRng};
use crate::fetch::{Borders, Caps, Fetch, FetchParts, Outgoing, Resolver};

const NAME: &str = "api.wabe.test";
const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Short, and no test waits for one of them but those about it.
const QUICK: Caps = Caps {
    total: Duration::from_mins(1),
    resolve: Duration::from_mins(1),
    connect: Duration::from_mins(1),
    first_byte: Duration::from_mins(1),
    pause: Duration::from_mins(1),
    url_bytes: 8 << 10,
    request_headers: 64,
    request_head_bytes: 16 << 10,
    request_body_bytes: 1 << 20,
    response_headers: 20,
    response_head_bytes: 16 << 10,
    response_body_bytes: 100_000,
    plain_body_bytes: 200_000,
    ratio: 20,
    at_once: 4,
    waiting: 16,
    at_once_all: 64,
    burst: 1_000,
    every: Duration::from_millis(1),
};

/// What a server does with a connection, after it has read a request.
type Script = Arc<dyn Fn(TlsStream<TcpStream>) -> Working<'static, ()> + Send + Sync>;

/// Answers with these bytes and closes.
fn says(bytes: impl Into<Vec<u8>>) -> Script {
    let bytes = bytes.into();
    Arc::new(move |mut stream| {
        let bytes = bytes.clone();
        Box::pin(async move {
            // A client that has heard enough may be gone.
            drop(stream.write_all(&bytes).await);
            drop(stream.shutdown().await);
        })
    })
}

/// Answers with these bytes and then with nothing, until the client goes.
fn stops_after(bytes: &'static [u8]) -> Script {
    Arc::new(move |mut stream| {
        Box::pin(async move {
            drop(stream.write_all(bytes).await);
            drop(stream.read(&mut [0]).await);
        })
    })
}

/// Answers the same piece again and again, until the client goes.
fn repeats(head: &'static [u8], piece: &'static [u8]) -> Script {
    Arc::new(move |mut stream| {
        Box::pin(async move {
            drop(stream.write_all(head).await);
            while stream.write_all(piece).await.is_ok() {}
        })
    })
}

/// A resolver that answers one after the other, the last one for ever.
struct Answers {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Resolver for Answers {
    fn addresses<'a>(&'a self, _name: &'a DomainName) -> Working<'a, io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let answer = match answers.len() {
            0 | 1 => answers.front().cloned().unwrap_or_default(),
            _ => answers.pop_front().unwrap(),
        };
        Box::pin(async { Ok(answer) })
    }
}

/// A server, and a client that may reach it.
struct Bench {
    clock: Arc<FixedClock>,
    ca: Arc<LocalCa>,
    resolver: Arc<Answers>,
    host: Host,
    heard: Arc<Mutex<Vec<String>>>,
    fetch: Fetch,
    customer: CustomerId,
    _folder: TempDir,
}

/// How a bench differs from the plainest one.
struct Setting {
    /// The names of the server's certificate.
    certified: &'static str,
    /// The resolver's answers.
    addresses: Vec<Vec<IpAddr>>,
    /// Whether the operator allows the host although it is internal.
    allowed: bool,
    caps: Caps,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            certified: NAME,
            addresses: vec![vec![LOCAL]],
            allowed: true,
            caps: QUICK,
        }
    }
}

impl Bench {
    async fn new(script: Script) -> Self {
        Self::with(script, Setting::default()).await
    }

    async fn with(script: Script, setting: Setting) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, rng) = (FixedClock::new(), SeededRng::new());
        let ca = LocalCa::open_or_create(folder.path(), &[], clock.clone(), rng.clone()).unwrap();
        let listener = TcpListener::bind((LOCAL, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let host: Host = format!("{NAME}:{port}").parse().unwrap();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let acceptor = acceptor(&ca, setting.certified);
        tokio::spawn(serve(listener, acceptor, script, Arc::clone(&heard)));
        let resolver = Arc::new(Answers {
            answers: Mutex::new(setting.addresses.into()),
            asked: AtomicUsize::new(0),
        });
        let internal = setting.allowed.then(|| host.clone());
        let fetch = Fetch::new(FetchParts {
            resolver: resolver.clone(),
            roots: ca.roots(),
            clock: clock.clone(),
            borders: Borders {
                internal: BTreeSet::from_iter(internal),
                ..Borders::default()
            },
            caps: setting.caps,
        });
        Self {
            customer: CustomerId::new(clock.now(), &*rng),
            clock,
            ca: Arc::new(ca),
            resolver,
            host,
            heard,
            fetch: fetch.unwrap(),
            _folder: folder,
        }
    }

    fn request(&self, path: &str) -> FetchRequest {
        FetchRequest {
            method: "POST".to_owned(),
            url: format!("https://{}{path}", self.host),
            headers: vec![("X-Token".to_owned(), "t".to_owned())],
            body: Blob(b"hello".to_vec()),
            timeout_ms: None,
        }
    }

    fn outgoing(&self, request: FetchRequest) -> Outgoing {
        Outgoing {
            customer: self.customer,
            request,
            hosts: vec![self.host.clone()],
            within_ms: 60_000,
        }
    }

    async fn ask(&self) -> Result<FetchResponse, Problem> {
        let request = self.request("/a?b=c");
        self.fetch.fetch(self.outgoing(request)).await
    }

    /// The code of the problem that asking comes to.
    async fn code(&self) -> String {
        self.ask().await.unwrap_err().code
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    fn times_asked(&self) -> usize {
        self.resolver.asked.load(Ordering::SeqCst)
    }
}

fn acceptor(ca: &LocalCa, name: &str) -> TlsAcceptor {
    let issued = ca.issue(&[name], 30).unwrap();
    let certificate = CertificateDer::from_pem_slice(issued.cert_pem.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(issued.key_pem.expose().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    script: Script,
    heard: Arc<Mutex<Vec<String>>>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (acceptor, script, heard) = (acceptor.clone(), script.clone(), heard.clone());
        tokio::spawn(async move {
            // A client that does not trust the certificate goes here.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            if let Some(request) = whole_request(&mut stream).await {
                heard.lock().unwrap().push(request);
                script(stream).await;
            }
        });
    }
}

/// A request with the five bytes of its body.
async fn whole_request(stream: &mut TlsStream<TcpStream>) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\nhello") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn value<'a>(response: &'a FetchResponse, name: &str) -> Option<&'a str> {
    let mut headers = response.headers.iter();
    let found = headers.find(|(other, _)| other == name);
    found.map(|(_, value)| value.as_str())
}
