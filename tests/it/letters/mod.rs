//! Tickets by mail: which letter goes where, who is answered, and what nobody gets by a letter.

mod confirm;
mod contact;
mod shapes;

use crate::client::{text, until};
use crate::on_both_engines;
use crate::process::{Panel, shared};
use crate::tools::deliver;
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Role, Scope};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{IncomingMailId, MemberId, TicketId, UserId};
use wabe_kernel::{Clock as _, Fault, IncomingMail, MailAddress};
use wabe_store::Tx;
use wabe_support::mail::{Counter, Outcome, Senders, Silence, SupportAddress, Waiting};
use wabe_support::ticket::{self, Channel, Message};
use wabe_testkit::{House, Tenant};

on_both_engines!(
    a_letter_of_somebody_known_is_a_ticket,
    a_letter_to_the_address_of_a_ticket_goes_on_in_it,
    nobody_gets_into_a_ticket_that_they_do_not_see,
    whoever_is_unknown_is_answered_once_a_day,
    forged_senders_are_not_written_to_without_end,
    a_flood_ends,
    a_letter_that_is_read_twice_is_one_ticket,
    the_customer_is_the_one_that_is_named,
);

const SUPPORT: &str = "support@wabe.localhost";
const ADA: &str = "ada@sender.example";

/// The people of a test.
struct People(Vec<(MailAddress, UserId)>);

impl Senders for People {
    fn user<'a>(
        &'a self,
        _tx: &'a mut Tx,
        address: &'a MailAddress,
    ) -> Working<'a, Result<Option<UserId>, Fault>> {
        let found = self.0.iter().find(|(known, _)| known == address);
        let user = found.map(|(_, user)| *user);
        Box::pin(async move { Ok(user) })
    }
}

fn address(text: &str) -> MailAddress {
    text.parse().unwrap()
}

fn counter(house: &House, people: &[(&str, UserId)]) -> Counter {
    let people = people.iter().map(|(email, user)| (address(email), *user));
    Counter {
        gate: house.gate.clone(),
        senders: Arc::new(People(people.collect())),
        address: SupportAddress::new(address(SUPPORT)),
        from: address("panel@wabe.localhost"),
    }
}

fn mail(from: &str, subject: &str, text: &str) -> IncomingMail {
    IncomingMail {
        from: Some(address(from)),
        subject: subject.to_owned(),
        message_id: Some("letter.1@sender.example".to_owned()),
        text: text.to_owned(),
        ..IncomingMail::default()
    }
}

async fn arrives(house: &House, counter: &Counter, to: &str, mail: &IncomingMail) -> Outcome {
    let now = house.clock.now();
    let waiting = Waiting {
        return_path: ADA.to_owned(),
        recipient: to.to_owned(),
        bytes: Vec::new(),
        arrived_at: now,
    };
    let id = IncomingMailId::new(now, house.rng.as_ref());
    Box::pin(counter.receive(id, &waiting, mail)).await.unwrap()
}

async fn written(house: &House, actor: &Actor, id: TicketId) -> Vec<Message> {
    let mut tx = house.db.store.read_for(actor.customer).await.unwrap();
    let scope = Scope::of(&mut tx, actor).await.unwrap();
    let found = ticket::messages(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    found
}

/// The kinds of the letters that went out.
async fn sent(house: &House) -> Vec<String> {
    let mut tx = house.db.store.read().await.unwrap();
    let found = wabe_jobs::mail::recent(&mut tx, 100).await.unwrap();
    tx.rollback().await.unwrap();
    found.iter().map(|one| one.kind.word().to_owned()).collect()
}

async fn token_of(house: &House, id: TicketId) -> String {
    const TOKEN: wabe_store::Statement = wabe_store::Statement {
        name: "test.token",
        sql: "SELECT token FROM ticket_address WHERE ticket_id = $1",
    };
    let mut tx = house.db.store.read().await.unwrap();
    let row = TOKEN.bind(id).one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    row.text("token").unwrap()
}

fn opened(outcome: Outcome) -> TicketId {
    match outcome {
        Outcome::Opened(id) => id,
        other => panic!("{other:?}"),
    }
}

/// Makes somebody a member of another customer as well.
async fn joins(house: &House, tenant: &Tenant, user: UserId, role: Role) {
    let now = house.clock.now();
    let member = Member {
        id: MemberId::new(now, house.rng.as_ref()),
        user,
        role,
        created_at: now,
    };
    let mut tx = house.db.store.write().await.unwrap();
    assert!(member::insert(&mut tx, tenant.id, &member).await.unwrap());
    tx.commit().await.unwrap();
}

/// What is asked for from outside, in customers of its own; the commands that passed.
pub(crate) async fn all_of_it(house: &House) -> [&'static str; 7] {
    confirm::all_of_it(house).await;
    contact::all_of_it(house).await;
    [
        "instruction.ask",
        "instruction.confirm",
        "instruction.decline",
        "ticket.write_in",
        "ticket.prove_contact",
        "ticket.reply_by_contact",
        "ticket.hand_over",
    ]
}

async fn a_letter_of_somebody_known_is_a_ticket(house: House) {
    let tenant = house.tenant("Sonne").await;
    let counter = counter(&house, &[(ADA, tenant.owner.user.unwrap())]);
    let mut letter = mail(
        ADA,
        "Postfach voll",
        "Mein Passwort: geheim-Wort-77!\n\n-- \nAda",
    );
    letter.files = vec![
        ("fehler.log".to_owned(), b"Zeile 1".to_vec()),
        ("leer".to_owned(), Vec::new()),
    ];
    let id = opened(arrives(&house, &counter, SUPPORT, &letter).await);
    let all = written(&house, &tenant.owner, id).await;
    let first = &all[0];
    assert!(first.by_mail && first.author == tenant.owner.user);
    assert!(!first.body.contains("geheim-Wort-77!") && !first.body.contains("Ada"));
    assert_eq!(first.attachments.len(), 1);
    assert_eq!(all.len(), 2, "that a file was not taken is said");
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let found = ticket::load(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(
        (found.subject.as_str(), found.channel),
        ("Postfach voll", Channel::Mail)
    );
    assert_eq!(sent(&house).await, ["ticket-mail-received"]);
}

async fn a_letter_to_the_address_of_a_ticket_goes_on_in_it(house: House) {
    let tenant = house.tenant("Sonne").await;
    let counter = counter(&house, &[(ADA, tenant.owner.user.unwrap())]);
    let id = opened(arrives(&house, &counter, SUPPORT, &mail(ADA, "Eins", "Eins")).await);
    let own = format!("support+{}@wabe.localhost", token_of(&house, id).await);
    house.clock.advance(1);
    let reply = arrives(&house, &counter, &own, &mail(ADA, "Ganz anders", "Zwei")).await;
    assert_eq!(reply, Outcome::Replied(id));
    let bodies: Vec<String> = written(&house, &tenant.owner, id)
        .await
        .into_iter()
        .map(|one| one.body)
        .collect();
    assert_eq!(bodies, ["Eins", "Zwei"]);
    // A subject alone leads nowhere.
    let again = arrives(
        &house,
        &counter,
        SUPPORT,
        &mail(ADA, "Re: T10001 Eins", "Drei"),
    )
    .await;
    assert_ne!(opened(again), id);
    let vacation = IncomingMail {
        fields: [("auto-submitted".to_owned(), "auto-replied".to_owned())].into(),
        ..mail(ADA, "Urlaub", "Bin weg")
    };
    let silent = arrives(&house, &counter, &own, &vacation).await;
    assert_eq!(silent, Outcome::Silent(Silence::AutoReply));
    assert_eq!(written(&house, &tenant.owner, id).await.len(), 2);
}

async fn nobody_gets_into_a_ticket_that_they_do_not_see(house: House) {
    let (tenant, other) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let eve = "eve@sender.example";
    let people = [
        (ADA, tenant.owner.user.unwrap()),
        (eve, other.owner.user.unwrap()),
    ];
    let counter = counter(&house, &people);
    let id = opened(arrives(&house, &counter, SUPPORT, &mail(ADA, "Eins", "Eins")).await);
    let own = format!("support+{}@wabe.localhost", token_of(&house, id).await);
    // With the right token and without a place in the customer: a ticket of their own.
    let theirs = opened(arrives(&house, &counter, &own, &mail(eve, "Zwei", "Zwei")).await);
    assert_ne!(theirs, id);
    assert_eq!(written(&house, &other.owner, theirs).await.len(), 1);
    let unknown = arrives(&house, &counter, &own, &mail("x@y.example", "Drei", "Drei")).await;
    assert_eq!(unknown, Outcome::Unknown(true));
    assert_eq!(written(&house, &tenant.owner, id).await.len(), 1);
}

async fn whoever_is_unknown_is_answered_once_a_day(house: House) {
    let counter = counter(&house, &[]);
    let letter = mail(ADA, "Hallo", "Wer sind Sie?");
    for wanted in [true, false, false] {
        let outcome = arrives(&house, &counter, SUPPORT, &letter).await;
        assert_eq!(outcome, Outcome::Unknown(wanted));
    }
    house.clock.advance(86_400);
    let outcome = arrives(&house, &counter, SUPPORT, &letter).await;
    assert_eq!(outcome, Outcome::Unknown(true));
    assert_eq!(sent(&house).await, ["ticket-mail-unknown"; 2]);
    let nobody = IncomingMail {
        from: None,
        ..letter
    };
    let outcome = arrives(&house, &counter, SUPPORT, &nobody).await;
    assert_eq!(outcome, Outcome::Nameless);
}

async fn forged_senders_are_not_written_to_without_end(house: House) {
    let counter = counter(&house, &[]);
    for number in 0..61 {
        let letter = mail(&format!("n{number}@sender.example"), "Hallo", "x");
        let outcome = arrives(&house, &counter, SUPPORT, &letter).await;
        assert_eq!(outcome, Outcome::Unknown(number < 60), "{number}");
    }
    // Whoever was not answered is, when they write again later.
    house.clock.advance(3_601);
    let letter = mail("n60@sender.example", "Hallo", "x");
    let outcome = arrives(&house, &counter, SUPPORT, &letter).await;
    assert_eq!(outcome, Outcome::Unknown(true));
}

async fn a_flood_ends(house: House) {
    let tenant = house.tenant("Sonne").await;
    let counter = counter(&house, &[(ADA, tenant.owner.user.unwrap())]);
    for number in 0..21 {
        let letter = mail(ADA, &format!("Nummer {number}"), "x");
        let outcome = arrives(&house, &counter, SUPPORT, &letter).await;
        assert_eq!(outcome == Outcome::Flood, number == 20, "{number}");
    }
    house.clock.advance(3_601);
    opened(arrives(&house, &counter, SUPPORT, &mail(ADA, "Später", "x")).await);
}

async fn a_letter_that_is_read_twice_is_one_ticket(house: House) {
    let tenant = house.tenant("Sonne").await;
    let counter = counter(&house, &[(ADA, tenant.owner.user.unwrap())]);
    let now = house.clock.now();
    let waiting = Waiting {
        return_path: ADA.to_owned(),
        recipient: SUPPORT.to_owned(),
        bytes: Vec::new(),
        arrived_at: now,
    };
    let id = IncomingMailId::new(now, house.rng.as_ref());
    let letter = mail(ADA, "Eins", "Eins");
    let first = Box::pin(counter.receive(id, &waiting, &letter))
        .await
        .unwrap();
    let second = Box::pin(counter.receive(id, &waiting, &letter))
        .await
        .unwrap();
    assert_eq!(first, second);
    assert_eq!(sent(&house).await.len(), 1);
}

async fn the_customer_is_the_one_that_is_named(house: House) {
    let first = house.tenant("Sonne").await;
    house.clock.advance(1);
    let second = house.tenant("Mond").await;
    let user = first.owner.user.unwrap();
    joins(&house, &second, user, Role::Administrator).await;
    let domain = json!({ "name": "mondschein.test" });
    house
        .run_json(&second.owner, "domain.create", domain)
        .await
        .unwrap();
    let counter = counter(&house, &[(ADA, user)]);
    let mut tx = house.db.store.read().await.unwrap();
    let found = wabe_access::customer::find(&mut tx, second.id)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let number = found.unwrap().number.to_string();
    let about = [
        ("Allgemeine Frage", "Wie geht das?", &first),
        (
            "Frage",
            "Es geht um www von Mondschein.test, bitte.",
            &second,
        ),
        (
            &format!("Zu {number}"),
            "Es geht um das andere Konto.",
            &second,
        ),
    ];
    for (subject, text, whose) in about {
        let id = opened(arrives(&house, &counter, SUPPORT, &mail(ADA, subject, text)).await);
        let owner = Actor::member(user, whose.id, house.clock.now());
        assert_eq!(written(&house, &owner, id).await.len(), 1, "{subject}");
    }
}

/// The letters of a panel to somebody, as they left.
fn letters(panel: &Panel, to: &str) -> Vec<String> {
    let outbox = fs::read_dir(panel.data.join("outbox"));
    let texts = outbox.into_iter().flatten().flatten();
    let texts = texts.filter_map(|entry| fs::read_to_string(entry.path()).ok());
    texts
        .filter(|text| text.contains(&format!("<{to}>")) || text.contains(&format!("To: {to}")))
        .collect()
}

fn head<'a>(letter: &'a str, name: &str) -> &'a str {
    let line = letter.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{name} is missing: {letter}"))
        .trim()
}

#[tokio::test]
async fn a_conversation_by_mail_from_end_to_end() {
    let panel = shared();
    let customer = panel.customer();
    let write = async |to: &str, subject: &str, body: &str| {
        let message = format!(
            "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@mua.example>\r\n\r\n{body}\r\n",
            from = customer.owner
        );
        let (code, words) = deliver(&panel, to, message.as_bytes()).await;
        assert_eq!(code, 250, "{words}");
    };
    write(SUPPORT, "eins", "Nichts geht mehr.").await;
    let ticket = until("the ticket", async || {
        let all = customer.api.all("/tickets").await;
        all.into_iter().find(|one| one["subject"] == "eins")
    })
    .await;
    assert_eq!(ticket["channel"], "mail");
    let letter = until("the letter", async || {
        let all = letters(&panel, &customer.owner);
        all.into_iter()
            .find(|one| one.contains("In-Reply-To: <eins@mua.example>"))
    })
    .await;
    assert_eq!(head(&letter, "Auto-Submitted:"), "auto-replied");
    let own = head(&letter, "Reply-To:").to_owned();
    assert!(own.starts_with("support+"), "{own}");
    write(&own, "zwei", "Doch, jetzt.\r\n\r\n> alt").await;
    let messages = format!("/tickets/{}/messages", text(&ticket, "id"));
    let all: Vec<Value> = until("the reply", async || {
        let all = customer.api.all(&messages).await;
        (all.len() == 2).then_some(all)
    })
    .await;
    assert_eq!(
        (all[1]["body"].as_str(), all[1]["by_mail"].as_bool()),
        (Some("Doch, jetzt."), Some(true))
    );
}
