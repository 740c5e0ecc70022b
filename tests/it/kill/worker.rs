//! A client that changes things and remembers what was acknowledged.

use crate::client::{Answer, Api, text};
use crate::kill::model::{Fate, Noun, Thing, content};
use crate::kill::{DOMAIN, Dice};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::sync::watch;

/// Things of one kind that a worker keeps.
const KEPT: usize = 6;
/// Files that a worker writes.
const FILES: u64 = 5;

/// The panel is gone.
pub(super) struct Gone;

impl From<reqwest::Error> for Gone {
    fn from(_broken_off: reqwest::Error) -> Self {
        Self
    }
}

/// A client.
pub(super) struct Worker {
    number: u64,
    dice: Dice,
    count: i64,
    /// Everything it ever made.
    pub(super) things: Vec<Thing>,
    /// Counts the changes that were acknowledged, of all workers.
    acknowledged: watch::Sender<u64>,
    /// The host of its own webspace, which is never deleted.
    pub(super) host: String,
    webspace: String,
    database: String,
    rows: BTreeSet<i64>,
    rows_perhaps: BTreeSet<i64>,
}

impl Worker {
    /// With a webspace and a database of its own.
    pub(super) async fn new(
        number: u64,
        dice: Dice,
        acknowledged: watch::Sender<u64>,
        api: &Api,
    ) -> Self {
        let asked = json!({ "name": format!("base{number}"), "quota_bytes": 100_000_000 });
        let webspace = api.live("/webspaces", asked).await;
        let asked = json!({ "name": format!("base{number}"), "quota_bytes": 100_000_000 });
        let database = api.live("/databases", asked).await;
        let base = |noun, made: &Value| Thing {
            noun,
            name: format!("base{number}"),
            id: Some(text(made, "id")),
            possible: vec![Fate::Is(100_000_000)],
        };
        let worker = Self {
            things: vec![
                base(Noun::Webspace, &webspace),
                base(Noun::Database, &database),
            ],
            host: text(&webspace, "preview_host"),
            webspace: text(&webspace, "id"),
            database: text(&database, "id"),
            rows: BTreeSet::new(),
            rows_perhaps: BTreeSet::new(),
            acknowledged,
            count: 0,
            number,
            dice,
        };
        let made = worker
            .sql(api, "CREATE TABLE t (v INTEGER PRIMARY KEY)")
            .await;
        assert!(made.is_ok_and(|answer| answer.status == 200));
        worker
    }

    /// Works until the panel is gone.
    pub(super) async fn work(&mut self, api: &Api) {
        while self.step(api).await.is_ok() {}
    }

    async fn step(&mut self, api: &Api) -> Result<(), Gone> {
        if let Some(open) = self.things.iter().position(Thing::is_open) {
            return self.settle(api, open).await;
        }
        match self.dice.below(10) {
            0..4 => self.make_or_delete(api).await,
            4..6 => self.change(api).await,
            6..9 => self.file(api).await,
            _ => self.row(api).await,
        }
    }

    /// Finds out what became of a thing whose last answer is missing.
    async fn settle(&mut self, api: &Api, at: usize) -> Result<(), Gone> {
        let thing = &self.things[at];
        if thing.noun == Noun::File {
            let answer = read(api, &self.file_path(&thing.name)).await?;
            let version = text_of(&answer)
                .get(..16)
                .and_then(|digits| digits.parse().ok());
            let fate = match (answer.status, version) {
                (404, _) => Fate::Gone,
                (200, Some(version)) if content(version) == answer.body => Fate::Is(version),
                _ => panic!("half a file? {} {}", answer.status, answer.body.len()),
            };
            self.things[at].is(fate);
            return Ok(());
        }
        let Some(id) = &thing.id else {
            return self.create(api, at).await;
        };
        let answer = read(api, &format!("{}/{id}", thing.noun.path())).await?;
        let found = answer.expect(200);
        let fate = match (found["deleted_at"].is_null(), found["quota_bytes"].as_i64()) {
            (true, Some(quota)) => Fate::Is(quota),
            _ => Fate::Gone,
        };
        self.things[at].is(fate);
        Ok(())
    }

    /// Settles everything that is open.
    pub(super) async fn settle_everything(&mut self, api: &Api) {
        while let Some(open) = self.things.iter().position(Thing::is_open) {
            assert!(self.settle(api, open).await.is_ok());
        }
    }

    /// Sends a create, again if need be: its key makes sure that it is carried out once.
    async fn create(&mut self, api: &Api, at: usize) -> Result<(), Gone> {
        let thing = &mut self.things[at];
        let request = api.request("POST", thing.noun.path()).json(&thing.body());
        let answer = sent(request.header("idempotency-key", &thing.name)).await?;
        if answer.status == 409 {
            // The plan is full.
            thing.is(Fate::Gone);
            return Ok(());
        }
        let made = answer.expect(201);
        thing.id = Some(text(&made, "id"));
        let quota = made["quota_bytes"].as_i64().unwrap();
        thing.is(Fate::Is(quota));
        self.acknowledged.send_modify(|count| *count += 1);
        Ok(())
    }

    fn kept(&self, noun: Noun) -> Vec<usize> {
        let there = |thing: &Thing| {
            thing.noun == noun && thing.fate() != Fate::Gone && !thing.name.starts_with("base")
        };
        (0..self.things.len())
            .filter(|at| there(&self.things[*at]))
            .collect()
    }

    fn noun(&mut self) -> Noun {
        [Noun::Webspace, Noun::Mailbox, Noun::Database][self.roll(3)]
    }

    fn roll(&mut self, end: usize) -> usize {
        usize::try_from(self.dice.below(end as u64)).unwrap()
    }

    async fn make_or_delete(&mut self, api: &Api) -> Result<(), Gone> {
        let noun = self.noun();
        let kept = self.kept(noun);
        if kept.len() < KEPT {
            self.count += 1;
            let name = format!("thing{}x{}", self.number, self.count);
            let name = if noun == Noun::Mailbox {
                format!("{name}@{DOMAIN}")
            } else {
                name
            };
            self.things
                .push(Thing::new(noun, name, 1_000_000 + self.count));
            return self.create(api, self.things.len() - 1).await;
        }
        let at = kept[self.roll(kept.len())];
        let thing = &mut self.things[at];
        let path = format!("{}/{}", noun.path(), thing.id.as_ref().unwrap());
        thing.possible.push(Fate::Gone);
        sent(api.request("DELETE", &path)).await?.expect(204);
        thing.is(Fate::Gone);
        self.acknowledged.send_modify(|count| *count += 1);
        Ok(())
    }

    async fn change(&mut self, api: &Api) -> Result<(), Gone> {
        let noun = self.noun();
        let kept = self.kept(noun);
        if kept.is_empty() {
            return Ok(());
        }
        let at = kept[self.roll(kept.len())];
        self.count += 1;
        let quota = 2_000_000 + self.count;
        let thing = &mut self.things[at];
        let path = format!("{}/{}", noun.path(), thing.id.as_ref().unwrap());
        thing.possible.push(Fate::Is(quota));
        sent(
            api.request("PATCH", &path)
                .json(&json!({ "quota_bytes": quota })),
        )
        .await?
        .expect(200);
        thing.is(Fate::Is(quota));
        self.acknowledged.send_modify(|count| *count += 1);
        Ok(())
    }

    fn file_path(&self, name: &str) -> String {
        format!("/webspaces/{}/files/{name}", self.webspace)
    }

    async fn file(&mut self, api: &Api) -> Result<(), Gone> {
        let name = format!("file{}", self.dice.below(FILES));
        self.count += 1;
        let (path, version) = (self.file_path(&name), self.count);
        let known = |thing: &Thing| thing.noun == Noun::File && thing.name == name;
        let at = self.things.iter().position(known).unwrap_or_else(|| {
            let noun = Noun::File;
            self.things.push(Thing {
                noun,
                name,
                id: None,
                possible: vec![Fate::Gone],
            });
            self.things.len() - 1
        });
        let deletes = self.things[at].fate() != Fate::Gone && self.dice.below(4) == 0;
        let thing = &mut self.things[at];
        let fate = if deletes {
            Fate::Gone
        } else {
            Fate::Is(version)
        };
        thing.possible.push(fate);
        if deletes {
            sent(api.request("DELETE", &path)).await?.expect(204);
        } else {
            sent(api.request("PUT", &path).body(content(version)))
                .await?
                .expect(201);
        }
        thing.is(fate);
        self.acknowledged.send_modify(|count| *count += 1);
        Ok(())
    }

    async fn sql(&self, api: &Api, sql: &str) -> Result<Answer, Gone> {
        let path = format!("/databases/{}/query", self.database);
        sent(api.request("POST", &path).json(&json!({ "sql": sql }))).await
    }

    async fn row(&mut self, api: &Api) -> Result<(), Gone> {
        self.count += 1;
        self.rows_perhaps.insert(self.count);
        let sql = format!("INSERT INTO t VALUES ({})", self.count);
        self.sql(api, &sql).await?.expect(200);
        self.rows.insert(self.count);
        self.acknowledged.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Every row that was acknowledged is there, and none that was never sent.
    pub(super) async fn rows_are_all_there(&self, api: &Api) {
        let sql = "SELECT group_concat(v) FROM t";
        let Ok(answer) = self.sql(api, sql).await else {
            panic!("the panel is gone")
        };
        let found = answer.expect(200);
        let list = found["rows"][0][0].as_str().unwrap_or("");
        let found: BTreeSet<i64> = list.split(',').filter_map(|row| row.parse().ok()).collect();
        assert!(
            self.rows.is_subset(&found),
            "lost: {:?}",
            self.rows.difference(&found)
        );
        assert!(found.is_subset(&self.rows_perhaps));
    }
}

/// Sends once; an answer that says to come again later is no acknowledgement and no refusal.
async fn sent(request: reqwest::RequestBuilder) -> Result<Answer, Gone> {
    loop {
        let again = request.try_clone().unwrap();
        let answer = Answer::of(again.send().await?).await?;
        if !matches!(answer.status, 429 | 503) {
            return Ok(answer);
        }
        tokio::task::yield_now().await;
    }
}

async fn read(api: &Api, path: &str) -> Result<Answer, Gone> {
    sent(api.request("GET", path)).await
}

fn text_of(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}
