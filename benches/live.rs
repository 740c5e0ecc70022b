//! From the request that makes something until the real service answers for it.

use crate::client::{Answer, Connection, Visit};
use crate::installation::{Folder, Running, port};
use crate::load::Times;
use crate::report::{Outcome, Row};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

const COUNT: usize = 40;
const P95_MILLIS: f64 = 300.0;
/// Between two questions whether it is live already.
const LOOK: Duration = Duration::from_millis(3);
/// The demo's domain of the first owner.
const DOMAIN: &str = "sonnenkorn.localhost";
const PASSWORD: &str = "Vier-Loewen-77-unter-Baeumen";

/// Somebody with a token, beside a running panel.
struct Maker<'a> {
    running: &'a Running,
    connection: Connection,
    visit: Visit,
}

/// What one kind took.
#[derive(Default)]
struct Taken {
    asked: Vec<Duration>,
    live: Vec<Duration>,
    served: Vec<Duration>,
}

impl Maker<'_> {
    async fn make(&mut self, noun: &str, body: &Value) -> Outcome<Value> {
        let path = format!("/api/v1/{noun}");
        self.connection
            .post(&path, &self.visit, body)
            .await?
            .expect(201)?
            .json()
    }

    async fn until_live(&mut self, noun: &str, id: &str) -> Outcome<Value> {
        let path = format!("/api/v1/{noun}/{id}");
        for _ in 0..5_000 {
            let found = self
                .connection
                .get(&path, &self.visit)
                .await?
                .expect(200)?
                .json()?;
            if text(&found, "state") == "live" {
                return Ok(found);
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("{noun}/{id} never became live").into())
    }

    async fn until_served(&mut self, noun: &str, made: &Value) -> Outcome<()> {
        for _ in 0..1_000 {
            let served = match noun {
                "webspaces" => self.site_answers(&text(made, "preview_host")).await?,
                "mailboxes" | "aliases" => self.mail_is_taken(&text(made, "address")).await?,
                "databases" => self.sql_runs(&text(made, "id")).await?,
                _ => true,
            };
            if served {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("{noun} {made} was never served").into())
    }

    async fn site_answers(&self, host: &str) -> Outcome<bool> {
        let mut site = Connection::plain(host, port(&self.running.ready.sites_http)?).await?;
        let Answer { status, .. } = site.get("/", &Visit::default()).await?;
        Ok(status.is_success() || status.is_redirection())
    }

    async fn mail_is_taken(&self, address: &str) -> Outcome<bool> {
        let at = ("127.0.0.1", port(&self.running.ready.smtp)?);
        let mut stream = BufReader::new(TcpStream::connect(at).await?);
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        for command in [
            "HELO bench.test".to_owned(),
            "MAIL FROM:<>".to_owned(),
            format!("RCPT TO:<{address}>"),
        ] {
            stream
                .write_all(format!("{command}\r\n").as_bytes())
                .await?;
            line.clear();
            stream.read_line(&mut line).await?;
        }
        Ok(line.starts_with("250"))
    }

    async fn sql_runs(&mut self, id: &str) -> Outcome<bool> {
        let path = format!("/api/v1/databases/{id}/query");
        let body = json!({ "sql": "SELECT 1 AS one" });
        Ok(self
            .connection
            .post(&path, &self.visit, &body)
            .await?
            .status
            == 200)
    }

    async fn measure(&mut self, noun: &str) -> Outcome<Taken> {
        let mut taken = Taken::default();
        for number in 0..COUNT {
            let body = body(noun, number);
            let begun = Instant::now();
            let made = self.make(noun, &body).await?;
            taken.asked.push(begun.elapsed());
            let found = self.until_live(noun, &text(&made, "id")).await?;
            taken.live.push(begun.elapsed());
            self.until_served(noun, &found).await?;
            taken.served.push(begun.elapsed());
        }
        Ok(taken)
    }
}

fn body(noun: &str, number: usize) -> Value {
    match noun {
        "webspaces" => json!({ "name": format!("bench-{number}"), "quota_bytes": 1_000_000_000 }),
        "mailboxes" => {
            json!({ "address": format!("bench-{number}@{DOMAIN}"), "password": PASSWORD })
        }
        "aliases" => {
            let targets = [format!("info@{DOMAIN}")];
            json!({ "address": format!("to-{number}@{DOMAIN}"), "targets": targets })
        }
        "databases" => json!({ "name": format!("bench_{number}"), "engine": "sqlite" }),
        _ => json!({ "name": format!("bench-{number}.localhost") }),
    }
}

fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let folder = Folder::new().await?;
    let running = folder.start("demo").await?;
    let mut rows = Vec::new();
    let nouns = ["webspaces", "mailboxes", "aliases", "databases", "domains"];
    for (place, noun) in nouns.into_iter().enumerate() {
        // A token and an address for each kind: the rate limit counts both.
        let visit = Visit::from(place + 1)?
            .with("authorization", &format!("Bearer {}", folder.token()?))?;
        let mut maker = Maker {
            running: &running,
            connection: running.connect().await?,
            visit,
        };
        let taken = maker.measure(noun).await?;
        let [asked, live, served] = [taken.asked, taken.live, taken.served].map(Times::new);
        let cell = format!("live {}; served {}", live.cell(95), served.cell(95));
        let row = Row::new(format!("click to live, {noun}"), cell);
        let row = row.beside(
            format!("the request alone: {}", asked.cell(95)),
            served.at(50) / asked.at(50),
        );
        rows.push(row.target("p95 ≤ 0.3 s", served.at(95) <= P95_MILLIS));
    }
    running.end()?;
    Ok(rows)
}
