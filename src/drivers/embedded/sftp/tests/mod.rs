//! The server as OpenSSH's own client and a scripted one see it.

mod fuzz;
mod logins;
mod openssh;
mod sessions;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use russh::client::{self, Handle};
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh_sftp::client::RawSftpSession;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wabe_kernel::content::{LoginGuard, UploadAttempt};
use wabe_kernel::desired::{Wish, Working};

use crate::embedded::files::tests::Bench;
use crate::embedded::sftp::{SftpParts, SftpServer};
use crate::embedded::web::tests::SeededRng;

/// Notes what it is told; refuses when it is closed, and when it counted as many as it lets through.
#[derive(Default)]
struct Notes {
    closed: Mutex<bool>,
    most: Mutex<Option<usize>>,
    counted: Mutex<Vec<(String, bool)>>,
    ended: Mutex<Vec<(String, bool)>>,
}

impl LoginGuard for Notes {
    fn may_check<'a>(&'a self, attempt: UploadAttempt<'a>) -> Working<'a, bool> {
        let mut counted = self.counted.lock().unwrap();
        let known = attempt.webspace.is_some() && attempt.hash.is_some();
        counted.push((attempt.login.to_owned(), known));
        let within = self
            .most
            .lock()
            .unwrap()
            .is_none_or(|most| counted.len() <= most);
        let open = within && !*self.closed.lock().unwrap();
        Box::pin(std::future::ready(open))
    }

    fn ended<'a>(&'a self, attempt: UploadAttempt<'a>, success: bool) -> Working<'a, ()> {
        let ended = (attempt.login.to_owned(), success);
        self.ended.lock().unwrap().push(ended);
        Box::pin(std::future::ready(()))
    }
}

/// A running server with one webspace, which the key and the password `right` open.
struct Server {
    bench: Bench,
    address: SocketAddr,
    key: Arc<PrivateKey>,
    guard: Arc<Notes>,
    shutdown: CancellationToken,
    serving: JoinHandle<()>,
}

impl Server {
    async fn new(quota: i64) -> Self {
        let mut bench = Bench::new(quota);
        let key = Arc::new(PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32])));
        bench.site.upload.keys = vec![key.public_key().to_openssh().unwrap()];
        bench.site.upload.password_hash = Some(hash("right"));
        bench.index.set(&bench.site, Wish::Present);
        let guard = Arc::new(Notes::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let parts = SftpParts {
            files: bench.files.clone(),
            index: bench.index.clone(),
            guard: guard.clone(),
            rng: SeededRng::new(),
        };
        let host_key = bench.dir.path().join("keys/sftp");
        let server = SftpServer::bind(listener, &host_key, parts).unwrap();
        let (address, shutdown) = (server.address().unwrap(), CancellationToken::new());
        let serving = tokio::spawn(server.serve(shutdown.clone()));
        Self {
            bench,
            address,
            key,
            guard,
            shutdown,
            serving,
        }
    }

    async fn connect(&self) -> Handle<Trusting> {
        let config = Arc::new(client::Config::default());
        client::connect(config, self.address, Trusting)
            .await
            .unwrap()
    }

    async fn try_password(&self, login: &str, password: &str) -> bool {
        let mut client = self.connect().await;
        client
            .authenticate_password(login, password)
            .await
            .is_ok_and(|answer| answer.success())
    }

    async fn try_key(&self, login: &str, key: &Arc<PrivateKey>) -> bool {
        let mut client = self.connect().await;
        log_in(&mut client, login, key).await
    }

    /// A connection that is logged in, and an SFTP session on it.
    async fn session(&self) -> (Handle<Trusting>, RawSftpSession) {
        let mut client = self.connect().await;
        assert!(log_in(&mut client, "anna", &self.key).await);
        let channel = client.channel_open_session().await.unwrap();
        channel.request_subsystem(true, "sftp").await.unwrap();
        let session = RawSftpSession::new(channel.into_stream());
        session.init().await.unwrap();
        (client, session)
    }

    async fn stop(self) -> Bench {
        self.shutdown.cancel();
        self.serving.await.unwrap();
        self.bench
    }
}

async fn log_in(client: &mut Handle<Trusting>, login: &str, key: &Arc<PrivateKey>) -> bool {
    let key = PrivateKeyWithHashAlg::new(Arc::clone(key), None);
    client
        .authenticate_publickey(login, key)
        .await
        .is_ok_and(|answer| answer.success())
}

/// As cheap as argon2 gets.
fn hash(password: &str) -> String {
    let params = Params::new(16, 1, 1, None).unwrap();
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    hasher
        .hash_password(password.as_bytes())
        .unwrap()
        .to_string()
}

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}
