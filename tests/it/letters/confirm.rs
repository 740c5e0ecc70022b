//! Who wrote by mail confirms what they want behind the one link of a letter: once, in time, themselves,
//! and only where a mailbox is enough. Source: bar 3.4 T1, 3.6 T4, 3.8 T2.

use crate::address;
use crate::browser::Browser;
use crate::client::Answer;
use crate::letters::{ADA, SUPPORT, arrives, counter, mail, opened, sent, written};
use crate::on_both_engines;
use crate::phone_pin::{code, count};
use crate::process::shared;
use crate::tools::deliver;
use serde_json::{Value, json};
use wabe_access::{Actor, ActorKind, Mode, Refusal, Role, StaffRole, instruction};
use wabe_kernel::id::{TicketId, TokenId};
use wabe_kernel::{Clock as _, Secret};
use wabe_store::{Dialect, Statement};
use wabe_support::action::act;
use wabe_support::confirmation;
use wabe_support::mail::Counter;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    what_a_letter_asks_for_is_confirmed_once_behind_its_link,
    what_was_masked_in_a_letter_is_not_quoted_from_it,
    a_link_works_for_72_hours,
    nobody_confirms_for_somebody_else,
    who_is_no_member_any_more_confirms_nothing,
    nothing_is_confirmed_about_what_is_gone_or_done,
    a_mailbox_is_not_enough_for_who_must_have_a_second_factor,
    a_mailbox_that_was_theirs_speaks_for_them_no_more,
    saying_no_ends_the_link_and_tells_staff,
    staff_ask_for_a_sentence_of_the_letter_and_nothing_else,
    the_database_refuses_what_no_letter_stands_behind,
);

const WISH: &str = "Guten Tag. Bitte geben Sie info@sonne.test 5 GB. Danke!";
const SENTENCE: &str = "Bitte geben Sie info@sonne.test 5 GB.";

/// A customer with a mailbox, who wrote, and who helps.
struct Scene {
    tenant: Tenant,
    mailbox: String,
    support: Actor,
    counter: Counter,
}

async fn run(house: &House, actor: &Actor, name: &str, input: Value) -> Result<Value, Refusal> {
    let done = house.run_json(actor, name, input).await;
    done.map(|done| done.output)
}

async fn scene(house: &House) -> Scene {
    scene_at(house, "sonne.test").await
}

async fn scene_at(house: &House, name: &str) -> Scene {
    let tenant = house.tenant("Sonne").await;
    let domain = json!({ "name": name });
    run(house, &tenant.owner, "domain.create", domain)
        .await
        .unwrap();
    let input = json!({
        "address": format!("info@{name}"), "password": "Vier-Loewen-77-unter-Baeumen",
    });
    let made = house.run_json(&tenant.owner, "mailbox.create", input).await;
    Scene {
        mailbox: made.unwrap().object,
        support: house.staff(StaffRole::Support).await,
        counter: counter(house, &[(ADA, tenant.owner.user.unwrap())]),
        tenant,
    }
}

/// The ticket that this letter of the owner's becomes, later than everything before it.
async fn wrote(house: &House, scene: &Scene, text: &str) -> TicketId {
    house.clock.advance(1);
    opened(arrives(house, &scene.counter, SUPPORT, &mail(ADA, "Hilfe", text)).await)
}

/// The secret in the latest letter of this kind.
async fn token(house: &House, kind: &str, name: &str) -> Secret {
    let sql = "SELECT args FROM outgoing_mail WHERE kind = $1 ORDER BY id DESC LIMIT 1";
    let mut tx = house.db.store.read().await.unwrap();
    let query = Statement { name: "test", sql }.bind(kind);
    let row = query.one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    let args: Value = serde_json::from_str(&row.text("args").unwrap()).unwrap();
    let link = args[name]["link"].as_str().unwrap();
    let (way, token) = link.rsplit_once('/').unwrap();
    assert_eq!(way, "https://portal.wabe.test/instruction-request");
    Secret::new(token)
}

/// The secret of the receipt of the latest letter that named one thing.
async fn offered(house: &House) -> Secret {
    token(house, "ticket-mail-confirm", "confirm").await
}

/// The kinds of the letters that are about tickets, the latest first.
async fn about_tickets(house: &House) -> Vec<String> {
    let mut kinds = sent(house).await;
    kinds.retain(|kind| kind.starts_with("ticket-mail"));
    kinds
}

async fn execute(house: &House, sql: &'static str) -> Result<(), String> {
    let mut tx = house.write().await;
    let done = Statement { name: "test", sql }.query().execute(&mut tx);
    match done.await {
        Ok(_rows) => tx.commit().await.map_err(|fault| fault.chain()),
        Err(fault) => Err(fault.chain()),
    }
}

async fn instructions(house: &House) -> i64 {
    count(
        house,
        "SELECT CAST(count(*) AS BIGINT) AS n FROM instruction",
    )
    .await
}

async fn confirm(house: &House, token: &Secret) -> String {
    match confirmation::confirm(&house.gate, token).await {
        Ok(()) => "confirmed".to_owned(),
        Err(refusal) => code(Err(refusal)),
    }
}

/// Whether the page behind a link shows what it asks for.
async fn opens(house: &House, token: &Secret) -> bool {
    let found = confirmation::opened(&house.gate, token).await.unwrap();
    found.is_some()
}

/// The last message of a ticket, as the desk names it when it asks.
async fn last_message(house: &House, owner: &Actor, ticket: TicketId) -> String {
    let all = written(house, owner, ticket).await;
    let letter = all.iter().rfind(|message| message.by_mail);
    letter.unwrap().id.to_string()
}

async fn enlarge(house: &House, scene: &Scene, ticket: TicketId) -> Result<(), Refusal> {
    let input = json!({ "id": scene.mailbox, "quota_bytes": 5_000_000_000_i64 });
    let place = (ticket, "mailbox.set_quota");
    let input = input.as_object().unwrap();
    let done = act(&house.gate, &scene.support, place, input, Mode::Commit).await;
    done.map(|_acted| ())
}

async fn what_a_letter_asks_for_is_confirmed_once_behind_its_link(house: House) {
    let scene = scene(&house).await;
    let owner = &scene.tenant.owner;
    let ticket = wrote(&house, &scene, WISH).await;
    assert_eq!(about_tickets(&house).await, ["ticket-mail-confirm"]);
    let token = offered(&house).await;
    // Programs that look at letters open links too.
    for _ in 0..3 {
        let page = confirmation::opened(&house.gate, &token).await.unwrap();
        let page = page.unwrap();
        assert_eq!(
            (page.asked.object.as_str(), page.asked.quote.as_str()),
            (scene.mailbox.as_str(), SENTENCE)
        );
        assert!(page.actions.contains(&"mailbox.set_quota") && !page.needs_login);
        // What takes consent as well is not what they agree to here.
        assert!(!page.actions.contains(&"mailbox.reset_password"));
    }
    assert_eq!(instructions(&house).await, 0);
    assert!(enlarge(&house, &scene, ticket).await.is_err());
    assert_eq!(confirm(&house, &token).await, "confirmed");
    assert_eq!(confirm(&house, &token).await, "NotFound");
    assert!(!opens(&house, &token).await);
    let mut tx = house.db.store.read_for(scene.tenant.id).await.unwrap();
    let given = instruction::of_ticket(&mut tx, scene.tenant.id, ticket).await;
    tx.rollback().await.unwrap();
    let given = given.unwrap();
    assert_eq!(given.len(), 1);
    assert!(given[0].by_mail && given[0].confirmation.is_some() && !given[0].by_telephone);
    assert_eq!(
        (Some(given[0].given_by), given[0].quote.as_str()),
        (owner.user, SENTENCE)
    );
    // It opens what any instruction opens, they have a letter at once, and end it with a click.
    enlarge(&house, &scene, ticket).await.unwrap();
    let kinds = sent(&house).await;
    assert!(
        kinds.contains(&"instruction-by-mail".to_owned()),
        "{kinds:?}"
    );
    let end = json!({ "id": given[0].id });
    run(&house, owner, "instruction.end", end).await.unwrap();
    assert!(enlarge(&house, &scene, ticket).await.is_err());
    // What is kept of the secret opens nothing.
    let kept =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM confirmation WHERE length(token_digest) = 64";
    assert_eq!(count(&house, kept).await, 1);
}

async fn what_was_masked_in_a_letter_is_not_quoted_from_it(house: House) {
    let scene = scene(&house).await;
    let text = "Das Passwort lautet:\nhunter2, bitte geben Sie info@sonne.test 5 GB.";
    wrote(&house, &scene, text).await;
    let token = offered(&house).await;
    let page = confirmation::opened(&house.gate, &token).await.unwrap();
    let quote = page.unwrap().asked.quote;
    assert!(
        quote.ends_with(", bitte geben Sie info@sonne.test 5 GB.") && !quote.contains("hunter2")
    );
    let told =
        "SELECT CAST(count(*) AS BIGINT) AS n FROM outgoing_mail WHERE args LIKE '%hunter2%'";
    assert_eq!(count(&house, told).await, 0);
}

async fn a_link_works_for_72_hours(house: House) {
    let scene = scene(&house).await;
    wrote(&house, &scene, WISH).await;
    let token = offered(&house).await;
    let valid = u32::try_from(confirmation::VALID_SECONDS).unwrap();
    house.clock.advance(valid - 1);
    assert!(opens(&house, &token).await);
    house.clock.advance(1);
    assert!(!opens(&house, &token).await);
    assert_eq!(confirm(&house, &token).await, "NotFound");
    // The next letter about the same has another link, and the one before is void from then on.
    wrote(&house, &scene, WISH).await;
    let newer = offered(&house).await;
    assert!(newer.expose() != token.expose() && newer.expose().len() == 43);
    // What lapsed is forgotten, since nothing stands on it.
    house.clock.advance(9 * 86_400);
    let mut tx = house.write().await;
    let before = house.clock.now().plus_days(-1);
    wabe_support::mail::forget(&mut tx, before).await.unwrap();
    tx.commit().await.unwrap();
    let kept = "SELECT CAST(count(*) AS BIGINT) AS n FROM confirmation";
    assert_eq!(count(&house, kept).await, 0);
}

async fn nobody_confirms_for_somebody_else(house: House) {
    let scene = scene(&house).await;
    let stranger = house.tenant("Mond").await;
    let colleague = house.member(scene.tenant.id, Role::Administrator).await;
    wrote(&house, &scene, WISH).await;
    let token = offered(&house).await;
    let input = json!({ "token": token.expose() });
    let program = Actor {
        kind: ActorKind::Token(TokenId::new(house.clock.now(), house.rng.as_ref())),
        ..scene.tenant.owner.clone()
    };
    let panel = Actor {
        user: scene.tenant.owner.user,
        ..Actor::system(scene.tenant.id)
    };
    for actor in [&stranger.owner, &colleague, &program, &panel] {
        for command in ["instruction.confirm", "instruction.decline"] {
            let done = run(&house, actor, command, input.clone()).await;
            assert_eq!(code(done), "NotFound", "{command}");
        }
    }
    // Staff have no way in at all, with the secret in their hands.
    let done = run(&house, &scene.support, "instruction.confirm", input).await;
    assert!(["Forbidden", "NotFound"].contains(&code(done).as_str()));
    for guess in ["", "a", &"A".repeat(43), &token.expose().to_lowercase()] {
        assert_eq!(confirm(&house, &Secret::new(guess)).await, "NotFound");
        assert!(!opens(&house, &Secret::new(guess)).await);
    }
    assert_eq!(instructions(&house).await, 0);
    assert_eq!(confirm(&house, &token).await, "confirmed");
}

async fn who_is_no_member_any_more_confirms_nothing(house: House) {
    let scene = scene(&house).await;
    let ticket = wrote(&house, &scene, WISH).await;
    let token = offered(&house).await;
    let message = last_message(&house, &scene.tenant.owner, ticket).await;
    execute(&house, "DELETE FROM member").await.unwrap();
    assert!(!opens(&house, &token).await);
    assert_eq!(confirm(&house, &token).await, "NotFound");
    assert!(confirmation::decline(&house.gate, &token).await.is_err());
    let wish = json!({
        "id": ticket, "message": message, "object": scene.mailbox, "quote": SENTENCE,
    });
    let done = run(&house, &scene.support, "instruction.ask", wish).await;
    assert_eq!(code(done), "sender-not-in-ticket");
    assert_eq!(instructions(&house).await, 0);
}

async fn nothing_is_confirmed_about_what_is_gone_or_done(house: House) {
    let scene = scene(&house).await;
    wrote(&house, &scene, WISH).await;
    let token = offered(&house).await;
    execute(
        &house,
        "UPDATE resource SET gone_at = 1 WHERE kind = 'mailbox'",
    )
    .await
    .unwrap();
    assert!(!opens(&house, &token).await);
    assert_eq!(confirm(&house, &token).await, "NotFound");
    execute(&house, "UPDATE resource SET gone_at = NULL")
        .await
        .unwrap();
    let ticket = wrote(&house, &scene, WISH).await;
    let token = offered(&house).await;
    let solved = json!({ "id": ticket });
    run(&house, &scene.tenant.owner, "ticket.solve", solved)
        .await
        .unwrap();
    assert!(!opens(&house, &token).await);
    assert_eq!(confirm(&house, &token).await, "ticket-not-open");
    assert_eq!(instructions(&house).await, 0);
}

async fn a_mailbox_is_not_enough_for_who_must_have_a_second_factor(house: House) {
    let scene = scene(&house).await;
    let ticket = wrote(&house, &scene, WISH).await;
    let token = offered(&house).await;
    execute(&house, "UPDATE customer SET factor_required = 1")
        .await
        .unwrap();
    let page = confirmation::opened(&house.gate, &token).await.unwrap();
    assert!(page.unwrap().needs_login);
    assert_eq!(confirm(&house, &token).await, "letter-needs-login");
    // No letter has such a link any more, and staff get none sent.
    wrote(&house, &scene, WISH).await;
    assert_eq!(
        about_tickets(&house).await,
        ["ticket-mail-received", "ticket-mail-confirm"]
    );
    let wish = json!({
        "id": ticket, "object": scene.mailbox, "quote": SENTENCE,
        "message": last_message(&house, &scene.tenant.owner, ticket).await,
    });
    let done = run(&house, &scene.support, "instruction.ask", wish).await;
    assert_eq!(code(done), "letter-needs-login");
    execute(&house, "UPDATE customer SET factor_required = 0")
        .await
        .unwrap();
    assert!(opens(&house, &token).await);
    // Who is shut out is nobody.
    execute(&house, "UPDATE wabe_user SET disabled_at = 1")
        .await
        .unwrap();
    assert!(!opens(&house, &token).await);
    assert_eq!(confirm(&house, &token).await, "NotFound");
    assert_eq!(instructions(&house).await, 0);
}

async fn a_mailbox_that_was_theirs_speaks_for_them_no_more(house: House) {
    let scene = scene(&house).await;
    for column in ["changed_at", "undone_at"] {
        wrote(&house, &scene, WISH).await;
        let token = offered(&house).await;
        assert!(opens(&house, &token).await);
        house.clock.advance(1);
        moved(&house, &scene, column).await;
        let page = confirmation::opened(&house.gate, &token).await.unwrap();
        assert!(page.unwrap().needs_login);
        assert_eq!(confirm(&house, &token).await, "letter-needs-login");
        // A letter to the address of today does.
        wrote(&house, &scene, WISH).await;
        assert!(!needs_login(&house, &offered(&house).await).await);
    }
    assert_eq!(instructions(&house).await, 0);
}

async fn needs_login(house: &House, token: &Secret) -> bool {
    let page = confirmation::opened(&house.gate, token).await.unwrap();
    page.unwrap().needs_login
}

/// Gives the owner another address now, or takes it back.
async fn moved(house: &House, scene: &Scene, column: &str) {
    let sql = match column {
        "changed_at" => {
            "INSERT INTO address_change (id, user_id, old_email, new_email, asked_at, changed_at) \
             VALUES ('adc_changed', $1, 'a@a.test', 'b@b.test', $2, $2)"
        }
        _ => {
            "INSERT INTO address_change (id, user_id, old_email, new_email, asked_at, undone_at) \
             VALUES ('adc_undone', $1, 'a@a.test', 'b@b.test', $2, $2)"
        }
    };
    let mut tx = house.write().await;
    let query = Statement { name: "test", sql }.bind(scene.tenant.owner.user.unwrap());
    query
        .bind(house.clock.now())
        .execute_one(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn saying_no_ends_the_link_and_tells_staff(house: House) {
    let scene = scene(&house).await;
    let ticket = wrote(&house, &scene, WISH).await;
    let take = json!({ "id": ticket, "owner": scene.support.user });
    run(&house, &scene.support, "ticket.assign", take)
        .await
        .unwrap();
    let token = offered(&house).await;
    house.clock.advance(1);
    confirmation::decline(&house.gate, &token).await.unwrap();
    assert!(!opens(&house, &token).await);
    assert_eq!(confirm(&house, &token).await, "NotFound");
    assert_eq!(instructions(&house).await, 0);
    let all = written(&house, &scene.tenant.owner, ticket).await;
    let event = all.last().and_then(|message| message.event);
    assert_eq!(
        event.map(wabe_support::ticket::message::TicketEvent::word),
        Some("instruction-declined")
    );
}

async fn staff_ask_for_a_sentence_of_the_letter_and_nothing_else(house: House) {
    let scene = scene(&house).await;
    let owner = &scene.tenant.owner;
    let words = "Das Postfach ist voll.\nBitte machen Sie es\ngrößer.";
    let ticket = wrote(&house, &scene, words).await;
    let other = wrote(&house, &scene, "Etwas anderes.").await;
    assert_eq!(about_tickets(&house).await, ["ticket-mail-received"; 2]);
    let message = last_message(&house, owner, ticket).await;
    let good = json!({
        "id": ticket, "message": message, "object": scene.mailbox,
        "quote": "Bitte machen Sie es größer.",
    });
    let stranger = house.tenant("Mond").await;
    let domain = json!({ "name": "mond.test" });
    let foreign = house.run_json(&stranger.owner, "domain.create", domain);
    let foreign = foreign.await.unwrap().object;
    let elsewhere = last_message(&house, owner, other).await;
    for (field, value, wanted) in [
        ("quote", "Bitte löschen Sie es.", "quote:not-in-letter"),
        ("message", elsewhere.as_str(), "message:no-such-letter"),
        ("object", foreign.as_str(), "object:no-such-object"),
    ] {
        let mut wish = good.clone();
        wish[field] = json!(value);
        let done = run(&house, &scene.support, "instruction.ask", wish).await;
        assert_eq!(code(done), wanted);
    }
    let asked = run(&house, &scene.support, "instruction.ask", good.clone()).await;
    let asked = asked.unwrap();
    assert!(asked.get("token").is_none() && asked["object"] == json!(scene.mailbox));
    let first = token(&house, "instruction-asked", "link").await;
    house.clock.advance(1);
    run(&house, &scene.support, "instruction.ask", good.clone())
        .await
        .unwrap();
    let second = token(&house, "instruction-asked", "link").await;
    assert!(!opens(&house, &first).await && opens(&house, &second).await);
    assert_eq!(confirm(&house, &second).await, "confirmed");
    let done = run(&house, &scene.support, "instruction.ask", good).await;
    assert_eq!(code(done), "instruction-given");
    enlarge(&house, &scene, ticket).await.unwrap();
    // It holds in its own ticket alone.
    assert!(enlarge(&house, &scene, other).await.is_err());
}

async fn the_database_refuses_what_no_letter_stands_behind(house: House) {
    let scene = scene(&house).await;
    wrote(&house, &scene, WISH).await;
    let token = offered(&house).await;
    for sql in [
        "UPDATE confirmation SET expires_at = asked_at + 259200000001",
        "UPDATE confirmation SET asked_by = user_id",
        "UPDATE confirmation SET ended_at = asked_at",
        "UPDATE confirmation SET ended_at = expires_at, ending = 'confirmed'",
        "UPDATE confirmation SET ended_at = asked_at, ending = 'forged'",
    ] {
        assert!(execute(&house, sql).await.is_err(), "{sql}");
    }
    // PostgreSQL holds as well that it was about the same thing; SQLite adds no such constraint.
    let mut tx = house.db.store.write_for(scene.tenant.id).await.unwrap();
    let test = |sql| Statement { name: "test", sql };
    let ended = test("UPDATE confirmation SET ended_at = asked_at, ending = 'confirmed'");
    ended.query().execute(&mut tx).await.unwrap();
    let another = test(
        "INSERT INTO instruction (id, customer_id, ticket_id, object_id, object_kind, object_name, \
         quote, given_by, given_at, confirmation_id, confirmed_by_mail_at) \
         SELECT 'ins_x', customer_id, ticket_id, 'mbx_other', object_kind, object_name, quote, \
         user_id, asked_at, id, asked_at FROM confirmation",
    );
    let kept = another.query().execute(&mut tx).await.is_ok();
    assert_eq!(kept, tx.dialect() == Dialect::Sqlite);
    tx.rollback().await.unwrap();
    assert_eq!(confirm(&house, &token).await, "confirmed");
    for sql in [
        "UPDATE instruction SET confirmation_id = NULL",
        "UPDATE instruction SET confirmed_by_mail_at = given_at + 1",
        "UPDATE instruction SET confirmation_id = 'cfm_none'",
        "DELETE FROM confirmation",
    ] {
        assert!(execute(&house, sql).await.is_err(), "{sql}");
    }
}

/// The three commands, in a customer of their own.
pub(super) async fn all_of_it(house: &House) {
    let scene = scene_at(house, "letter.test").await;
    let words = "Bitte geben Sie info@letter.test 5 GB.";
    let ticket = wrote(house, &scene, words).await;
    let wish = json!({
        "id": ticket, "object": scene.mailbox, "quote": words,
        "message": last_message(house, &scene.tenant.owner, ticket).await,
    });
    for answer in ["decline", "confirm"] {
        house.clock.advance(1);
        run(house, &scene.support, "instruction.ask", wish.clone())
            .await
            .unwrap();
        let token = token(house, "instruction-asked", "link").await;
        let input = json!({ "token": token.expose() });
        let name = format!("instruction.{answer}");
        run(house, &scene.tenant.owner, &name, input).await.unwrap();
    }
}

/// Markup that a sentence may hold.
const MARKUP: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "{{7*7}}",
    "</blockquote><form action=https://evil.example>",
    "javascript:alert(1)",
];

fn still(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let page = answer.text();
    for markup in MARKUP.iter().filter(|markup| markup.contains('<')) {
        assert!(!page.contains(markup), "{markup}");
    }
}

#[tokio::test]
async fn the_page_behind_the_link_of_a_letter_from_end_to_end() {
    let panel = shared();
    let customer = panel.customer();
    let domain = format!("post{}.test", crate::process::unique());
    customer
        .api
        .live("/domains", json!({ "name": domain }))
        .await;
    let wish = format!("Bitte {domain} weiterleiten {}.", MARKUP.join(" "));
    let message = format!(
        "From: {from}\r\nTo: {SUPPORT}\r\nSubject: wunsch {domain}\r\nMessage-ID: <w@{domain}>\r\n\r\n{wish}\r\n",
        from = customer.owner
    );
    let (code, words) = deliver(&panel, SUPPORT, message.as_bytes()).await;
    assert_eq!(code, 250, "{words}");
    let token = address::link(&panel, &customer.owner, "instruction-request").await;
    let (guest, path) = (
        Browser::guest(&panel),
        format!("/instruction-request/{token}"),
    );
    for _ in 0..2 {
        let page = guest.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains(&domain) && page.text().contains("{{7*7}}"));
        still(&page);
    }
    let wrong = guest
        .post("/instruction-request", &[("token", &token)])
        .await;
    assert_eq!(wrong.status, 409);
    let fields = [("token", token.as_str()), ("answer", "given")];
    let done = guest.post("/instruction-request", &fields).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, "/instruction-answered?answer=given")
    );
    still(&guest.get("/instruction-answered?answer=given").await);
    assert_eq!(guest.get(&path).await.status, 404);
    assert_eq!(
        guest.post("/instruction-request", &fields).await.status,
        404
    );
    let tickets = customer.api.all("/tickets").await;
    let ticket = tickets.iter().find(|one| one["channel"] == "mail").unwrap();
    let given = format!("/tickets/{}/instructions", ticket["id"].as_str().unwrap());
    let given = customer.api.all(&given).await;
    assert_eq!(
        (given.len(), given[0]["by_mail"].as_bool()),
        (1, Some(true))
    );
}
