//! Tickets without an account: written in a form, proved by a link, answered by mail, handed to the customer
//! whose they are; and nothing else done in them. Source: bar 3.3 T1, 3.4 T1, 3.8.

use crate::browser::Browser;
use crate::letters::{SUPPORT, arrives, counter, mail, sent, token_of};
use crate::on_both_engines;
use crate::phone_pin::{code, count};
use crate::process::{shared, unique};
use serde_json::{Value, json};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Refusal, Scope, StaffRole};
use wabe_kernel::id::TicketId;
use wabe_kernel::{Clock as _, Fields as _, IncomingMail, PageRequest, Secret};
use wabe_store::Statement;
use wabe_support::contact::{self, WriteIn};
use wabe_support::mail::{Counter, Outcome};
use wabe_support::problem;
use wabe_support::ticket::message::{AuthorKind, DeskMessage};
use wabe_support::ticket::{self, Channel, queue};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_ticket_without_an_account_from_the_form_to_the_answer_and_back,
    nobody_is_answered_at_an_address_that_nobody_proved,
    only_the_contact_goes_on_by_mail,
    it_is_handed_to_its_customer_with_words_alone,
    nothing_but_words_happens_in_a_ticket_of_the_house,
    who_proves_nothing_keeps_no_answer_from_others,
);

const BEN: &str = "ben@adler.example";

async fn run(house: &House, actor: &Actor, name: &str, input: Value) -> Result<Value, Refusal> {
    let done = house.run_json(actor, name, input).await;
    done.map(|done| done.output)
}

/// Fills in the form; the ticket that it becomes.
async fn wrote(house: &House) -> TicketId {
    house.clock.advance(1);
    let input = json!({
        "name": "Ben <Adler>", "email": BEN, "subject": "Kein <b>Zugang</b>",
        "body": "Ich komme nicht hinein. Mein Passwort: geheim-Wort-77!", "language": "de",
    });
    let command = WriteIn::from_json(input.as_object().unwrap()).unwrap();
    contact::write_in(&house.gate, command).await.unwrap();
    let sql = "SELECT ticket_id FROM ticket_contact ORDER BY written_at DESC LIMIT 1";
    let mut tx = house.db.store.read().await.unwrap();
    let row = Statement { name: "test", sql }.query().one(&mut tx).await;
    tx.rollback().await.unwrap();
    row.unwrap().parsed("ticket_id").unwrap()
}

/// What the latest letter of this kind is made of, and to whom it goes.
async fn letter(house: &House, kind: &str) -> (Value, String) {
    let sql = "SELECT args, recipient FROM outgoing_mail WHERE kind = $1 ORDER BY id DESC LIMIT 1";
    let mut tx = house.db.store.read().await.unwrap();
    let query = Statement { name: "test", sql }.bind(kind);
    let row = query.one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    let args = serde_json::from_str(&row.text("args").unwrap()).unwrap();
    (args, row.text("recipient").unwrap())
}

/// The secret that proves the address of the latest ticket.
async fn secret(house: &House) -> Secret {
    let (args, to) = letter(house, "contact-proof").await;
    assert_eq!(to, BEN);
    let whole = args.to_string();
    assert!(
        !whole.contains("Zugang") && !whole.contains("Adler"),
        "{whole}"
    );
    let link = args["link"]["link"].as_str().unwrap();
    Secret::new(link.rsplit('/').next().unwrap())
}

async fn proved(house: &House) -> TicketId {
    let id = wrote(house).await;
    let token = secret(house).await;
    house.clock.advance(1);
    contact::prove(&house.gate, &token).await.unwrap();
    id
}

async fn at_desk(house: &House, staff: &Actor, id: TicketId) -> Vec<DeskMessage> {
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, staff).await.unwrap();
    let found = queue::messages(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

async fn answer(house: &House, staff: &Actor, id: TicketId) -> Result<Value, Refusal> {
    house.clock.advance(1);
    let input = json!({ "id": id, "body": "Rufen Sie uns bitte an." });
    run(house, staff, "ticket.answer", input).await
}

async fn execute(house: &House, sql: &'static str) -> Result<(), String> {
    let mut tx = house.write().await;
    let done = Statement { name: "test", sql }.query().execute(&mut tx);
    match done.await {
        Ok(_rows) => tx.commit().await.map_err(|fault| fault.chain()),
        Err(fault) => Err(fault.chain()),
    }
}

/// Where the answer to a letter about this ticket goes.
async fn own_address(house: &House, id: TicketId) -> String {
    format!("support+{}@wabe.localhost", token_of(house, id).await)
}

/// A letter of the contact's to the address of a ticket.
async fn answers(house: &House, counter: &Counter, to: &str, letter: &IncomingMail) -> Outcome {
    house.clock.advance(1);
    arrives(house, counter, to, letter).await
}

async fn a_ticket_without_an_account_from_the_form_to_the_answer_and_back(house: House) {
    let support = house.staff(StaffRole::Support).await;
    let id = wrote(&house).await;
    let token = secret(&house).await;
    // Programs that look at letters open links too.
    for _ in 0..3 {
        assert!(contact::opens(&house.gate, &token).await.unwrap());
    }
    house.clock.advance(1);
    contact::prove(&house.gate, &token).await.unwrap();
    assert!(!contact::opens(&house.gate, &token).await.unwrap());
    let again = contact::prove(&house.gate, &token).await;
    assert!(matches!(again, Err(Refusal::NotFound)), "{again:?}");
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &support).await.unwrap();
    let found = queue::load(&mut tx, &scope, id).await.unwrap();
    let filter = queue::QueueFilter::default();
    let page = PageRequest::first(10);
    let waiting = queue::list(&mut tx, &scope, &filter, &page).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(
        (found.customer_id, found.ticket.channel),
        (HOUSE, Channel::Form)
    );
    assert!(waiting.items.iter().any(|one| one.ticket.id == id));
    let all = at_desk(&house, &support, id).await;
    assert_eq!(
        (all[0].author_kind, all[0].author, all[0].by_mail),
        (AuthorKind::Contact, None, false)
    );
    assert!(!all[0].body.contains("geheim-Wort-77!"));
    answer(&house, &support, id).await.unwrap();
    let (args, to) = letter(&house, "contact-answered").await;
    assert_eq!(to, BEN);
    assert_eq!(args["message"]["prose"], "Rufen Sie uns bitte an.");
    let own = own_address(&house, id).await;
    assert_eq!(args["reply_to"]["link"], json!(own));
    // The answer to that comes in, without what came along.
    let counter = counter(&house, &[]);
    let mut reply = mail(BEN, "Re: Hilfe", "Mache ich.\n\n> alt");
    reply.files = vec![("bild.txt".to_owned(), b"x".to_vec())];
    let outcome = answers(&house, &counter, &own, &reply).await;
    assert_eq!(outcome, Outcome::Replied(id));
    let all = at_desk(&house, &support, id).await;
    let last = all.last().unwrap();
    assert_eq!(
        (last.author_kind, last.by_mail, last.body.as_str()),
        (AuthorKind::Contact, true, "Mache ich.")
    );
    assert!(last.attachments.is_empty());
}

async fn nobody_is_answered_at_an_address_that_nobody_proved(house: House) {
    let support = house.staff(StaffRole::Support).await;
    let id = wrote(&house).await;
    let token = secret(&house).await;
    assert_eq!(code(answer(&house, &support, id).await), "contact-unproved");
    let tenant = house.tenant("Sonne").await;
    let hand = json!({ "ticket": id, "customer": tenant.id });
    let done = run(&house, &support, "ticket.hand_over", hand).await;
    assert_eq!(code(done), "contact-unproved");
    let kinds = sent(&house).await;
    assert!(!kinds.contains(&"contact-answered".to_owned()), "{kinds:?}");
    for guess in ["", "a", &"A".repeat(43)] {
        let done = contact::prove(&house.gate, &Secret::new(guess)).await;
        assert!(matches!(done, Err(Refusal::NotFound)), "{done:?}");
    }
    let valid = u32::try_from(contact::VALID_SECONDS).unwrap();
    house.clock.advance(valid);
    assert!(!contact::opens(&house.gate, &token).await.unwrap());
    assert!(contact::prove(&house.gate, &token).await.is_err());
    // People do none of what the panel does for who fills in the form.
    for (name, input) in [
        (
            "ticket.write_in",
            json!({ "name": "A", "email": BEN, "subject": "x", "body": "x", "language": "de" }),
        ),
        ("ticket.prove_contact", json!({ "token": token.expose() })),
        ("ticket.reply_by_contact", json!({ "id": id, "body": "x" })),
    ] {
        for actor in [&support, &tenant.owner] {
            let done = run(&house, actor, name, input.clone()).await;
            let said = code(done);
            assert!(
                ["Forbidden", "NotFound"].contains(&said.as_str()),
                "{name}: {said}"
            );
        }
    }
}

async fn only_the_contact_goes_on_by_mail(house: House) {
    let support = house.staff(StaffRole::Support).await;
    let tenant = house.tenant("Sonne").await;
    let known = "ada@sender.example";
    let counter = counter(&house, &[(known, tenant.owner.user.unwrap())]);
    let id = proved(&house).await;
    answer(&house, &support, id).await.unwrap();
    let own = own_address(&house, id).await;
    let before = at_desk(&house, &support, id).await.len();
    // A stranger with the address of the ticket, and a member: neither gets into it.
    let stranger = mail("eve@sender.example", "Re", "Ich auch");
    let outcome = answers(&house, &counter, &own, &stranger).await;
    assert_eq!(outcome, Outcome::Unknown(true));
    let member = answers(&house, &counter, &own, &mail(known, "Re", "Und ich")).await;
    assert!(matches!(member, Outcome::Opened(theirs) if theirs != id));
    // To the plain address the contact is as unknown as anybody.
    let plain = answers(&house, &counter, SUPPORT, &mail(BEN, "Re", "Hallo")).await;
    assert_eq!(plain, Outcome::Unknown(true));
    assert_eq!(at_desk(&house, &support, id).await.len(), before);
    let close = json!({ "id": id, "status": "closed" });
    run(&house, &support, "ticket.set_status", close)
        .await
        .unwrap();
    let late = answers(&house, &counter, &own, &mail(BEN, "Re", "Noch da?")).await;
    assert_eq!(late, Outcome::Unknown(false));
}

/// What this customer's owner reads in a ticket.
async fn read(house: &House, tenant: &Tenant, id: TicketId) -> Vec<ticket::Message> {
    let owner = Actor::member(tenant.owner.user.unwrap(), tenant.id, house.clock.now());
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &owner).await.unwrap();
    let found = ticket::messages(&mut tx, &scope, id).await;
    tx.rollback().await.unwrap();
    found.unwrap_or_default()
}

async fn it_is_handed_to_its_customer_with_words_alone(house: House) {
    let support = house.staff(StaffRole::Support).await;
    let (tenant, other) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let id = proved(&house).await;
    answer(&house, &support, id).await.unwrap();
    assert!(read(&house, &tenant, id).await.is_empty());
    let hand = |customer| json!({ "ticket": id, "customer": customer });
    // To nobody, to the house itself, and never by a member.
    for customer in [json!(HOUSE), json!("cus_01kaj8xv00e0m9f8w2v3x4y5z6")] {
        let done = run(&house, &support, "ticket.hand_over", hand(customer)).await;
        assert_eq!(code(done), "NotFound");
    }
    let done = run(
        &house,
        &tenant.owner,
        "ticket.hand_over",
        hand(json!(tenant.id)),
    )
    .await;
    assert!(["Forbidden", "NotFound"].contains(&code(done).as_str()));
    house.clock.advance(1);
    run(&house, &support, "ticket.hand_over", hand(json!(tenant.id)))
        .await
        .unwrap();
    let all = read(&house, &tenant, id).await;
    assert_eq!(all[0].author_kind, AuthorKind::Contact);
    assert!(all.len() >= 4 && read(&house, &other, id).await.is_empty());
    // From then on that customer is answered, and the contact is nobody.
    answer(&house, &support, id).await.unwrap();
    let kinds = sent(&house).await;
    let to_contact = kinds.iter().filter(|kind| *kind == "contact-answered");
    assert_eq!(to_contact.count(), 1);
    assert!(kinds.contains(&"ticket-answered".to_owned()), "{kinds:?}");
    let counter = counter(&house, &[]);
    let own = own_address(&house, id).await;
    let late = answers(&house, &counter, &own, &mail(BEN, "Re", "Und jetzt?")).await;
    assert_eq!(late, Outcome::Unknown(true));
    let again = run(&house, &support, "ticket.hand_over", hand(json!(other.id))).await;
    assert_eq!(code(again), "NotFound");
    let rest = "SELECT CAST((SELECT count(*) FROM ticket_message m JOIN ticket t ON t.id = m.ticket_id \
         WHERE m.customer_id <> t.customer_id) + (SELECT count(*) FROM ticket_word w \
         JOIN ticket t ON t.id = w.ticket_id WHERE w.customer_id <> t.customer_id) \
         + (SELECT count(*) FROM ticket_address a JOIN ticket t ON t.id = a.ticket_id \
         WHERE a.customer_id <> t.customer_id) + (SELECT count(*) FROM ticket_contact c \
         JOIN ticket t ON t.id = c.ticket_id WHERE c.customer_id <> t.customer_id) AS BIGINT) AS n";
    assert_eq!(count(&house, rest).await, 0);
    // What holds more than words stays where it is: a field for a secret, a file.
    for more in [
        "INSERT INTO ticket_secret (id, customer_id, ticket_id, name, created_at) \
         SELECT 'tsc_x', customer_id, id, 'x', 1 FROM ticket \
         WHERE customer_id = 'cus_00000000000000000000000000'",
        "INSERT INTO ticket_attachment (id, customer_id, ticket_id, message_id, visibility, name, kind, \
         bytes, digest, created_at, content) \
         SELECT 'tat_x', t.customer_id, t.id, m.id, 'public', 'x', 'pdf', 1, 'x', 1, '' \
         FROM ticket t JOIN ticket_message m ON m.ticket_id = t.id \
         WHERE t.customer_id = 'cus_00000000000000000000000000' ORDER BY m.id DESC LIMIT 1",
    ] {
        let full = proved(&house).await;
        execute(&house, more).await.unwrap();
        let input = json!({ "ticket": full, "customer": tenant.id });
        let done = run(&house, &support, "ticket.hand_over", input).await;
        assert_eq!(code(done), "ticket-holds-more");
        execute(&house, "DELETE FROM ticket_secret WHERE id = 'tsc_x'")
            .await
            .unwrap();
        let input = json!({ "id": full, "status": "closed" });
        run(&house, &support, "ticket.set_status", input)
            .await
            .unwrap();
    }
}

async fn who_proves_nothing_keeps_no_answer_from_others(house: House) {
    let support = house.staff(StaffRole::Support).await;
    let support = Actor {
        purpose: Some("Störung".parse().unwrap()),
        ..support
    };
    let tenant = house.tenant("Sonne").await;
    let known = json!({ "title": "Mail verzögert" });
    let known = house
        .run_json(&support, "known_problem.create", known)
        .await;
    let known = known.unwrap().object;
    let stranger = wrote(&house).await;
    let asked = json!({ "subject": "Keine Mails", "body": "Seit heute." });
    let asked = house.run_json(&tenant.owner, "ticket.create", asked).await;
    let asked: TicketId = asked.unwrap().object.parse().unwrap();
    for ticket in [stranger, asked] {
        let link = json!({ "id": ticket, "problem": known });
        run(&house, &support, "ticket.set_problem", link)
            .await
            .unwrap();
    }
    house.clock.advance(60);
    let said = json!({ "id": known, "body": "Wir arbeiten daran.", "solved": false });
    run(&house, &support, "known_problem.answer", said.clone())
        .await
        .unwrap();
    assert_eq!(problem::spread(&house.gate).await.unwrap(), 1);
    assert_eq!(at_desk(&house, &support, asked).await.len(), 2);
    // Nor do they keep everybody from the next one; they read all of it once they proved who they are.
    house.clock.advance(60);
    run(&house, &support, "known_problem.answer", said)
        .await
        .unwrap();
    let before = at_desk(&house, &support, stranger).await.len();
    contact::prove(&house.gate, &secret(&house).await)
        .await
        .unwrap();
    assert_eq!(problem::spread(&house.gate).await.unwrap(), 2);
    assert!(at_desk(&house, &support, stranger).await.len() > before);
}

async fn nothing_but_words_happens_in_a_ticket_of_the_house(house: House) {
    let support = house.staff(StaffRole::Support).await;
    let tenant = house.tenant("Sonne").await;
    let domain = json!({ "name": "sonne.test" });
    let domain = house.run_json(&tenant.owner, "domain.create", domain).await;
    let domain = domain.unwrap().object;
    let id = proved(&house).await;
    let ask = json!({ "id": id, "reason": "Um nachzusehen." });
    let done = run(&house, &support, "consent.ask", ask).await;
    assert_eq!(code(done), "ticket-without-account");
    // Neither a member of some customer nor their words reach it.
    let words = json!({ "id": id, "object": domain, "quote": "Bitte." });
    let done = run(&house, &tenant.owner, "instruction.give", words).await;
    assert_eq!(code(done), "NotFound");
    let input = json!({ "id": domain });
    for customer in [HOUSE, tenant.id] {
        let actor = support.clone().at_ticket(customer, id);
        let done = run(&house, &actor, "domain.verify", input.clone()).await;
        assert!(done.is_err(), "{customer}");
    }
    for sql in [
        "INSERT INTO instruction (id, customer_id, ticket_id, object_id, object_kind, object_name, \
         quote, given_by, given_at) SELECT 'itn_x', customer_id, id, 'x', 'domain', 'x', 'x', 'x', 1 \
         FROM ticket WHERE channel = 'form'",
        "UPDATE ticket_contact SET token_digest = 'x'",
    ] {
        assert!(execute(&house, sql).await.is_err(), "{sql}");
    }
    let unproved = wrote(&house).await;
    assert_ne!(unproved, id);
    let moved = "UPDATE ticket_contact SET customer_id = \
         (SELECT id FROM customer WHERE name = 'Sonne') WHERE proved_at IS NULL";
    assert!(execute(&house, moved).await.is_err());
}

/// The four commands, in a customer of their own.
pub(super) async fn all_of_it(house: &House) {
    let support = house.staff(StaffRole::Support).await;
    let tenant = house.tenant("Zugang").await;
    let id = proved(house).await;
    let panel = Actor::system(HOUSE);
    let reply = json!({ "id": id, "body": "Noch etwas." });
    run(house, &panel, "ticket.reply_by_contact", reply)
        .await
        .unwrap();
    let hand = json!({ "ticket": id, "customer": tenant.id });
    run(house, &support, "ticket.hand_over", hand)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_form_has_one_answer_and_its_limit_does_not_show() {
    let panel = shared();
    let guest = Browser::guest(&panel);
    let customer = panel.customer();
    let bare = |text: String| {
        let lines = text.lines().filter(|line| !line.contains("csrf"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut answers = Vec::new();
    let unknown = format!("niemand{}@nowhere.example", unique());
    for email in [
        &unknown,
        &customer.owner,
        &unknown,
        &unknown,
        &unknown,
        &unknown,
    ] {
        let fields = [
            ("name", "Ben <script>alert(1)</script>"),
            ("email", email.as_str()),
            ("subject", "Hilfe"),
            ("body", "Ich komme nicht hinein."),
        ];
        let answer = guest.post("/access-help/write", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        answers.push(bare(answer.text()));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let empty = guest.post("/access-help/write", &[("name", "Ben")]).await;
    assert_eq!(empty.status, 422);
    assert_eq!(guest.get("/contact-proof/AAAA").await.status, 404);
    let made_up = guest.post("/contact-proof", &[("token", "AAAA")]).await;
    assert_eq!(made_up.status, 404);
}
