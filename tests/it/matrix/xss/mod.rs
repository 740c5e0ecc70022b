//! Attacks typed into every text of every form, as the pages show them, and sent by mail: in every answer,
//! and on every page that anybody opens afterwards, they are words and nothing else.
//!
//! A form is sent with the attack in all its texts at once, then again with what it refused replaced by
//! what it takes, so that an attack gets as far as any field lets it. What came that far is looked for on
//! the pages: an attack that no page shows has proved nothing.

mod corpus;

use crate::browser::Browser;
use crate::client::{Answer, text};
use crate::matrix::bad_form::{CONFIRMATION, PROOFS};
use crate::matrix::form::{Field, Kind, Tag, tags};
use crate::matrix::look;
use crate::matrix::route::{FIELDS, Route, routes};
use crate::matrix::shown::{Found, People};
use crate::matrix::world::{Side, member};
use crate::matrix::xss::corpus::{Corpus, corpus, escaped, faults, shows, unseen};
use crate::process::Panel;
use crate::tools::deliver;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use wabe_access::{Role, StaffRole};
use wabe_web::Area;

/// So often a form is sent with one attack.
const ROUNDS: usize = 3;
/// What is typed where a new password is wanted.
const PASSWORD: &str = "two words and a number 7";
/// So many links each reader follows beside the pages of the routes.
const LINKS_MAX: usize = 150;
/// What pages read from the end of their address.
const ASKED: [&str; 21] = [
    "q", "after", "done", "next", "page", "do", "thing", "named", "lane", "status", "owner",
    "priority", "category", "due", "view", "ask", "table", "did", "customer", "act", "log",
];

/// What was tried, what came of it, and where it was seen.
#[derive(Default)]
struct Tally {
    sent: u32,
    read: u32,
    faults: Vec<String>,
    /// Routes that took an attack.
    taken: BTreeSet<&'static str>,
    /// Attacks that some page shows as text.
    shown: BTreeSet<&'static str>,
}

impl Tally {
    fn look(&mut self, answer: &Answer, corpus: &Corpus, (about, path): (&str, &str)) {
        let found = faults(answer, corpus, path).into_iter();
        self.faults
            .extend(found.map(|fault| format!("{about}: {fault}")));
    }

    /// What holds for pages that somebody opens, beside that.
    fn look_read(&mut self, answer: &Answer, corpus: &Corpus, (about, path): (&str, &str)) {
        self.read += 1;
        self.look(answer, corpus, (about, path));
        if !answer.header("content-type").starts_with("text/html") {
            return;
        }
        let page = answer.text();
        // A file holds what anybody writes; the editor shows that.
        if !path.contains("/files/edit")
            && let Some(at) = page.find(unseen)
        {
            let around: String = page[..at].chars().rev().take(80).collect();
            let around: String = around.chars().rev().collect();
            self.faults
                .push(format!("{about}: what nobody sees comes after {around}"));
        }
        for (what, attack) in corpus {
            if shows(attack) && page.contains(&escaped(attack)) {
                self.shown.insert(*what);
            }
        }
    }
}

/// What is typed into a field at first, if anything is.
fn first(field: &Field, attack: &str) -> Option<String> {
    if PROOFS.contains(&field.name.as_str()) {
        return None;
    }
    let empty = field.value.as_deref().is_none_or(str::is_empty);
    match field.kind {
        Kind::Text | Kind::File => Some(attack.to_owned()),
        Kind::Number => empty.then(|| "5".to_owned()),
        Kind::Password => Some(PASSWORD.to_owned()),
        Kind::Hidden | Kind::Choice => None,
    }
}

/// What a field takes that refused an attack: what stood in it, or what fits its name.
fn good(field: &Field) -> String {
    let kept = field.value.clone().filter(|value| !value.is_empty());
    let known = FIELDS.iter().find(|(name, _)| *name == field.name);
    kept.unwrap_or_else(|| known.map_or("", |(_, value)| *value).to_owned())
}

/// Whether an attack stands in this field.
fn holds(typed: &BTreeMap<&str, String>, field: &Field, attack: &str) -> bool {
    let text = typed.get(field.name.as_str());
    text.is_some_and(|text| text == attack)
}

/// Types an attack into a form as often as that leads further; every answer, and whether it was taken.
async fn typed(people: &People, found: &Found, attack: &str) -> (Vec<Answer>, bool) {
    let fields = &found.form.fields;
    let texts: Vec<&Field> = fields
        .iter()
        .filter(|field| field.kind == Kind::Text)
        .collect();
    let mut typed: BTreeMap<&str, String> = BTreeMap::new();
    for field in fields {
        if let Some(text) = first(field, attack) {
            typed.insert(&field.name, text);
        }
    }
    let (mut answers, mut taken) = (Vec::new(), false);
    for _ in 0..ROUNDS {
        let answer = people.send(found, &typed).await;
        let page = answer.text();
        let mut refused: Vec<&Field> = texts.clone();
        refused.retain(|field| {
            let wrong = page.contains(&format!("href=\"#{}\"", field.name));
            wrong && field.name != CONFIRMATION && holds(&typed, field, attack)
        });
        let held = texts.iter().any(|field| holds(&typed, field, attack));
        taken = answer.status == 303 && held;
        let again = answer.status == 422 && !refused.is_empty();
        answers.push(answer);
        if !again {
            break;
        }
        for field in refused {
            typed.insert(&field.name, good(field));
        }
    }
    (answers, taken)
}

/// The forms, those of the hoster after its customers', and last what ends or renames what others need.
fn ordered<'a>(found: &'a BTreeMap<&'static str, Found>) -> Vec<(&'static str, &'a Found)> {
    let mut all: Vec<_> = found.iter().map(|(path, found)| (*path, found)).collect();
    all.sort_by_key(|(path, _)| {
        let last = path.ends_with("/suspend") || path.ends_with("/rename");
        (path.starts_with("/staff/"), last)
    });
    all
}

/// Sends every form with every attack in its texts, and with some in what nobody types.
async fn attack(people: &People, found: &BTreeMap<&'static str, Found>, tally: &mut Tally) {
    let corpus = corpus();
    for (path, found) in ordered(found) {
        let fields = &found.form.fields;
        let texts = [Kind::Text, Kind::File];
        if fields.iter().any(|field| texts.contains(&field.kind)) {
            // A login that is refused counts against whoever tries.
            let most = if path == "/login" { 2 } else { corpus.len() };
            for (what, attack) in &corpus[..most] {
                let (answers, taken) = typed(people, found, attack).await;
                for answer in &answers {
                    tally.sent += 1;
                    tally.look(answer, &corpus, (&format!("{path} with {what}"), path));
                }
                if taken {
                    tally.taken.insert(path);
                }
            }
        }
        let chosen = [Kind::Hidden, Kind::Choice, Kind::Number];
        for field in fields.iter().filter(|field| chosen.contains(&field.kind)) {
            if PROOFS.contains(&field.name.as_str()) {
                continue;
            }
            for (what, attack) in &corpus[..4] {
                let typed = BTreeMap::from([(field.name.as_str(), attack.clone())]);
                let answer = people.send(found, &typed).await;
                tally.sent += 1;
                let about = format!("{path} {} = {what}", field.name);
                tally.look(&answer, &corpus, (&about, path));
            }
        }
    }
}

/// Letters of strangers to a mailbox, with attacks in all that a reader shows.
async fn write(panel: &Panel, side: &Side) {
    let mailbox = format!("/mailboxes/{}", side.things["mbx"]);
    let address = text(&side.api.get(&mailbox).await.expect(200), "address");
    for (_, attack) in corpus().iter().filter(|(_, attack)| shows(attack)) {
        let name = attack.replace('"', "'");
        let letter = format!(
            "From: \"{name}\" <ada@sender.example>\r\nTo: {address}\r\nSubject: {attack}\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n\
             --edge\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{attack}</p>\r\n\
             --edge\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; \
             filename=\"{name}\"\r\n\r\n{attack}\r\n--edge--\r\n"
        );
        let (code, words) = deliver(panel, &address, letter.as_bytes()).await;
        assert_eq!(code, 250, "{words}");
    }
}

/// Somebody who opens pages.
struct Reader {
    name: String,
    browser: Browser,
    areas: &'static [Area],
}

/// One of everybody who opens pages, as they are before the attacks.
async fn readers(panel: &Panel, side: &Side) -> Vec<Reader> {
    let mut all = Vec::new();
    let mut add = |name: &str, browser: Browser, areas: &'static [Area]| {
        let name = name.to_owned();
        all.push(Reader {
            name,
            browser,
            areas,
        });
    };
    add("guest", Browser::guest(panel), &[Area::Door]);
    add("owner", side.owner.clone(), &[Area::Door, Area::Portal]);
    let (viewer, _) = member(panel, side, Role::Viewer).await;
    add("viewer", viewer, &[Area::Portal]);
    let (reading, _) = look::reading(panel, side).await;
    add("operator reading content", reading, &[Area::Portal]);
    for role in StaffRole::ALL {
        let (email, password) = panel.account(role.word());
        let browser = Browser::logged_in(panel, (&email, &password)).await;
        add(role.word(), browser, &[Area::Staff]);
    }
    all
}

/// Where the links of a page lead that are of this site and no assets.
fn links(page: &str) -> Vec<String> {
    let leads = |tag: &Tag| {
        let href = tag.attributes.get("href").filter(|_| tag.name == "a")?;
        let path = href.split('#').next().unwrap_or("");
        let ours = path.starts_with('/') && !path.starts_with("//");
        (ours && path != "/live").then(|| path.to_owned())
    };
    tags(page).iter().filter_map(leads).collect()
}

/// The address of a page with an attack in everything that a page reads from its end.
fn asking(path: &str, attack: &str) -> String {
    let sign = |byte: u8| format!("%{byte:02X}");
    let attack: String = attack.bytes().map(sign).collect();
    let asked = ASKED.map(|name| format!("{name}={attack}")).join("&");
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{asked}")
}

/// Opens every page that somebody may open: those of the routes, also with attacks in the address, and then
/// what they lead to.
async fn read(reader: &Reader, (side, routes): (&Side, &[Route]), tally: &mut Tally) {
    let corpus = corpus();
    let pages = routes.iter().filter(|route| {
        let info = &route.info;
        info.method == "GET" && info.path != "/live" && reader.areas.contains(&info.area)
    });
    let starts: Vec<String> = pages.map(|page| page.own(side).path().to_owned()).collect();
    let mut seen: BTreeSet<String> = starts.iter().cloned().collect();
    let mut open: VecDeque<String> = starts.iter().cloned().collect();
    let most = starts.len() + LINKS_MAX;
    let mut opened = 0;
    while let Some(path) = open.pop_front().filter(|_| opened < most) {
        opened += 1;
        let answer = reader.browser.get(&path).await;
        let about = format!("{path} as {}", reader.name);
        tally.look_read(&answer, &corpus, (&about, &path));
        if answer.status != 200 || !answer.header("content-type").starts_with("text/html") {
            continue;
        }
        if opened <= starts.len() {
            for (what, attack) in &corpus[..2] {
                let answer = reader.browser.get(&asking(&path, attack)).await;
                let about = format!("{path} asked for {what} as {}", reader.name);
                tally.look_read(&answer, &corpus, (&about, &path));
            }
        }
        for link in links(&answer.text()) {
            if seen.insert(link.clone()) {
                open.push_back(link);
            }
        }
    }
}

/// What programs get is nothing that a browser would take for a page.
async fn by_programs((side, routes): (&Side, &[Route]), tally: &mut Tally) {
    let corpus = corpus();
    for route in routes {
        let info = &route.info;
        if info.method != "GET" || info.area != Area::Api || info.endless {
            continue;
        }
        let request = route.own(side);
        let answer = side.api.send(request.by_token(&side.api)).await;
        tally.look_read(&answer, &corpus, (request.path(), request.path()));
    }
}

/// The letters that left have the heads that the panel gave them.
fn letters(panel: &Panel, tally: &mut Tally) -> usize {
    let mut count = 0;
    let outbox = fs::read_dir(panel.data.join("outbox"));
    for entry in outbox.into_iter().flatten().flatten() {
        let letter = fs::read_to_string(entry.path()).unwrap_or_default();
        let letter = letter.replace("\r\n", "\n");
        let head = letter.split("\n\n").next().unwrap_or("");
        let bent = head.lines().any(|line| line.starts_with("Bcc:"));
        if bent || head.contains(unseen) {
            tally.faults.push(format!("a letter: {head}"));
        }
        count += 1;
    }
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attacks_in_every_field_are_words_on_every_page() {
    let panel = Panel::demo();
    let (email, password) = panel.account("owner");
    let mut side = Side::new(&panel, (&email, &password)).await;
    look::things(&panel, [&mut side]).await;
    let people = People::come(&panel, &side).await;
    let readers = readers(&panel, &side).await;
    let routes = routes(&side).await;
    let found = people.forms(&side, &routes).await;
    let mut tally = Tally::default();
    write(&panel, &side).await;
    Box::pin(attack(&people, &found, &mut tally)).await;
    let sent = tally.sent;
    for reader in &readers {
        Box::pin(read(reader, (&side, &routes), &mut tally)).await;
    }
    by_programs((&side, &routes), &mut tally).await;
    let letters = letters(&panel, &mut tally);
    println!(
        "{sent} forms sent, {} pages and {letters} letters read, taken by {:?}",
        tally.read, tally.taken
    );
    let faults = &tally.faults;
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults[..faults.len().min(60)].join("\n")
    );
    assert!(tally.taken.len() >= 8, "taken by {:?}", tally.taken);
    assert!(letters > 0, "no letter");
    let wanted = corpus().into_iter().filter(|(_, attack)| shows(attack));
    let missing: Vec<&str> = wanted
        .map(|(what, _)| what)
        .filter(|what| !tally.shown.contains(what))
        .collect();
    assert!(missing.is_empty(), "no page shows {missing:?}");
}
