//! Two customers with one of everything, and everybody who may come.

use crate::browser::Browser;
use crate::client::{Api, text, until};
use crate::matrix::beside::Beside;
use crate::matrix::look;
use crate::probe;
use crate::process::{Panel, unique};
use crate::tools::{Uploader, deliver};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use wabe_access::actor::HOUSE;
use wabe_access::{Permission, Role, StaffRole};

/// A customer with one of everything.
pub(super) struct Side {
    /// What lies in everything that it keeps.
    pub(super) canary: String,
    /// Words that nobody else may ever read.
    pub(super) secrets: Vec<String>,
    /// The API with all rights of its owner.
    pub(super) api: Api,
    pub(super) owner: Browser,
    /// The SSH key that opens its webspace.
    pub(super) public_key: String,
    /// What fills a route's path, by the kind of the id or the name of the part.
    pub(super) things: BTreeMap<&'static str, String>,
}

/// Somebody, or something, that asks.
pub(super) struct Actor {
    pub(super) name: String,
    pub(super) who: Who,
    /// What they may do in customer A.
    pub(super) may: Vec<Permission>,
    /// Whether they own customer A, and what is personal there.
    pub(super) is_owner: bool,
    /// Whether the pages that they look at are customer B's.
    pub(super) elsewhere: bool,
    /// The token that their forms carry.
    csrf: String,
}

/// Which of them ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// Everybody.
    All,
    /// One of every way in, each with the most that it can do, and one who may only read.
    Ways,
    /// Staff whose consent is narrower, or another customer's.
    Looks,
    /// Staff whose looks are over.
    Ended,
}

/// How they ask.
pub(super) enum Who {
    Guest(Browser),
    /// A session that has ended.
    Ended(Browser),
    Member(Browser),
    Staff(Browser),
    /// Somebody of the hoster who looks at the pages of customer A.
    Looking(Browser),
    /// A token that is good.
    Token(Api),
    /// A token that is good no more.
    Void(Api),
}

impl Actor {
    /// Somebody of this name; what they ask with, and what they may do in customer A.
    pub(super) fn new(name: &str, who: Who, may: Vec<Permission>) -> Self {
        Self {
            name: name.to_owned(),
            who,
            may,
            is_owner: ["owner of A", "token of A with everything"].contains(&name),
            elsewhere: false,
            csrf: String::new(),
        }
    }

    /// Reads the token of their forms.
    pub(super) async fn learn_token(&mut self) {
        self.csrf = match &self.who {
            Who::Member(browser) => browser.token("/").await,
            Who::Staff(browser) | Who::Looking(browser) => browser.token("/staff").await,
            _ => String::new(),
        };
    }

    /// The token of their forms.
    pub(super) fn csrf(&self) -> String {
        self.csrf.clone()
    }
}

/// A message with HTML and a picture, as which staff may open what is attached.
const MESSAGE: &str = "From: Ada <ada@sender.example>\r\nTo: {to}\r\nSubject: {canary}\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n\
    --edge\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{canary}</p>\r\n\
    --edge\r\nContent-Type: image/gif\r\nContent-Disposition: attachment; filename=a.gif\r\n\r\n\
    GIF89a{canary}\r\n--edge--\r\n";

/// The newest of what the hoster has, by the kind of its id.
const NEWEST: [(&str, &str); 4] = [
    (
        "plv",
        "SELECT id FROM plugin_version ORDER BY id DESC LIMIT 1",
    ),
    ("tky", "SELECT id FROM trusted_key ORDER BY id DESC LIMIT 1"),
    ("pln", "SELECT id FROM plan ORDER BY id DESC LIMIT 1"),
    (
        "crp",
        "SELECT id FROM canned_reply ORDER BY id DESC LIMIT 1",
    ),
];

const EVERYTHING: [&str; 10] = [
    "/tickets",
    "/domains",
    "/webspaces",
    "/mailboxes",
    "/aliases",
    "/databases",
    "/members",
    "/invitations",
    "/tokens",
    "/trash",
];

impl Side {
    /// Gives the owner's customer one of everything.
    pub(super) async fn new(panel: &Panel, owner: (&str, &str)) -> Self {
        let api = panel.api(&panel.token(owner.0, &[]));
        let canary = format!("canary{}only", unique());
        let mut things = BTreeMap::new();
        let domain = format!("{canary}.test");
        let made = api.live("/domains", json!({ "name": domain })).await;
        things.insert("dom", text(&made, "id"));
        let made = api
            .made("/webspaces", json!({ "name": canary, "domain": domain }))
            .await;
        let webspace = text(&made, "id");
        let files = format!("/webspaces/{webspace}/files/index.html");
        api.put(&files, canary.as_bytes()).await.expect(201);
        let picture = format!("/webspaces/{webspace}/files/pixel.png");
        api.put(&picture, b"\x89PNG\r\n\x1a\n").await.expect(201);
        let public_key = Uploader::new(panel).await.public_key();
        let asked = json!({ "name": canary, "public_key": public_key });
        let key = api
            .made(&format!("/webspaces/{webspace}/access_keys"), asked)
            .await;
        things.insert("access_key", text(&key, "id"));
        let asked = json!({ "name": canary, "schedule": "0 0 1 jan *", "command": "./job" });
        let job = api
            .made(&format!("/webspaces/{webspace}/cron_jobs"), asked)
            .await;
        things.insert("crn", text(&job, "id"));
        things.insert("web", webspace);
        let address = format!("in@{domain}");
        let asked = json!({ "address": address, "password": "two words and a number 7" });
        let made = api.live("/mailboxes", asked).await;
        let message = MESSAGE
            .replace("{to}", &address)
            .replace("{canary}", &canary);
        assert_eq!(deliver(panel, &address, message.as_bytes()).await.0, 250);
        let messages = format!("/mailboxes/{}/messages", text(&made, "id"));
        things.insert("message", text(&api.all(&messages).await[0], "key"));
        things.insert("mbx", text(&made, "id"));
        let asked = json!({ "address": format!("all@{domain}"), "targets": [address] });
        things.insert("als", text(&api.live("/aliases", asked).await, "id"));
        for (kind, name) in [("dbs", "kept"), ("trash", "thrown")] {
            let made = api
                .live("/databases", json!({ "name": name, "engine": "sqlite" }))
                .await;
            let path = format!("/databases/{}", text(&made, "id"));
            let sql = format!("CREATE TABLE t (v); INSERT INTO t VALUES ('{canary}')");
            api.json("POST", &format!("{path}/query"), &json!({ "sql": sql }))
                .await
                .expect(200);
            things.insert(kind, text(&made, "id"));
            if kind == "trash" {
                api.bare("DELETE", &path).await.expect(204);
            }
        }
        let owner = Browser::logged_in(panel, owner).await;
        let mut side = Self {
            secrets: vec![canary.clone()],
            canary,
            api,
            owner,
            public_key,
            things,
        };
        side.plugins(panel).await;
        side.people(panel).await;
        side
    }

    /// A plugin with a run, and what the hoster knows of it.
    async fn plugins(&mut self, panel: &Panel) {
        let made = self.api.made("/installations", probe::wanted()).await;
        let runs = format!("/installations/{}/runs", text(&made, "id"));
        self.things.insert("ins", text(&made, "id"));
        let asked = json!({ "name": "heard", "engine": "sqlite" });
        self.api.live("/databases", asked).await;
        let run = until("a run", async || {
            let all = self.api.all(&runs).await;
            all.into_iter().find(|run| run["state"] == "done")
        });
        let run = text(&run.await, "id");
        // Staff read only recordings that were handed on.
        let release = format!("/runs/{run}/release");
        self.api.bare("POST", &release).await.expect(204);
        self.things.insert("run", run);
        let (operator, _) = panel.account("operator");
        panel.token(&operator, &[]);
        let database = Beside::of(panel).await;
        let token = "SELECT id FROM api_token WHERE customer_id = $1 ORDER BY id LIMIT 1";
        let token = database.id(token, &[&HOUSE.to_string()]).await;
        self.things.insert("hoster_token", token);
        for (kind, newest) in NEWEST {
            let found = database.id(newest, &[]).await;
            assert!(found.starts_with(kind), "{found}");
            self.things.insert(kind, found);
        }
        database.close().await;
    }

    /// What the hoster's people keep among themselves.
    async fn desk(&mut self, panel: &Panel, user: &str) {
        let database = Beside::of(panel).await;
        let (support, _) = panel.account("support");
        let staff = "SELECT id FROM wabe_user WHERE email = $1";
        let staff = database.id(staff, &[&support]).await;
        let id = |prefix: &str| user.replace("usr_", prefix);
        let (request, review, view) = (id("srq_"), id("arv_"), id("tvw_"));
        let problem = id("kpr_");
        let canary = &self.canary;
        let asked = "INSERT INTO staff_request (id, email, name, roles, reason, asked_by, asked_at, \
                     expires_at) SELECT $1, $2, 'Neu', '[\"support\"]', 'x', id, created_at, \
                     created_at + 1000000000000 FROM wabe_user WHERE id = $3";
        let email = format!("{canary}@c.example");
        database.put(asked, &[&request, &email, &staff]).await;
        let reviewed = "INSERT INTO access_review (id, quarter, opened_at, due_at) \
                        SELECT $1, $2, created_at, created_at FROM wabe_user WHERE id = $3";
        database.put(reviewed, &[&review, canary, &staff]).await;
        let known = "INSERT INTO known_problem (id, title, notice, opened_at) \
                     VALUES ($1, $2, '', 0)";
        database.put(known, &[&problem, canary]).await;
        let viewed = "INSERT INTO ticket_view (id, user_id, name, lane, status, owner, priority, \
                      category, due, created_at) \
                      VALUES ($1, $2, $3, 'working', '', 'me', '', '', '', 0)";
        database.put(viewed, &[&view, &staff, canary]).await;
        let approval = id("apv_");
        let waits = "INSERT INTO approval (id, customer_id, ticket_id, kind, object_id, arguments, \
                     user_id, reason, requested_by, requested_at, due_at, expires_at) \
                     SELECT $1, $2, $3, 'owner', $4, $5, $6, $7, id, created_at, created_at, \
                     created_at + 1000000000000 FROM wabe_user WHERE id = $8";
        let thing = |kind: &str| self.things[kind].as_str();
        let member = thing("mem");
        let arguments = json!({ "member": member, "owners": [user] }).to_string();
        let about = [approval.as_str(), thing("cus"), thing("tkt"), member];
        let by = [arguments.as_str(), user, canary.as_str(), staff.as_str()];
        database.put(waits, &[about, by].concat()).await;
        database.close().await;
        self.things.insert("usr", staff);
        for (kind, id) in [
            ("srq", request),
            ("arv", review),
            ("tvw", view),
            ("kpr", problem),
            ("apv", approval),
        ] {
            self.things.insert(kind, id);
        }
    }

    /// What it has beside resources.
    async fn people(&mut self, panel: &Panel) {
        let asked = json!({ "email": format!("{}@a.example", self.canary), "role": "viewer" });
        let made = self.api.made("/invitations", asked).await;
        self.things.insert("inv", text(&made, "id"));
        let asked = json!({ "subject": self.canary, "body": self.canary });
        let made = self.api.made("/tickets", asked).await;
        self.things.insert("tkt", text(&made, "id"));
        let add = format!("/tickets/{}/attachments?name=log.txt", text(&made, "id"));
        let add = self.api.request("POST", &add).body(self.canary.clone());
        let kept = self.api.send(add).await.expect(201);
        self.things.insert("tka", text(&kept, "id"));
        // Who asks for something about a thing has given an instruction.
        let about = &self.things["mbx"];
        let asked = json!({ "subject": self.canary, "body": self.canary, "object": about });
        let made = self.api.made("/tickets", asked).await;
        let given = format!("/tickets/{}/instructions", text(&made, "id"));
        let given = self.api.all(&given).await;
        self.things.insert("itn", text(&given[0], "id"));
        let members = self.api.all("/members").await;
        self.secrets.push(text(&members[0], "email"));
        let (_, colleague) = member(panel, self, Role::Viewer).await;
        let all = self.api.all("/members").await;
        let found = all
            .iter()
            .find(|member| member["email"] == colleague.as_str())
            .unwrap();
        self.things.insert("mem", text(found, "id"));
        let user = text(found, "user_id");
        let passkey = user.replace("usr_", "psk_");
        let kept = "INSERT INTO passkey (id, user_id, credential_id, public_key, sign_count, name, \
                    created_at) VALUES ($1, $2, $1, '', 0, $3, 0)";
        let database = Beside::of(panel).await;
        database.put(kept, &[&passkey, &user, &self.canary]).await;
        self.things.insert("psk", passkey);
        let tokens = self.api.all("/tokens").await;
        self.things.insert("tok", text(&tokens[0], "id"));
        let changes = self.api.get("/changes?limit=1").await.expect(200);
        self.things.insert("chg", text(&changes["items"][0], "id"));
        let customer = self.api.get("/customer").await.expect(200);
        self.things.insert("cus", text(&customer, "id"));
        self.secrets.push(text(&customer, "number"));
        let user = text(&members[0], "user_id");
        let session = "SELECT id FROM session WHERE user_id = $1 ORDER BY id LIMIT 1";
        let session = database.id(session, &[&user]).await;
        self.things.insert("ses", session);
        // Schedules write notices; none of them comes soon.
        let notice = user.replace("usr_", "ntc_");
        let told = "INSERT INTO notice (id, customer_id, user_id, kind, object_kind, object_id, \
                    object_name, args, created_at) SELECT $1, id, $2, 'change-failed', 'database', \
                    $3, $4, '{}', created_at FROM customer WHERE id = $5";
        let (object, customer) = (&self.things["dbs"], &self.things["cus"]);
        let values = [&notice, &user, object, &self.canary, customer];
        let values = values.map(String::as_str);
        database.put(told, &values).await;
        // Nobody has one made here; this one is empty.
        let export = user.replace("usr_", "exp_");
        let made = "INSERT INTO customer_export (id, customer_id, asked_by, asked_at, place, after_key, \
                    parts, lines, bytes, ready_at, expires_at) SELECT $1, id, $2, created_at, 0, '', 0, 0, \
                    0, created_at, created_at + 259200000000 FROM customer WHERE id = $3";
        database.put(made, &[&export, &user, customer]).await;
        database.close().await;
        self.things.insert("exp", export);
        self.things.insert("ntc", notice);
        self.desk(panel, &user).await;
    }

    /// Everything that can be seen of it, apart from when it was last used.
    pub(super) async fn seen(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for list in EVERYTHING {
            for mut item in self.api.all(list).await {
                if let Some(item) = item.as_object_mut() {
                    let moves = ["last_used_at", "last_login_at", "used_bytes", "messages"];
                    item.retain(|name, _| !moves.contains(&name.as_str()));
                }
                all.push(item);
            }
        }
        let thing = |kind: &str| &self.things[kind];
        for path in [
            format!("/webspaces/{}/files", thing("web")),
            format!("/webspaces/{}/access_keys", thing("web")),
            format!("/mailboxes/{}/messages", thing("mbx")),
            format!("/databases/{}/tables", thing("dbs")),
        ] {
            all.extend(self.api.all(&path).await.into_iter().map(|mut item| {
                if let Some(item) = item.as_object_mut() {
                    item.remove("seen");
                }
                item
            }));
        }
        let file = format!("/webspaces/{}/files/index.html", thing("web"));
        all.push(json!(self.api.get(&file).await.text()));
        all.push(json!(self.api.all("/changes").await.len()));
        all
    }
}

/// The link in the letter to `address`.
async fn link(panel: &Panel, address: &str) -> String {
    let outbox = panel.data.join("outbox");
    let look = || async {
        for entry in fs::read_dir(&outbox).into_iter().flatten().flatten() {
            let letter = fs::read_to_string(entry.path()).unwrap_or_default();
            let letter = letter
                .replace("=\r\n", "")
                .replace("=\n", "")
                .replace("=3D", "=");
            if !letter.contains(address) {
                continue;
            }
            if let Some((_, rest)) = letter.split_once("/invitation/") {
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
                return Some(rest.chars().take_while(|c| plain(*c)).collect::<String>());
            }
        }
        None
    };
    until(&format!("the letter to {address}"), look).await
}

/// A member of this side with this role, invited, and their address.
pub(super) async fn member(panel: &Panel, side: &Side, role: Role) -> (Browser, String) {
    let email = format!(
        "{}{}@people.example",
        role.word().replace('_', ""),
        unique()
    );
    let asked = json!({ "email": email, "role": role.word() });
    side.api.made("/invitations", asked).await;
    let token = link(panel, &email).await;
    let guest = Browser::guest(panel);
    let password = "quite a long sentence 42";
    let fields = [
        ("token", token.as_str()),
        ("name", "Kim Example"),
        ("password", password),
    ];
    let accepted = guest.post("/invitation", &fields).await;
    assert_eq!(accepted.status, 303, "{}", accepted.text());
    (Browser::logged_in(panel, (&email, password)).await, email)
}

/// Everybody who asks, seen from customer A.
pub(super) async fn actors(panel: &Panel, (a, owner): (&Side, &str), whom: Whom) -> Vec<Actor> {
    let mut all = Vec::new();
    let mut add = |name: &str, who: Who, may: Vec<Permission>| {
        all.push(Actor::new(name, who, may));
    };
    let everything: Vec<Permission> = Role::Owner.permissions().into_iter().collect();
    add("anonymous", Who::Guest(Browser::guest(panel)), Vec::new());
    add(
        "owner of A",
        Who::Member(a.owner.clone()),
        everything.clone(),
    );
    let asks = |role: Role| match whom {
        Whom::All => role != Role::Owner,
        Whom::Ways | Whom::Looks | Whom::Ended => role == Role::Viewer,
    };
    for role in Role::ALL.iter().filter(|role| asks(**role)) {
        let may: Vec<Permission> = role.permissions().into_iter().collect();
        let (browser, email) = member(panel, a, *role).await;
        add(role.word(), Who::Member(browser), may.clone());
        let api = panel.api(&panel.token(&email, &[]));
        add(&format!("token of a {role}"), Who::Token(api), may);
    }
    let looking = look::looking(panel, a).await;
    let may = StaffRole::Support.permissions().into_iter().collect();
    add("support looking at A", Who::Looking(looking), may);
    let (reading, may) = look::reading(panel, a).await;
    add("operator reading content of A", Who::Looking(reading), may);
    let sits = |role: StaffRole| match whom {
        Whom::All => true,
        Whom::Ways | Whom::Looks | Whom::Ended => {
            matches!(role, StaffRole::Support | StaffRole::Operator)
        }
    };
    for role in StaffRole::ALL.iter().filter(|role| sits(**role)) {
        let (email, password) = panel.account(role.word());
        let browser = Browser::logged_in(panel, (&email, &password)).await;
        let may = role.permissions().into_iter().collect();
        add(role.word(), Who::Staff(browser), may);
    }
    add(
        "token of A with everything",
        Who::Token(a.api.clone()),
        everything,
    );
    if whom != Whom::All {
        return all;
    }
    let (browser, email) = member(panel, a, Role::Viewer).await;
    let token = browser.token("/").await;
    let out = browser.post("/logout", &[("csrf", &token)]).await;
    assert_eq!(out.status, 303);
    add("ended session", Who::Ended(browser), Vec::new());
    let scoped = panel.api(&panel.token(owner, &["self:write"]));
    add(
        "token without a scope that matches",
        Who::Token(scoped),
        vec![Permission::SelfWrite],
    );
    for (name, api) in void(panel, &email).await {
        add(name, Who::Void(api), Vec::new());
    }
    all
}

/// Tokens of this person that are good no more, and one that never was.
async fn void(panel: &Panel, email: &str) -> [(&'static str, Api); 3] {
    let revoked = panel.api(&panel.token(email, &[]));
    let own = revoked.all("/tokens").await;
    revoked
        .bare("DELETE", &format!("/tokens/{}", text(&own[0], "id")))
        .await
        .expect(204);
    let expired = panel.api(&panel.token(email, &[]));
    let own = expired.all("/tokens").await;
    let over = "UPDATE api_token SET expires_at = 1 WHERE id = $1";
    let database = Beside::of(panel).await;
    database.put(over, &[&text(&own[0], "id")]).await;
    database.close().await;
    let never = revoked.with_token("wabe_0000000000000000000000000000000000000000000");
    [
        ("revoked token", revoked),
        ("expired token", expired),
        ("token that never was", never),
    ]
}
