//! The portal as a browser uses it: a session cookie, forms with their token, no script.

use crate::client::{Answer, plain};
use crate::process::Panel;
use reqwest::header::{ACCEPT, COOKIE, RETRY_AFTER, SET_COOKIE};
use reqwest::{Client, Method};
use std::time::Duration;

/// The session cookie's name.
const SESSION: &str = "__Host-wabe";

/// A browser, logged in or not.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    base: String,
    /// The session cookie's value, if there is one.
    pub(crate) session: Option<String>,
}

impl Browser {
    /// A browser of a guest.
    pub(crate) fn guest(panel: &Panel) -> Self {
        let client = plain(panel).build().unwrap();
        Self {
            client,
            base: panel.told("portal").to_owned(),
            session: None,
        }
    }

    /// A browser of somebody who logged in.
    pub(crate) async fn logged_in(panel: &Panel, (email, password): (&str, &str)) -> Self {
        let mut browser = Self::guest(panel);
        let fields = [("email", email), ("password", password)];
        let answer = browser.post("/login", &fields).await;
        assert_eq!(answer.status, 303, "{email}: {}", answer.text());
        browser.take_session(&answer);
        browser
    }

    /// Keeps the session cookie of an answer, which must have one.
    pub(crate) fn take_session(&mut self, answer: &Answer) {
        let cookies = answer.headers.get_all(SET_COOKIE).iter();
        let mut own = cookies.filter_map(|cookie| {
            let (name, rest) = cookie.to_str().ok()?.split_once('=')?;
            (name == SESSION).then(|| rest.split(';').next().unwrap_or("").to_owned())
        });
        self.session = own.next_back();
        assert!(self.session.is_some(), "no session in {:?}", answer.headers);
    }

    /// A request with the session, and nothing that says where it comes from.
    pub(crate) fn bare(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = request.header(ACCEPT, "text/html");
        match &self.session {
            Some(session) => request.header(COOKIE, format!("{SESSION}={session}")),
            None => request,
        }
    }

    /// A request from a page of the portal.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.bare(method, path)
            .header("sec-fetch-site", "same-origin")
    }

    /// Sends a request; waits as long as it is told when it asks too often. A stream without end is
    /// only opened.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        for _ in 0..100 {
            let response = request.try_clone().unwrap().send().await.unwrap();
            let kind = response
                .headers()
                .get("content-type")
                .and_then(|kind| kind.to_str().ok());
            if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                return Answer {
                    status,
                    headers,
                    body: Vec::new(),
                };
            }
            let answer = Answer::of(response).await.unwrap();
            if !matches!(answer.status, 429 | 503) {
                return answer;
            }
            let seconds = answer
                .headers
                .get(RETRY_AFTER)
                .and_then(|text| text.to_str().ok());
            let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(1);
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
        panic!("asked too often for too long")
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// Sends a form, without a token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request("POST", path).form(fields)).await
    }

    /// The token that this session's forms carry.
    pub(crate) async fn token(&self, page: &str) -> String {
        let answer = self.get(page).await;
        csrf_of(&answer.text()).unwrap_or_else(|| panic!("{page} has no form: {}", answer.status))
    }
}

/// The token of the first form of a page.
pub(crate) fn csrf_of(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"")?;
    rest.split('"')
        .next()
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
}
