//! Certificates from a real ACME server: Pebble, private, on free ports, which refuses half of all nonces and
//! reuses no authorisation.

use crate::certificates::{HOST, NAME, add, made, standing};
use crate::client::{text, until};
use crate::domain_proof::{done, proved};
use crate::tools::ran;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use wabe_drivers::acme::{Acme, AcmeParts, Asked, reach};
use wabe_drivers::database_server::DatabaseServers;
use wabe_drivers::embedded::ca::LocalCa;
use wabe_drivers::embedded::database::{Databases, Deadlines};
use wabe_drivers::embedded::hands::Embedded;
use wabe_drivers::embedded::mail::Mailboxes;
use wabe_drivers::embedded::web::Sites;
use wabe_drivers::fetch::{Dns, KnownHosts};
use wabe_hosting::certificate::account::Accounts;
use wabe_hosting::certificate::{Desk, Outcome, Source, order_due};
use wabe_kernel::certificate::OrderTrouble;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Clock as _, DomainName};
use wabe_panel::certificates::Kept;
use wabe_panel::system::{SystemClock, SystemRng};
use wabe_testkit::{Engine, House, Tenant};

/// Where the server is reached.
const SERVER: &str = "acme.wabe.test";

fn free_port() -> u16 {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn started(mut command: Command, log: &Path) -> Running {
    let log = std::fs::File::create(log).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log);
    let child = command.spawn();
    Running(child.unwrap_or_else(|error| panic!("Debian's package pebble is missing: {error}")))
}

/// A private Pebble, and the name server that it asks.
struct Pebble {
    folder: TempDir,
    port: u16,
    management: u16,
    _dns: Running,
    _server: Running,
}

impl Pebble {
    /// One that looks for its answers at this port.
    async fn new(looks_at: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let now = SystemClock::default().now();
        let own = made(&[SERVER], (now.plus_days(-1), now.plus_days(30)));
        std::fs::write(path("root.pem"), &own.root).unwrap();
        std::fs::write(path("cert.pem"), format!("{}{}", own.leaf, own.root)).unwrap();
        std::fs::write(path("key.pem"), &own.key).unwrap();
        let [port, management, dns, control] = std::array::from_fn(|_| free_port());
        let settings = json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": path("cert.pem"), "privateKey": path("key.pem"),
            "httpPort": looks_at, "tlsPort": free_port(),
            "ocspResponderURL": "", "externalAccountBindingRequired": false,
        } });
        std::fs::write(path("pebble.json"), settings.to_string()).unwrap();
        let mut names = Command::new("pebble-challtestsrv");
        names
            .args(["-dns01", &format!("127.0.0.1:{dns}"), "-http01", ""])
            .args(["-https01", "", "-tlsalpn01", "", "-management"])
            .arg(format!("127.0.0.1:{control}"))
            .args(["-defaultIPv4", "127.0.0.1", "-defaultIPv6", ""]);
        let names = started(names, &path("dns.log"));
        let mut server = Command::new("pebble");
        server
            .arg("-config")
            .arg(path("pebble.json"))
            .args(["-dnsserver", &format!("127.0.0.1:{dns}")])
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "50")
            .env("PEBBLE_AUTHZREUSE", "0");
        let server = started(server, &path("pebble.log"));
        let found = Self {
            folder,
            port,
            management,
            _dns: names,
            _server: server,
        };
        let up = || async { found.fetched("/roots/0").await };
        let root = until("Pebble to answer", up).await;
        std::fs::write(found.path("issuing.pem"), root).unwrap();
        found
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What its management answers.
    async fn fetched(&self, path: &str) -> Option<String> {
        let mut curl = Command::new("curl");
        curl.args(["-sSf", "--cacert"]).arg(self.path("root.pem"));
        let at = format!("{SERVER}:{}:127.0.0.1", self.management);
        curl.args(["--resolve", &at]);
        curl.arg(format!("https://{SERVER}:{}{path}", self.management));
        let ran = ran(curl).await;
        ran.worked.then_some(ran.out)
    }
}

/// A house with a node that takes visitors, and the authority that it orders from.
struct Place {
    house: House,
    acme: Acme,
    pebble: Pebble,
    sites: Arc<Sites>,
    https: SocketAddr,
    stop: CancellationToken,
    _folder: TempDir,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A node of embedded drivers in a folder.
fn node(folder: &Path) -> (Arc<Sites>, Embedded) {
    let (clock, rng) = (Arc::new(SystemClock::default()), Arc::new(SystemRng));
    let suffixes = ["sites.localhost".parse().unwrap()];
    let ca = LocalCa::open_or_create(&folder.join("ca"), &suffixes, clock.clone(), rng.clone());
    let node = folder.join("node");
    let sites = Sites::open(&node, Arc::new(ca.unwrap()), clock.clone(), rng.clone()).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_wabe")).with_file_name("wabe-sql");
    let hands = Embedded {
        sites: sites.clone(),
        mail: Mailboxes::open(&node, clock.clone(), rng).unwrap(),
        databases: Databases::open(&node, &program, Deadlines::default(), clock).unwrap(),
        servers: DatabaseServers::open(&node, Vec::new()).unwrap(),
    };
    (sites, hands)
}

/// The authority that this Pebble is, for this house.
fn authority(house: &House, sites: &Sites, pebble: &Pebble) -> Acme {
    let name: DomainName = SERVER.parse().unwrap();
    let acme = Acme::new(AcmeParts {
        directory: format!("https://{SERVER}:{}/dir", pebble.port),
        contact: "ops@hoster.example".to_owned(),
        root: Some(pebble.path("root.pem")),
        identities: vec!["pebble.example".to_owned()],
        challenges: sites.challenges(),
        keeper: Arc::new(Accounts {
            store: house.db.store.clone(),
            secrets: Desk::of(house.gate.tools()).unwrap().secrets.clone(),
            clock: house.clock.clone(),
            rng: house.rng.clone(),
        }),
        resolver: Arc::new(KnownHosts {
            known: BTreeMap::from([(name, vec![[127, 0, 0, 1].into()])]),
            others: Arc::new(Dns::system().unwrap()),
        }),
        clock: Arc::new(SystemClock::default()),
    });
    acme.unwrap()
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (sites, hands) = node(folder.path());
        let builder = House::builder(Engine::Sqlite).with_driver(Arc::new(hands));
        let house = Box::pin(builder.build()).await;
        house.clock.set(SystemClock::default().now());
        let secrets = Desk::of(house.gate.tools()).unwrap().secrets.clone();
        sites.set_vault(Arc::new(Kept {
            store: house.db.store.clone(),
            secrets,
        }));
        let http = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let https = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (plain, secure) = (http.local_addr().unwrap(), https.local_addr().unwrap());
        let stop = CancellationToken::new();
        drop(tokio::spawn(sites.clone().serve(http, https, stop.clone())));
        let pebble = Box::pin(Pebble::new(plain.port())).await;
        let acme = authority(&house, &sites, &pebble);
        Self {
            house,
            acme,
            pebble,
            sites,
            https: secure,
            stop,
            _folder: folder,
        }
    }

    /// A webspace with these names, all of them proved.
    async fn site(&self, hosts: &[&str]) -> (Tenant, WebspaceId) {
        let tenant = self.house.tenant("Sonne").await;
        proved(&self.house, &tenant, NAME).await;
        let input = json!({ "name": "shop" });
        let made = done(&self.house, &tenant.owner, "webspace.create", input).await;
        let id = text(&made, "id");
        for host in hosts {
            add(&self.house, &tenant, &id, host).await;
        }
        (tenant, id.parse().unwrap())
    }

    async fn order(&self) -> Vec<Outcome> {
        let outcomes = Box::pin(order_due(&self.house.gate, &self.acme))
            .await
            .unwrap();
        for outcome in &outcomes {
            if let Outcome::Issued(_, id) = outcome {
                let id = id.to_string();
                let looking = Box::pin(self.house.reconciler.look(&id));
                looking.await.unwrap();
            }
        }
        outcomes
    }

    /// Whether a client that trusts Pebble alone takes what is shown under this name; and what it said.
    async fn trusted(&self, host: &str) -> (bool, String) {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-o", "/dev/null", "--cacert"])
            .arg(self.pebble.path("issuing.pem"));
        let port = self.https.port();
        curl.args(["--resolve", &format!("{host}:{port}:127.0.0.1")]);
        curl.arg(format!("https://{host}:{port}/"));
        let ran = ran(curl).await;
        (ran.worked, ran.err)
    }

    /// Who issued what is shown, and until when it is valid.
    async fn shown(&self, tenant: &Tenant, id: WebspaceId) -> String {
        let mut tx = self.house.db.store.read_for(tenant.id).await.unwrap();
        let scope = wabe_access::Scope::system(tenant.id);
        let loading = wabe_hosting::webspace::load(&mut tx, &scope, id, &self.house.facts);
        let web = loading.await.unwrap();
        tx.rollback().await.unwrap();
        let certificate = web.certificate.unwrap();
        format!("{} {}", certificate.issuer, certificate.valid_until)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_with_two_names_gets_its_certificate_and_a_client_sees_it_and_its_renewal() {
    let place = Box::pin(Place::new()).await;
    let (tenant, id) = place.site(&[NAME, HOST]).await;
    let (trusted, said) = place.trusted(HOST).await;
    assert!(!trusted && said.contains("certificate"), "{said}");
    let outcomes = place.order().await;
    assert_eq!(outcomes, [Outcome::Issued(tenant.id, id)]);
    for host in [NAME, HOST] {
        let (trusted, said) = place.trusted(host).await;
        assert!(trusted, "{host}: {said}");
    }
    let stands = standing(&place.house, &tenant, id).await;
    assert_eq!(stands.source, Some(Source::Ordered));
    let first = place.shown(&tenant, id).await;
    assert!(first.contains("Pebble"), "{first}");
    assert!(
        place.order().await.is_empty(),
        "there is nothing more to do"
    );
    // Past two thirds of whatever Pebble gave.
    let renewed = stands.renew_at.unwrap();
    place.house.clock.set(renewed.plus_seconds(1));
    let outcomes = place.order().await;
    assert_eq!(outcomes, [Outcome::Issued(tenant.id, id)]);
    let (trusted, said) = place.trusted(HOST).await;
    assert!(trusted, "{said}");
    let answers = place.sites.challenges();
    let answers = answers.root().join(".well-known/acme-challenge");
    let leftovers = std::fs::read_dir(answers).unwrap();
    assert_eq!(leftovers.count(), 0, "answers are gone with their order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_under_which_nobody_is_found_is_told_and_the_site_answers_nevertheless() {
    let mut place = Box::pin(Place::new()).await;
    // It looks where nothing of ours is.
    place.pebble = Box::pin(Pebble::new(free_port())).await;
    let (tenant, id) = place.site(&[HOST]).await;
    place.acme = authority(&place.house, &place.sites, &place.pebble);
    let outcomes = place.order().await;
    let [Outcome::Failed(failed)] = outcomes[..] else {
        panic!("{outcomes:?}")
    };
    assert_eq!(failed.trouble, OrderTrouble::NotReached);
    let stands = standing(&place.house, &tenant, id).await;
    assert_eq!(stands.failure_host.unwrap().as_str(), HOST);
    let mut curl = Command::new("curl");
    let port = place.https.port();
    curl.args(["-sSk", "-o", "/dev/null", "--resolve"])
        .arg(format!("{HOST}:{port}:127.0.0.1"))
        .arg(format!("https://{HOST}:{port}/"));
    assert!(ran(curl).await.worked, "what stands in is shown");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_the_directory_answers_and_what_time_it_is_there_can_be_asked() {
    let pebble = Box::pin(Pebble::new(free_port())).await;
    let name: DomainName = SERVER.parse().unwrap();
    let directory = format!("https://{SERVER}:{}/dir", pebble.port);
    let root = pebble.path("root.pem");
    let asked = |root: Option<PathBuf>| {
        let (directory, name) = (directory.clone(), name.clone());
        async move {
            let asked = Asked {
                directory: &directory,
                root: root.as_deref(),
                resolver: Arc::new(KnownHosts {
                    known: BTreeMap::from([(name, vec![[127, 0, 0, 1].into()])]),
                    others: Arc::new(Dns::system().unwrap()),
                }),
                clock: Arc::new(SystemClock::default()),
            };
            Box::pin(reach(asked)).await
        }
    };
    let theirs = asked(Some(root.clone())).await.unwrap().unwrap();
    let ours = SystemClock::default().now();
    let apart = ours.0.abs_diff(theirs.0);
    assert!(apart < 60_000_000, "the same clock, apart by {apart} µs");
    assert!(asked(None).await.is_err(), "nobody public signs for it");
    drop(pebble);
    // Its folder is gone with it, and so is whoever answered.
    assert!(asked(Some(root)).await.is_err());
}
