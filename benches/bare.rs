//! The baseline of pages: nothing but axum, the same TLS, and one indexed query over the same database.

use crate::client::Place;
use crate::installation::Folder;
use crate::report::Outcome;
use axum::Router;
use axum::extract::State;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use wabe_drivers::embedded::ca::LocalCa;
use wabe_panel::system::{SystemClock, SystemRng};
use wabe_store::{Location, Statement, Store};

const ONE: Statement = Statement {
    name: "bench.bare",
    sql: "SELECT name FROM customer WHERE number = $1",
};

/// The baseline's own process; ends when dropped.
pub(crate) struct Bare {
    child: Child,
    /// Where it answers.
    pub(crate) place: Place,
}

impl Bare {
    /// Starts it over the data folder of an installation.
    pub(crate) fn start(folder: &Folder) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare").arg(folder.data()).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("the baseline says nothing")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let authority = folder.data().join("ca").join("ca.pem");
        let place = Place::new("localhost", line.trim().parse()?, &authority)?;
        Ok(Self { child, place })
    }

    /// Its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

async fn page(State(store): State<Store>) -> Result<String, String> {
    let read = async {
        let mut tx = store.read().await?;
        let row = ONE.bind("K100000007").optional(&mut tx).await?;
        tx.rollback().await?;
        row.map_or(Ok(String::new()), |row| row.text("name"))
    };
    read.await.map_err(|fault| fault.chain())
}

/// Serves until killed; says its port on the first line.
pub(crate) async fn serve(data: &Path) -> Outcome<()> {
    let (clock, rng) = (Arc::new(SystemClock::default()), Arc::new(SystemRng));
    let ca = LocalCa::open_or_create(&data.join("ca"), &[], clock, rng)?;
    let issued = ca.issue(&["localhost"], 1)?;
    let chain = CertificateDer::pem_slice_iter(issued.cert_pem.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(issued.key_pem.expose().as_bytes())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    let store = Store::open(&Location::Sqlite(data.join("wabe.db"))).await?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    println!("{}", listener.local_addr()?.port());
    std::io::stdout().flush()?;
    let router = Router::new().fallback(page).with_state(store);
    let config = RustlsConfig::from_config(Arc::new(tls));
    let server = axum_server::from_tcp_rustls(listener, config)?;
    Ok(server.serve(router.into_make_service()).await?)
}
