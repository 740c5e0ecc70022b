//! Requests to the hosts that the grant names: `capability = "http:api.example.org"`.
//!
//! HTTPS only. Redirects come back as they are. A secret is written `{{secret:NAME}}`, in the value of
//! a header or in the body, and filled in by the host.
//!
//! ```no_run
//! # fn main() -> wabe::Result<()> {
//! let answer = wabe::http::post("https://api.example.org/notes")
//!     .header("authorization", "Bearer {{secret:token}}")
//!     .json(&wabe::json!({"text": "hello"}))
//!     .send()?
//!     .success()?;
//! # Ok(()) }
//! ```

use crate::codec;
use crate::failure::{Failure, Problem, Result};
use crate::host;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a request goes out with `send`"]
pub struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) timeout_ms: Option<u32>,
}

/// `GET`.
pub fn get(url: impl Into<String>) -> Request {
    request("GET", url)
}

/// `POST`.
pub fn post(url: impl Into<String>) -> Request {
    request("POST", url)
}

/// `PUT`.
pub fn put(url: impl Into<String>) -> Request {
    request("PUT", url)
}

/// `DELETE`.
pub fn delete(url: impl Into<String>) -> Request {
    request("DELETE", url)
}

/// Any method.
pub fn request(method: &str, url: impl Into<String>) -> Request {
    Request {
        method: method.to_owned(),
        url: url.into(),
        ..Request::default()
    }
}

impl Request {
    /// With this header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With this body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// With this text.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.header("content-type", "text/plain; charset=utf-8")
            .body(text.into())
    }

    /// With this JSON. What cannot be written as JSON is sent as an empty body.
    pub fn json(self, value: &impl Serialize) -> Self {
        self.header("content-type", "application/json")
            .body(serde_json::to_vec(value).unwrap_or_default())
    }

    /// Waits so long at most.
    pub fn timeout_ms(mut self, ms: u32) -> Self {
        self.timeout_ms = Some(ms);
        self
    }

    /// Sends it and waits for the answer.
    pub fn send(self) -> Result<Response, Problem> {
        host::http_fetch(self)
    }
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Fails unless the status is 2xx; worth another try for 429 and 5xx.
    pub fn success(self) -> Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let failure = Failure::new(
            "upstream-refused",
            format!("the other side answered {}", self.status),
        )
        .detail(self.text().chars().take(500).collect::<String>());
        Err(match self.status {
            429 | 500.. => failure.retry(),
            _ => failure,
        })
    }

    /// The body as text; what is no text becomes replacement characters.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        codec::read(&self.body).map_err(|error| {
            Failure::new(
                "upstream-invalid",
                "the other side answered something else than the JSON expected",
            )
            .detail(error.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16) -> Response {
        Response {
            status,
            body: b"no".to_vec(),
            ..Response::default()
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        assert!(answer(204).success().is_ok());
        assert!(!answer(404).success().unwrap_err().retryable);
        assert!(answer(429).success().unwrap_err().retryable);
        assert!(answer(503).success().unwrap_err().retryable);
    }

    #[test]
    fn outside_of_the_sandbox_nothing_is_sent() {
        let problem = get("https://example.org/").send().unwrap_err();
        assert!(problem.is("unavailable"));
    }
}
