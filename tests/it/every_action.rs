//! Every ticket action, shown, carried out and taken back, on its instruction and without one; on consent
//! besides, where it takes that. An action that is new stands here before it stands anywhere else.

use crate::on_both_engines;
use crate::sensitive_action::everyday::{lock, place_of, served, trouble};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use wabe_access::{Actor, InTickets, Mode, Refusal, Scope, StaffRole, instruction};
use wabe_kernel::id::TicketId;
use wabe_store::Statement;
use wabe_support::action::{Acted, act, is_action, undo};
use wabe_support::ticket;
use wabe_support::ticket::message::TicketEvent;
use wabe_testkit::{House, PASSWORD, Tenant, commands};

on_both_engines!(every_action_is_shown_carried_out_and_taken_back);

const LAST: Statement = Statement {
    name: "test.last_change",
    sql: "SELECT change_seq FROM customer WHERE id = $1",
};

/// An action: what it is about, what it is asked with, and whether staff can take it back themselves.
struct Case {
    command: &'static str,
    object: String,
    input: Value,
    back: bool,
    needs: Needs,
}

impl Case {
    /// One that staff can take back themselves.
    fn back(command: &'static str, object: &str, mut input: Value, needs: Needs) -> Self {
        input["id"] = json!(object);
        Self {
            command,
            object: object.to_owned(),
            input,
            back: true,
            needs,
        }
    }
}

/// What has to be so before an action means anything.
enum Needs {
    Nothing,
    /// The thing lies in the trash.
    Trash,
    /// The login is locked.
    Lock,
    /// The thing is switched off.
    Off,
    /// This step of this change of the thing failed.
    Trouble(&'static str, &'static str, Value),
}

/// A customer, somebody who helps, and somebody else's ticket.
struct Desk {
    house: House,
    tenant: Tenant,
    support: Actor,
    foreign: TicketId,
    bare: TicketId,
}

impl Desk {
    async fn new(house: House) -> Self {
        let tenant = house.tenant("Sonne").await;
        let other = house.tenant("Mond").await;
        let support = house.staff(StaffRole::Support).await;
        let foreign = open(&house, &other.owner, None).await;
        let bare = open(&house, &tenant.owner, None).await;
        Self {
            house,
            tenant,
            support,
            foreign,
            bare,
        }
    }

    async fn own(&self, name: &str, input: Value) -> String {
        made(&self.house, &self.tenant.owner, name, input).await
    }

    async fn cases(&self) -> Vec<Case> {
        let domain = self
            .own("domain.create", json!({ "name": "sonne.test" }))
            .await;
        let claimed = json!({ "name": "sonne.example.com" });
        let claimed = self.own("domain.create", claimed).await;
        self.publish_proof(&claimed).await;
        let thrown = self
            .own("domain.create", json!({ "name": "weg.test" }))
            .await;
        let mut all = Vec::new();
        let mut add = |command: &'static str, object: &str, mut input: Value, back| {
            input["id"] = json!(object);
            let object = object.to_owned();
            let trash = command.ends_with(".restore");
            let needs = if trash { Needs::Trash } else { Needs::Nothing };
            all.push(Case {
                command,
                object,
                input,
                back,
                needs,
            });
        };
        let room = json!({ "quota_bytes": 3_000_000_000_i64 });
        let mailbox =
            |local: &str| json!({ "address": format!("{local}@sonne.test"), "password": PASSWORD });
        let info = self.own("mailbox.create", mailbox("info")).await;
        add("mailbox.set_quota", &info, room.clone(), true);
        let shop = self.own("mailbox.create", mailbox("shop")).await;
        add("mailbox.restore", &shop, json!({}), false);
        let alias = |local: &str| json!({ "address": format!("{local}@sonne.test"), "targets": ["info@sonne.test"] });
        let all_of_us = self.own("alias.create", alias("alle")).await;
        self.own("mailbox.create", mailbox("lager")).await;
        let targets = json!({ "targets": ["lager@sonne.test"] });
        add("alias.set_targets", &all_of_us, targets, true);
        let gone = self.own("alias.create", alias("weg")).await;
        add("alias.restore", &gone, json!({}), false);
        let kept = self.own("database.create", json!({ "name": "shop" })).await;
        add("database.set_quota", &kept, room.clone(), true);
        let gone = self.own("database.create", json!({ "name": "weg" })).await;
        add("database.restore", &gone, json!({}), false);
        let site = self.own("webspace.create", json!({ "name": "shop" })).await;
        add("webspace.set_quota", &site, room, true);
        let folder = json!({ "document_root": "public" });
        add("webspace.set_document_root", &site, folder, true);
        let plain = json!({ "https_redirect": false });
        add("webspace.set_https_redirect", &site, plain, true);
        let gone = self.own("webspace.create", json!({ "name": "weg" })).await;
        add("webspace.restore", &gone, json!({}), false);
        let away = json!({ "redirect": "https://www.example.org/" });
        add("domain.set_redirect", &domain, away, true);
        add("domain.verify", &claimed, json!({}), false);
        add("domain.restore", &thrown, json!({}), false);
        all.extend(rules(&site));
        all.extend(switches([&site, &info, &all_of_us, &kept]));
        all.extend(self.everyday().await);
        all
    }

    /// What has no settings of its own: new passwords, a certificate, a login, and what failed.
    async fn everyday(&self) -> Vec<Case> {
        let mut all = Vec::new();
        let mut add = |command, object: &str, needs| {
            all.push(Case {
                command,
                object: object.to_owned(),
                input: json!({ "id": object }),
                back: false,
                needs,
            });
        };
        let mailbox = json!({ "address": "neu@sonne.test", "password": PASSWORD });
        let mailbox = self.own("mailbox.create", mailbox).await;
        add("mailbox.reset_password", &mailbox, Needs::Nothing);
        let owner = &self.tenant.owner;
        let orders = served(&self.house, owner, "bestellungen").await;
        add("database.reset_password", &orders, Needs::Nothing);
        let room = json!({ "quota_bytes": 4_000_000_000_i64 });
        let fails = |word, touch, input: &Value| Needs::Trouble(word, touch, input.clone());
        let trouble = fails("configure-mailbox", "mailbox.set_quota", &room);
        add("mailbox.retry", &mailbox, trouble);
        let site = self.own("webspace.create", json!({ "name": "neu" })).await;
        add("webspace.reset_upload_password", &site, Needs::Nothing);
        add("webspace.reissue_certificate", &site, Needs::Nothing);
        let trouble = fails("configure-site", "webspace.set_quota", &room);
        add("webspace.retry", &site, trouble);
        let database = self.own("database.create", json!({ "name": "neu" })).await;
        let trouble = fails("configure-database", "database.set_quota", &room);
        add("database.retry", &database, trouble);
        let alias = json!({ "address": "hallo@sonne.test", "targets": ["info@sonne.test"] });
        let alias = self.own("alias.create", alias).await;
        let targets = json!({ "targets": ["lager@sonne.test"] });
        let trouble = fails("configure-alias", "alias.set_targets", &targets);
        add("alias.retry", &alias, trouble);
        let domain = json!({ "name": "umzug.test" });
        let domain = self.own("domain.create", domain).await;
        let away = json!({ "redirect": "https://www.example.org/" });
        let trouble = fails("configure-redirect", "domain.set_redirect", &away);
        add("domain.retry", &domain, trouble);
        let (login, _) = place_of(&self.house, &self.tenant, owner).await;
        add("user.unlock", &login, Needs::Lock);
        all
    }

    /// Brings about what has to be so.
    async fn ready(&self, case: &Case) {
        let owner = &self.tenant.owner;
        match case.needs {
            Needs::Nothing => {}
            Needs::Trash => {
                let delete = case.command.replace(".restore", ".delete");
                self.own(&delete, json!({ "id": case.object })).await;
            }
            Needs::Off => {
                let suspend = case.command.replace(".resume", ".suspend");
                let input = json!({ "id": case.object, "reason": "Urlaub" });
                self.own(&suspend, input).await;
            }
            Needs::Lock => {
                let (_, email) = place_of(&self.house, &self.tenant, owner).await;
                lock(&self.house, &email).await;
            }
            Needs::Trouble(word, command, ref input) => {
                let mut input = input.clone();
                input["id"] = json!(case.object);
                trouble(&self.house, owner, word, (command, input)).await;
            }
        }
    }

    /// Has consent given where an action takes it; without, it was refused.
    async fn consented(&self, case: &Case, ticket: TicketId) {
        let spec = self.house.gate.command(case.command).unwrap();
        if spec.in_tickets != InTickets::Consented {
            return;
        }
        self.refused(case, ticket, "acts-not-consented").await;
        let wish = json!({ "id": ticket, "reason": "Um es neu zu setzen.", "acts": true });
        let asked = made(&self.house, &self.support, "consent.ask", wish).await;
        let yes = json!({ "id": asked, "acts": true });
        self.own("consent.give", yes).await;
    }

    async fn publish_proof(&self, id: &str) {
        let mut tx = self.house.db.store.read_for(self.tenant.id).await.unwrap();
        let (scope, id) = (Scope::system(self.tenant.id), id.parse().unwrap());
        let found = wabe_hosting::domain::load(&mut tx, &scope, id)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        let proofs = found.with_proofs(&self.house.facts).proofs.unwrap();
        let value = proofs.txt_value.as_str();
        self.house.lookup.set_txt(&proofs.txt_name, &[value]);
    }

    async fn act(&self, case: &Case, ticket: TicketId, mode: Mode) -> Result<Acted, Refusal> {
        let input: &Map<String, Value> = case.input.as_object().unwrap();
        act(
            &self.house.gate,
            &self.support,
            (ticket, case.command),
            input,
            mode,
        )
        .await
    }

    /// How many changes stand in the record, and how many cards in the ticket.
    async fn kept(&self, id: TicketId) -> (usize, usize) {
        let mut tx = self.house.db.store.read_for(self.tenant.id).await.unwrap();
        // Changes are numbered without gaps, so the last number is their count.
        let last = LAST.bind(self.tenant.id).one(&mut tx).await.unwrap();
        let changes = usize::try_from(last.int("change_seq").unwrap()).unwrap();
        let scope = Scope::system(self.tenant.id);
        let messages = ticket::messages(&mut tx, &scope, id).await.unwrap();
        tx.rollback().await.unwrap();
        let acted = |one: &&ticket::Message| one.event == Some(TicketEvent::Acted);
        (changes, messages.iter().filter(acted).count())
    }

    async fn refused(&self, case: &Case, ticket: TicketId, why: &str) {
        let before = self.kept(self.bare).await.0;
        for mode in [Mode::Preview, Mode::Commit] {
            let done = self.act(case, ticket, mode).await;
            let fits = match &done {
                Err(Refusal::Conflict(code)) => *code == why,
                Err(Refusal::NotFound) => why == "not-found",
                _ => false,
            };
            assert!(fits, "{} is not {why}: {done:?}", case.command);
        }
        assert_eq!(self.kept(self.bare).await.0, before, "{}", case.command);
    }

    async fn walk(&self, case: &Case) {
        let ticket = open(&self.house, &self.tenant.owner, Some(&case.object)).await;
        self.ready(case).await;
        self.refused(case, self.bare, "not-instructed").await;
        let done = self.act(case, self.foreign, Mode::Commit).await;
        assert!(done.is_err(), "{}: {done:?}", case.command);
        self.consented(case, ticket).await;
        let before = self.kept(ticket).await;
        let shown = self.act(case, ticket, Mode::Preview).await.unwrap();
        assert_eq!(shown.made.object, case.object);
        assert_eq!(self.kept(ticket).await, before, "{}", case.command);
        let done = self.act(case, ticket, Mode::Commit).await.unwrap().made;
        // What was shown is what was done; when it was done is not known before.
        let touched = |before: &Value, after: &Value| wabe_access::gate::touched(before, after);
        let (was, is) = (&shown.made, &done);
        assert_eq!(
            touched(&was.before, &was.after),
            touched(&is.before, &is.after)
        );
        // The change itself, and that it stands in the ticket.
        assert_eq!(self.kept(ticket).await, (before.0 + 2, before.1 + 1));
        let mut tx = self.house.db.store.read_for(self.tenant.id).await.unwrap();
        let given = instruction::of_ticket(&mut tx, self.tenant.id, ticket)
            .await
            .unwrap();
        let change = self
            .house
            .recorder
            .load(&mut tx, self.tenant.id, done.change);
        let change = change.await.unwrap().unwrap();
        tx.rollback().await.unwrap();
        let found = (change.ticket, change.instruction);
        assert_eq!(found, (Some(ticket), Some(given[0].id)), "{}", case.command);
        let place = (self.bare, done.change);
        let elsewhere = undo(&self.house.gate, &self.support, place, Mode::Commit).await;
        assert!(matches!(elsewhere, Err(Refusal::NotFound)), "{elsewhere:?}");
        let place = (ticket, done.change);
        let back = undo(&self.house.gate, &self.support, place, Mode::Commit).await;
        if case.back {
            let back = back.unwrap().made;
            assert_eq!(back.after, done.before, "{}", case.command);
            assert_eq!(self.kept(ticket).await.1, before.1 + 2);
        } else {
            let refused = matches!(back, Err(Refusal::Conflict("no-undo")));
            assert!(refused, "{}: {back:?}", case.command);
        }
        let end = json!({ "id": given[0].id });
        self.own("instruction.end", end).await;
        self.refused(case, ticket, "not-instructed").await;
    }
}

/// How a site is shown, rule by rule.
fn rules(site: &str) -> Vec<Case> {
    [
        ("webspace.set_php", json!({ "php": "8.2" })),
        (
            "webspace.set_redirects",
            json!({ "redirects": ["301 /alt https://www.example.org/neu"] }),
        ),
        (
            "webspace.set_error_pages",
            json!({ "error_pages": ["404 fehler/nicht-da.html"] }),
        ),
        (
            "webspace.set_upload_size",
            json!({ "upload_bytes": 100_000_000_i64 }),
        ),
    ]
    .map(|(command, input)| Case::back(command, site, input, Needs::Nothing))
    .into()
}

/// A webspace, a mailbox, an alias and a database are switched off, and on.
fn switches(things: [&str; 4]) -> Vec<Case> {
    let commands = [
        ("webspace.suspend", "webspace.resume"),
        ("mailbox.suspend", "mailbox.resume"),
        ("alias.suspend", "alias.resume"),
        ("database.suspend", "database.resume"),
    ];
    let pairs = commands.into_iter().zip(things);
    let cases = pairs.flat_map(|((suspend, resume), thing)| {
        let off = json!({ "reason": "Umbau" });
        [
            Case::back(suspend, thing, off, Needs::Nothing),
            Case::back(resume, thing, json!({}), Needs::Off),
        ]
    });
    cases.collect()
}

async fn made(house: &House, actor: &Actor, name: &str, input: Value) -> String {
    let done = house.run_json(actor, name, input).await;
    let done = done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    let id = done.output["id"].as_str().map(str::to_owned);
    id.unwrap_or(done.object)
}

async fn open(house: &House, actor: &Actor, object: Option<&str>) -> TicketId {
    let input = json!({ "subject": "Hilfe", "body": "Bitte ändern.", "object": object });
    made(house, actor, "ticket.create", input)
        .await
        .parse()
        .unwrap()
}

async fn every_action_is_shown_carried_out_and_taken_back(house: House) {
    let desk = Desk::new(house).await;
    let cases = desk.cases().await;
    desk.house.settle().await;
    for case in &cases {
        desk.walk(case).await;
    }
    let walked: BTreeSet<&str> = cases.iter().map(|case| case.command).collect();
    let known = commands();
    let known: BTreeSet<&str> = known
        .iter()
        .filter(|spec| is_action(spec))
        .map(|spec| spec.name)
        .collect();
    assert_eq!(walked, known);
}
