//! HTTP clients: the API, and hosted sites by their names.

use crate::process::{Panel, unique};
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, redirect};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// Looks at a state that is still changing, one after another.
const LOOKS: u32 = 300;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// An address of this machine that no other client comes from, so that limits per network count each
/// client alone.
pub(crate) fn own_address() -> IpAddr {
    let number = unique();
    let [_, high, middle, low] = (number + 1).to_be_bytes();
    IpAddr::V4(Ipv4Addr::new(127, 64 | high, middle, low))
}

/// A client that trusts the panel's authority alone, follows nothing, and keeps no cookies.
pub(crate) fn plain(panel: &Panel) -> reqwest::ClientBuilder {
    Client::builder()
        .tls_certs_only([panel.authority()])
        .local_address(own_address())
        .redirect(redirect::Policy::none())
        .timeout(Duration::from_mins(1))
}

/// A client that finds `hosts` at the panel's sites.
pub(crate) fn visitor(panel: &Panel, hosts: &[&str]) -> Client {
    let mut builder = plain(panel);
    for host in hosts {
        builder = builder.resolve(host, panel.address("sites_https"));
    }
    builder.build().unwrap()
}

/// The address of a page of a hosted site over HTTPS.
pub(crate) fn page(panel: &Panel, host: &str, path: &str) -> String {
    format!("https://{host}:{}{path}", panel.port("sites_https"))
}

/// Repeats a look until it shows what is wanted.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(
    what: &str,
    look: impl FnMut() -> F,
) -> T {
    patiently((what, 1), look).await
}

/// The same for what takes as many times as long.
pub(crate) async fn patiently<T, F: Future<Output = Option<T>>>(
    (what, times): (&str, u32),
    mut look: impl FnMut() -> F,
) -> T {
    for _ in 0..LOOKS * times {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("waited in vain for {what}")
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads it to its end.
    pub(crate) async fn of(response: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self {
            status,
            headers,
            body: response.bytes().await?.to_vec(),
        })
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A header as text, empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap_or(""))
    }

    /// The body as JSON, of an answer that must have this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }
}

/// The API with one token.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    base: String,
    token: String,
}

impl Api {
    /// The API of this panel.
    pub(crate) fn new(panel: &Panel, token: &str) -> Self {
        let client = plain(panel).build().unwrap();
        Self {
            client,
            base: panel.told("api").to_owned(),
            token: token.to_owned(),
        }
    }

    /// The same with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    /// A request to a path beneath `/api/v1`.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    /// Sends a request; waits as long as it is told when it asks too often or all hashing is busy.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        for _ in 0..100 {
            let response = request.try_clone().unwrap().send().await.unwrap();
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

    /// Sends JSON.
    pub(crate) async fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(self.request(method, path).json(body)).await
    }

    /// Sends bytes.
    pub(crate) async fn put(&self, path: &str, body: &[u8]) -> Answer {
        let request = self
            .request("PUT", path)
            .header(CONTENT_TYPE, "application/octet-stream");
        self.send(request.body(body.to_vec())).await
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// Sends nothing but the method.
    pub(crate) async fn bare(&self, method: &str, path: &str) -> Answer {
        self.send(self.request(method, path)).await
    }

    /// Makes something.
    #[track_caller]
    pub(crate) fn made(&self, path: &str, body: Value) -> impl Future<Output = Value> {
        let (api, path) = (self.clone(), path.to_owned());
        async move { api.json("POST", &path, &body).await.expect(201) }
    }

    /// Makes something and waits until it is live.
    pub(crate) async fn live(&self, path: &str, body: Value) -> Value {
        let made = self.made(path, body).await;
        self.settled(&format!("{path}/{}", text(&made, "id")), "live")
            .await
    }

    /// Waits until something is in this state.
    pub(crate) async fn settled(&self, path: &str, state: &str) -> Value {
        let look = || async {
            let found = self.get(path).await.expect(200);
            (found["state"] == state).then_some(found)
        };
        until(&format!("{path} to be {state}"), look).await
    }

    /// All items of a list.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let (mut items, mut after) = (Vec::new(), String::new());
        for _ in 0..1_000 {
            let page = self.get(&format!("{path}{after}")).await.expect(200);
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("?after={next}"),
                None => return items,
            }
        }
        panic!("{path} never ends")
    }
}

/// A text of a JSON object.
#[track_caller]
pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}
