//! What callers ask for and answer: written down for whoever proved who they are, told them at once, and
//! refused for everybody else. Source: bar 3.8 T2, controls GON-3.2-02, MWK-4-03.

use crate::on_both_engines;
use crate::phone_pin::{PIN, code, count, say, set};
use serde_json::{Value, json};
use wabe_access::{Actor, ActorKind, Mode, Refusal, Role, Scope, StaffRole, grant, instruction};
use wabe_kernel::Clock as _;
use wabe_kernel::id::{TicketId, TokenId};
use wabe_store::Statement;
use wabe_support::action::{act, undo};
use wabe_support::ticket::{self, Channel};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_callers_words_are_an_instruction_of_theirs,
    nothing_is_written_down_without_a_proof_of_who_calls,
    a_caller_asks_for_nothing_that_they_could_not_change,
    a_caller_who_runs_the_customer_answers_a_consent,
    an_action_is_told_to_who_asked_and_the_owner_once,
    the_database_refuses_words_without_a_proof,
);

/// A customer with a mailbox, a call, and who took it.
struct Scene {
    tenant: Tenant,
    mailbox: String,
    support: Actor,
    call: TicketId,
}

async fn run(house: &House, actor: &Actor, name: &str, input: Value) -> Result<Value, Refusal> {
    let done = house.run_json(actor, name, input).await;
    done.map(|done| match done.output {
        Value::Null => json!({ "id": done.object }),
        output => output,
    })
}

async fn call(house: &House, support: &Actor, tenant: &Tenant) -> TicketId {
    let input = json!({ "customer": tenant.id, "subject": "Anruf" });
    let made = run(house, support, "ticket.call", input).await.unwrap();
    made["id"].as_str().unwrap().parse().unwrap()
}

async fn scene(house: &House, name: &str) -> Scene {
    let tenant = house.tenant(name).await;
    let domain = format!("{}.test", name.to_lowercase());
    let input = json!({ "name": domain });
    run(house, &tenant.owner, "domain.create", input)
        .await
        .unwrap();
    let input = json!({
        "address": format!("info@{domain}"), "password": "Vier-Loewen-77-unter-Baeumen",
    });
    let made = house.run_json(&tenant.owner, "mailbox.create", input).await;
    let mailbox = made.unwrap().object;
    let support = house.staff(StaffRole::Support).await;
    let call = call(house, &support, &tenant).await;
    Scene {
        tenant,
        mailbox,
        support,
        call,
    }
}

const PERSON: Statement = Statement {
    name: "test.person",
    sql: "INSERT INTO wabe_user (id, email, name, language, created_at) VALUES ($1, $2, 'Ida', 'de', 0)",
};

/// A member who has a login.
async fn person(house: &House, scene: &Scene, role: Role) -> Actor {
    let member = house.member(scene.tenant.id, role).await;
    let user = member.user.unwrap();
    let mut tx = house.write().await;
    let query = PERSON.bind(user).bind(format!("{user}@wabe.test"));
    query.execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    member
}

/// Sets a PIN for somebody and types it.
async fn prove(house: &House, scene: &Scene, ticket: TicketId, who: &Actor) {
    set(house, who, PIN).await.unwrap();
    let about = (ticket, who.user.unwrap());
    let said = say(house, &scene.support, about, PIN).await.unwrap();
    assert_eq!(said["proved"], true);
}

async fn write_down(
    house: &House,
    actor: &Actor,
    ticket: TicketId,
    object: &str,
) -> Result<Value, Refusal> {
    let input = json!({ "id": ticket, "object": object, "words": "Bitte 5 GB geben." });
    run(house, actor, "instruction.write_down", input).await
}

async fn enlarge(
    house: &House,
    scene: &Scene,
    mode: Mode,
) -> Result<wabe_support::action::Acted, Refusal> {
    let input = json!({ "id": scene.mailbox, "quota_bytes": 5_000_000_000_i64 });
    let place = (scene.call, "mailbox.set_quota");
    act(
        &house.gate,
        &scene.support,
        place,
        input.as_object().unwrap(),
        mode,
    )
    .await
}

/// How many letters of this kind lie ready for somebody.
async fn letters(house: &House, kind: &str, to: &Actor) -> i64 {
    let mut tx = house.db.store.read().await.unwrap();
    let sql =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM outgoing_mail WHERE kind = $1 AND user_id = $2";
    let query = Statement { name: "test", sql }.bind(kind).bind(to.user);
    let found = query.one(&mut tx).await.unwrap().int("n").unwrap();
    tx.rollback().await.unwrap();
    found
}

/// In how many letters of a kind the caller, who is the owner, stands by name.
async fn named(house: &House, kind: &str) -> i64 {
    let mut tx = house.db.store.read().await.unwrap();
    let sql = r#"SELECT CAST(count(*) AS BIGINT) AS n FROM outgoing_mail
               WHERE kind = $1 AND args LIKE '%"caller":{"text":"Maria Sonne"}%'"#;
    let query = Statement { name: "test", sql }.bind(kind);
    let found = query.one(&mut tx).await.unwrap().int("n").unwrap();
    tx.rollback().await.unwrap();
    found
}

/// The record says who wrote it down, and whose words they are.
async fn recorded(house: &House, scene: &Scene) {
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let filter = wabe_audit::ChangeFilter::default();
    let page = wabe_kernel::PageRequest::first(50);
    let changes = house
        .recorder
        .list(&mut tx, scene.tenant.id, &filter, &page)
        .await
        .unwrap();
    let mut changes = changes.items.iter();
    let change = changes.find(|change| change.command == "instruction.write_down");
    let change = change.unwrap();
    assert_eq!(change.actor_user, scene.support.user);
    assert_eq!(change.ticket, Some(scene.call));
    let whole = house
        .recorder
        .load(&mut tx, scene.tenant.id, change.id)
        .await;
    let after = whole.unwrap().unwrap().after;
    assert_eq!(after["given_by"], json!(scene.tenant.owner.user));
    let seen = house
        .streams
        .list_seen(&mut tx, scene.tenant.id, &page)
        .await
        .unwrap();
    assert!(
        seen.items
            .iter()
            .any(|seen| seen.word == "instruction.write_down")
    );
    tx.rollback().await.unwrap();
}

async fn a_callers_words_are_an_instruction_of_theirs(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    prove(&house, &scene, scene.call, owner).await;
    let made = write_down(&house, &scene.support, scene.call, &scene.mailbox)
        .await
        .unwrap();
    assert_eq!(made["by_telephone"], true);
    assert!(made.get("telephone").is_none() && made.get("written_by").is_none());
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let given = instruction::of_ticket(&mut tx, scene.tenant.id, scene.call)
        .await
        .unwrap();
    assert_eq!(Some(given[0].given_by), owner.user);
    let by = given[0].telephone.unwrap();
    assert_eq!(Some(by.written_by), scene.support.user);
    assert_eq!(given[0].quote, "Bitte 5 GB geben.");
    // It stands in the conversation, and the call is the caller's.
    let scope = Scope::of(&mut tx, owner).await.unwrap();
    let messages = ticket::messages(&mut tx, &scope, scene.call).await.unwrap();
    let said = messages.iter().find(|one| one.by_telephone).unwrap();
    assert_eq!(
        (said.author, said.written_by),
        (owner.user, scene.support.user)
    );
    assert_eq!(said.body, "Bitte 5 GB geben.");
    let state = ticket::load(&mut tx, &scope, scene.call).await.unwrap();
    assert_eq!(
        (state.channel, state.opened_by),
        (Channel::Phone, owner.user)
    );
    tx.rollback().await.unwrap();
    recorded(&house, &scene).await;
    // The caller, who is the owner, has one letter; and it opens what any instruction opens.
    assert_eq!(letters(&house, "instruction-by-telephone", owner).await, 1);
    assert_eq!(named(&house, "instruction-by-telephone").await, 1);
    enlarge(&house, &scene, Mode::Commit).await.unwrap();
    run(
        &house,
        owner,
        "instruction.end",
        json!({ "id": given[0].id }),
    )
    .await
    .unwrap();
    let over = enlarge(&house, &scene, Mode::Commit).await;
    assert!(
        matches!(over, Err(Refusal::Conflict("not-instructed"))),
        "{over:?}"
    );
}

async fn nothing_is_written_down_without_a_proof_of_who_calls(house: House) {
    let scene = scene(&house, "Sonne").await;
    let owner = &scene.tenant.owner;
    let (support, object) = (&scene.support, scene.mailbox.as_str());
    let refused =
        async |actor: &Actor, ticket| code(write_down(&house, actor, ticket, object).await);
    assert_eq!(refused(support, scene.call).await, "caller-not-proved");
    prove(&house, &scene, scene.call, owner).await;
    // In another ticket, by who did not hear it, and by whoever does not work on tickets.
    let other = call(&house, support, &scene.tenant).await;
    assert_eq!(refused(support, other).await, "caller-not-proved");
    let colleague = house.staff(StaffRole::Support).await;
    assert_eq!(refused(&colleague, scene.call).await, "caller-not-proved");
    let auditor = house.staff(StaffRole::Auditor).await;
    for actor in [&auditor, owner, &Actor::system(scene.tenant.id)] {
        let done = refused(actor, scene.call).await;
        assert!(["Forbidden", "NotFound"].contains(&done.as_str()), "{done}");
    }
    // A second too late.
    house.clock.advance(15 * 60);
    assert_eq!(refused(support, scene.call).await, "caller-not-proved");
    // Somebody who is a member no more.
    let admin = person(&house, &scene, Role::Administrator).await;
    prove(&house, &scene, scene.call, &admin).await;
    let mut tx = house.db.store.read().await.unwrap();
    let members = wabe_access::member::list(&mut tx, scene.tenant.id)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let place = members.iter().find(|one| Some(one.user) == admin.user);
    let fresh = Actor::member(owner.user.unwrap(), scene.tenant.id, house.clock.now());
    run(
        &house,
        &fresh,
        "member.remove",
        json!({ "id": place.unwrap().id }),
    )
    .await
    .unwrap();
    assert_eq!(refused(support, scene.call).await, "caller-not-proved");
    // In a ticket that is solved.
    prove(&house, &scene, scene.call, owner).await;
    let solved = json!({ "id": scene.call });
    run(&house, owner, "ticket.solve", solved).await.unwrap();
    assert_eq!(refused(support, scene.call).await, "ticket-not-open");
    let kept = "SELECT CAST(count(*) AS BIGINT) AS n FROM instruction";
    assert_eq!(count(&house, kept).await, 0);
    assert_eq!(letters(&house, "instruction-by-telephone", owner).await, 0);
}

async fn a_caller_asks_for_nothing_that_they_could_not_change(house: House) {
    let scene = scene(&house, "Sonne").await;
    let stranger = self::scene(&house, "Mond").await;
    let viewer = person(&house, &scene, Role::Viewer).await;
    prove(&house, &scene, scene.call, &viewer).await;
    let support = &scene.support;
    let done = write_down(&house, support, scene.call, &scene.mailbox).await;
    assert_eq!(code(done), "object:caller-may-not-change");
    // The call stays nobody's when nothing came of it.
    prove(&house, &scene, scene.call, &scene.tenant.owner).await;
    for object in [stranger.mailbox.as_str(), "mbx_01kaj8xv00e0m9f8w2v3x4y5z6"] {
        let done = write_down(&house, support, scene.call, object).await;
        assert_eq!(code(done), "object:no-such-object");
    }
    // Somebody of another customer is nobody here, with their own PIN.
    let foreign = (scene.call, stranger.tenant.owner.user.unwrap());
    set(&house, &stranger.tenant.owner, PIN).await.unwrap();
    let done = say(&house, support, foreign, PIN).await;
    assert_eq!(code(done), "user:not-a-choice");
    // Whoever sees only a part of the customer has a call of their own, and no other.
    write_down(&house, support, scene.call, &scene.mailbox)
        .await
        .unwrap();
    let post = person(&house, &scene, Role::DatabaseManager).await;
    prove(&house, &scene, scene.call, &post).await;
    let done = write_down(&house, support, scene.call, &scene.mailbox).await;
    assert_eq!(code(done), "caller-not-in-ticket");
    let post = person(&house, &scene, Role::MailManager).await;
    let own = call(&house, support, &scene.tenant).await;
    prove(&house, &scene, own, &post).await;
    write_down(&house, support, own, &scene.mailbox)
        .await
        .unwrap();
    for actor in [&post, &scene.tenant.owner] {
        assert!(letters(&house, "instruction-by-telephone", actor).await >= 1);
    }
    assert_eq!(letters(&house, "instruction-by-telephone", &post).await, 1);
    assert_eq!(
        letters(&house, "instruction-by-telephone", &viewer).await,
        0
    );
}

/// Asks for consent in the call.
async fn ask(house: &House, scene: &Scene) -> String {
    let input = json!({ "id": scene.call, "reason": "Um zu sehen, warum.", "reads_files": true });
    let asked = run(house, &scene.support, "consent.ask", input)
        .await
        .unwrap();
    asked["id"].as_str().unwrap().to_owned()
}

async fn answer(
    house: &House,
    actor: &Actor,
    ticket: TicketId,
    input: Value,
) -> Result<Value, Refusal> {
    let mut input = input;
    input["id"] = json!(ticket);
    run(house, actor, "consent.write_down", input).await
}

async fn a_caller_who_runs_the_customer_answers_a_consent(house: House) {
    let scene = scene(&house, "Sonne").await;
    let (support, owner) = (&scene.support, &scene.tenant.owner);
    let consent = ask(&house, &scene).await;
    let yes = json!({
        "consent": consent, "answer": "given", "days": 30, "reads_files": true,
    });
    let done = answer(&house, support, scene.call, yes.clone()).await;
    assert_eq!(code(done), "caller-not-proved");
    let viewer = person(&house, &scene, Role::Viewer).await;
    let own = call(&house, support, &scene.tenant).await;
    prove(&house, &scene, own, &viewer).await;
    let done = answer(&house, support, own, yes.clone()).await;
    assert_eq!(code(done), "caller-may-not-answer");
    let admin = person(&house, &scene, Role::Administrator).await;
    prove(&house, &scene, scene.call, &admin).await;
    prove(&house, &scene, own, &admin).await;
    assert_eq!(
        code(answer(&house, support, own, yes.clone()).await),
        "NotFound"
    );
    let far = json!({ "consent": consent, "answer": "given", "days": 31 });
    let done = answer(&house, support, scene.call, far).await;
    assert_eq!(code(done), "days:days-out-of-range");
    let wide = json!({ "consent": consent, "answer": "given", "reads_mail": true });
    let done = answer(&house, support, scene.call, wide).await;
    assert_eq!(code(done), "reads_mail:not-asked-for");
    // No program hears a yes.
    let mut program = support.clone();
    program.kind = ActorKind::Token(TokenId::new(house.clock.now(), house.rng.as_ref()));
    program.scopes = Some([wabe_access::Permission::TicketWork].into());
    assert_eq!(
        code(answer(&house, &program, scene.call, yes.clone()).await),
        "Forbidden"
    );
    let given = answer(&house, support, scene.call, yes.clone())
        .await
        .unwrap();
    assert_eq!(given["answered_by"], json!(admin.user));
    assert_eq!(given["by_telephone"], true);
    let reach = (
        &given["reach"]["reads_files"],
        &given["reach"]["reads_mail"],
    );
    assert_eq!(reach, (&json!(true), &json!(false)));
    // What reads content holds for a day without a second person of the hoster.
    let now = house.clock.now();
    assert_eq!(given["until"], json!(now.plus_days(1)));
    assert_eq!(given["agreed_until"], json!(now.plus_days(30)));
    for actor in [&admin, owner] {
        assert_eq!(letters(&house, "consent-by-telephone", actor).await, 1);
    }
    assert_eq!(
        code(answer(&house, support, scene.call, yes).await),
        "consent-answered"
    );
    // It opens a look as any consent does, and ends with a click.
    let open = json!({ "id": scene.call, "consent": consent });
    run(&house, support, "access.open", open).await.unwrap();
    let end = json!({ "id": consent });
    run(&house, owner, "consent.withdraw", end).await.unwrap();
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let looks = grant::of_customer(&mut tx, scene.tenant.id, house.clock.now()).await;
    assert!(looks.unwrap().is_empty());
    tx.rollback().await.unwrap();
    // A no is kept as well.
    let consent = ask(&house, &scene).await;
    let no = json!({ "consent": consent, "answer": "refused" });
    let refused = answer(&house, support, scene.call, no).await.unwrap();
    assert_eq!(refused["until"], Value::Null);
    assert_eq!(letters(&house, "consent-by-telephone", owner).await, 2);
}

async fn an_action_is_told_to_who_asked_and_the_owner_once(house: House) {
    let scene = scene(&house, "Sonne").await;
    let admin = person(&house, &scene, Role::Administrator).await;
    let other = person(&house, &scene, Role::Administrator).await;
    prove(&house, &scene, scene.call, &admin).await;
    write_down(&house, &scene.support, scene.call, &scene.mailbox)
        .await
        .unwrap();
    enlarge(&house, &scene, Mode::Preview).await.unwrap();
    assert_eq!(letters(&house, "ticket-acted", &admin).await, 0);
    let done = enlarge(&house, &scene, Mode::Commit).await.unwrap();
    let place = (scene.call, done.made.change);
    for expected in [1, 2] {
        for actor in [&admin, &scene.tenant.owner] {
            assert_eq!(letters(&house, "ticket-acted", actor).await, expected);
        }
        assert_eq!(letters(&house, "ticket-acted", &other).await, 0);
        if expected == 1 {
            undo(&house.gate, &scene.support, place, Mode::Commit)
                .await
                .unwrap();
        }
    }
    // The letter says what was and what is, and leads to the card.
    let mut tx = house.db.store.read().await.unwrap();
    let sql = "SELECT args FROM outgoing_mail WHERE kind = 'ticket-acted' ORDER BY id LIMIT 1";
    let row = Statement { name: "test", sql }.query().one(&mut tx).await;
    let args: Value = serde_json::from_str(&row.unwrap().text("args").unwrap()).unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(args["after"], json!({ "bytes": 5_000_000_000_i64 }));
    assert_eq!(
        args["before"],
        json!({ "bytes": done.made.before["quota_bytes"] })
    );
    let link = args["link"]["link"].as_str().unwrap();
    let card = format!("/tickets/{}#{}", scene.call, done.made.change);
    assert!(link.ends_with(&card), "{link}");
}

const FORGERIES: [(&str, &str); 6] = [
    ("i.own", "UPDATE instruction SET written_by = given_by"),
    ("i.unproved", "UPDATE instruction SET proved_at = NULL"),
    (
        "i.late",
        "UPDATE instruction SET proved_at = given_at - 900000000",
    ),
    ("i.early", "UPDATE instruction SET proved_at = given_at + 1"),
    (
        "c.late",
        "UPDATE consent SET proved_at = answered_at - 900000000",
    ),
    ("c.own", "UPDATE consent SET written_by = answered_by"),
];

async fn the_database_refuses_words_without_a_proof(house: House) {
    let scene = scene(&house, "Sonne").await;
    prove(&house, &scene, scene.call, &scene.tenant.owner).await;
    write_down(&house, &scene.support, scene.call, &scene.mailbox)
        .await
        .unwrap();
    let consent = ask(&house, &scene).await;
    let yes = json!({ "consent": consent, "answer": "given" });
    answer(&house, &scene.support, scene.call, yes)
        .await
        .unwrap();
    for (name, sql) in FORGERIES {
        let mut tx = house.write().await;
        let done = Statement { name, sql }.query().execute(&mut tx).await;
        assert!(done.is_err(), "{name}");
        drop(tx);
    }
    planted(&house, &scene).await;
}

const PLANTED: Statement = Statement {
    name: "test.planted",
    sql: "INSERT INTO instruction (id, customer_id, ticket_id, object_id, object_kind, object_name, \
          quote, given_by, given_at, written_by, proved_at) \
          SELECT 'itn_planted', customer_id, ticket_id, object_id, object_kind, object_name, quote, \
          given_by, given_at, written_by, proved_at FROM instruction",
};
const UNSAID: Statement = Statement {
    name: "test.unsaid",
    sql: "UPDATE consent SET written_by = NULL, proved_at = NULL",
};

/// What only the desk writes down, no transaction of a customer's does.
async fn planted(house: &House, scene: &Scene) {
    for statement in [PLANTED, UNSAID] {
        let mut tx = house.db.store.write_for(scene.tenant.id).await.unwrap();
        let postgres = tx.dialect() == wabe_store::Dialect::Postgres;
        let done = statement.query().execute(&mut tx).await;
        assert_eq!(done.is_err(), postgres, "{}", statement.name);
        drop(tx);
    }
}

/// Both commands, in a customer of their own; they passed.
pub(crate) async fn both(house: &House) -> [&'static str; 2] {
    let scene = scene(house, "Fernruf").await;
    prove(house, &scene, scene.call, &scene.tenant.owner).await;
    write_down(house, &scene.support, scene.call, &scene.mailbox)
        .await
        .unwrap();
    let consent = ask(house, &scene).await;
    let no = json!({ "consent": consent, "answer": "refused" });
    answer(house, &scene.support, scene.call, no).await.unwrap();
    ["instruction.write_down", "consent.write_down"]
}
