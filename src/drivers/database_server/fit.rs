//! Whether the servers that a node is given are fit for customers' databases.

use std::collections::BTreeSet;

use wabe_kernel::Engine;
use wabe_kernel::desired::StepFailure;

use crate::database_server::DatabaseServers;
use crate::database_server::server::Trouble;

impl DatabaseServers {
    /// What speaks against each of the servers, for whoever runs them.
    pub async fn misfits(&self) -> Vec<(Engine, Result<Vec<String>, Trouble>)> {
        let mut found = Vec::new();
        for server in &self.servers {
            let misfits = match self.names_on(server.engine()).await {
                Ok(ours) => server.misfits(&ours).await,
                Err(failure) => Err(Trouble::Refused(failure.detail)),
            };
            found.push((server.engine(), misfits));
        }
        found
    }

    /// The names that a server has on our account.
    async fn names_on(&self, engine: Engine) -> Result<BTreeSet<String>, StepFailure> {
        let entries = self.ledger.all().await?.into_iter();
        let here = entries.filter(|(_, entry)| entry.engine == engine);
        let names = here.filter_map(|(_, entry)| entry.name);
        Ok(names.map(|name| name.to_string()).collect())
    }

    /// Readies all servers.
    ///
    /// Errors: `database-server-away`, `database-failed`.
    pub async fn prepare(&self) -> Result<(), StepFailure> {
        for server in &self.servers {
            server.prepare().await?;
        }
        Ok(())
    }
}
