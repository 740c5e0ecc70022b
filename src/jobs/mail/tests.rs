//! What outgoing mail promises. Bar 3.3 T3, 3.14 T7.

use crate::bench::{Bench, head, person};
use crate::mail::{FileOutbox, Outgoing, Recipient, SendMail, Transport, queue, recent, sweep};
use crate::mail::{Letter, SmtpSettings, SmtpTls, SmtpTransport, letter::Draft};
use crate::queue::{JobFailure, Worker};
use crate::text::{Args, NoticeKind, Texts};
use mail_parser::MessageParser;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{NoticeId, UserId};
use wabe_kernel::{Secret, Timestamp};

const OPEN_LINKS: &str = "SELECT count(*) AS n FROM outgoing_mail WHERE args IS NOT NULL";

fn reset() -> Outgoing {
    Outgoing {
        to: Recipient::Address(person("Käthe")),
        kind: NoticeKind::Reset,
        args: Args::new()
            .time("until", Timestamp(1_795_300_000_000_000))
            .link("link", Secret::new("https://portal.test/reset/geheim")),
        until: None,
    }
}

fn addressed(name: &str, address: &str) -> Recipient {
    let mut person = person("x");
    person.name = Some(name.parse().unwrap());
    person.address = address.parse().unwrap();
    Recipient::Address(person)
}

async fn ask(bench: &Bench, mail: &Outgoing) -> NoticeId {
    let mut tx = bench.write().await;
    let id = queue(&mut tx, bench.now(), bench.rng.as_ref(), mail)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

fn worker(bench: &Bench, transport: Arc<dyn Transport>) -> Worker {
    let (clock, rng) = (Arc::clone(&bench.clock), Arc::clone(&bench.rng));
    let send = SendMail {
        store: bench.store.clone(),
        clock: Arc::clone(&clock) as _,
        people: Arc::clone(&bench.book) as _,
        texts: Arc::new(Texts::embedded(head()).unwrap()),
        transport,
    };
    Worker::new(bench.store.clone(), clock, rng).with(send)
}

fn outbox(bench: &Bench) -> Arc<FileOutbox> {
    Arc::new(FileOutbox::new(bench.dir.path().join("outbox")))
}

/// Refuses until it is told otherwise.
struct Moody(AtomicBool, JobFailure);

impl Transport for Moody {
    fn deliver<'a>(&'a self, _letter: &'a Letter) -> Working<'a, Result<(), JobFailure>> {
        let works = self.0.load(Ordering::SeqCst);
        let outcome = if works { Ok(()) } else { Err(self.1) };
        Box::pin(async move { outcome })
    }
}

#[tokio::test]
async fn a_mail_lands_in_the_outbox_with_umlauts_and_is_erased_from_the_queue() {
    let bench = Bench::new().await;
    let mail = Outgoing {
        to: addressed("Käthe Müller", "kaethe@sonne.test"),
        ..reset()
    };
    let id = ask(&bench, &mail).await;
    let folder = bench.dir.path().join("outbox");
    assert!(!folder.exists(), "nothing is sent inline");
    assert_eq!(bench.count(OPEN_LINKS).await, 1);
    worker(&bench, outbox(&bench)).run_due().await.unwrap();
    assert_eq!(bench.count(OPEN_LINKS).await, 0);
    let file = folder.join(format!("{id}.eml"));
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        1,
        "no unfinished file stays"
    );
    let bytes = std::fs::read(&file).unwrap();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(parsed.subject(), Some("Ihr Link für ein neues Passwort"));
    let to = parsed.to().unwrap().first().unwrap();
    assert_eq!(to.name(), Some("Käthe Müller"));
    assert_eq!(to.address(), Some("kaethe@sonne.test"));
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Bärenhost GmbH & Söhne"));
    assert_eq!(
        parsed.message_id(),
        Some(format!("{id}@portal.test").as_str())
    );
    let body = parsed.body_text(0).unwrap();
    assert!(body.starts_with("Guten Tag Käthe Müller,"), "{body}");
    assert!(
        body.lines()
            .any(|line| line == "https://portal.test/reset/geheim"),
        "{body}"
    );
}

#[tokio::test]
async fn a_mail_that_cannot_leave_is_kept_and_sent_later_once() {
    let bench = Bench::new().await;
    ask(&bench, &reset()).await;
    let moody = Arc::new(Moody(
        AtomicBool::new(false),
        JobFailure::later("mail-unreachable"),
    ));
    let worker = worker(&bench, Arc::clone(&moody) as _);
    worker.run_due().await.unwrap();
    assert_eq!(bench.count(OPEN_LINKS).await, 1);
    moody.0.store(true, Ordering::SeqCst);
    bench.clock.advance(60);
    assert_eq!(worker.run_due().await.unwrap(), 1);
    assert_eq!(bench.count(OPEN_LINKS).await, 0);
    let mut tx = bench.write().await;
    assert_eq!(recent(&mut tx, 5).await.unwrap()[0].state, "sent");
}

#[tokio::test]
async fn a_mail_refused_for_good_is_erased_too() {
    let bench = Bench::new().await;
    ask(&bench, &reset()).await;
    let moody = Moody(AtomicBool::new(false), JobFailure::never("mail-refused"));
    worker(&bench, Arc::new(moody)).run_due().await.unwrap();
    assert_eq!(bench.count(OPEN_LINKS).await, 0);
    let mut tx = bench.write().await;
    let mail = recent(&mut tx, 5).await.unwrap().remove(0);
    assert_eq!(
        (mail.state.as_str(), mail.failure.as_deref()),
        ("failed", Some("mail-refused"))
    );
}

#[tokio::test]
async fn a_mail_whose_link_is_over_is_not_sent() {
    let bench = Bench::new().await;
    let until = Some(bench.now().plus_seconds(900));
    ask(&bench, &Outgoing { until, ..reset() }).await;
    bench.clock.advance(901);
    worker(&bench, outbox(&bench)).run_due().await.unwrap();
    assert!(!bench.dir.path().join("outbox").exists());
    assert_eq!(bench.count(OPEN_LINKS).await, 0);
}

#[tokio::test]
async fn a_mail_to_somebody_who_is_gone_is_given_up() {
    let bench = Bench::new().await;
    let nobody = UserId::new(bench.now(), bench.rng.as_ref());
    ask(
        &bench,
        &Outgoing {
            to: Recipient::User(nobody),
            ..reset()
        },
    )
    .await;
    worker(&bench, outbox(&bench)).run_due().await.unwrap();
    assert_eq!(bench.count(OPEN_LINKS).await, 0);
}

#[tokio::test]
async fn what_waits_for_a_week_is_erased_and_forgotten_a_month_later() {
    let bench = Bench::new().await;
    ask(&bench, &reset()).await;
    for (days, left, rows) in [(6, 1, 1), (2, 0, 1), (31, 0, 0)] {
        bench.clock.advance(days * 86_400);
        let mut tx = bench.write().await;
        sweep(&mut tx, bench.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(bench.count(OPEN_LINKS).await, left);
        assert_eq!(
            bench.count("SELECT count(*) AS n FROM outgoing_mail").await,
            rows
        );
    }
}

#[tokio::test]
async fn somebody_without_a_name_is_greeted_without_one() {
    let bench = Bench::new().await;
    let mut nameless = person("x");
    nameless.name = None;
    let to = Recipient::Address(nameless);
    let id = ask(&bench, &Outgoing { to, ..reset() }).await;
    worker(&bench, outbox(&bench)).run_due().await.unwrap();
    let file = bench.dir.path().join("outbox").join(format!("{id}.eml"));
    let bytes = std::fs::read(file).unwrap();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert!(parsed.body_text(0).unwrap().starts_with("Guten Tag,\r\n"));
}

#[test]
fn mail_in_the_clear_does_not_leave_the_machine() {
    let mut settings = SmtpSettings {
        host: "mail.sonne.test".to_owned(),
        port: None,
        tls: SmtpTls::Loopback,
        login: None,
        hello: "portal.test".to_owned(),
    };
    assert!(SmtpTransport::new(&settings).is_err());
    settings.host = "127.0.0.1".to_owned();
    assert!(SmtpTransport::new(&settings).is_ok());
}

/// One SMTP conversation: answers as told, returns what came as DATA.
async fn converse(listener: tokio::net::TcpListener, to_rcpt: &'static str) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.test\r\n").await.unwrap();
    let (mut data, mut inside) = (String::new(), false);
    while let Some(line) = lines.next_line().await.unwrap() {
        let answer = match line.get(..4).unwrap_or("") {
            _ if inside && line != "." => {
                data.push_str(&line);
                data.push('\n');
                continue;
            }
            "EHLO" => "250 mail.test\r\n",
            "RCPT" => to_rcpt,
            "DATA" => "354 go\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        inside = line == "DATA";
        write.write_all(answer.as_bytes()).await.unwrap();
        if line == "QUIT" {
            break;
        }
    }
    data
}

async fn over_smtp(to_rcpt: &'static str) -> (Result<(), JobFailure>, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        tls: SmtpTls::Loopback,
        login: None,
        hello: "portal.test".to_owned(),
    };
    let transport = SmtpTransport::new(&settings).unwrap();
    let letter = written("Käthe", "info@sonne.test");
    let delivery = async {
        let outcome = transport.deliver(&letter).await;
        drop(transport);
        outcome
    };
    tokio::join!(delivery, converse(listener, to_rcpt))
}

#[tokio::test]
async fn a_mail_server_gets_the_letter() {
    let (outcome, data) = over_smtp("250 ok\r\n").await;
    assert_eq!(outcome, Ok(()));
    assert!(data.contains("Auto-Submitted: auto-generated"), "{data}");
}

#[tokio::test]
async fn a_refused_recipient_is_final_and_a_deferred_one_is_not() {
    let (outcome, _) = over_smtp("550 no such user\r\n").await;
    assert_eq!(outcome, Err(JobFailure::never("mail-refused")));
    let (outcome, _) = over_smtp("451 later\r\n").await;
    assert_eq!(outcome, Err(JobFailure::later("mail-deferred")));
}

/// A letter about an object of this name, to a person of that name.
fn written(name: &str, object: &str) -> Letter {
    let mut to = person("x");
    to.name = Some(name.parse().unwrap());
    let args = Args::new().text("object", object).text("noun", "mailbox");
    let args = args.bytes("used", 1).bytes("max", 2);
    let dice = crate::bench::Dice::default();
    let draft = Draft {
        id: NoticeId::new(Timestamp(0), &dice),
        kind: NoticeKind::Quota80,
        args: &args,
        to: &to,
        now: Timestamp(1_795_266_300_000_000),
    };
    Letter::write(&Texts::embedded(head()).unwrap(), &draft).unwrap()
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]

    /// Bar 3.14 T7: whatever an argument or a name holds, the headers stay ours.
    #[test]
    fn no_argument_makes_a_header(
        object in "\\PC{0,60}(\r\n|\n|\r|\u{0})\\PC{0,20}Bcc: evil@x.test(\r\n\r\n|\n)\\PC{0,40}",
        name in "[^\\p{C}\\p{Z}]([^\\p{C}\u{2028}\u{2029}]{0,60}[^\\p{C}\\p{Z}])?",
    ) {
        let bytes = written(&name, &object).bytes();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let (top, _) = text.split_once("\r\n\r\n").unwrap();
        let unfolded = top.replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut names: Vec<&str> =
            unfolded.split("\r\n").map(|line| line.split(':').next().unwrap()).collect();
        names.sort_unstable();
        let ours = [
            "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From",
            "MIME-Version", "Message-ID", "Subject", "To",
        ];
        let ours: Vec<&str> = ours.into_iter().filter(|name| *name != "MIME-Version" || names.contains(name)).collect();
        proptest::prop_assert_eq!(names, ours);
        proptest::prop_assert!(top.is_ascii() && !top.contains('\0'));
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        proptest::prop_assert!(parsed.bcc().is_none());
        proptest::prop_assert_eq!(parsed.to().unwrap().iter().count(), 1);
    }
}
