//! An installation whose sites nginx shows and whose databases lie on servers, and what it is asked with.

use crate::client::{Answer, Connection, Place, Visit};
use crate::installation::{Folder, Running};
use crate::node::authority::Authority;
use crate::node::free_port;
use crate::node::servers::Servers;
use crate::node::within;
use crate::report::Outcome;
use hyper::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use wabe_drivers::{daemon, php};
use wabe_panel::config::{self, Config};
use wabe_store::Statement;

/// The domain that names of sites lie below.
pub(super) const DOMAIN: &str = "bench.example";
/// What listens, as the configuration calls it: HTTP and HTTPS of sites first.
const LISTENERS: [&str; 6] = [
    "sites_http",
    "sites_https",
    "portal",
    "sftp",
    "smtp",
    "webhooks",
];
/// No visitor waits longer for one answer.
const ANSWER: Duration = Duration::from_secs(5);
/// Between two looks whether everything is as wished.
const LOOK: Duration = Duration::from_millis(250);

const OPEN: Statement = Statement {
    name: "bench.open",
    sql: "SELECT CAST(count(*) AS BIGINT) AS open FROM resource \
          WHERE desired_revision <> applied_revision AND gone_at IS NULL",
};

/// What shows the sites.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shown {
    /// nginx, with PHP.
    Nginx,
    /// The server that is built in: it makes the same files of webspaces, and has nothing to load.
    Embedded,
}

/// An installation with its surroundings.
pub(super) struct House {
    pub(super) folder: Folder,
    pub(super) servers: Servers,
    /// Who signs certificates, where that is measured.
    pub(super) authority: Option<Authority>,
    ports: [u16; LISTENERS.len()],
}

impl House {
    /// A fresh one, not started; `authority`: whether certificates are ordered.
    pub(super) async fn new(authority: bool) -> Outcome<Self> {
        let mut ports = [0; LISTENERS.len()];
        for port in &mut ports {
            *port = free_port()?;
        }
        let mut folder = Folder::new().await?;
        let authority = if authority {
            Some(Authority::start(ports[0]).await?)
        } else {
            None
        };
        let through = match &authority {
            Some(authority) => within::asking(&authority.names())?,
            None => Vec::new(),
        };
        folder.settle_down(through);
        Ok(Self {
            folder,
            servers: Servers::start().await?,
            authority,
            ports,
        })
    }

    /// Starts the panel.
    pub(super) async fn start(&self, shown: Shown) -> Outcome<Running> {
        self.configure(shown)?;
        self.folder.start("demo").await
    }

    fn configure(&self, shown: Shown) -> Outcome<()> {
        let mut text = "[listen]\n".to_owned();
        for (name, port) in LISTENERS.iter().zip(self.ports) {
            writeln!(text, "{name} = \"127.0.0.1:{port}\"")?;
        }
        let server = match shown {
            Shown::Nginx => "nginx",
            Shown::Embedded => "embedded",
        };
        write!(
            text,
            "[web]\nserver = \"{server}\"\n{}",
            self.servers.config()?
        )?;
        if let Some(authority) = &self.authority {
            text.push_str(&authority.config());
        }
        self.folder.configure(&text)
    }

    /// The configuration of a panel whose sites nginx shows.
    pub(super) fn config(&self) -> Outcome<Config> {
        self.configure(Shown::Nginx)?;
        let read = config::load(Some(&self.folder.config_file()));
        let mut config = read.map_err(|problems| problems.join("\n"))?;
        config.data = self.folder.data();
        Ok(config)
    }

    /// The sites, trusted by the installation's own authority.
    pub(super) fn sites(&self) -> Outcome<Place> {
        let authority = self.folder.data().join("ca").join("ca.pem");
        Place::new("localhost", self.ports[1], &authority)
    }

    /// The sites, trusted by the authority that signs public names; nothing where there is none.
    pub(super) fn public(&self) -> Outcome<Option<Place>> {
        let place = |authority: &Authority| Place::new(DOMAIN, self.ports[1], &authority.root());
        self.authority.as_ref().map(place).transpose()
    }

    /// Waits until the reconciler has nothing left to do, while the panel runs.
    pub(super) async fn settled(&self, patience: Duration) -> Outcome<Duration> {
        let begun = Instant::now();
        let store = self.folder.store().await?;
        let mut open = 0;
        while begun.elapsed() < patience {
            let mut tx = store.read().await?;
            open = OPEN.query().one(&mut tx).await?.int("open")?;
            tx.rollback().await?;
            if open == 0 {
                store.close().await;
                return Ok(begun.elapsed());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("{open} things are not as wished after {patience:?}").into())
    }

    /// Proves the domain, where certificates are ordered.
    pub(super) async fn prove(&self, running: &Running) -> Outcome<()> {
        let Some(authority) = &self.authority else {
            return Ok(());
        };
        let caller = Caller::new(self, running, 1)?;
        let made = caller
            .post("/domains", &json!({ "name": DOMAIN }), 201)
            .await?;
        let proof = |name: &str| {
            let found = made.pointer(&format!("/proofs/{name}"));
            let found = found.and_then(Value::as_str).unwrap_or_default();
            found.to_owned()
        };
        authority
            .publish(&proof("txt_name"), &proof("txt_value"))
            .await?;
        let path = format!("/domains/{}/verify", text(&made, "id"));
        caller.post(&path, &json!({}), 200).await.map(drop)
    }
}

/// A customer's program, with a token and an address of its own: the rate limit counts both.
pub(super) struct Caller<'a> {
    running: &'a Running,
    visit: Visit,
}

impl<'a> Caller<'a> {
    pub(super) fn new(house: &House, running: &'a Running, number: usize) -> Outcome<Self> {
        let token = format!("Bearer {}", house.folder.token()?);
        let visit = Visit::from(number)?.with("authorization", &token)?;
        Ok(Self { running, visit })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: (&'static str, Vec<u8>),
    ) -> Outcome<Answer> {
        let visit = self.visit.clone().with("content-type", body.0)?;
        let mut connection = self.running.connect().await?;
        let path = format!("/api/v1{path}");
        connection.send(method, &path, &visit, body.1.into()).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value, status: u16) -> Outcome<Value> {
        let body = ("application/json", body.to_string().into_bytes());
        let answer = self.send(Method::POST, path, body).await?;
        answer.expect(status)?.json()
    }

    pub(super) async fn patch(&self, path: &str, body: &Value) -> Outcome<Value> {
        let body = ("application/json", body.to_string().into_bytes());
        let answer = self.send(Method::PATCH, path, body).await?;
        answer.expect(200)?.json()
    }

    /// Puts a file into a webspace.
    pub(super) async fn upload(&self, path: &str, content: &str) -> Outcome<()> {
        let body = ("application/octet-stream", content.as_bytes().to_vec());
        let answer = self.send(Method::PUT, path, body).await?;
        answer.expect(201).map(drop)
    }
}

/// What a visitor gets over HTTPS who trusts this place's authority alone.
pub(super) async fn visited(place: &Place, path: &str) -> Outcome<Answer> {
    let asked = async {
        let mut connection = Connection::open(place).await?;
        connection.get(path, &Visit::default()).await
    };
    tokio::time::timeout(ANSWER, asked).await?
}

/// A text of an answer.
pub(super) fn text(value: &Value, name: &str) -> String {
    let found = value.get(name).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

/// The newest version of PHP that is installed.
pub(super) fn php_version() -> Outcome<String> {
    let installed = php::installed(&daemon::folders(&[]));
    let newest = installed.keys().next_back();
    Ok(newest.ok_or("PHP-FPM is not installed")?.to_string())
}
