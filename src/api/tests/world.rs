//! The API over a whole panel in memory: real gate, real reconciler, content in a map.

use crate::Api;
use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;
use wabe_access::{Actor, ActorKind, Permission};
use wabe_kernel::content::{
    Attachment, ByteSource, ContentError, Entry, EntryKind, Files, Mail, MailboxUse, Mark, Message,
    MessageHead, OpenFile, PhpStatus, QueryResult, RuleFile, Sql, TableInfo,
};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{
    CustomerId, DatabaseId, DomainId, MailboxId, SessionId, TokenId, WebspaceId,
};
use wabe_kernel::{Bytes, Fault, Language, LogQuery, RelPath, Secret, SiteLog, Timestamp};
use wabe_testkit::{Engine, House};
use wabe_web::{Bearer, Sessions, Settings, Visitor, Web};

/// Who may send which token.
#[derive(Default)]
struct Tokens(Mutex<BTreeMap<String, Bearer>>);

impl Sessions for Tokens {
    fn find<'a>(&'a self, _: &'a Secret) -> Working<'a, Result<Option<Visitor>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    fn alive(&self, _: SessionId) -> Working<'_, Result<bool, Fault>> {
        Box::pin(async { Ok(false) })
    }

    fn note_look<'a>(
        &'a self,
        _: &'a Visitor,
        _: &'a str,
        _: Option<&'a str>,
        _: IpAddr,
    ) -> Working<'a, Result<(), Fault>> {
        Box::pin(async { Err(Fault::new("nobody looks here")) })
    }

    fn note_use(
        &self,
        _user: wabe_kernel::id::UserId,
        _permission: Permission,
    ) -> Working<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }

    fn bearer<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Bearer>, Fault>> {
        let found = self.0.lock().unwrap().get(token.expose()).cloned();
        Box::pin(async move { Ok(found) })
    }
}

type Kept = BTreeMap<(String, String), Vec<u8>>;

/// Content in a map: files by webspace and path, rows by nothing.
#[derive(Default)]
pub(super) struct Content(Mutex<Kept>);

struct Once(Option<Vec<u8>>);

impl ByteSource for Once {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let piece = self.0.take();
        Box::pin(async move { piece.map(Ok) })
    }
}

fn not_here<'a, T: Send + 'a>() -> Working<'a, Result<T, ContentError>> {
    Box::pin(async { Err(ContentError::NotFound) })
}

impl Content {
    fn entry(&self, web: WebspaceId, path: &RelPath) -> Result<Entry, ContentError> {
        let kept = self.0.lock().unwrap();
        let found = kept.get(&(web.to_string(), path.to_string()));
        let found = found.ok_or(ContentError::NotFound)?;
        let name = path.name().unwrap_or_default().to_owned();
        let size = i64::try_from(found.len()).unwrap();
        Ok(Entry {
            name,
            kind: EntryKind::File,
            size,
            modified_at: Timestamp(0),
        })
    }
}

impl Files for Content {
    fn list<'a>(
        &'a self,
        web: WebspaceId,
        _: &'a RelPath,
    ) -> Working<'a, Result<Vec<Entry>, ContentError>> {
        let kept = self.0.lock().unwrap();
        let own = kept.keys().filter(|(id, _)| *id == web.to_string());
        let paths: Vec<RelPath> = own.map(|(_, path)| path.parse().unwrap()).collect();
        drop(kept);
        let entries = paths.iter().map(|path| self.entry(web, path)).collect();
        Box::pin(async move { entries })
    }

    fn stat<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<Entry, ContentError>> {
        Box::pin(async move { self.entry(web, path) })
    }

    fn read<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<OpenFile, ContentError>> {
        let found = self
            .0
            .lock()
            .unwrap()
            .get(&(web.to_string(), path.to_string()))
            .cloned();
        let opened = self.entry(web, path).map(|entry| {
            let source: Box<dyn ByteSource> = Box::new(Once(found));
            (entry.size, source)
        });
        Box::pin(async move { opened })
    }

    fn write<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
        from: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(async move {
            let mut bytes = Vec::new();
            while let Some(piece) = from.next().await {
                bytes.extend(piece?);
            }
            let size = i64::try_from(bytes.len()).unwrap();
            self.0
                .lock()
                .unwrap()
                .insert((web.to_string(), path.to_string()), bytes);
            Ok(size)
        })
    }

    fn replace<'a>(
        &'a self,
        _: WebspaceId,
        _: &'a RelPath,
        _: Option<Mark>,
        _: &'a mut dyn ByteSource,
    ) -> Working<'a, Result<Bytes, ContentError>> {
        not_here()
    }

    fn make_folder<'a>(
        &'a self,
        _: WebspaceId,
        _: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        not_here()
    }

    fn rename<'a>(
        &'a self,
        _: WebspaceId,
        _: &'a RelPath,
        _: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        not_here()
    }

    fn delete<'a>(
        &'a self,
        web: WebspaceId,
        path: &'a RelPath,
    ) -> Working<'a, Result<(), ContentError>> {
        let gone = self
            .0
            .lock()
            .unwrap()
            .remove(&(web.to_string(), path.to_string()));
        Box::pin(async move { gone.map(|_| ()).ok_or(ContentError::NotFound) })
    }

    fn unzip<'a>(
        &'a self,
        _: WebspaceId,
        _: &'a RelPath,
    ) -> Working<'a, Result<u64, ContentError>> {
        not_here()
    }

    fn usage(&self, _: WebspaceId) -> Working<'_, Result<Bytes, ContentError>> {
        not_here()
    }

    fn log(
        &self,
        _: WebspaceId,
        asked: LogQuery,
    ) -> Working<'_, Result<Vec<String>, ContentError>> {
        let mut lines = vec!["192.0.2.0 \"GET / HTTP/2.0\" 200 1".to_owned()];
        lines.retain(|line| asked.holds(line));
        Box::pin(async { Ok(lines) })
    }

    fn log_mark(&self, _: WebspaceId, _: SiteLog) -> Working<'_, Result<u64, ContentError>> {
        Box::pin(async { Ok(0) })
    }

    fn php(&self, _: WebspaceId) -> Working<'_, Result<Option<PhpStatus>, ContentError>> {
        Box::pin(async { Ok(None) })
    }

    fn rule_files(&self, _: WebspaceId) -> Working<'_, Result<Vec<RuleFile>, ContentError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn redirect_log(
        &self,
        _: DomainId,
        _: usize,
    ) -> Working<'_, Result<Vec<String>, ContentError>> {
        Box::pin(async { Ok(vec!["192.0.2.0 GET /old".to_owned()]) })
    }
}

impl Mail for Content {
    fn usage(&self, _: MailboxId) -> Working<'_, Result<MailboxUse, ContentError>> {
        not_here()
    }

    fn list(
        &self,
        _: MailboxId,
        _: usize,
        _: usize,
    ) -> Working<'_, Result<Vec<MessageHead>, ContentError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn read<'a>(&'a self, _: MailboxId, _: &'a str) -> Working<'a, Result<Message, ContentError>> {
        not_here()
    }

    fn peek<'a>(&'a self, _: MailboxId, _: &'a str) -> Working<'a, Result<Message, ContentError>> {
        not_here()
    }

    fn attachment<'a>(
        &'a self,
        _: MailboxId,
        _: &'a str,
        _: usize,
    ) -> Working<'a, Result<(Attachment, Vec<u8>), ContentError>> {
        not_here()
    }

    fn delete<'a>(&'a self, _: MailboxId, _: &'a str) -> Working<'a, Result<(), ContentError>> {
        not_here()
    }
}

impl Sql for Content {
    fn query<'a>(
        &'a self,
        _: DatabaseId,
        sql: &'a str,
        _: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(async move {
            if sql != "SELECT 1\nAS one" {
                return Err(ContentError::Rejected(
                    "near \"SELEC\": syntax error".to_owned(),
                ));
            }
            let columns = vec!["one".to_owned()];
            let rows = vec![vec![1.into()]];
            Ok(QueryResult {
                columns,
                rows,
                changed: 0,
                more: false,
                millis: 0,
            })
        })
    }

    fn tables(&self, _: DatabaseId) -> Working<'_, Result<Vec<TableInfo>, ContentError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn rows<'a>(
        &'a self,
        _: DatabaseId,
        _: &'a str,
        _: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        not_here()
    }

    fn import<'a>(
        &'a self,
        _: DatabaseId,
        _: &'a mut dyn ByteSource,
        _: &'a (dyn Fn(Bytes) + Send + Sync),
    ) -> Working<'a, Result<Bytes, ContentError>> {
        not_here()
    }

    fn export(&self, _: DatabaseId) -> Working<'_, Result<Box<dyn ByteSource>, ContentError>> {
        Box::pin(async {
            let source: Box<dyn ByteSource> = Box::new(Once(Some(b"BEGIN;".to_vec())));
            Ok(source)
        })
    }

    fn usage(&self, _: DatabaseId) -> Working<'_, Result<Bytes, ContentError>> {
        not_here()
    }
}

/// The API, and a customer with a token for everything (`wabe_own`).
pub(super) struct World {
    pub(super) house: House,
    pub(super) customer: CustomerId,
    tokens: Arc<Tokens>,
    router: Router,
}

/// What came back.
pub(super) struct Said {
    pub(super) status: StatusCode,
    pub(super) headers: http::HeaderMap,
    pub(super) text: String,
}

impl Said {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

impl World {
    pub(super) async fn new() -> Self {
        let house = House::on(Engine::Sqlite).await;
        let tokens = Arc::new(Tokens::default());
        let (clock, rng) = (house.clock.clone(), house.rng.clone());
        let web = Web::new(
            Settings::at("https://panel.test"),
            tokens.clone(),
            clock,
            rng,
        );
        let content = Arc::new(Content::default());
        let api = Api {
            gate: house.gate.clone(),
            files: content.clone(),
            mail: content.clone(),
            sql: content,
            streams: house.streams.clone(),
            automation: house.plugins.engine.clone(),
        };
        let router = crate::routes(house.gate.commands()).into_router(web, api);
        let tenant = house.tenant("Sonne").await;
        let world = Self {
            house,
            customer: tenant.id,
            tokens,
            router,
        };
        world.token("wabe_own", &tenant.owner, Permission::ALL);
        world
    }

    /// Lets `text` be a token of this member with these scopes.
    pub(super) fn token(&self, text: &str, owner: &Actor, scopes: &[Permission]) {
        let token = TokenId::new(Timestamp(1), self.house.rng.as_ref());
        let permissions: BTreeSet<Permission> = scopes.iter().copied().collect();
        let mut actor = owner.clone();
        actor.kind = ActorKind::Token(token);
        actor.scopes = Some(permissions.clone());
        (actor.authenticated_at, actor.sensitive) = (None, false);
        let bearer = Bearer {
            token,
            actor,
            permissions,
            language: Language::De,
        };
        self.tokens
            .0
            .lock()
            .unwrap()
            .insert(text.to_owned(), bearer);
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Said {
        let answered = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answered.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        Said {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }

    /// A request of `token` with more headers.
    pub(super) async fn by(
        &self,
        token: &str,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &str,
    ) -> Said {
        let mut request = Request::builder()
            .method(method.parse::<Method>().unwrap())
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// A request of the customer.
    pub(super) async fn ask(&self, method: &str, path: &str, body: &str) -> Said {
        self.by("wabe_own", (method, path), &[], body).await
    }

    /// Makes something and answers its id.
    pub(super) async fn make(&self, path: &str, body: &str) -> String {
        let made = self.ask("POST", path, body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        made.json()["id"].as_str().unwrap().to_owned()
    }
}
