//! The mail side over its boundary: steps in, sockets and the `Mail` wall out.

mod files;
mod fuzz;
mod intake;
mod limits;
mod steps;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use wabe_kernel::content::{Mail, MessageHead};
use wabe_kernel::desired::{
    Act, Alias, Driver, Mailbox, Revision, Step, StepFailure, Subject, Wish,
};
use wabe_kernel::id::{AliasId, DomainId, MailboxId};
use wabe_kernel::{Bytes, Clock, MailAddress, Rng, Timestamp};

use super::Mailboxes;
use super::smtp::{SmtpSettings, serve};

pub(super) const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNo";

/// A millisecond passes with each look.
pub(super) struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1_000, Ordering::SeqCst))
    }
}

/// The same numbers in each run.
pub(super) struct TestRng(AtomicU64);

impl Rng for TestRng {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let next = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            let mixed = (next ^ (next >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = u8::try_from(mixed >> 56).unwrap();
        }
    }
}

/// A node folder with mail in it.
pub(super) struct Rig {
    pub(super) dir: TempDir,
    pub(super) mail: Arc<Mailboxes>,
    pub(super) clock: Arc<TestClock>,
    pub(super) rng: Arc<TestRng>,
    pub(super) domain: DomainId,
}

impl Rig {
    pub(super) fn new() -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(1_790_000_000_000_000)));
        let rng = Arc::new(TestRng(AtomicU64::new(1)));
        let dir = TempDir::new().unwrap();
        let mail = Mailboxes::open(dir.path(), clock.clone(), rng.clone()).unwrap();
        let domain = DomainId::new(clock.now(), &*rng);
        Self {
            dir,
            mail,
            clock,
            rng,
            domain,
        }
    }

    /// As after a restart of the process.
    pub(super) fn reopened(&self) -> Arc<Mailboxes> {
        Mailboxes::open(self.dir.path(), self.clock.clone(), self.rng.clone()).unwrap()
    }

    pub(super) fn entry(&self, address: &str, quota: Bytes) -> Mailbox {
        Mailbox {
            id: MailboxId::new(self.clock.now(), &*self.rng),
            domain: self.domain,
            address: address.parse().unwrap(),
            password_hash: HASH.to_owned(),
            quota,
        }
    }

    pub(super) async fn step(
        &self,
        subject: Subject,
        revision: Revision,
        act: Act,
    ) -> Result<(), StepFailure> {
        let step = Step {
            subject,
            revision,
            act,
        };
        self.mail.apply(&step).await
    }

    pub(super) async fn configure(
        &self,
        revision: Revision,
        wish: Wish<Mailbox>,
    ) -> Result<(), StepFailure> {
        let id = match &wish {
            Wish::Present(mailbox) | Wish::Hidden(mailbox) => mailbox.id,
            Wish::Gone => MailboxId::new(self.clock.now(), &*self.rng),
        };
        let act = Act::ConfigureMailbox(wish);
        self.step(Subject::Mailbox(id), revision, act).await
    }

    pub(super) async fn mailbox(&self, address: &str, quota: Bytes) -> Mailbox {
        let entry = self.entry(address, quota);
        let subject = Subject::Mailbox(entry.id);
        self.step(subject, 1, Act::MakeMaildir(entry.id))
            .await
            .unwrap();
        self.configure(1, Wish::Present(entry.clone()))
            .await
            .unwrap();
        entry
    }

    pub(super) async fn alias(&self, address: &str, targets: &[&str]) -> Alias {
        let targets: Vec<MailAddress> = targets.iter().map(|t| t.parse().unwrap()).collect();
        let alias = Alias {
            id: AliasId::new(self.clock.now(), &*self.rng),
            domain: self.domain,
            address: address.parse().unwrap(),
            targets,
        };
        let act = Act::ConfigureAlias(Wish::Present(alias.clone()));
        self.step(Subject::Alias(alias.id), 1, act).await.unwrap();
        alias
    }

    pub(super) fn box_path(&self, id: MailboxId) -> std::path::PathBuf {
        let boxes = self.dir.path().join("mail").join("box");
        boxes.join(id.to_string()).join("Maildir")
    }

    pub(super) fn domain_file(&self, name: &str) -> std::path::PathBuf {
        let mail = self.dir.path().join("mail");
        mail.join(self.domain.to_string()).join(name)
    }

    pub(super) async fn list(&self, id: MailboxId) -> Vec<MessageHead> {
        self.mail.list(id, 0, 100).await.unwrap()
    }

    /// A client of a new intake.
    pub(super) async fn client(&self) -> Client {
        self.client_of(|_| {}).await
    }

    pub(super) async fn client_of(&self, change: impl FnOnce(&mut SmtpSettings)) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = SmtpSettings::new("mail.sonne.test".parse().unwrap());
        change(&mut settings);
        let shutdown = CancellationToken::new();
        let intake = serve(self.mail.clone(), listener, settings, shutdown.clone());
        tokio::spawn(async move { intake.await.unwrap() });
        let stream = TcpStream::connect(address).await.unwrap();
        let mut client = Client {
            stream: Box::new(stream),
            address,
            shutdown: shutdown.clone(),
            _stop: shutdown.drop_guard(),
        };
        assert!(client.reply().await.starts_with("220 "));
        client
    }
}

/// The names in a folder.
pub(super) fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Speaks SMTP byte by byte, so that it can speak it wrongly.
pub(super) struct Client {
    pub(super) stream: Box<dyn super::smtp::TestStream>,
    pub(super) address: std::net::SocketAddr,
    pub(super) shutdown: CancellationToken,
    _stop: DropGuard,
}

impl Client {
    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// A whole reply; empty when the server closed.
    pub(super) async fn reply(&mut self) -> String {
        let mut reply = Vec::new();
        loop {
            let mut line = Vec::new();
            while !line.ends_with(b"\r\n") {
                match self.stream.read_u8().await {
                    Ok(byte) => line.push(byte),
                    Err(_) => return String::from_utf8(reply).unwrap(),
                }
            }
            reply.extend_from_slice(&line);
            if line.get(3) == Some(&b' ') {
                return String::from_utf8(reply).unwrap();
            }
        }
    }

    pub(super) async fn say(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n")).await;
        self.reply().await
    }

    /// Greets and gives sender and recipients, all of which have to be taken.
    pub(super) async fn envelope(&mut self, recipients: &[&str]) {
        assert!(self.say("EHLO client.test").await.starts_with("250"));
        let taken = self.say("MAIL FROM:<me@far.test>").await;
        assert!(taken.starts_with("250 2.1.0"), "{taken}");
        for recipient in recipients {
            let taken = self.say(&format!("RCPT TO:<{recipient}>")).await;
            assert!(taken.starts_with("250 2.1.5"), "{taken}");
        }
    }

    /// The reply to a message with these bytes before the final dot.
    pub(super) async fn data(&mut self, message: impl AsRef<[u8]>) -> String {
        assert!(self.say("DATA").await.starts_with("354"));
        self.send(message).await;
        self.say(".").await
    }
}
