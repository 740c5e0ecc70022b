//! The same work without the panel: a site in nginx's own files, a database by a bare client, an order alone.

use crate::client::Place;
use crate::node::authority::SERVER;
use crate::node::free_port;
use crate::node::house::{House, visited};
use crate::node::servers::{Engine, Login};
use crate::node::signed::Signed;
use crate::report::Outcome;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wabe_drivers::acme::{Acme, AcmeParts};
use wabe_drivers::agent_link::Answers;
use wabe_drivers::fetch::{Dns, KnownHosts};
use wabe_kernel::certificate::{AccountKeeper, Authority as _};
use wabe_kernel::desired::Working;
use wabe_kernel::{DomainName, Fault, Secret};
use wabe_panel::system::SystemClock;

/// Between two looks whether it answers already.
const LOOK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_mins(1);

/// nginx with one file for each site, all with one certificate; ends with this.
pub(super) struct Site {
    child: Child,
    folder: TempDir,
    place: Place,
    http: u16,
}

impl Drop for Site {
    fn drop(&mut self) {
        // In order: workers of a master that is killed stay.
        if self.tell(Signal::TERM).is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

impl Site {
    /// Serves so many sites.
    pub(super) async fn serve(sites: usize) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let at = folder.path();
        let signed = Signed::new(at, "*.hand.example")?;
        let (http, https) = (free_port()?, free_port()?);
        for name in ["sites", "files"] {
            std::fs::create_dir(at.join(name))?;
        }
        std::fs::write(at.join("files/index.html"), "here")?;
        let text = format!(
            "user root;\nworker_processes auto;\npid {0}/pid;\nerror_log {0}/error.log;\ndaemon off;\n\
             events {{ worker_connections 2048; }}\nhttp {{\n  access_log off;\n  \
             server_names_hash_max_size 65536;\n  server_names_hash_bucket_size 128;\n  \
             client_body_temp_path {0}/t1; proxy_temp_path {0}/t2; fastcgi_temp_path {0}/t3;\n  \
             uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5;\n  include {0}/sites/*.conf;\n}}\n",
            at.display()
        );
        std::fs::write(at.join("nginx.conf"), text)?;
        let place = Place::new("s.hand.example", https, &signed.root)?;
        let serves = |number| site(&signed, (http, https), number);
        for number in 0..=sites {
            std::fs::write(at.join(format!("sites/{number}.conf")), serves(number))?;
        }
        let mut command = Command::new("nginx");
        command.arg("-c").arg(at.join("nginx.conf"));
        let child = command.stderr(Stdio::null()).spawn()?;
        let found = Self {
            child,
            folder,
            place,
            http,
        };
        found.until_shown(sites).await?;
        Ok(found)
    }

    fn tell(&self, signal: Signal) -> Outcome<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }

    async fn until_shown(&self, number: usize) -> Outcome<()> {
        let place = self.place.named(&host(number));
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if visited(&place, "/")
                .await
                .is_ok_and(|answer| answer.body == "here")
            {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(format!("{} does not answer", host(number)).into())
    }

    /// Adds one more site: written, tried, loaded, answering.
    pub(super) async fn add(&self, number: usize) -> Outcome<Duration> {
        let at = self.folder.path();
        // Apart from those that are there.
        let number = number + 1_000_000;
        let signed = Signed::in_folder(at);
        let begun = Instant::now();
        let text = site(&signed, (self.http, self.place.port), number);
        std::fs::write(at.join(format!("sites/{number}.conf")), text)?;
        let mut trial = Command::new("nginx");
        let trial = trial.args(["-t", "-q", "-c"]).arg(at.join("nginx.conf"));
        if !trial.stderr(Stdio::null()).status()?.success() {
            return Err("nginx refuses what was written by hand".into());
        }
        self.tell(Signal::HUP)?;
        self.until_shown(number).await?;
        Ok(begun.elapsed())
    }
}

fn host(number: usize) -> String {
    format!("s{number}.hand.example")
}

fn site(signed: &Signed, (http, https): (u16, u16), number: usize) -> String {
    let files = signed.chain.with_file_name("files");
    format!(
        "server {{\n  listen 127.0.0.1:{http};\n  listen 127.0.0.1:{https} ssl;\n  server_name {};\n  \
         root {};\n  ssl_certificate {};\n  ssl_certificate_key {};\n}}\n",
        host(number),
        files.display(),
        signed.chain.display(),
        signed.key.display()
    )
}

/// Who is made by hand, and the database of the same name.
const NAME: &str = "by_hand";
const PASSWORD: &str = "by-hand-and-not-secret";
/// What makes both, by engine.
const MAKES: [[&str; 3]; 2] = [
    [
        "CREATE DATABASE by_hand",
        "CREATE USER 'by_hand'@'127.0.0.1' IDENTIFIED BY 'by-hand-and-not-secret'",
        "GRANT ALL PRIVILEGES ON by_hand.* TO 'by_hand'@'127.0.0.1'",
    ],
    [
        "CREATE ROLE by_hand LOGIN PASSWORD 'by-hand-and-not-secret'",
        "CREATE DATABASE by_hand",
        "GRANT ALL PRIVILEGES ON DATABASE by_hand TO by_hand",
    ],
];
/// What takes both away again.
const UNMAKES: [[&str; 2]; 2] = [
    ["DROP DATABASE by_hand", "DROP USER 'by_hand'@'127.0.0.1'"],
    ["DROP DATABASE by_hand", "DROP ROLE by_hand"],
];

/// A user, a database of theirs and the right to it, until they are let in. Both are gone afterwards.
pub(super) async fn database(admin: &Login) -> Outcome<Duration> {
    let [maria, postgres] = MAKES;
    let [no_maria, no_postgres] = UNMAKES;
    let (makes, unmakes) = match admin.engine {
        Engine::Mariadb => (maria, no_maria),
        Engine::Postgresql => (postgres, no_postgres),
    };
    let begun = Instant::now();
    admin.run(&makes).await?;
    let login = Login {
        engine: admin.engine,
        port: admin.port,
        user: NAME.to_owned(),
        password: PASSWORD.to_owned(),
        database: NAME.to_owned(),
    };
    if !login.answers().await {
        return Err(format!("{NAME} is not let in").into());
    }
    let took = begun.elapsed();
    admin.run(&unmakes).await?;
    Ok(took)
}

/// Answers where the panel's nginx shows what authorities ask for.
struct Files(PathBuf);

impl Answers for Files {
    fn put(&self, token: &str, answer: &str) -> io::Result<()> {
        std::fs::write(self.0.join(token), answer)
    }

    fn take(&self, token: &str) {
        // Whatever stays is gone with the folder.
        drop(std::fs::remove_file(self.0.join(token)));
    }
}

/// Keeps no account: this process has one.
struct Forgetful;

impl AccountKeeper for Forgetful {
    fn find<'a>(&'a self, _directory: &'a str) -> Working<'a, Result<Option<Secret>, Fault>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn keep<'a>(
        &'a self,
        _directory: &'a str,
        _credentials: Option<&'a Secret>,
    ) -> Working<'a, Result<(), Fault>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Orders certificates as the panel does, and does nothing with them.
pub(super) struct Orders(Acme);

impl Orders {
    /// At the authority of this house, where it has one; under names that its sites answer to already.
    pub(super) fn of(house: &House) -> Outcome<Option<Self>> {
        let Some(authority) = &house.authority else {
            return Ok(None);
        };
        let name: DomainName = SERVER.parse().map_err(|_problem| "a name that is none")?;
        let node = house.folder.data().join("node");
        let acme = Acme::new(AcmeParts {
            directory: authority.directory(),
            contact: "hand@hoster.example".to_owned(),
            root: Some(authority.own_root().to_path_buf()),
            identities: Vec::new(),
            challenges: Arc::new(Files(node.join("challenges/.well-known/acme-challenge"))),
            keeper: Arc::new(Forgetful),
            resolver: Arc::new(KnownHosts {
                known: BTreeMap::from([(name, vec![[127, 0, 0, 1].into()])]),
                others: Arc::new(Dns::system()?),
            }),
            clock: Arc::new(SystemClock::default()),
        })?;
        Ok(Some(Self(acme)))
    }

    /// One order, until the certificate is there.
    pub(super) async fn place(&self, host: &str) -> Outcome<Duration> {
        let name: DomainName = host.parse().map_err(|_problem| "a name that is none")?;
        let begun = Instant::now();
        match self.0.order(&[name], None).await {
            Ok(_checked) => Ok(begun.elapsed()),
            Err(failure) => Err(format!("{}: {}", failure.trouble.word(), failure.detail).into()),
        }
    }
}
