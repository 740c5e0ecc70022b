//! A small HTTP client that keeps its connections, so that requests are measured and nothing else.

use crate::report::Outcome;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Where a server answers, and what makes it trusted.
#[derive(Clone)]
pub(crate) struct Place {
    /// The name in the certificate and in `Host`.
    pub(crate) name: String,
    /// The port on this machine.
    pub(crate) port: u16,
    trust: Arc<ClientConfig>,
}

impl Place {
    /// A server over TLS whose authority's certificate lies in a file.
    pub(crate) fn new(name: &str, port: u16, authority: &Path) -> Outcome<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority)?)?;
        let trust = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            name: name.to_owned(),
            port,
            trust: Arc::new(trust),
        })
    }

    /// The same server under another name.
    pub(crate) fn named(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self.clone()
        }
    }
}

/// Who asks: what is sent with every request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visit(pub(crate) Vec<(HeaderName, HeaderValue)>);

impl Visit {
    /// From an address of its own, as a trusted proxy would say.
    pub(crate) fn from(number: usize) -> Outcome<Self> {
        let address = format!("10.{}.{}.1", number / 250, number % 250);
        Self::default().with("x-forwarded-for", &address)
    }

    /// With compression, as browsers ask for it.
    pub(crate) fn packed(self) -> Outcome<Self> {
        self.with("accept-encoding", "br")
    }

    /// With one more header.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Outcome<Self> {
        self.0.push((HeaderName::from_static(name), value.parse()?));
        Ok(self)
    }
}

/// What came back, wholly read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Outcome<serde_json::Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The answer, if it has this status.
    pub(crate) fn expect(self, status: u16) -> Outcome<Self> {
        if self.status == status {
            return Ok(self);
        }
        let text: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(600)
            .collect();
        Err(format!("answered {} instead of {status}: {text}", self.status).into())
    }
}

/// One connection that is kept.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Connection {
    /// Over TLS.
    pub(crate) async fn open(place: &Place) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", place.port)).await?;
        stream.set_nodelay(true)?;
        let name = ServerName::try_from(place.name.clone())?;
        let stream = TlsConnector::from(place.trust.clone())
            .connect(name, stream)
            .await?;
        Self::over(stream, &format!("{}:{}", place.name, place.port)).await
    }

    /// In the clear.
    pub(crate) async fn plain(host: &str, port: u16) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Self::over(stream, &format!("{host}:{port}")).await
    }

    async fn over<S>(stream: S, host: &str) -> Outcome<Self>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Ends with the sender.
        drop(tokio::spawn(connection));
        Ok(Self {
            sender,
            host: host.parse()?,
        })
    }

    /// Asks for a page.
    pub(crate) async fn get(&mut self, path: &str, visit: &Visit) -> Outcome<Answer> {
        self.send(Method::GET, path, visit, Bytes::new()).await
    }

    /// Sends JSON.
    pub(crate) async fn post(
        &mut self,
        path: &str,
        visit: &Visit,
        body: &serde_json::Value,
    ) -> Outcome<Answer> {
        let visit = visit.clone().with("content-type", "application/json")?;
        self.send(Method::POST, path, &visit, body.to_string().into())
            .await
    }

    /// Sends anything.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        visit: &Visit,
        body: Bytes,
    ) -> Outcome<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .body(Full::new(body))?;
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        for (name, value) in &visit.0 {
            headers.insert(name.clone(), value.clone());
        }
        self.sender.ready().await?;
        let (parts, body) = self.sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        })
    }
}
