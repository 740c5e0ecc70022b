//! Orders certificates from a public authority by ACME (RFC 8555), proved over HTTP (8.3 there).
//!
//! ```text
//! let acme = Acme::new(AcmeParts { directory, contact, root, identities, challenges, keeper, resolver, clock })?;
//! let checked = acme.order(&names, None).await?;
//! ```
//!
//! Invariants: it goes to the host of the directory and to no other, through the client that plugins' requests
//! go through; the account is made once and its key given to whoever keeps it; what an authority is answered
//! while it looks is gone when the order ends, however it ends; what comes back is judged like everything that
//! comes from elsewhere. Start reading at [`Acme`], then `order`.

mod client;
mod order;
mod reach;
mod trouble;

pub use reach::{Asked, reach};

use instant_acme::{Account, AccountCredentials, CertificateIdentifier, Error, NewAccount};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell};
use wabe_kernel::certificate::{
    AccountKeeper, Authority, Checked, OrderFailure, OrderTrouble, RenewalWindow,
};
use wabe_kernel::desired::Working;
use wabe_kernel::{Clock, DomainName, Fault, Secret, Timestamp};
use wabe_package::Host;

use crate::acme::client::Client;
use crate::acme::trouble::failure;
use crate::agent_link::Answers;
use crate::certificate::Certificates;
use crate::fetch::{Resolver, native_roots};

/// How long an order may take, from the first question to the certificate.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often something is asked again of a directory that takes its own nonces for used ones; the library
/// asks three times each time.
const NONCES: u32 = 8;

/// Asks once more while the directory refuses a nonce that it gave itself. Source: RFC 8555 6.5.
macro_rules! stubbornly {
    ($ask:expr) => {{
        let mut left = $crate::acme::NONCES;
        loop {
            match $ask.await {
                Err(error) if left > 0 && $crate::acme::trouble::is_nonce(&error) => left -= 1,
                answered => break answered,
            }
        }
    }};
}
pub(super) use stubbornly;

/// What it is made of.
pub struct AcmeParts {
    /// The address of the directory.
    pub directory: String,
    /// Whom the authority writes to.
    pub contact: String,
    /// A file with the authority that signs the directory's own certificate, where the public ones do not;
    /// then it may also lie on a private network.
    pub root: Option<PathBuf>,
    /// The names by which CAA records permit this authority, where its directory does not say.
    pub identities: Vec<String>,
    /// What the authority is answered.
    pub challenges: Arc<dyn Answers>,
    /// Keeps the account's key.
    pub keeper: Arc<dyn AccountKeeper>,
    /// Resolves the directory's name.
    pub resolver: Arc<dyn Resolver>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// What a directory says, as far as it is needed beside what the library reads.
#[derive(Debug, Deserialize)]
struct Directory {
    #[serde(rename = "renewalInfo")]
    renewal_info: Option<String>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Debug, Default, Deserialize)]
struct Meta {
    #[serde(default, rename = "caaIdentities")]
    caa_identities: Vec<String>,
}

/// An authority that is spoken to by ACME.
pub struct Acme {
    directory_url: String,
    contact: String,
    identities: Vec<String>,
    client: Client,
    challenges: Arc<dyn Answers>,
    keeper: Arc<dyn AccountKeeper>,
    certificates: Certificates,
    clock: Arc<dyn Clock>,
    directory: OnceCell<Directory>,
    account: Mutex<Option<Account>>,
}

/// The host of a directory's address, where that is one that can be gone to.
#[must_use]
pub fn host_of(directory: &str) -> Option<Host> {
    let rest = directory.strip_prefix("https://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.parse().ok()
}

fn roots(file: &Path) -> Result<RootCertStore, Fault> {
    let failed = |error: &dyn std::fmt::Display| {
        let text = format!("{}: {error}", file.display());
        Fault::because(
            "read the authority of the directory",
            std::io::Error::other(text),
        )
    };
    let mut roots = RootCertStore::empty();
    let all = CertificateDer::pem_file_iter(file).map_err(|error| failed(&error))?;
    for one in all {
        let one = one.map_err(|error| failed(&error))?;
        roots.add(one).map_err(|error| failed(&error))?;
    }
    if roots.is_empty() {
        return Err(failed(&"holds no certificate"));
    }
    Ok(roots)
}

impl Acme {
    /// An authority at this directory; nothing is asked yet. Blocks on file work.
    ///
    /// # Errors
    /// When the address is none, or the file of its root cannot be used.
    pub fn new(parts: AcmeParts) -> Result<Self, Fault> {
        let host = host_of(&parts.directory);
        let host = host.ok_or(Fault::new("read the address of the directory"))?;
        let roots = match &parts.root {
            Some(file) => Arc::new(roots(file)?),
            None => native_roots(),
        };
        let internal = parts.root.is_some();
        let clock = Arc::clone(&parts.clock);
        let client = Client::new((host, internal), parts.resolver, roots, clock)?;
        Ok(Self {
            directory_url: parts.directory,
            contact: format!("mailto:{}", parts.contact),
            identities: parts.identities,
            client,
            challenges: parts.challenges,
            keeper: parts.keeper,
            certificates: Certificates::default(),
            clock: parts.clock,
            directory: OnceCell::new(),
            account: Mutex::new(None),
        })
    }

    async fn directory(&self) -> Result<&Directory, OrderFailure> {
        let read = self.directory.get_or_try_init(|| async {
            let text = self.client.get(&self.directory_url).await;
            let text = text.map_err(|why| OrderFailure::new(OrderTrouble::Away, why))?;
            serde_json::from_slice(&text)
                .map_err(|error| OrderFailure::new(OrderTrouble::Away, error))
        });
        read.await
    }

    fn builder(&self) -> instant_acme::AccountBuilder {
        Account::builder_with_http(Box::new(self.client.clone()))
    }

    /// The account, made with the first order.
    async fn account(&self) -> Result<Account, OrderFailure> {
        let mut known = self.account.lock().await;
        if let Some(account) = known.as_ref() {
            return Ok(account.clone());
        }
        let opened = self.open().await?;
        *known = Some(opened.clone());
        Ok(opened)
    }

    async fn open(&self) -> Result<Account, OrderFailure> {
        let kept = |fault: Fault| OrderFailure::new(OrderTrouble::Away, fault.chain());
        let found = self.keeper.find(&self.directory_url).await.map_err(kept)?;
        if let Some(found) = found {
            let credentials: AccountCredentials = serde_json::from_str(found.expose())
                .map_err(|error| OrderFailure::new(OrderTrouble::Unusable, error))?;
            let account = self.builder().from_credentials(credentials).await;
            return account.map_err(|error| failure(&error));
        }
        let contact = [self.contact.as_str()];
        let wanted = NewAccount {
            contact: &contact,
            // The operator named the directory, which is how they agree.
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let made = stubbornly!(
            self.builder()
                .create(&wanted, self.directory_url.clone(), None)
        );
        let (account, credentials) = made.map_err(|error| failure(&error))?;
        let text = serde_json::to_string(&credentials)
            .map_err(|error| OrderFailure::new(OrderTrouble::Unusable, error))?;
        let secret = Secret::new(text);
        let keeping = self.keeper.keep(&self.directory_url, Some(&secret));
        keeping.await.map_err(kept)?;
        Ok(account)
    }

    /// Forgets an account that its directory does not know any more; the next order makes another.
    async fn forget(&self) {
        *self.account.lock().await = None;
        if let Err(fault) = self.keeper.keep(&self.directory_url, None).await {
            tracing::error!(cause = %fault.chain(), "an account could not be forgotten");
        }
    }

    async fn ordered(
        &self,
        names: &[DomainName],
        replaces: Option<&str>,
    ) -> Result<Checked, OrderFailure> {
        let account = self.account().await?;
        let renews = self.directory().await?.renewal_info.is_some();
        let replaces = replaces.filter(|_| renews).and_then(identifier);
        match Box::pin(self.run(&account, names, replaces)).await {
            Err((failure, true)) => {
                self.forget().await;
                Err(failure)
            }
            Err((failure, false)) => Err(failure),
            Ok(checked) => Ok(checked),
        }
    }

    async fn window(&self, chain: &str) -> Option<RenewalWindow> {
        self.directory().await.ok()?.renewal_info.as_ref()?;
        let identifier = identifier(chain)?;
        let account = self.account().await.ok()?;
        match account.renewal_info(&identifier).await {
            Ok((info, _)) => {
                let at = |seconds: i64| Timestamp(0).plus_seconds(seconds);
                let window = info.suggested_window;
                Some(RenewalWindow {
                    from: at(window.start.unix_timestamp()),
                    until: at(window.end.unix_timestamp()),
                })
            }
            Err(Error::Unsupported(_)) => None,
            Err(error) => {
                tracing::info!(%error, "the authority did not say when to renew");
                None
            }
        }
    }
}

/// What an authority knows the leaf of a chain by. Source: RFC 9773 4.1.
fn identifier(chain: &str) -> Option<CertificateIdentifier<'static>> {
    let leaf = CertificateDer::from_pem_slice(chain.as_bytes()).ok()?;
    let found = CertificateIdentifier::try_from(&leaf).ok()?;
    Some(found.into_owned())
}

/// What came of an order, which waits no longer than it may.
async fn in_time(
    ordering: impl Future<Output = Result<Checked, OrderFailure>>,
) -> Result<Checked, OrderFailure> {
    let late = |_late| OrderFailure::new(OrderTrouble::Late, "no end of the order in time");
    let ended = tokio::time::timeout(PATIENCE, ordering).await;
    ended.map_err(late)?
}

impl Authority for Acme {
    fn identities(&self) -> Working<'_, Result<Vec<String>, OrderFailure>> {
        Box::pin(async move {
            if !self.identities.is_empty() {
                return Ok(self.identities.clone());
            }
            Ok(self.directory().await?.meta.caa_identities.clone())
        })
    }

    fn order<'a>(
        &'a self,
        names: &'a [DomainName],
        replaces: Option<&'a str>,
    ) -> Working<'a, Result<Checked, OrderFailure>> {
        Box::pin(async move { in_time(Box::pin(self.ordered(names, replaces))).await })
    }

    fn renewal<'a>(&'a self, chain: &'a str) -> Working<'a, Option<RenewalWindow>> {
        Box::pin(self.window(chain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_order_without_an_end_has_one_and_says_so() {
        let ended = in_time(std::future::pending()).await.map(|_checked| ());
        assert_eq!(ended.unwrap_err().trouble, OrderTrouble::Late);
    }
}
