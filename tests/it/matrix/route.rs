//! Routes with their paths filled, and what each of them must answer.

use crate::browser::{Browser, csrf_of};
use crate::certificates::made;
use crate::client::{Answer, Api};
use crate::matrix::world::{Actor, Side, Who};
use crate::matrix::{look, permitted};
use crate::probe;
use serde_json::Value;
use wabe_access::Permission;
use wabe_kernel::Timestamp;
use wabe_web::{Area, Needs, RouteInfo};

/// A route, and how to call it.
pub(super) struct Route {
    pub(super) info: RouteInfo,
    /// The body of an operation of the API.
    body: Value,
    /// Whether it can be asked what it would do.
    pub(super) previews: bool,
}

/// One call of a route.
pub(super) struct Request<'a> {
    info: RouteInfo,
    path: String,
    body: &'a Value,
    /// The ids in the path; pages may show their own address again.
    ids: Vec<String>,
}

/// What the policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Allowed,
    Login,
    Forbidden,
    NotFound,
}

/// What forms are filled with: every field that a form of ours has.
pub(super) const FIELDS: [(&str, &str); 39] = [
    ("body", "matrix"),
    ("label", "matrix"),
    ("quote", "matrix"),
    ("value", "two words and a number 7"),
    ("confirm", "yes"),
    ("reason", "Because"),
    ("quota_bytes", "5000000"),
    ("name", "matrix"),
    ("password", "two words and a number 7"),
    ("role", "viewer"),
    ("host", "matrix.test"),
    ("path", "index.html"),
    ("text", "changed"),
    ("modified", "0"),
    ("sql", "DELETE FROM t"),
    ("email", "matrix@people.example"),
    ("days", "30"),
    ("next", "/"),
    ("wanted", "true"),
    ("kind", "quota_warning"),
    ("plan", "Start"),
    ("purpose", "matrix"),
    ("act", "save"),
    ("targets", "in@matrix.test"),
    ("document_root", "public"),
    ("to", "matrix.html"),
    ("claim", "dom_01kaj8xv00e0m9f8w2v3x4y5z6"),
    ("handover", "tho_01kaj8xv00e0m9f8w2v3x4y5z6"),
    ("https_redirect", "true"),
    ("redirects", "/old https://www.example.org/"),
    ("error_pages", "404 missing.html"),
    ("hsts", "month"),
    ("server", "apache"),
    ("proxy", "https://app.example.org"),
    ("memory_limit", "64M"),
    ("user", "matrix"),
    ("phone", "030 123456"),
    ("contact_phone", "030 123456"),
    ("redirect", "https://www.example.org/"),
];

/// Operations whose example names what nobody has or what does not fit here, so that the preview of an own
/// thing is refused; each with what that is.
const REFUSED_EXAMPLES: &[(&str, &str, &str)] = &[
    (
        "POST",
        "/api/v1/databases/{id}/restore",
        "it is not in the trash",
    ),
    ("POST", "/api/v1/domains/{id}/consent", "a claim of nobody"),
    (
        "POST",
        "/api/v1/domains/{id}/restore",
        "it is not in the trash",
    ),
    (
        "POST",
        "/api/v1/installations/{id}/set_capabilities",
        "rights of another plugin",
    ),
    (
        "POST",
        "/api/v1/installations/{id}/set_secret",
        "a secret of another plugin",
    ),
    (
        "POST",
        "/api/v1/tickets/{id}/instructions",
        "a mailbox of nobody",
    ),
    (
        "POST",
        "/api/v1/webspaces/{id}/add_host",
        "a domain of nobody",
    ),
    (
        "POST",
        "/api/v1/webspaces/{id}/protect_folder",
        "nginx alone keeps anybody out",
    ),
    (
        "POST",
        "/api/v1/webspaces/{id}/unprotect_folder",
        "a key of nobody",
    ),
    (
        "POST",
        "/api/v1/webspaces/{id}/remove_host",
        "a domain of nobody",
    ),
    (
        "POST",
        "/api/v1/webspaces/{id}/restore",
        "it is not in the trash",
    ),
    (
        "POST",
        "/api/v1/webspaces/{webspace_id}/access_keys",
        "a key that is there already",
    ),
    ("PATCH", "/api/v1/aliases/{id}", "a mailbox of nobody"),
    (
        "PATCH",
        "/api/v1/installations/{id}",
        "settings of another plugin",
    ),
];

/// Whether the example of this operation does not fit the world here.
pub(super) fn refused_example(method: &str, path: &str) -> bool {
    let mut all = REFUSED_EXAMPLES.iter();
    all.any(|(known, at, _)| *known == method && *at == path)
}

/// A form with a file.
const FILE: &str = "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--edge\r\n\
    Content-Disposition: form-data; name=\"file\"; filename=\"a.sql\"\r\n\
    Content-Type: application/sql\r\n\r\nSELECT 1;\r\n--edge--\r\n";

/// Every route of the three faces.
pub(super) async fn routes(side: &Side) -> Vec<Route> {
    let document = side.api.get("/openapi.json").await.expect(200);
    let operation = |info: &RouteInfo| {
        let path = info.path.replace("{*", "{");
        document["paths"][path.as_str()][info.method.to_lowercase().as_str()].clone()
    };
    let certificate = made(
        &["matrix.example"],
        (Timestamp(0), Timestamp(0).plus_days(60_000)),
    );
    let body = |operation: &Value| {
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        let mut body = example.clone();
        // What a document shortens or makes up.
        for (name, own) in [
            ("public_key", &side.public_key),
            ("claim", &side.things["dom"]),
            ("certificate", &certificate.leaf),
            ("private_key", &certificate.key),
        ] {
            if let Some(value) = body.get_mut(name) {
                *value = own.as_str().into();
            }
        }
        body
    };
    let previews = |operation: &Value| {
        let parameters = operation["parameters"].as_array();
        let preview = "#/components/parameters/dry_run";
        parameters.is_some_and(|all| all.iter().any(|one| one["$ref"] == preview))
    };
    let tables = [
        wabe_portal::routes().table(),
        wabe_staff::routes().table(),
        wabe_api::routes(&wabe_panel::commands::commands()).table(),
    ];
    let all: Vec<Route> = tables
        .into_iter()
        .flatten()
        .map(|info| {
            let operation = operation(&info);
            Route {
                body: body(&operation),
                previews: previews(&operation),
                info,
            }
        })
        .collect();
    assert!(all.len() > 150, "only {} routes", all.len());
    all
}

/// What nobody has: the id with another end, which is an id as well.
fn elsewhere(id: &str) -> String {
    let (begin, end) = id.split_at(id.len() - 6);
    format!(
        "{begin}{}",
        if end == "zzzzzz" { "yyyyyy" } else { "zzzzzz" }
    )
}

impl Route {
    /// The names of the parts of the path.
    fn parts(&self) -> Vec<&'static str> {
        let parts = self
            .info
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{'));
        parts
            .map(|part| part.trim_end_matches('}').trim_start_matches('*'))
            .collect()
    }

    /// Whether the path holds an id of something of a customer.
    pub(super) fn names_something(&self) -> bool {
        self.parts()
            .iter()
            .any(|part| matches!(*part, "id" | "webspace_id"))
    }

    /// The kind of thing that a part of the path names. A part that nobody knows is a mistake here.
    fn kind(&self, part: &str) -> &'static str {
        let info = &self.info;
        match part {
            _ if info.path.starts_with("/trash/") => "trash",
            "id" if info.path.contains("/access_keys/") => "access_key",
            "key" if info.path.contains("/messages/") => "message",
            "key" if info.path.contains("/keys/") => "access_key",
            "id" if info.path.starts_with("/staff/tokens/") => "hoster_token",
            "id" | "webspace_id" => info
                .id_kind
                .unwrap_or_else(|| panic!("{}: which id?", info.path)),
            "index" => "index",
            "job" => "crn",
            "attachment" => "tka",
            "installation" => "ins",
            "change" => "chg",
            "path" => "path",
            "token" => "token",
            "name" => "plugin",
            "form" => "form",
            "command" => "command",
            "act" => "act",
            other => panic!("{}: the matrix cannot fill {other}", info.path),
        }
    }

    fn filled(&self, fill: impl Fn(&'static str) -> String) -> Request<'_> {
        let (mut path, mut ids) = (self.info.path.to_owned(), Vec::new());
        for part in self.parts() {
            let value = match self.kind(part) {
                "index" => "0".to_owned(),
                "path" => "index.html".to_owned(),
                "token" => "A".repeat(43),
                // What is in the catalogue is there for everybody.
                "plugin" => probe::NAME.to_owned(),
                "form" => "main".to_owned(),
                "command" => "mailbox.set_quota".to_owned(),
                "act" => "check".to_owned(),
                kind => fill(kind),
            };
            path = path
                .replace(&format!("{{{part}}}"), &value)
                .replace(&format!("{{*{part}}}"), &value);
            ids.push(value);
        }
        let acts = ["/download", "/edit", "/rename", "/files/delete", "/unzip"];
        if self.info.area != Area::Api && acts.iter().any(|act| path.ends_with(act)) {
            path.push_str("?path=index.html");
        }
        if self.info.path.ends_with("/{id}/attachments") {
            path.push_str("?name=log.txt");
        }
        if self.info.path.ends_with("/files/picture") {
            path.push_str("?path=pixel.png");
        }
        if self.info.path.ends_with("/{id}/rows") {
            path.push_str("?table=t");
        }
        Request {
            info: self.info,
            path,
            body: &self.body,
            ids,
        }
    }

    /// With the customer's own things.
    pub(super) fn own(&self, side: &Side) -> Request<'_> {
        self.filled(|kind| side.things[kind].clone())
    }

    /// With things of the other customer.
    pub(super) fn foreign(&self, other: &Side) -> Request<'_> {
        self.filled(|kind| other.things[kind].clone())
    }

    /// With ids that nobody has.
    pub(super) fn missing(&self, own: &Side) -> Request<'_> {
        self.filled(|kind| match kind {
            "message" => own.things[kind].chars().rev().collect(),
            _ => elsewhere(&own.things[kind]),
        })
    }
}

impl Request<'_> {
    /// Its path, filled.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// As a program sends it.
    pub(super) fn by_token(&self, api: &Api) -> reqwest::RequestBuilder {
        let Some(path) = self.path.strip_prefix("/api/v1") else {
            return self.with_form(
                // Says where it comes from, so that what it lacks is what decides.
                api.request(self.info.method, &format!("/../..{}", self.path))
                    .header("sec-fetch-site", "same-origin"),
                None,
            );
        };
        self.with_json(api.request(self.info.method, path))
    }

    /// As a program asks what would happen.
    pub(super) fn previewed(&self, api: &Api) -> reqwest::RequestBuilder {
        let path = self.path.trim_start_matches("/api/v1");
        let sign = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{sign}dry_run=true");
        self.with_json(api.request(self.info.method, &path))
    }

    fn with_json(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        if self.body.is_object() {
            request.json(self.body)
        } else if self.info.path.ends_with("/{id}/attachments") {
            request.body("a log")
        } else {
            request
        }
    }

    /// As a browser sends it.
    pub(super) fn by_browser(
        &self,
        browser: &Browser,
        csrf: Option<&str>,
    ) -> reqwest::RequestBuilder {
        let request = browser.request(self.info.method, &self.path);
        if self.path.starts_with("/api/") {
            return self.with_json(request);
        }
        // A long text comes as a form with files.
        if self.info.path.ends_with("/files/edit") && self.info.method == "POST" {
            return with_file(request, csrf);
        }
        self.with_form(request, csrf)
    }

    /// As a browser sends it that another site made send it, with a body of this kind: nothing says
    /// where it comes from yet.
    pub(super) fn forged(
        &self,
        browser: &Browser,
        csrf: Option<&str>,
        kind: Kind,
    ) -> reqwest::RequestBuilder {
        let request = browser.bare(self.info.method, &self.path);
        match kind {
            Kind::Form => fields(request, csrf),
            Kind::Files => with_file(request, csrf),
            Kind::Text => request.header("content-type", "text/plain").body("a=1"),
            Kind::Nothing => request,
        }
    }

    fn with_form(
        &self,
        request: reqwest::RequestBuilder,
        csrf: Option<&str>,
    ) -> reqwest::RequestBuilder {
        if self.info.method == "GET" {
            return request;
        }
        let uploads = ["/import", "/upload"]
            .iter()
            .any(|end| self.info.path.ends_with(end));
        if uploads {
            return with_file(request, csrf);
        }
        fields(request, csrf)
    }
}

/// What a forged request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A form.
    Form,
    /// A form with files.
    Files,
    /// A text, which has no place for a token.
    Text,
    /// Nothing.
    Nothing,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Form, Self::Files, Self::Text, Self::Nothing];

    /// Whether such a body can carry the token.
    pub(super) const fn carries(self) -> bool {
        matches!(self, Self::Form | Self::Files)
    }
}

/// A form with every field that a form of ours has.
fn fields(request: reqwest::RequestBuilder, csrf: Option<&str>) -> reqwest::RequestBuilder {
    let token = csrf.map(|token| ("csrf", token));
    request.form(&FIELDS.iter().copied().chain(token).collect::<Vec<_>>())
}

/// A form with a file, which only routes without a limit of size read.
fn with_file(request: reqwest::RequestBuilder, csrf: Option<&str>) -> reqwest::RequestBuilder {
    let kind = "multipart/form-data; boundary=edge";
    request
        .header("content-type", kind)
        .body(FILE.replace("{}", csrf.unwrap_or("")))
}

/// What the policy says about this actor on this route.
pub(super) fn expected(actor: &Actor, info: &RouteInfo) -> Expected {
    let fits = permitted(info.needs, &actor.may);
    match (info.needs, &actor.who) {
        (Needs::Public | Needs::Asset, _) => Expected::Allowed,
        (Needs::Token(_), Who::Token(_)) => of_token(actor, info, fits),
        // Only who has business on both sides can change them; nobody here has.
        (Needs::Session, Who::Member(_) | Who::Staff(_) | Who::Looking(_))
            if info.path == "/switch" =>
        {
            Expected::NotFound
        }
        (Needs::Member | Needs::Permission(_), Who::Looking(_)) if actor.elsewhere => {
            look::elsewhere(info, &actor.may)
        }
        (Needs::Member | Needs::Permission(_), Who::Looking(_)) => look::expected(info, &actor.may),
        (Needs::Portal | Needs::Member | Needs::Permission(_), Who::Staff(_))
        | (Needs::Portal, Who::Looking(_))
        | (Needs::Staff(_), Who::Member(_)) => Expected::NotFound,
        (Needs::Session | Needs::Portal | Needs::Member | Needs::Permission(_), Who::Member(_))
        | (Needs::Session | Needs::Staff(_), Who::Staff(_) | Who::Looking(_)) => {
            match (fits, unseen(actor, info)) {
                (false, _) => Expected::Forbidden,
                (true, true) => Expected::NotFound,
                (true, false) => Expected::Allowed,
            }
        }
        _ => Expected::Login,
    }
}

/// Whether it is a ticket of somebody else's, which only who runs the customer sees, or what owners alone get.
fn unseen(actor: &Actor, info: &RouteInfo) -> bool {
    let path = info.path.trim_start_matches("/api/v1");
    if path.starts_with("/export/{id}") {
        return !actor.is_owner;
    }
    path.starts_with("/tickets/{id}") && !actor.may.contains(&Permission::MemberWrite)
}

/// Operations that only a person does, in a session: every token is told so.
const IN_PERSON: [&str; 1] = ["/api/v1/consents/{id}/give"];

/// What the policy says about a good token on a route of the API.
fn of_token(actor: &Actor, info: &RouteInfo, fits: bool) -> Expected {
    if IN_PERSON.contains(&info.path) {
        return Expected::Forbidden;
    }
    // What is a person's own is missing for everybody else.
    let personal = (info.path == "/api/v1/tokens/{id}" && !actor.is_owner) || unseen(actor, info);
    match (fits, personal) {
        (false, _) => Expected::Forbidden,
        (true, true) => Expected::NotFound,
        (true, false) => Expected::Allowed,
    }
}

impl Expected {
    /// Whether an answer is what the policy says.
    pub(super) fn fits(self, answer: &Answer, route: &Route) -> bool {
        let to_login = answer.status == 303 && answer.header("location").starts_with("/login");
        match self {
            // A link that was made up leads nowhere; a change says what is wrong with its fields.
            Self::Allowed if route.info.path.contains("{token}") => answer.status < 500,
            Self::Allowed => matches!(answer.status, 200..=399) && !to_login,
            Self::Login => answer.status == 401 || to_login,
            Self::Forbidden => answer.status == 403,
            Self::NotFound => answer.status == 404,
        }
    }
}

/// An answer without what differs each time: the request's number, the date, the token of forms, and
/// the id that was asked for.
pub(super) fn like(answer: &Answer, request: &Request<'_>) -> (u16, String) {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let mut shown = format!("{}\n{}", headers.join("\n"), answer.text());
    while let Some(token) = csrf_of(&shown) {
        shown = shown
            .replace(&token, "")
            .replace("name=\"csrf\" value=\"\"", "");
    }
    let known: Vec<&str> = answer.header("x-request-id").split(' ').collect();
    // Addresses in addresses are encoded, but for letters and digits.
    let encoded = |id: &String| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        let one = |byte| {
            if plain(byte) {
                char::from(byte).into()
            } else {
                format!("%{byte:02X}")
            }
        };
        id.bytes().map(one).collect()
    };
    let asked = request.ids.iter().flat_map(|id| [id.clone(), encoded(id)]);
    for id in known
        .iter()
        .rev()
        .map(|known| (*known).to_owned())
        .chain(asked)
    {
        if !id.is_empty() {
            shown = shown.replace(&id, "*");
        }
    }
    (answer.status, shown)
}
