//! Certificates for public names, wired: what is ordered is kept in the database, and the node gets it from
//! there.

use crate::ground::Ground;
use crate::node::Node;
use crate::told;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use wabe_access::Change;
use wabe_audit::seal::SealKey;
use wabe_drivers::acme::{Acme, AcmeParts};
use wabe_drivers::agent_link::Answers;
use wabe_drivers::fetch::{Dns, Resolver};
use wabe_hosting::certificate::account::Accounts;
use wabe_hosting::certificate::{Desk, Outcome, bundle, order_due};
use wabe_kernel::Fault;
use wabe_kernel::certificate::{Authority, Bundle, Vault};
use wabe_kernel::desired::{StepFailure, Working};
use wabe_kernel::id::WebspaceId;
use wabe_store::Store;

/// The longest sleep between two looks at what is to be ordered.
const EVERY: Duration = Duration::from_mins(1);

/// What is kept in the panel's database, for the node.
pub struct Kept {
    /// The database.
    pub store: Store,
    /// Opens keys.
    pub secrets: Arc<SealKey>,
}

impl Kept {
    async fn find(&self, id: WebspaceId, fingerprint: &str) -> Result<Bundle, StepFailure> {
        let read = async {
            let mut tx = self.store.read().await?;
            let found = bundle(&mut tx, &self.secrets, (id, fingerprint)).await;
            tx.rollback().await?;
            found
        };
        let failed = |fault: Fault| StepFailure::new("certificate-missing", fault.chain());
        let found = read.await.map_err(failed)?;
        found.ok_or_else(|| StepFailure::new("certificate-missing", "it is not kept any more"))
    }
}

impl Vault for Kept {
    fn bundle<'a>(
        &'a self,
        id: WebspaceId,
        fingerprint: &'a str,
    ) -> Working<'a, Result<Bundle, StepFailure>> {
        Box::pin(self.find(id, fingerprint))
    }
}

/// Where the node gets certificates from.
///
/// # Errors
/// When the wiring forgot the desk.
pub fn vault(ground: &Ground) -> Result<Arc<dyn Vault>, Fault> {
    let secrets = Desk::of(ground.gate.tools())?.secrets.clone();
    Ok(Arc::new(Kept {
        store: ground.store.clone(),
        secrets,
    }))
}

/// The authority that the operator named, whose answers to it lie there; nothing where none is.
///
/// # Errors
/// When its root cannot be read, or the resolver's configuration.
pub fn authority(
    ground: &Ground,
    challenges: Arc<dyn Answers>,
) -> Result<Option<Arc<dyn Authority>>, Fault> {
    let settings = &ground.config.acme;
    let Some(directory) = &settings.directory else {
        return Ok(None);
    };
    let keeper = Accounts {
        store: ground.store.clone(),
        secrets: Desk::of(ground.gate.tools())?.secrets.clone(),
        clock: ground.clock.clone(),
        rng: ground.rng.clone(),
    };
    let resolver: Arc<dyn Resolver> = Arc::new(Dns::system()?);
    let acme = Acme::new(AcmeParts {
        directory: directory.clone(),
        contact: settings.contact.clone().unwrap_or_default(),
        root: settings.root.clone(),
        identities: settings.caa.clone(),
        challenges,
        keeper: Arc::new(keeper),
        resolver,
        clock: ground.clock.clone(),
    })?;
    Ok(Some(Arc::new(acme)))
}

/// Waits for news of a webspace; what was missed is news, too.
async fn of_a_webspace(news: &mut Receiver<Change>) {
    loop {
        match news.recv().await {
            Ok(change) if change.step.is_some() => {}
            Ok(change) if change.object.starts_with(WebspaceId::PREFIX) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Orders what is due, whenever a webspace changed and in between, until it is dropped.
pub async fn follow(ground: Arc<Ground>, node: Arc<Node>, authority: Arc<dyn Authority>) {
    let mut news = ground.gate.events().subscribe();
    loop {
        if let Err(fault) = Box::pin(round(&ground, &node, authority.as_ref())).await {
            tracing::error!(cause = %fault.chain(), "certificates could not be ordered");
        }
        tokio::select! {
            () = of_a_webspace(&mut news) => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn round(ground: &Ground, node: &Node, authority: &dyn Authority) -> Result<(), Fault> {
    for outcome in order_due(&ground.gate, authority).await? {
        if let Outcome::Issued(_, id) = outcome {
            node.reconciler.look(&id.to_string()).await?;
        }
        told::certificate(&ground.gate, outcome).await?;
    }
    Ok(())
}
