//! The room through its own door: a small application with every kind of route.

mod fuzz;
mod headers;
mod live;
mod pages;
mod requests;
mod texts;
mod wall;

use crate::csrf;
use crate::face::{Area, Face, NavGroup, NavItem};
use crate::session::{Bearer, CustomerBrief, ProvedBy, Sessions, Theme, Visitor};
use crate::{
    Failure, Form, Guest, Member, Needs, Path, Routes, Settings, StaffMember, Upload, Web,
};
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use wabe_access::{Actor, Events, Permission, Role, StaffRole};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, MailboxId, SessionId, TokenId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Clock, Fault, Language, Rng, Secret, Timestamp};

pub(crate) const NOW: Timestamp = Timestamp(1_795_266_300_000_000);
pub(crate) const ORIGIN: &str = "https://panel.example";

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

#[derive(Default)]
struct Counter(AtomicU64);

impl Rng for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(37, Ordering::Relaxed).to_le_bytes()[0];
        }
    }
}

#[derive(Default)]
pub(crate) struct People {
    pub(crate) known: Mutex<BTreeMap<String, Visitor>>,
    pub(crate) ended: AtomicBool,
}

impl Sessions for People {
    fn find<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Visitor>, Fault>> {
        let found = self.known.lock().unwrap().get(token.expose()).cloned();
        let broken = token.expose() == "broken";
        Box::pin(async move {
            if broken {
                Err(Fault::because("read sessions", "secret cause"))
            } else {
                Ok(found)
            }
        })
    }

    fn alive(&self, _: SessionId) -> Working<'_, Result<bool, Fault>> {
        let alive = !self.ended.load(Ordering::Relaxed);
        Box::pin(async move { Ok(alive) })
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

    fn note_use(&self, _user: UserId, _permission: Permission) -> Working<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }

    fn bearer<'a>(&'a self, token: &'a Secret) -> Working<'a, Result<Option<Bearer>, Fault>> {
        let customer = CustomerId::from_uuid(Uuid::from_u128(1));
        let user = UserId::from_uuid(Uuid::from_u128(2));
        let bearer = Bearer {
            token: TokenId::from_uuid(Uuid::from_u128(9)),
            actor: Actor::member(user, customer, NOW),
            permissions: [Permission::MailboxRead].into(),
            language: Language::En,
        };
        let known = token.expose() == "good-token";
        Box::pin(async move { Ok(known.then_some(bearer)) })
    }
}

fn person(name: &str, staff: bool) -> Visitor {
    let customer = CustomerId::from_uuid(Uuid::from_u128(1));
    let user = UserId::from_uuid(Uuid::from_u128(2));
    let member = Actor::member(user, customer, NOW);
    let seed = name.bytes().map(u128::from).sum();
    Visitor {
        session: SessionId::from_uuid(Uuid::from_u128(seed)),
        user,
        name: name.to_owned(),
        initials: crate::session::initials(name),
        email: "katrin@sonnenkorn.example".to_owned(),
        language: Language::De,
        theme: Theme::Auto,
        staff,
        actor: if staff {
            Actor::staff(user, NOW)
        } else {
            member
        },
        permissions: if staff {
            StaffRole::Support.permissions()
        } else {
            Role::Owner.permissions()
        },
        customer: (!staff).then(|| CustomerBrief {
            id: customer,
            number: "K10234".to_owned(),
            name: "Bäckerei <Sonnenkorn> & Söhne GmbH".to_owned(),
            plan: "Handwerk M".to_owned(),
            suspended: None,
            erased_at: None,
        }),
        customers: 2,
        on_both_sides: false,
        look: None,
        watched: None,
        counts: [("mailboxes", 12_345)].into(),
        csrf: Secret::new("ab".repeat(32)),
        must_change_password: false,
        authenticated_at: NOW,
        proved_by: ProvedBy::Password,
    }
}

pub(crate) fn owner() -> Visitor {
    person("Katrin Brandt", false)
}

pub(crate) fn staff() -> Visitor {
    person("Mira Wendt", true)
}

const NAV: &[NavGroup] = &[NavGroup {
    heading: Some("kind-mailbox"),
    items: &[NavItem {
        place: "mailboxes",
        href: "/mailboxes",
        icon: "mail",
        text: "kind-mailbox",
        needs: Some(Permission::MailboxRead),
    }],
}];

pub(crate) static PORTAL: Face = Face {
    area: Area::Portal,
    home: "/",
    search: Some("/search"),
    nav: NAV,
    tabs: NAV[0].items,
};
pub(crate) static STAFF: Face = Face {
    area: Area::Staff,
    home: "/staff",
    search: None,
    nav: NAV,
    tabs: &[],
};
static API: Face = Face {
    area: Area::Api,
    home: "/",
    search: None,
    nav: &[],
    tabs: &[],
};

async fn echo(form: Form) -> String {
    format!("{:?}", form.fields)
}

async fn find(member: Member, Path(id): Path<MailboxId>) -> Result<String, Failure> {
    let foreign = id.uuid() == Uuid::from_u128(77);
    if foreign {
        Err(Failure::NotFound)
    } else {
        Ok(member.customer.number)
    }
}

async fn upload(mut form: Upload) -> Result<String, Failure> {
    let mut seen = Vec::new();
    while let Some(piece) = form.next().await? {
        match piece {
            crate::upload::Piece::Text(name, text) => seen.push(format!("{name}={text};")),
            crate::upload::Piece::File(mut file) => {
                file.limit(10);
                let mut size = 0;
                while let Some(bytes) = file.next().await? {
                    size += bytes.len();
                }
                seen.push(format!("{}:{size};", file.name));
            }
        }
    }
    Ok(seen.concat())
}

async fn follow(
    live: crate::live::Live,
    query: crate::Query,
    events: axum::extract::State<Arc<Events>>,
) -> Response {
    let looks = AtomicU64::new(0);
    let grows: crate::live::Watch = Box::new(move || {
        let seen = looks.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(Some(seen)))
    });
    let beside = (query.get("grows") == "yes").then_some(grows);
    live.follow_beside(&events, beside)
}

async fn mistaken() -> &'static str {
    panic!("a mistake")
}

async fn fault() -> Failure {
    Failure::Fault(Fault::because("write the file", "No space left on device"))
}

/// A body in pieces, of a kind that is compressed; asked once more behind its end, it panics.
async fn pieces() -> Response {
    let line = "eine Zeile wie viele andere\n".repeat(20);
    let all = unfold(100, move |left| {
        let piece = Ok::<_, Fault>(line.clone());
        async move { (left > 0).then_some((piece, left - 1)) }
    });
    let kind = [("content-type", "text/csv; charset=utf-8")];
    (kind, Body::from_stream(all)).into_response()
}

pub(crate) fn routes() -> Routes<Arc<Events>> {
    let staff = Needs::Staff(Permission::HosterRead);
    let door = Routes::new(&crate::face::DOOR)
        .get("/open", Needs::Public, |_: Guest| async { "open" })
        .get("/query", Needs::Public, |_: crate::Query| async { "read" })
        .post("/open", Needs::Public, echo)
        .post("/logout", Needs::Session, echo)
        .programs()
        .get("/pieces", Needs::Public, pieces)
        .get("/fault", Needs::Public, fault)
        .get("/panic", Needs::Public, mistaken)
        .get("/slow", Needs::Public, std::future::pending::<()>);
    let portal = Routes::new(&PORTAL)
        .get("/session", Needs::Session, || async { "session" })
        .get("/places", Needs::Portal, || async { "places" })
        .get("/member", Needs::Member, |_: Member| async { "member" })
        .post("/member", Needs::Member, echo)
        .delete("/member", Needs::Member, || async { "gone" })
        .post("/upload", Needs::Member, upload)
        .endless()
        .put("/blind", Needs::Member, || async { "done" })
        .endless()
        .get(
            "/mailboxes/{id}",
            Needs::Permission(Permission::MailboxRead),
            find,
        )
        .id("mbx")
        .get(
            "/members",
            Needs::Permission(Permission::MemberWrite),
            || async { "members" },
        )
        .get("/prove-me", Needs::Member, || async { Failure::StepUp })
        .get("/live", Needs::Member, follow)
        .endless();
    let desk = Routes::new(&STAFF)
        .get("/staff", staff, |_: StaffMember| async { "staff" })
        .post("/staff", Needs::Staff(Permission::HosterWrite), echo);
    let api = Routes::new(&API)
        .get(
            "/api/mailboxes",
            Needs::Token(Some(Permission::MailboxRead)),
            || async { "list" },
        )
        .post(
            "/api/mailboxes",
            Needs::Token(Some(Permission::MailboxWrite)),
            || async { "new" },
        )
        .failures("/api/", |occasion, shown| {
            format!("{} {}", shown.0.word(), occasion.language).into_response()
        });
    door.merge(portal).merge(desk).merge(api)
}

pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) people: Arc<People>,
    pub(crate) events: Arc<Events>,
}

impl App {
    pub(crate) fn new() -> Self {
        Self::with(Settings::at(ORIGIN))
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let people = Arc::new(People::default());
        let mut viewer = person("Viewer", false);
        viewer.permissions = Role::Viewer.permissions();
        let mut fresh = person("Fresh", false);
        fresh.must_change_password = true;
        for (token, visitor) in [
            ("owner", owner()),
            ("staff", staff()),
            ("viewer", viewer),
            ("fresh", fresh),
        ] {
            people
                .known
                .lock()
                .unwrap()
                .insert(token.to_owned(), visitor);
        }
        let sessions = Arc::clone(&people);
        let web = Web::new(
            settings,
            sessions,
            Arc::new(Still),
            Arc::new(Counter::default()),
        );
        let events = Arc::new(Events::default());
        Self {
            router: routes().into_router(web, Arc::clone(&events)),
            people,
            events,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(ask("GET", path, cookie).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let request = ask("POST", path, cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(form.to_owned().into()).unwrap())
            .await
    }
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) fn ask(method: &str, path: &str, cookie: &str) -> http::request::Builder {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", "text/html");
    if cookie.is_empty() {
        request
    } else {
        request.header("cookie", format!("__Host-wabe={cookie}"))
    }
}

/// A right token of every session of these tests, masked.
pub(crate) fn token() -> String {
    csrf::masked(&Secret::new("ab".repeat(32)), &Counter::default())
}
