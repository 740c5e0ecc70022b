//! The way to a directory: the client for other hosts, bound to this one.

use http::header::{HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::RootCertStore;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use wabe_kernel::id::CustomerId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Clock, Fault};
use wabe_package::wire::{FetchRequest, FetchResponse};
use wabe_package::{Blob, Host};

use crate::fetch::{Borders, Caps, Fetch, FetchParts, Outgoing, Resolver};

/// Milliseconds for one question.
const WITHIN_MS: u32 = 10_000;

/// Asks one host.
#[derive(Clone)]
pub(super) struct Client {
    fetch: Arc<Fetch>,
    host: Host,
}

impl Client {
    /// Goes to this host, which may lie on a private network where `internal` says so.
    pub(super) fn new(
        (host, internal): (Host, bool),
        resolver: Arc<dyn Resolver>,
        roots: Arc<RootCertStore>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let fetch = Fetch::new(FetchParts {
            resolver,
            roots,
            clock,
            borders: Borders {
                internal: internal.then(|| host.clone()).into_iter().collect(),
                ..Borders::default()
            },
            // It is nobody's but the house's own: an order of many names is many questions in a row.
            caps: Caps {
                at_once: 16,
                waiting: 256,
                burst: 4_000,
                every: Duration::from_millis(20),
                ..Caps::default()
            },
        })?;
        Ok(Self {
            fetch: Arc::new(fetch),
            host,
        })
    }

    /// Asks something of the host.
    pub(super) async fn ask(
        &self,
        (method, url): (Method, String),
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Result<FetchResponse, String> {
        let outgoing = Outgoing {
            customer: CustomerId::from_uuid(Uuid::nil()),
            request: FetchRequest {
                method: method.to_string(),
                url,
                headers,
                body: Blob(body),
                timeout_ms: None,
            },
            hosts: vec![self.host.clone()],
            within_ms: WITHIN_MS,
        };
        let answered = Box::pin(self.fetch.fetch(outgoing)).await;
        answered.map_err(|problem| problem.message)
    }

    /// What lies at this address.
    pub(super) async fn get(&self, url: &str) -> Result<Vec<u8>, String> {
        let answered = self.ask((Method::GET, url.to_owned()), Vec::new(), Vec::new());
        let answered = answered.await?;
        match answered.status {
            200 => Ok(answered.body.0),
            status => Err(format!("the directory answered {status}")),
        }
    }

    async fn exchange(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        let (parts, body) = request.into_parts();
        let Ok(body) = body.collect().await;
        let headers = parts.headers.iter().filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        });
        let place = (parts.method, parts.uri.to_string());
        let answered = self.ask(place, headers.collect(), body.to_bytes().to_vec());
        let answered = answered.await.map_err(|why| Error::Other(why.into()))?;
        let mut response = Response::new(Full::new(Bytes::from(answered.body.0)));
        *response.status_mut() =
            StatusCode::from_u16(answered.status).map_err(|error| Error::Other(Box::new(error)))?;
        for (name, value) in answered.headers {
            let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
            if let (Ok(name), Ok(value)) = header {
                response.headers_mut().append(name, value);
            }
        }
        Ok(BytesResponse::from(response))
    }
}

impl HttpClient for Client {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        Box::pin(self.clone().exchange(request))
    }
}
