//! The hoster's account with an authority: its key, sealed.

use std::sync::Arc;
use wabe_audit::seal::{SealKey, place};
use wabe_kernel::certificate::AccountKeeper;
use wabe_kernel::desired::Working;
use wabe_kernel::{Clock, Fault, Rng, Secret};
use wabe_store::{Store, statements};

statements! {
    FIND = "hosting.acme_account.find" => "SELECT sealed FROM acme_account WHERE directory = $1";
    FORGET = "hosting.acme_account.forget" => "DELETE FROM acme_account WHERE directory = $1";
    KEEP = "hosting.acme_account.keep" =>
        "INSERT INTO acme_account (directory, sealed, created_at) VALUES ($1, $2, $3)";
}

/// Keeps accounts in the panel's database.
pub struct Accounts {
    /// The database.
    pub store: Store,
    /// Seals them.
    pub secrets: Arc<SealKey>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
}

/// A sealed account opens under its own directory only.
fn at(directory: &str) -> Vec<u8> {
    place(&["acme_account", "sealed", directory])
}

impl Accounts {
    async fn read(&self, directory: &str) -> Result<Option<Secret>, Fault> {
        let mut tx = self.store.read().await?;
        let row = FIND.bind(directory).optional(&mut tx).await?;
        tx.rollback().await?;
        let Some(row) = row else { return Ok(None) };
        let opened = self.secrets.open(&at(directory), &row.text("sealed")?)?;
        let text = std::str::from_utf8(&opened);
        let text = text.map_err(|error| Fault::because("open an account", error))?;
        Ok(Some(Secret::new(text)))
    }

    async fn write(&self, directory: &str, credentials: Option<&Secret>) -> Result<(), Fault> {
        let mut tx = self.store.write().await?;
        FORGET.bind(directory).execute(&mut tx).await?;
        if let Some(secret) = credentials {
            let plain = secret.expose().as_bytes();
            let sealed = self
                .secrets
                .seal(self.rng.as_ref(), &at(directory), plain)?;
            let query = KEEP.bind(directory).bind(sealed).bind(self.clock.now());
            query.execute_one(&mut tx).await?;
        }
        tx.commit().await
    }
}

impl AccountKeeper for Accounts {
    fn find<'a>(&'a self, directory: &'a str) -> Working<'a, Result<Option<Secret>, Fault>> {
        Box::pin(self.read(directory))
    }

    fn keep<'a>(
        &'a self,
        directory: &'a str,
        credentials: Option<&'a Secret>,
    ) -> Working<'a, Result<(), Fault>> {
        Box::pin(self.write(directory, credentials))
    }
}
