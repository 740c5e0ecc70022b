//! What takes more than an instruction: acts of staff on consent, and the secret that only the customer's
//! people see. Source: bar 3.4 T6, 3.6 T5, 3.8 T1 to T3, T6.

pub(crate) mod everyday;

use crate::on_both_engines;
use serde_json::{Map, Value, json};
use wabe_access::command::BoxedCommand;
use wabe_access::gate::{Passage, Passed, STEP_UP_SECONDS};
use wabe_access::{
    Actor, ActorKind, AnyCommand, Command, Door, Gate, InTickets, Mode, Object, Once, Permission,
    Refusal, Role, StaffRole,
};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{ConsentId, TicketHandoverId, TicketId, TokenId};
use wabe_kernel::{Timestamp, fields};
use wabe_store::{Location, Statement};
use wabe_support::action::{Acted, act};
use wabe_support::handover::{self, Handover};
use wabe_testkit::{House, PASSWORD, Tenant, snapshot};

on_both_engines!(
    nothing_sensitive_happens_without_a_consent_that_reaches_it,
    a_consent_reaches_its_own_ticket_and_what_was_asked_there,
    a_consent_that_is_withdrawn_meanwhile_carries_nothing,
    whoever_acts_on_consent_has_proved_themselves_lately,
    the_new_password_is_seen_by_the_customers_people_alone_and_once,
    a_new_password_waits_three_days_and_a_newer_one_takes_its_place,
    what_members_do_themselves_they_do_not_do_this_way,
    the_database_refuses_a_consented_act_without_its_consent,
);

const RESET: &str = "mailbox.reset_password";

/// A customer with two mailboxes and a webspace, a ticket about the first mailbox, and somebody who helps.
struct Scene {
    tenant: Tenant,
    boxes: [String; 2],
    support: Actor,
    ticket: TicketId,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn said(house: &House, actor: &Actor, name: &str, input: Value) -> Value {
    let done = house.run_json(actor, name, input).await;
    let done = done.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    let mut output = done.output;
    if output.get("id").is_none() {
        output = json!({ "id": done.object });
    }
    output
}

async fn open(house: &House, actor: &Actor, object: &str) -> TicketId {
    let input = json!({ "subject": "Hilfe", "body": "Bitte helfen.", "object": object });
    let opened = said(house, actor, "ticket.create", input).await;
    text(&opened["id"]).parse().unwrap()
}

async fn scene(house: &House, name: &str) -> Scene {
    let tenant = house.tenant(name).await;
    let domain = format!("{}.test", name.to_lowercase());
    let claim = json!({ "name": domain });
    said(house, &tenant.owner, "domain.create", claim).await;
    let mut boxes = Vec::new();
    for local in ["info", "shop"] {
        let input = json!({ "address": format!("{local}@{domain}"), "password": PASSWORD });
        let made = said(house, &tenant.owner, "mailbox.create", input).await;
        boxes.push(text(&made["id"]));
    }
    let ticket = open(house, &tenant.owner, &boxes[0]).await;
    Scene {
        support: house.staff(StaffRole::Support).await,
        boxes: boxes.try_into().unwrap(),
        tenant,
        ticket,
    }
}

impl Scene {
    /// A consent that was asked for and given; whether it reaches acts.
    async fn consents(&self, house: &House, ticket: TicketId, acts: bool) -> ConsentId {
        let wish = json!({ "id": ticket, "reason": "Um es neu zu setzen.", "acts": acts });
        let asked = said(house, &self.support, "consent.ask", wish).await;
        let yes = json!({ "id": asked["id"], "days": 1, "acts": acts });
        said(house, &self.tenant.owner, "consent.give", yes).await;
        text(&asked["id"]).parse().unwrap()
    }

    async fn withdraws(&self, house: &House, consent: ConsentId) {
        let no = json!({ "id": consent });
        said(house, &self.tenant.owner, "consent.withdraw", no).await;
    }

    async fn reset(&self, house: &House, object: &str) -> Result<Acted, Refusal> {
        reset(house, &self.support, self.ticket, object).await
    }

    /// What waits in the ticket.
    async fn waiting(&self, house: &House) -> Vec<Handover> {
        let mut tx = house.db.store.read().await.unwrap();
        let found = handover::list(&mut tx, self.tenant.id, self.ticket).await;
        tx.rollback().await.unwrap();
        found.unwrap()
    }

    async fn collect(
        &self,
        house: &House,
        actor: &Actor,
        handover: TicketHandoverId,
    ) -> Result<Value, Refusal> {
        let input = json!({ "id": self.ticket, "handover": handover });
        let done = house.run_json(actor, "ticket.collect_secret", input).await;
        done.map(|done| done.output)
    }
}

fn about(object: &str) -> Map<String, Value> {
    json!({ "id": object }).as_object().cloned().unwrap()
}

async fn reset(
    house: &House,
    actor: &Actor,
    ticket: TicketId,
    object: &str,
) -> Result<Acted, Refusal> {
    let place = (ticket, RESET);
    act(&house.gate, actor, place, &about(object), Mode::Commit).await
}

fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Conflict(code) => code,
        Refusal::NotFound => "NotFound",
        Refusal::Forbidden => "Forbidden",
        Refusal::StepUp => "StepUp",
        other => panic!("{other:?}"),
    }
}

fn refused<T: std::fmt::Debug>(done: Result<T, Refusal>) -> &'static str {
    code(&done.unwrap_err())
}

fn now(house: &House) -> Timestamp {
    wabe_kernel::Clock::now(house.clock.as_ref())
}

/// One text that a statement finds.
async fn found(house: &House, sql: &'static str, id: &str) -> String {
    let statement = Statement {
        name: "test.found",
        sql,
    };
    let mut tx = house.db.store.read().await.unwrap();
    let row = statement.bind(id).one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    row.text("found").unwrap()
}

async fn hash(house: &House, mailbox: &str) -> String {
    let sql = "SELECT password_hash AS found FROM mailbox WHERE id = $1";
    found(house, sql, mailbox).await
}

async fn nothing_sensitive_happens_without_a_consent_that_reaches_it(house: House) {
    let scene = scene(&house, "Sonne").await;
    let before = hash(&house, &scene.boxes[0]).await;
    for mode in [Mode::Preview, Mode::Commit] {
        let place = (scene.ticket, RESET);
        let input = about(&scene.boxes[0]);
        let done = act(&house.gate, &scene.support, place, &input, mode).await;
        assert_eq!(refused(done), "acts-not-consented");
    }
    // Asked for, refused, and given for looking alone.
    let wish = json!({ "id": scene.ticket, "reason": "Um es zu setzen.", "acts": true });
    let asked = said(&house, &scene.support, "consent.ask", wish).await;
    let done = scene.reset(&house, &scene.boxes[0]).await;
    assert_eq!(refused(done), "acts-not-consented");
    let no = json!({ "id": asked["id"] });
    said(&house, &scene.tenant.owner, "consent.refuse", no).await;
    let done = scene.reset(&house, &scene.boxes[0]).await;
    assert_eq!(refused(done), "acts-not-consented");
    let looks = scene.consents(&house, scene.ticket, false).await;
    let done = scene.reset(&house, &scene.boxes[0]).await;
    assert_eq!(refused(done), "acts-not-consented");
    scene.withdraws(&house, looks).await;
    // Given, and taken back.
    let acts = scene.consents(&house, scene.ticket, true).await;
    scene.reset(&house, &scene.boxes[0]).await.unwrap();
    let after = hash(&house, &scene.boxes[0]).await;
    assert_ne!(before, after);
    scene.withdraws(&house, acts).await;
    let done = scene.reset(&house, &scene.boxes[0]).await;
    assert_eq!(refused(done), "acts-not-consented");
    // Given, and over.
    scene.consents(&house, scene.ticket, true).await;
    house.clock.advance(86_400);
    let fresh = Actor::staff(scene.support.user.unwrap(), now(&house));
    let done = reset(&house, &fresh, scene.ticket, &scene.boxes[0]).await;
    assert_eq!(refused(done), "acts-not-consented");
    assert_eq!(after, hash(&house, &scene.boxes[0]).await);
}

async fn a_consent_reaches_its_own_ticket_and_what_was_asked_there(house: House) {
    let (sonne, mond) = (scene(&house, "Sonne").await, scene(&house, "Mond").await);
    sonne.consents(&house, sonne.ticket, true).await;
    // Nobody asked about the other mailbox; another ticket has no consent; another customer's neither.
    let done = sonne.reset(&house, &sonne.boxes[1]).await;
    assert_eq!(refused(done), "not-instructed");
    let other = open(&house, &sonne.tenant.owner, &sonne.boxes[0]).await;
    let done = reset(&house, &sonne.support, other, &sonne.boxes[0]).await;
    assert_eq!(refused(done), "acts-not-consented");
    let done = reset(&house, &sonne.support, mond.ticket, &sonne.boxes[0]).await;
    assert_eq!(refused(done), "acts-not-consented");
    let done = sonne.reset(&house, &mond.boxes[0]).await;
    assert_eq!(refused(done), "NotFound");
    // A consent is no instruction.
    let end = "SELECT id AS found FROM instruction WHERE ticket_id = $1";
    let given = found(&house, end, &sonne.ticket.to_string()).await;
    let end = json!({ "id": given });
    said(&house, &sonne.tenant.owner, "instruction.end", end).await;
    let done = sonne.reset(&house, &sonne.boxes[0]).await;
    assert_eq!(refused(done), "not-instructed");
    // Nor does it outlast its ticket, or whoever gave it.
    mond.consents(&house, mond.ticket, true).await;
    let solve = json!({ "id": mond.ticket });
    said(&house, &mond.tenant.owner, "ticket.solve", solve).await;
    let done = mond.reset(&house, &mond.boxes[0]).await;
    assert_eq!(refused(done), "ticket-not-open");
}

/// Lets somebody withdraw a consent between the preparation of a command and its way through the gate.
struct Meanwhile {
    inner: BoxedCommand,
    owner: Actor,
    consent: ConsentId,
}

impl AnyCommand for Meanwhile {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn prepare<'a>(
        &'a mut self,
        gate: &'a Gate,
        actor: &'a Actor,
    ) -> Working<'a, Result<(), Refusal>> {
        Box::pin(async move {
            self.inner.prepare(gate, actor).await?;
            let input = about(&self.consent.to_string());
            let spec = gate.command("consent.withdraw").unwrap();
            (spec.run)(gate, &self.owner, input, Mode::Commit, None)
                .await
                .map(drop)
        })
    }

    fn pass<'a>(
        &'a self,
        gate: &'a Gate,
        passage: &'a mut Passage,
        actor: &'a Actor,
        once: Option<&'a Once>,
    ) -> Working<'a, Result<Passed<Value>, Refusal>> {
        self.inner.pass(gate, passage, actor, once)
    }
}

const WITHDRAW: Statement = Statement {
    name: "test.withdraw",
    sql: "UPDATE consent SET withdrawn_at = $1 WHERE customer_id = $2",
};

fields! {
    /// An act during which its consent is withdrawn.
    pub struct ActMeanwhile {
        /// On what.
        pub id: wabe_kernel::id::MailboxId,
    }
}

impl Command for ActMeanwhile {
    const NAME: &'static str = "mailbox.act_meanwhile";
    const PERMISSION: Permission = Permission::MailboxWrite;
    const IN_TICKETS: InTickets = InTickets::Consented;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, now) = (door.customer(), door.now());
        WITHDRAW.bind(now).bind(customer).execute(door.tx()).await?;
        let object = Object {
            kind: "mailbox",
            id: self.id.to_string(),
            name: String::new(),
        };
        door.record(object, Value::Null, json!({}));
        Ok(())
    }
}

async fn a_consent_that_is_withdrawn_meanwhile_carries_nothing(house: House) {
    let scene = scene(&house, "Sonne").await;
    let before = hash(&house, &scene.boxes[0]).await;
    let there = scene
        .support
        .clone()
        .at_ticket(scene.tenant.id, scene.ticket);
    // Before the transaction, while the password was hashed.
    let consent = scene.consents(&house, scene.ticket, true).await;
    let spec = house.gate.command(RESET).unwrap();
    let inner = (spec.parse)(&about(&scene.boxes[0])).unwrap();
    let owner = scene.tenant.owner.clone();
    let command: BoxedCommand = Box::new(Meanwhile {
        inner,
        owner,
        consent,
    });
    let keep: BoxedCommand = Box::new(wabe_support::action::KeepAction {
        id: scene.ticket,
        by: scene.support.user.unwrap(),
    });
    let done = house
        .gate
        .run_then(&there, vec![command], vec![keep], Mode::Commit);
    let stopped = done.await.unwrap_err();
    assert_eq!(code(&stopped.refusal), "acts-not-consented");
    assert_eq!(before, hash(&house, &scene.boxes[0]).await);
    // Within it.
    let consent = scene.consents(&house, scene.ticket, true).await;
    let id = scene.boxes[0].parse().unwrap();
    let done = house
        .gate
        .run(&there, ActMeanwhile { id }, Mode::Commit)
        .await;
    assert_eq!(refused(done.map(drop)), "acts-not-consented");
    // Nothing of that happened, the withdrawal included.
    scene.reset(&house, &scene.boxes[0]).await.unwrap();
    scene.withdraws(&house, consent).await;
}

async fn whoever_acts_on_consent_has_proved_themselves_lately(house: House) {
    let scene = scene(&house, "Sonne").await;
    scene.consents(&house, scene.ticket, true).await;
    // A program of the hoster's, unless it was granted sensitive commands.
    let mut program = scene.support.clone();
    program.kind = ActorKind::Token(TokenId::new(now(&house), house.rng.as_ref()));
    (program.authenticated_at, program.second_factor_at) = (None, None);
    program.scopes = Some([Permission::TicketDesk, Permission::TicketWork].into());
    let done = reset(&house, &program, scene.ticket, &scene.boxes[0]).await;
    assert_eq!(refused(done), "StepUp");
    program.sensitive = true;
    reset(&house, &program, scene.ticket, &scene.boxes[0])
        .await
        .unwrap();
    house.clock.advance(u32::try_from(STEP_UP_SECONDS).unwrap());
    scene.reset(&house, &scene.boxes[0]).await.unwrap();
    house.clock.advance(1);
    let done = scene.reset(&house, &scene.boxes[0]).await;
    assert_eq!(refused(done), "StepUp");
    for role in [StaffRole::Auditor, StaffRole::Management] {
        let staff = house.staff(role).await;
        let done = reset(&house, &staff, scene.ticket, &scene.boxes[0]).await;
        assert_eq!(refused(done), "Forbidden");
    }
}

const SEALED: Statement = Statement {
    name: "test.sealed",
    sql: "SELECT sealed FROM ticket_handover_secret",
};

/// Nobody of the hoster, no program, nobody without the right, nobody of another customer.
async fn nobody_else_sees(house: &House, scene: &Scene, id: TicketHandoverId) {
    let there = scene
        .support
        .clone()
        .at_ticket(scene.tenant.id, scene.ticket);
    let mut inside = scene.support.clone().in_customer(scene.tenant.id);
    for actor in [&scene.support, &there, &inside] {
        let done = scene.collect(house, actor, id).await;
        assert!(
            matches!(refused(done), "Forbidden" | "NotFound"),
            "{actor:?}"
        );
    }
    inside.kind = ActorKind::Member;
    assert_eq!(refused(scene.collect(house, &inside, id).await), "NotFound");
    let mut program = scene.tenant.owner.clone();
    program.kind = ActorKind::Token(TokenId::new(now(house), house.rng.as_ref()));
    assert_eq!(
        refused(scene.collect(house, &program, id).await),
        "Forbidden"
    );
    let viewer = house.member(scene.tenant.id, Role::Viewer).await;
    let other = self::scene(house, "Mond").await;
    let webmaster = house.member(scene.tenant.id, Role::Webmaster).await;
    for (actor, why) in [
        (&viewer, "Forbidden"),
        (&webmaster, "NotFound"),
        (&other.tenant.owner, "NotFound"),
    ] {
        assert_eq!(refused(scene.collect(house, actor, id).await), why);
    }
}

async fn the_new_password_is_seen_by_the_customers_people_alone_and_once(house: House) {
    let scene = scene(&house, "Sonne").await;
    let consent = scene.consents(&house, scene.ticket, true).await;
    let done = scene.reset(&house, &scene.boxes[0]).await.unwrap();
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let change = house
        .recorder
        .load(&mut tx, scene.tenant.id, done.made.change);
    let change = change.await.unwrap().unwrap();
    assert_eq!(SEALED.query().all(&mut tx).await.unwrap().len(), 1);
    tx.rollback().await.unwrap();
    assert_eq!(
        (change.ticket, change.consent),
        (Some(scene.ticket), Some(consent))
    );
    assert!(change.instruction.is_some());
    let waiting = scene.waiting(&house).await;
    let [one] = waiting.as_slice() else {
        panic!("{waiting:?}");
    };
    assert_eq!(
        (one.object.as_str(), one.waits(now(&house))),
        (scene.boxes[0].as_str(), true)
    );
    // What staff read on PostgreSQL, they read where no such row is.
    if matches!(house.db.location, Location::Postgres(_)) {
        let mut tx = house.db.store.read().await.unwrap();
        assert!(SEALED.query().all(&mut tx).await.unwrap().is_empty());
        tx.rollback().await.unwrap();
    }
    nobody_else_sees(&house, &scene, one.id).await;
    // Whoever manages mailboxes sees it, once.
    let manager = house.member(scene.tenant.id, Role::MailManager).await;
    let seen = scene.collect(&house, &manager, one.id).await.unwrap();
    let value = text(&seen["value"]);
    assert!(value.len() >= 20, "{value}");
    for actor in [&manager, &scene.tenant.owner] {
        let done = scene.collect(&house, actor, one.id).await;
        assert_eq!(refused(done), "handover-gone");
    }
    let waiting = scene.waiting(&house).await;
    assert_eq!(waiting[0].collected_by, manager.user);
    // Nowhere else is it written: in no letter, no message, no record.
    let whole = snapshot(&house.db.location).await;
    let kept = whole.values().flatten().any(|line| line.contains(&value));
    assert!(!kept);
    assert!(!format!("{done:?}").contains(&value));
}

async fn a_new_password_waits_three_days_and_a_newer_one_takes_its_place(house: House) {
    let scene = scene(&house, "Sonne").await;
    scene.consents(&house, scene.ticket, true).await;
    scene.reset(&house, &scene.boxes[0]).await.unwrap();
    house.clock.advance(1);
    scene.reset(&house, &scene.boxes[0]).await.unwrap();
    let waiting: [Handover; 2] = scene.waiting(&house).await.try_into().unwrap();
    let [first, second] = waiting;
    let owner = &scene.tenant.owner;
    assert!(!first.waits(now(&house)) && first.collected_by.is_none());
    assert_eq!(
        refused(scene.collect(&house, owner, first.id).await),
        "handover-gone"
    );
    // It waits on when the ticket is solved; not for ever.
    let solve = json!({ "id": scene.ticket });
    said(&house, owner, "ticket.solve", solve).await;
    assert!(second.waits(now(&house)));
    house.clock.advance(3 * 86_400);
    assert_eq!(
        refused(scene.collect(&house, owner, second.id).await),
        "handover-gone"
    );
    let emptied = handover::empty_due(&house.db.store, now(&house)).await;
    assert_eq!(emptied.unwrap(), 1);
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    assert!(SEALED.query().all(&mut tx).await.unwrap().is_empty());
    tx.rollback().await.unwrap();
    let emptied = handover::empty_due(&house.db.store, now(&house)).await;
    assert_eq!(emptied.unwrap(), 0);
}

async fn what_members_do_themselves_they_do_not_do_this_way(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    let before = hash(&house, &scene.boxes[0]).await;
    let done = house
        .run_json(owner, RESET, json!({ "id": scene.boxes[0] }))
        .await;
    assert_eq!(refused(done), "Forbidden");
    let site = said(&house, owner, "webspace.create", json!({ "name": "shop" })).await;
    let input = json!({ "id": site["id"] });
    let done = house
        .run_json(owner, "webspace.reset_upload_password", input)
        .await;
    assert_eq!(refused(done), "Forbidden");
    assert_eq!(before, hash(&house, &scene.boxes[0]).await);
}

/// The change as it is, under another number; the consent with it, or not.
const FORGED: &str = "INSERT INTO change (id, customer_id, seq, at, actor_kind, command, object_kind, \
     object_id, kind, payload_hmac, authority, ticket_id, instruction_id) \
     SELECT 'chg_forged', customer_id, seq + 1000, at, actor_kind, command, object_kind, object_id, kind, \
     payload_hmac, authority, ticket_id, instruction_id FROM change WHERE command = 'mailbox.reset_password'";
const COPIED: &str = "INSERT INTO change (id, customer_id, seq, at, actor_kind, command, object_kind, \
     object_id, kind, payload_hmac, authority, ticket_id, instruction_id, consent_id) \
     SELECT 'chg_copied', customer_id, seq + 1000, at, actor_kind, command, object_kind, object_id, kind, \
     payload_hmac, authority, ticket_id, instruction_id, consent_id FROM change \
     WHERE command = 'mailbox.reset_password'";
const WITHOUT_TICKET: &str = "INSERT INTO change (id, customer_id, seq, at, actor_kind, command, \
     object_kind, object_id, kind, payload_hmac, authority, instruction_id, consent_id) \
     SELECT 'chg_forged', customer_id, seq + 1000, at, actor_kind, command, object_kind, object_id, kind, \
     payload_hmac, authority, instruction_id, consent_id FROM change \
     WHERE command = 'mailbox.reset_password'";
const WITHOUT_INSTRUCTION: &str = "INSERT INTO change (id, customer_id, seq, at, actor_kind, command, \
     object_kind, object_id, kind, payload_hmac, authority, ticket_id, consent_id) \
     SELECT 'chg_forged', customer_id, seq + 1000, at, actor_kind, command, object_kind, object_id, kind, \
     payload_hmac, authority, ticket_id, consent_id FROM change \
     WHERE command = 'mailbox.reset_password'";

async fn the_database_refuses_a_consented_act_without_its_consent(house: House) {
    let scene = scene(&house, "Sonne").await;
    scene.consents(&house, scene.ticket, true).await;
    scene.reset(&house, &scene.boxes[0]).await.unwrap();
    for (sql, passes) in [
        (FORGED, false),
        (WITHOUT_TICKET, false),
        (WITHOUT_INSTRUCTION, false),
        (COPIED, true),
    ] {
        let mut tx = house.write().await;
        let statement = Statement {
            name: "test.forged",
            sql,
        };
        let done = statement.query().execute(&mut tx).await;
        assert_eq!(done.is_ok(), passes, "{sql}: {done:?}");
        drop(tx);
    }
}
