//! One request to the API, as handlers see it.
//!
//! The route has checked the token and its scope before; nothing here is trusted beyond that.

use crate::Api;
use crate::json::{self, Lines};
use crate::problem::{Kind, Place, Problem, Voice};
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wabe_access::{Actor, Mode, Once, Scope};
use wabe_kernel::{FieldErrors, Language, Problem as FieldProblem};
use wabe_store::Tx;
use wabe_web::{Bearer, Caller, Failure, Guest, Query};

/// The most bytes of a JSON body.
pub(crate) const JSON_BYTES_MAX: usize = 1 << 20;
/// How long a client may pause (bar 3.15 T3).
pub(crate) const IDLE: Duration = Duration::from_secs(30);
/// The most characters of an `Idempotency-Key`.
const KEY_CHARS_MAX: usize = 200;
/// The header's name.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The parameter of a preview.
pub(crate) const DRY_RUN: &[&str] = &["dry_run"];

/// A request with a valid token.
pub(crate) struct Call {
    /// In which language its answer speaks.
    pub(crate) voice: Voice,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its path, without the query.
    pub(crate) path: String,
    bearer: Arc<Bearer>,
    method: Method,
    params: Vec<(String, String)>,
    query: BTreeMap<String, String>,
    /// Behind a lock, because a body alone cannot be looked at from two threads; nobody waits for it.
    body: Mutex<Body>,
}

/// A reading transaction in the caller's customer, and what they may see there.
pub(crate) struct Look<'a> {
    /// What there is to read.
    pub(crate) api: &'a Api,
    /// Who looks.
    pub(crate) actor: &'a Actor,
    /// The transaction.
    pub(crate) tx: Tx,
    /// What they may see.
    pub(crate) scope: Scope,
}

impl Look<'_> {
    /// Ends it.
    ///
    /// # Errors
    /// A fault of the database.
    pub(crate) async fn end(self) -> Result<(), Problem> {
        Ok(self.tx.rollback().await?)
    }
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let Caller(bearer) = Caller::from_request_parts(&mut parts, state).await?;
        let guest = Guest::from_request_parts(&mut parts, state).await?;
        let Query(query) = Query::from_request_parts(&mut parts, state).await?;
        let params = RawPathParams::from_request_parts(&mut parts, state).await;
        let params = params.map_err(|_not_utf8| Failure::NotFound)?;
        let params = params
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted
            .and_then(|text| text.to_str().ok())
            .and_then(Language::accepted);
        let language = accepted.unwrap_or(Language::En);
        Ok(Self {
            voice: Voice {
                language,
                request: guest.request,
            },
            path: parts.uri.path().to_owned(),
            params: params.collect(),
            method: parts.method,
            headers: parts.headers,
            bearer,
            query,
            body: Mutex::new(body),
        })
    }
}

impl Call {
    /// Who acts, for the gate.
    pub(crate) fn actor(&self) -> &Actor {
        &self.bearer.actor
    }

    /// Begins a look into the caller's customer.
    ///
    /// # Errors
    /// `NotFound` when the token's owner is no member any more; a fault.
    pub(crate) async fn look<'a>(&'a self, api: &'a Api) -> Result<Look<'a>, Problem> {
        let actor = self.actor();
        let mut tx = api.gate.store().read_for(actor.customer).await?;
        let scope = Scope::of(&mut tx, actor).await?;
        Ok(Look {
            api,
            actor,
            tx,
            scope,
        })
    }

    /// A part of the path as text, percent-decoded.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// A part of the path, parsed.
    ///
    /// # Errors
    /// `NotFound`: what does not parse does not exist.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        self.text(name)
            .parse()
            .map_err(|_wrong| Problem::of(Kind::NotFound))
    }

    /// The parts of the path as fields.
    pub(crate) fn ids(&self) -> Map<String, Value> {
        self.params
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect()
    }

    /// A query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// Refuses query parameters that the operation does not know: a misspelt `dry_run` must not
    /// become a change.
    ///
    /// # Errors
    /// `Invalid` naming the first one.
    pub(crate) fn refuse_unknown(&self, known: &[&str]) -> Result<(), Problem> {
        let unknown = self
            .query
            .keys()
            .find(|name| !known.contains(&name.as_str()));
        unknown.map_or(Ok(()), |name| {
            Err(Problem::wrong(
                Place::Query,
                name,
                FieldProblem::new("unknown-parameter"),
            ))
        })
    }

    /// Whether the command is carried out or only shown.
    ///
    /// # Errors
    /// `Invalid` when `dry_run` is neither `true` nor `false`.
    pub(crate) fn mode(&self) -> Result<Mode, Problem> {
        match self.query("dry_run") {
            None | Some("false") => Ok(Mode::Commit),
            Some("true") => Ok(Mode::Preview),
            Some(_) => {
                let problem = FieldProblem::new("must-be-yes-or-no");
                Err(Problem::wrong(Place::Query, "dry_run", problem))
            }
        }
    }

    /// The body, as a stream.
    pub(crate) fn body(&mut self) -> Body {
        std::mem::take(self.body.get_mut().unwrap_or_else(PoisonError::into_inner))
    }

    /// The whole body of at most `max` bytes.
    ///
    /// # Errors
    /// `TooLarge`, `TimedOut` when it does not end within 30 seconds, `Malformed` when it broke off.
    pub(crate) async fn bytes(&mut self, max: usize) -> Result<Bytes, Problem> {
        let read = Limited::new(self.body(), max).collect();
        match tokio::time::timeout(IDLE, read).await {
            Err(_elapsed) => Err(Problem::of(Kind::TimedOut).after(1)),
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                Err(Problem::of(Kind::TooLarge).with("max", i64::try_from(max).unwrap_or(i64::MAX)))
            }
            Ok(Err(_broken_off)) => Err(Problem::coded(Kind::Malformed, "broken-off")),
        }
    }

    /// The object in `bytes`, and what is wrong with its texts.
    ///
    /// # Errors
    /// `MediaType`, `Malformed`, `Invalid`.
    pub(crate) fn object(
        &self,
        bytes: &Bytes,
        lines: Lines,
    ) -> Result<(Map<String, Value>, FieldErrors), Problem> {
        if !bytes.is_empty() && !self.is_json() {
            return Err(Problem::of(Kind::MediaType));
        }
        let object = json::object(bytes)?;
        let errors = json::texts(&object, lines);
        Ok((object, errors))
    }

    fn is_json(&self) -> bool {
        let kind = self
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let kind = kind
            .unwrap_or("")
            .split(';')
            .next()
            .unwrap_or("")
            .trim()
            .to_ascii_lowercase();
        let merge = self.method == Method::PATCH && kind == "application/merge-patch+json";
        kind == "application/json" || merge
    }

    /// The key under which this request is carried out at most once; a preview has none.
    ///
    /// Keys of one token are its own. The hash covers method, path and body, and begins with the
    /// token, so that a password in a body cannot be guessed from the stored hash.
    ///
    /// # Errors
    /// `Invalid` when the key is not 1 to 200 printable ASCII characters.
    pub(crate) fn once(&self, mode: Mode, body: &[u8]) -> Result<Option<Once>, Problem> {
        let Some(key) = self.headers.get(IDEMPOTENCY_KEY) else {
            return Ok(None);
        };
        let key = plain_key(key).ok_or_else(|| {
            let problem = FieldProblem::new("not-a-key").with("max", KEY_CHARS_MAX);
            Problem::wrong(Place::Header, "Idempotency-Key", problem)
        })?;
        if mode == Mode::Preview {
            return Ok(None);
        }
        let token = self
            .headers
            .get(header::AUTHORIZATION)
            .map_or(&[][..], |sent| sent.as_bytes());
        let mut hash = Sha256::new();
        for part in [
            token,
            self.method.as_str().as_bytes(),
            self.path.as_bytes(),
            body,
        ] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        let request_hash = wabe_kernel::hex(&hash.finalize());
        Ok(Some(Once {
            key: format!("{}:{key}", self.bearer.token),
            request_hash,
        }))
    }
}

/// The key as text: 1 to 200 printable ASCII characters.
pub(crate) fn plain_key(sent: &HeaderValue) -> Option<&str> {
    let key = sent.to_str().ok()?;
    let plain = key.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    (plain && (1..=KEY_CHARS_MAX).contains(&key.len())).then_some(key)
}
