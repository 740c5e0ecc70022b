//! Requests from outside.

use crate::codec;
use crate::effect::Effect;
use crate::failure::{Failure, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A request that came in over the installation's own address. Its caller was proved before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Upper case.
    pub method: String,
    /// Below the installation's address; begins with a slash.
    pub path: String,
    /// Without the question mark.
    pub query: String,
    /// Without credentials.
    pub headers: Vec<(String, String)>,
    /// As received.
    pub body: Vec<u8>,
    /// The caller's address.
    pub remote: String,
    /// The user name of Basic; empty for HMAC.
    pub user: String,
}

impl Request {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// The first value of this name in the query, decoded.
    pub fn param(&self, name: &str) -> Option<String> {
        let (_, value) = pairs(&self.query).find(|(key, _)| key == name)?;
        Some(value)
    }

    /// Every pair in the query, decoded, in order.
    pub fn params(&self) -> impl Iterator<Item = (String, String)> {
        pairs(&self.query)
    }

    /// The body as text.
    pub fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.body).map_err(|error| {
            Failure::new("input-invalid", "the body is no text").detail(error.to_string())
        })
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        codec::read(&self.body).map_err(|error| {
            Failure::new("input-invalid", "the body is not the JSON expected")
                .detail(error.to_string())
        })
    }
}

/// What the caller is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// 200, 202, 204 or 4xx.
    pub status: u16,
    /// `application/json` or `text/plain`.
    pub content_type: String,
    /// At most 4 KiB.
    pub body: Vec<u8>,
    /// What shall change.
    pub effects: Vec<Effect>,
    /// Shown on the page of the run.
    pub data: Value,
}

impl Reply {
    /// 200 with a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(200, "text/plain", text.into().into_bytes())
    }

    /// 200 with JSON.
    pub fn json(value: &impl Serialize) -> Result<Self> {
        Ok(Self::of(
            200,
            "application/json",
            serde_json::to_vec(value)?,
        ))
    }

    /// 204 without a body.
    pub fn empty() -> Self {
        Self::of(204, "text/plain", Vec::new())
    }

    fn of(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type: content_type.to_owned(),
            body,
            effects: Vec::new(),
            data: Value::Null,
        }
    }

    /// With this status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// And this changes.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// And these change.
    #[must_use]
    pub fn effects(mut self, effects: impl IntoIterator<Item = Effect>) -> Self {
        self.effects.extend(effects);
        self
    }

    /// Shown on the page of the run.
    #[must_use]
    pub fn data(mut self, data: impl Into<Value>) -> Self {
        self.data = data.into();
        self
    }
}

impl From<()> for Reply {
    fn from((): ()) -> Self {
        Self::empty()
    }
}

/// The pairs of a query.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
}

/// Without percent signs and plus signs; what is no text afterwards has replacement characters.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                _ => bytes.push(byte),
            },
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let request = Request {
            query: "a=1%2C2+3&b&c=%zz%4&a=9&%C3%A4=%ff".to_owned(),
            headers: vec![("content-type".to_owned(), "x".to_owned())],
            ..Request::default()
        };
        assert_eq!(request.param("a").as_deref(), Some("1,2 3"));
        assert_eq!(request.param("b").as_deref(), Some(""));
        assert_eq!(request.param("c").as_deref(), Some("%zz%4"));
        assert_eq!(request.param("\u{e4}").as_deref(), Some("\u{fffd}"));
        assert_eq!(request.param("d"), None);
        assert_eq!(request.params().count(), 5);
        assert_eq!(request.header("Content-Type"), Some("x"));
    }
}
