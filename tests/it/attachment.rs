//! Files in tickets: who reads which, what is refused, and what the record says.

use crate::client::{Answer, text};
use crate::on_both_engines;
use crate::process::shared;
use serde_json::json;
use wabe_access::{Actor, Mode, Refusal, Scope, StaffRole};
use wabe_kernel::id::{TicketAttachmentId, TicketId};
use wabe_store::Statement;
use wabe_support::attachment::{self, Attachment, Files, Sent, WithFiles};
use wabe_support::ticket::{self, NoteOnTicket, ReplyToTicket, queue};
use wabe_testkit::House;

on_both_engines!(
    a_file_is_read_by_both_sides_and_by_nobody_else,
    the_file_of_a_note_is_out_of_every_customers_reach,
    a_ticket_holds_no_more_than_it_may,
);

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\0IHDRcrc.\0\0\0\x03tEXtGPScrc.\0\0\0\0IENDcrc.";

async fn opened(house: &House, actor: &Actor) -> TicketId {
    let asked = json!({ "subject": "Postfach voll", "body": "Bitte helfen Sie." });
    let done = house.run_json(actor, "ticket.create", asked).await.unwrap();
    done.object.parse().unwrap()
}

fn files(name: &str, bytes: &[u8]) -> Files {
    let sent = Sent {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    Files::of(vec![sent]).unwrap()
}

fn reply(id: TicketId, files: Files) -> ReplyToTicket {
    let fields = json!({ "id": id, "body": "Anbei." });
    let command: ReplyToTicket = serde_json::from_value(fields).unwrap();
    command.with_files(files)
}

/// The files of the public messages, as a customer's people see them.
async fn listed(house: &House, actor: &Actor, id: TicketId) -> Vec<Attachment> {
    let mut tx = house.db.store.read_for(actor.customer).await.unwrap();
    let scope = Scope::of(&mut tx, actor).await.unwrap();
    let messages = ticket::messages(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    messages
        .into_iter()
        .flat_map(|one| one.attachments)
        .collect()
}

async fn read(
    house: &House,
    actor: &Actor,
    place: (TicketId, TicketAttachmentId),
) -> Result<Vec<u8>, Refusal> {
    let mut tx = house.db.store.read_for(actor.customer).await.unwrap();
    let scope = Scope::of(&mut tx, actor).await?;
    let opened = attachment::open(&mut tx, &scope, place).await;
    tx.rollback().await.unwrap();
    opened.map(|(_, bytes)| bytes)
}

/// Everything that the record says to this customer.
async fn recorded(house: &House, actor: &Actor) -> String {
    let mut tx = house.db.store.read_for(actor.customer).await.unwrap();
    let filter = wabe_audit::ChangeFilter::default();
    let page = wabe_kernel::PageRequest::first(50);
    let found = house
        .recorder
        .list(&mut tx, actor.customer, &filter, &page)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    format!("{:?}", found.items)
}

async fn a_file_is_read_by_both_sides_and_by_nobody_else(house: House) {
    let (tenant, other) = (house.tenant("Sonne").await, house.tenant("Mond").await);
    let id = opened(&house, &tenant.owner).await;
    let command = reply(id, files("../../<Foto>.png", PNG));
    Box::pin(house.gate.run(&tenant.owner, command, Mode::Commit))
        .await
        .unwrap();
    let found = listed(&house, &tenant.owner, id).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "_Foto_.png");
    let place = (id, found[0].id);
    let bytes = read(&house, &tenant.owner, place).await.unwrap();
    assert!(bytes.starts_with(b"\x89PNG") && !bytes.windows(3).any(|part| part == b"GPS"));
    let foreign = opened(&house, &other.owner).await;
    for place in [place, (foreign, found[0].id)] {
        let refused = read(&house, &other.owner, place).await;
        assert!(matches!(refused, Err(Refusal::NotFound)));
    }
    // Nor under another ticket of its own customer.
    let second = opened(&house, &tenant.owner).await;
    let refused = read(&house, &tenant.owner, (second, found[0].id)).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let support = house.staff(StaffRole::Support).await;
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &support).await.unwrap();
    let (_, at_desk) = attachment::open_at_desk(&mut tx, &scope, place)
        .await
        .unwrap();
    assert_eq!(at_desk, bytes);
    tx.rollback().await.unwrap();
    let said = recorded(&house, &tenant.owner).await;
    assert!(said.contains("_Foto_.png") && said.contains(&found[0].digest));
}

const RAW: Statement = Statement {
    name: "test.files",
    sql: "SELECT name FROM ticket_attachment WHERE visibility <> 'nowhere' ORDER BY id",
};
const PLANT: Statement = Statement {
    name: "test.plant_file",
    sql: "UPDATE ticket_attachment SET visibility = 'public' WHERE name <> ''",
};

async fn the_file_of_a_note_is_out_of_every_customers_reach(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = opened(&house, &tenant.owner).await;
    let support = house.staff(StaffRole::Support).await;
    let note = json!({ "id": id, "body": "only among us" });
    let note: NoteOnTicket = serde_json::from_value(note).unwrap();
    let note = note.with_files(files("verdacht.txt", b"only among us"));
    Box::pin(house.gate.run(&support, note, Mode::Commit))
        .await
        .unwrap();
    let mut tx = house.db.store.read().await.unwrap();
    let scope = Scope::of(&mut tx, &support).await.unwrap();
    let all = queue::messages(&mut tx, &scope, id).await.unwrap();
    tx.rollback().await.unwrap();
    let kept = &all.last().unwrap().attachments[0];
    assert_eq!(kept.name, "verdacht.txt");
    assert!(listed(&house, &tenant.owner, id).await.is_empty());
    let refused = read(&house, &tenant.owner, (id, kept.id)).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    let said = recorded(&house, &tenant.owner).await;
    assert!(
        !said.contains("verdacht") && !said.contains(&kept.digest),
        "{said}"
    );
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let on_postgres = tx.dialect() == wabe_store::Dialect::Postgres;
    if on_postgres {
        // Whatever a statement says, the wall is behind it.
        assert!(RAW.query().all(&mut tx).await.unwrap().is_empty());
    }
    tx.rollback().await.unwrap();
    if on_postgres {
        let mut tx = house.db.store.write_for(tenant.id).await.unwrap();
        assert!(PLANT.query().execute(&mut tx).await.is_err());
    }
}

async fn a_ticket_holds_no_more_than_it_may(house: House) {
    let tenant = house.tenant("Sonne").await;
    let id = opened(&house, &tenant.owner).await;
    let large = files("groß.bin", &vec![7; attachment::FILE_BYTES_MAX]);
    for _ in 0..10 {
        let command = reply(id, large.clone());
        Box::pin(house.gate.run(&tenant.owner, command, Mode::Commit))
            .await
            .unwrap();
    }
    let command = reply(id, files("klein.txt", b"a"));
    let refused = Box::pin(house.gate.run(&tenant.owner, command, Mode::Commit)).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    // The message that it came with is not there either.
    assert_eq!(listed(&house, &tenant.owner, id).await.len(), 10);
}

/// What every answer with a file says to a browser. Bar 3.13 T5.
fn is_only_to_be_saved(answer: &Answer) {
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; ")
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(
        answer
            .header("content-security-policy")
            .ends_with("sandbox")
    );
}

#[tokio::test]
async fn programs_add_and_fetch_files() {
    let panel = shared();
    let customer = panel.customer();
    let asked = json!({ "subject": "Postfach voll", "body": "Bitte helfen Sie." });
    let made = customer.api.made("/tickets", asked).await;
    let files = format!("/tickets/{}/attachments", text(&made, "id"));
    let send = async |name: &str, bytes: &[u8]| {
        let request = customer.api.request("POST", &format!("{files}{name}"));
        customer.api.send(request.body(bytes.to_vec())).await
    };
    let page = b"<html><script>alert(1)</script>";
    let kept = send("?name=seite.html", page).await.expect(201);
    assert_eq!(text(&kept, "kind"), "markup");
    let back = customer
        .api
        .get(&format!("{files}/{}", text(&kept, "id")))
        .await;
    assert_eq!((back.status, back.body.as_slice()), (200, page.as_slice()));
    assert_eq!(back.header("content-type"), "application/octet-stream");
    is_only_to_be_saved(&back);
    send("", page).await.expect(422);
    send("?name=a.txt", b"").await.expect(422);
    send("?name=a.txt&odd=1", b"a").await.expect(422);
    send("?name=a.txt&dry_run=true", b"a").await.expect(200);
    let large = vec![b'a'; attachment::FILE_BYTES_MAX + 1];
    send("?name=a.txt", &large).await.expect(413);
    let messages = customer
        .api
        .all(&format!("/tickets/{}/messages", text(&made, "id")))
        .await;
    let counts: Vec<usize> = messages
        .iter()
        .map(|one| one["attachments"].as_array().unwrap().len())
        .collect();
    assert_eq!(counts, [0, 1]);
}
