//! The desk: a thousand tickets and a million. The queue in several ways, the search, the figures; and an
//! action, from the click to its card.
//!
//! Both installations run side by side and are asked in turns, so that the machine's moods fall on both.
//! Their pages have the same number of rows, and every look at them is noted with as many customers.

use crate::client::{Answer, Visit};
use crate::installation::{Folder, Running};
use crate::load::{Caller, Times, paced};
use crate::report::{Outcome, Row};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::{Method, header};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wabe_kernel::Clock as _;
use wabe_panel::system::SystemClock;
use wabe_testkit::{Tickets, fill_tickets};

const RATE: u32 = 50;
const TURNS: u32 = 4;
const IN_A_TURN: u32 = 100;
const CALLERS: usize = 4;
/// Tickets in which actions are carried out in a turn, and how many in each: a conversation stays short.
const CONVERSATIONS: u32 = 5;
const ACTIONS_EACH: u32 = 5;
/// The place of the first employee among the demo's accounts; they work on tickets.
const SUPPORT: usize = 2;
/// Between two tickets in bulk, in microseconds.
const APART: i64 = 150_000_000;

/// How much there is.
#[derive(Clone, Copy)]
struct Size {
    tickets: i64,
    customers: i64,
    open: i64,
    mine_every: i64,
}

/// Enough of everything that each page is full.
const FEW: Size = Size {
    tickets: 1_000,
    customers: 500,
    open: 400,
    mine_every: 4,
};
const MANY: Size = Size {
    tickets: 1_000_000,
    customers: 5_000,
    open: 20_000,
    mine_every: 50,
};

/// What is asked for, and whether it shows the same whatever there is. Figures are read from totals by day, but for what is late now.
const PAGES: [(&str, bool); 11] = [
    ("ticket queue, first page", true),
    ("ticket queue, one's own", true),
    ("ticket queue, waiting for customers", true),
    ("ticket queue, overdue", true),
    ("ticket queue, in the middle of what is done", true),
    ("ticket search, a rare word", true),
    ("ticket search, a common word", true),
    ("ticket search, a common and a rare word", true),
    ("ticket search, a customer's number", true),
    ("ticket search, a ticket's number", true),
    ("figures about tickets", false),
];

/// One installation, and how long everything took.
struct Side {
    running: Running,
    paths: [&'static str; PAGES.len()],
    callers: Vec<Caller>,
    times: [Times; PAGES.len()],
    desk: Desk,
    _folder: Folder,
}

/// Who acts, on which mailbox.
struct Desk {
    /// A member of the customer, with a token.
    owner: Visit,
    /// An employee, with a session.
    employee: Visit,
    mailbox: String,
    quota: i64,
    clicks: Vec<Duration>,
    alone: Vec<Duration>,
}

/// The addresses of [`PAGES`].
fn paths(size: Size) -> [&'static str; PAGES.len()] {
    let half = SystemClock::default().now().0 - size.tickets / 2 * APART;
    let behind = URL_SAFE_NO_PAD.encode(format!("-{half}:"));
    let customer = 100_000_000 + size.customers / 3;
    let path = |rest: String| -> &'static str { format!("/staff/tickets{rest}").leak() };
    [
        path(String::new()),
        path("?owner=me".to_owned()),
        path("?lane=waiting".to_owned()),
        path("?due=overdue".to_owned()),
        path(format!("?lane=done&after={behind}")),
        path("?q=peculiar".to_owned()),
        path("?q=mailbox".to_owned()),
        path("?q=mailbox%20peculiar".to_owned()),
        path(format!("?q=K{customer}")),
        path("?q=T1000100".to_owned()),
        path("/numbers".to_owned()),
    ]
}

impl Side {
    async fn with(size: Size) -> Outcome<Self> {
        let folder = Folder::new().await?;
        folder.fill(size.customers, 1).await?;
        let account = folder.account(SUPPORT)?;
        let owner = folder.user(account).await?;
        let store = folder.store().await?;
        let wanted = Tickets {
            tickets: size.tickets,
            customers: size.customers,
            open: size.open,
            mine_every: size.mine_every,
            owner: &owner,
        };
        fill_tickets(&store, &SystemClock::default(), wanted).await?;
        store.close().await;
        let running = folder.start("serve").await?;
        let employee = running.employee(account).await?;
        let mut callers = Vec::new();
        for _ in 0..CALLERS {
            let visit = employee.clone().packed()?;
            callers.push(Caller::new(&running.portal()?, visit).await?);
        }
        let token = format!("Bearer {}", folder.token()?);
        let owner = Visit::from(2)?.with("authorization", &token)?;
        let mut connection = running.connect().await?;
        let mailboxes = connection.get("/api/v1/mailboxes", &owner).await?;
        let mailboxes = mailboxes.expect(200)?.json()?;
        let desk = Desk {
            owner,
            employee,
            mailbox: text(&mailboxes, "/items/0/id")?,
            quota: 2_000_000_000,
            clicks: Vec::new(),
            alone: Vec::new(),
        };
        Ok(Self {
            paths: paths(size),
            times: [const { Vec::new() }; PAGES.len()].map(Times::new),
            running,
            callers,
            desk,
            _folder: folder,
        })
    }

    async fn turn(&mut self) -> Outcome<()> {
        for (path, times) in self.paths.into_iter().zip(&mut self.times) {
            let callers = std::mem::take(&mut self.callers);
            let load = paced(callers, path, RATE, IN_A_TURN).await?;
            self.callers = load.callers;
            times.join(load.times);
        }
        for _ in 0..CONVERSATIONS {
            self.desk.act(&self.running).await?;
        }
        Ok(())
    }
}

impl Desk {
    /// A ticket in which somebody asks for more room, and what an employee does about it.
    async fn act(&mut self, running: &Running) -> Outcome<()> {
        let mut connection = running.connect().await?;
        let asked = json!({
            "subject": "More room", "body": "Please give it more room.", "object": self.mailbox,
        });
        let opened = connection.post("/api/v1/tickets", &self.owner, &asked);
        let opened = opened.await?.expect(201)?.json()?;
        let page = format!("/staff/tickets/{}", text(&opened, "/id")?);
        let shown = connection.get(&page, &self.employee).await?.expect(200)?;
        let csrf = hidden(&shown, "csrf")?;
        let form = self
            .employee
            .clone()
            .with("sec-fetch-site", "same-origin")?
            .with("content-type", "application/x-www-form-urlencoded")?;
        let own = format!("/api/v1/mailboxes/{}", self.mailbox);
        let patch = self.owner.clone();
        let patch = patch.with("content-type", "application/json")?;
        let action = format!("{page}/actions/mailbox.set_quota");
        for _ in 0..ACTIONS_EACH {
            self.quota += 1_000_000;
            let fields = format!(
                "csrf={csrf}&object={}&quota_bytes={}&act=run",
                self.mailbox, self.quota
            );
            let begun = Instant::now();
            let done = connection.send(Method::POST, &action, &form, fields.into());
            let done = done.await?.expect(303)?;
            let (shown_at, card) = card_of(&done)?;
            let shown = connection
                .get(shown_at, &self.employee)
                .await?
                .expect(200)?;
            self.clicks.push(begun.elapsed());
            if !String::from_utf8_lossy(&shown.body).contains(card) {
                return Err(format!("the ticket does not show {card}").into());
            }
            self.quota += 1_000_000;
            let wanted = json!({ "quota_bytes": self.quota }).to_string();
            let begun = Instant::now();
            let patched = connection.send(Method::PATCH, &own, &patch, wanted.into());
            patched.await?.expect(200)?;
            self.alone.push(begun.elapsed());
        }
        Ok(())
    }
}

/// Where an action leads: the page, and the change whose card it shows.
fn card_of(done: &Answer) -> Outcome<(&str, &str)> {
    let to = done.headers.get(header::LOCATION);
    let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
    let place = to.split_once('#').filter(|(_, card)| !card.is_empty());
    Ok(place.ok_or_else(|| format!("the action leads to {to}"))?)
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> Outcome<String> {
    let text = String::from_utf8_lossy(&page.body);
    let begin = format!("name=\"{name}\" value=\"");
    let rest = text.split_once(&begin).map(|(_, rest)| rest);
    let value = rest.and_then(|rest| rest.split('"').next());
    Ok(value
        .ok_or_else(|| format!("the page has no field {name}"))?
        .to_owned())
}

fn text(value: &Value, place: &str) -> Outcome<String> {
    let found = value.pointer(place).and_then(Value::as_str);
    Ok(found
        .ok_or_else(|| format!("{value} has no {place}"))?
        .to_owned())
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    // The one that takes long first: sessions end when nobody uses them.
    let (mut many, mut few) = (Side::with(MANY).await?, Side::with(FEW).await?);
    for _ in 0..TURNS {
        few.turn().await?;
        many.turn().await?;
    }
    let sides = few.times.iter().zip(&many.times);
    let mut rows: Vec<Row> = PAGES
        .iter()
        .zip(sides)
        .map(|(page, (few, many))| beside(*page, many, few))
        .collect();
    let [few_clicks, clicks, alone] =
        [few.desk.clicks, many.desk.clicks, many.desk.alone].map(Times::new);
    let what = "action from click to card";
    rows.push(beside((what, true), &clicks, &few_clicks));
    let row = Row::new(named(what), clicks.cell(99));
    let ratio = clicks.at(50) / alone.at(50);
    let baseline = format!("the same change by its owner over REST: {}", alone.cell(99));
    rows.push(row.beside(baseline, ratio));
    few.running.end()?;
    many.running.end()?;
    Ok(rows)
}

fn named(what: &str) -> String {
    format!("{what}, 1 000 000 tickets")
}

fn beside((what, same): (&str, bool), many: &Times, few: &Times) -> Row {
    let ratio = many.at(50) / few.at(50);
    let row = Row::new(named(what), many.cell(99));
    let row = row.beside(format!("1 000 tickets: {}", few.cell(99)), ratio);
    if same {
        row.target("within 20 %", ratio <= 1.2)
    } else {
        row
    }
}
