//! The portal as a browser uses it: a session cookie, forms with their token, no script.

use crate::client::{Answer, plain};
use crate::process::Panel;
use reqwest::header::{ACCEPT, COOKIE, RETRY_AFTER, SET_COOKIE};
use reqwest::{Client, Method};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use wabe_identity::factor::code::{STEP_SECONDS, TotpSecret};
use wabe_kernel::Secret;

/// The session cookie's name.
const SESSION: &str = "__Host-wabe";
/// The cookie of a login that is half done.
pub(crate) const HALF: &str = "__Host-wabe-half";

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
        let answer = match panel.app(email) {
            Some(app) => browser.pass(&answer, &app).await,
            None => answer,
        };
        browser.take_session(&answer);
        browser
    }

    /// Goes on with a login that waits for a code.
    pub(crate) async fn pass(&self, answer: &Answer, app: &TotpSecret) -> Answer {
        let next = answer.header("location");
        let next = next.strip_prefix("/login/factor?next=");
        let next = next.unwrap_or_else(|| panic!("no code is asked for: {:?}", answer.headers));
        let next = next.replace("%2F", "/");
        let half = cookie_of(answer, HALF).unwrap();
        loop {
            let (step, code) = fresh(app).await;
            let fields = [("code", code.expose()), ("next", &next)];
            let request = self.request("POST", "/login/factor");
            let request = request.header(COOKIE, format!("{HALF}={half}"));
            let answer = self.send(request.form(&fields)).await;
            // The demo itself may have used this one up.
            if answer.status != 422 {
                assert_eq!(answer.status, 303, "{step}: {}", answer.text());
                return answer;
            }
        }
    }

    /// Keeps the session cookie of an answer, which must have one.
    pub(crate) fn take_session(&mut self, answer: &Answer) {
        self.session = cookie_of(answer, SESSION);
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

/// The value of a cookie that an answer sets.
pub(crate) fn cookie_of(answer: &Answer, wanted: &str) -> Option<String> {
    let cookies = answer.headers.get_all(SET_COOKIE).iter();
    let mut found = cookies.filter_map(|cookie| {
        let (name, rest) = cookie.to_str().ok()?.split_once('=')?;
        (name == wanted).then(|| rest.split(';').next().unwrap_or("").to_owned())
    });
    found.next_back()
}

/// A code of an app that no test has used: each is good once. Waits for the next one when it must.
pub(crate) async fn fresh(app: &TotpSecret) -> (i64, Secret) {
    static USED: LazyLock<Mutex<BTreeMap<String, i64>>> = LazyLock::new(Mutex::default);
    let now = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        i64::try_from(since.as_secs()).unwrap() / STEP_SECONDS
    };
    let step = {
        let mut used = USED.lock().unwrap();
        let last = used.entry(app.text().expose().to_owned()).or_insert(0);
        *last = (*last + 1).max(now() - 1);
        *last
    };
    while step > now() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    (step, app.code(step).unwrap())
}

/// The token of the first form of a page.
pub(crate) fn csrf_of(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"")?;
    rest.split('"')
        .next()
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
}
