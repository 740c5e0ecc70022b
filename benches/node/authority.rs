//! An authority that signs certificates: Pebble, private, and the name server that it and the panel ask.

use crate::client::{Connection, Place, Visit};
use crate::node::free_port;
use crate::node::signed::Signed;
use crate::report::Outcome;
use serde_json::json;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What the directory is called.
pub(super) const SERVER: &str = "acme.authority.example";
/// Whom CAA records would name.
const IDENTITY: &str = "pebble.example";
/// An address of this machine that hardly anybody else listens at; name servers are asked at port 53.
const NAMES_AT: &str = "127.83.0.53";
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that ends with this.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn started(mut command: Command, log: &Path) -> Outcome<Process> {
    let log = File::create(log)?;
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    let child = command.spawn();
    let missing =
        |error: std::io::Error| format!("start {}: {error}", command.get_program().display());
    Ok(Process(child.map_err(missing)?))
}

/// A private Pebble with its name server.
pub(super) struct Authority {
    folder: TempDir,
    own: Signed,
    port: u16,
    management: u16,
    control: u16,
    _running: [Process; 2],
}

impl Authority {
    /// One that looks for its answers at this port. Nonces are good, and authorisations are not used again.
    pub(super) async fn start(looks_at: u16) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        let own = Signed::new(folder.path(), SERVER)?;
        let [port, management, control] = [free_port()?, free_port()?, free_port()?];
        let settings = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": own.chain, "privateKey": own.key,
            "httpPort": looks_at, "tlsPort": free_port()?,
            "ocspResponderURL": "", "externalAccountBindingRequired": false,
        } });
        std::fs::write(path("pebble.json"), settings.to_string())?;
        std::fs::write(path("resolv.conf"), format!("nameserver {NAMES_AT}\n"))?;
        let names_at = format!("{NAMES_AT}:53");
        let mut names = Command::new("pebble-challtestsrv");
        names
            .args(["-dns01", &names_at, "-http01", "", "-https01", ""])
            .args(["-tlsalpn01", "", "-management"])
            .arg(format!("127.0.0.1:{control}"))
            .args(["-defaultIPv4", "127.0.0.1", "-defaultIPv6", ""]);
        let names = started(names, &path("names.log"))?;
        let mut server = Command::new("pebble");
        server
            .arg("-config")
            .arg(path("pebble.json"))
            .args(["-dnsserver", &names_at])
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "0")
            .env("PEBBLE_AUTHZREUSE", "0");
        let server = started(server, &path("pebble.log"))?;
        let found = Self {
            folder,
            own,
            port,
            management,
            control,
            _running: [names, server],
        };
        let root = found.issuing().await?;
        std::fs::write(found.root(), root)?;
        Ok(found)
    }

    /// The certificate that everything it issues leads to, once it answers.
    async fn issuing(&self) -> Outcome<Vec<u8>> {
        let place = Place::new(SERVER, self.management, &self.own.root)?;
        let end = Instant::now() + PATIENCE;
        loop {
            let asked = async {
                let mut connection = Connection::open(&place).await?;
                let answer = connection.get("/roots/0", &Visit::default()).await?;
                Outcome::Ok(answer.expect(200)?.body.to_vec())
            };
            match asked.await {
                Ok(root) => return Ok(root),
                Err(error) if Instant::now() > end => {
                    return Err(format!("Pebble does not answer: {error}").into());
                }
                Err(_early) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// The file with that certificate.
    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("issuing.pem")
    }

    /// The file that leads to its name server.
    pub(super) fn names(&self) -> PathBuf {
        self.folder.path().join("resolv.conf")
    }

    /// Where orders are placed.
    pub(super) fn directory(&self) -> String {
        format!("https://{SERVER}:{}/dir", self.port)
    }

    /// The file with what signs the directory's own certificate.
    pub(super) fn own_root(&self) -> &Path {
        &self.own.root
    }

    /// What the panel's configuration says of it.
    pub(super) fn config(&self) -> String {
        format!(
            "[acme]\ndirectory = {:?}\ncontact = \"ops@hoster.example\"\nroot = \"{}\"\ncaa = [{IDENTITY:?}]\n",
            self.directory(),
            self.own.root.display()
        )
    }

    /// Has its name server answer a question for TXT.
    pub(super) async fn publish(&self, name: &str, value: &str) -> Outcome<()> {
        let mut control = Connection::plain("localhost", self.control).await?;
        let body = json!({ "host": format!("{name}."), "value": value });
        let answer = control.post("/set-txt", &Visit::default(), &body).await?;
        answer.expect(200).map(drop)
    }
}
