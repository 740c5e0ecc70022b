//! Other hosts: each request gets the answer that a case prepared for it.

use crate::author::case::{self, Expected};
use crate::author::world::invalid;
use serde_json::Value;
use std::collections::VecDeque;
use wabe_package::wire::{Answer, FetchRequest, FetchResponse, Problem};
use wabe_package::{Blob, Host};

/// What begins and ends the name of a secret in a request.
const MARK: (&str, &str) = ("{{secret:", "}}");

/// The answers that are left, and what was asked.
#[derive(Default)]
pub(crate) struct Http {
    prepared: VecDeque<case::Exchange>,
    /// How many requests the run made.
    pub(crate) requests: usize,
    /// Requests that nobody expected, and why.
    pub(crate) surprises: Vec<String>,
}

impl Http {
    pub(super) fn begin(&mut self, scene: &[case::Exchange]) -> Result<(), String> {
        let both =
            |exchange: &case::Exchange| exchange.response.is_some() == exchange.problem.is_some();
        if let Some(at) = scene.iter().position(both) {
            return Err(format!("host.http[{at}]: write either response or problem"));
        }
        self.requests = 0;
        self.surprises.clear();
        self.prepared.extend(scene.iter().cloned());
        Ok(())
    }

    pub(super) fn fetch(&mut self, request: &FetchRequest) -> Result<Answer, Problem> {
        self.requests += 1;
        let difference = match self.prepared.front() {
            None => Some("no further request is in host.http".to_owned()),
            Some(exchange) => differs(&exchange.request, request),
        };
        if let Some(difference) = difference {
            self.surprises
                .push(format!("{} {}: {difference}", request.method, request.url));
            let how = "a case answers it with \"host\": {\"http\": […]}";
            return Err(Problem::new(
                "unavailable",
                "nobody answers this request here",
                how,
            ));
        }
        let exchange = self.prepared.pop_front();
        let (response, problem) = exchange
            .map(|e| (e.response, e.problem))
            .unwrap_or_default();
        if let Some(problem) = problem {
            return Err(Problem::new(&problem.code, problem.message, problem.how));
        }
        let response = response.ok_or_else(|| invalid("there is no answer"))?;
        let body = match response.body {
            Value::Null => Vec::new(),
            Value::String(text) => text.into_bytes(),
            other => other.to_string().into_bytes(),
        };
        Ok(Answer::Fetched(FetchResponse {
            status: response.status,
            headers: response.headers.pairs(),
            body: Blob(body),
        }))
    }
}

/// Where a request is not the one that is expected.
fn differs(expected: &Expected, request: &FetchRequest) -> Option<String> {
    let body = String::from_utf8_lossy(&request.body.0);
    if expected.method != request.method || expected.url != request.url {
        return Some(format!(
            "{} {} is expected next",
            expected.method, expected.url
        ));
    }
    if let Some(part) = expected
        .body_contains
        .as_ref()
        .filter(|part| !body.contains(part.as_str()))
    {
        return Some(format!("the body does not contain {part}; it is {body}"));
    }
    let has = |name: &str, value: &str| {
        request
            .headers
            .iter()
            .any(|(n, v)| n.eq_ignore_ascii_case(name) && v == value)
    };
    let missing = expected
        .headers
        .pairs()
        .into_iter()
        .find(|(name, value)| !has(name, value))?;
    Some(format!(
        "the header {}: {} is missing",
        missing.0, missing.1
    ))
}

/// The host of an address: HTTPS, an exact name, no user.
pub(super) fn host(url: &str) -> Result<Host, Problem> {
    let wrong = || invalid("the address is https:// with an exact host name, and no user");
    let rest = url.strip_prefix("https://").ok_or_else(wrong)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.parse().map_err(|_bad| wrong())
}

/// The names of the secrets in a request, as the panel would fill them in.
pub(super) fn secrets(request: &FetchRequest) -> Result<Vec<String>, Problem> {
    if request.url.contains(MARK.0) {
        return Err(invalid(
            "secrets stand in headers or in the body, never in the address",
        ));
    }
    let body = String::from_utf8_lossy(&request.body.0).into_owned();
    let places = request
        .headers
        .iter()
        .map(|(_, value)| value.clone())
        .chain([body]);
    let mut names = Vec::new();
    for text in places {
        let mut rest = text.as_str();
        while let Some((_, behind)) = rest.split_once(MARK.0) {
            let Some((name, after)) = behind.split_once(MARK.1) else {
                break;
            };
            names.push(name.to_owned());
            rest = after;
        }
    }
    Ok(names)
}
