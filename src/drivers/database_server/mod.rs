//! Customers' databases on servers: MariaDB and PostgreSQL, behind one wish and one set of steps.
//!
//! A database and its one user have the same name, and nothing of any other. What was applied last stands
//! in a ledger of the node, named by id; what the server really has is compared with it, so that what was
//! changed by hand shows as not configured and is set right.
//!
//! Invariants: this room uses the kernel only and knows no panel. A password never comes here: the wish
//! carries what the server verifies it with. A name stands in a statement only through the engine's
//! quoting function, a value is bound. What holds more than it may is written to no more, within a
//! [`TEND`], whoever wrote it. Start reading at [`server`].

mod content;
mod crowd;
pub(crate) mod dump;
mod fit;
mod ledger;
pub(crate) mod page;
pub(crate) mod rendered;
pub mod server;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wabe_kernel::desired::{
    Act, Database, DatabaseLogin, Observed, Revision, Step, StepFailure, Subject, Wish,
};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::quota::Bytes;
use wabe_kernel::{Engine, ServerName};

pub use content::Contents;

use crate::database_server::crowd::Crowd;
use crate::database_server::ledger::{Entry, Ledger};
use crate::database_server::server::{DatabaseServer, Offer, Reach};
use crate::embedded::touched::Touched;

/// How often it is looked how much databases hold.
pub const TEND: Duration = Duration::from_secs(10);
/// Steps of databases whose ids end alike wait for each other; so many do not.
const TURNS: usize = 64;

/// The databases of this node that servers run.
pub struct DatabaseServers {
    ledger: Ledger,
    servers: Vec<Arc<dyn DatabaseServer>>,
    turns: Vec<tokio::sync::Mutex<()>>,
    crowd: Crowd,
    /// Dumps on their way in and out.
    transfers: Crowd,
    /// What each database held when it was looked at last, to tell of changes only.
    sizes: Mutex<BTreeMap<DatabaseId, Bytes>>,
    /// Servers that did not answer when they were looked at last. Nobody waits for one of them in vain again
    /// and again: what concerns it fails at once until it answers.
    away: Mutex<BTreeSet<Engine>>,
    touched: Touched,
}

impl DatabaseServers {
    /// The databases on these servers, with the ledger beneath `node_dir`, which is made where missing.
    ///
    /// Errors: `files-failed` when the ledger's folder cannot be made.
    pub fn open(
        node_dir: &Path,
        servers: Vec<Arc<dyn DatabaseServer>>,
    ) -> Result<Arc<Self>, StepFailure> {
        Ok(Arc::new(Self {
            ledger: Ledger::open(node_dir)?,
            servers,
            turns: (0..TURNS)
                .map(|_turn| tokio::sync::Mutex::default())
                .collect(),
            crowd: Crowd::new(crowd::CONSOLES),
            transfers: Crowd::new(crowd::TRANSFERS),
            sizes: Mutex::default(),
            away: Mutex::default(),
            touched: Touched::default(),
        }))
    }

    /// Databases that hold more or less than before.
    #[must_use]
    pub fn touched(&self) -> Touched {
        self.touched.clone()
    }

    /// The servers of this node as they are now.
    pub async fn offers(&self) -> Vec<Offer> {
        let looks = self.servers.iter().map(|server| server.offer());
        let offers = futures_util::future::join_all(looks).await;
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        for offer in &offers {
            if offer.version.is_some() {
                away.remove(&offer.engine);
            } else {
                away.insert(offer.engine);
            }
        }
        drop(away);
        offers
    }

    fn is_away(&self, engine: Engine) -> bool {
        let away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        away.contains(&engine)
    }

    /// Whether this database is, or was, on one of the servers.
    ///
    /// Errors: `files-failed`.
    pub async fn knows(&self, id: DatabaseId) -> Result<bool, StepFailure> {
        Ok(self.ledger.read(id).await?.is_some())
    }

    /// Whether a step is about a database on a server.
    ///
    /// Errors: `files-failed`.
    pub async fn takes(&self, id: DatabaseId, step: &Step) -> Result<bool, StepFailure> {
        match &step.act {
            Act::MakeDatabase(database)
            | Act::ConfigureDatabase(Wish::Present(database) | Wish::Hidden(database)) => {
                Ok(database.engine.is_server())
            }
            _ => self.knows(id).await,
        }
    }

    fn server(&self, engine: Engine) -> Result<&Arc<dyn DatabaseServer>, StepFailure> {
        if self.is_away(engine) {
            let detail = format!("{engine} did not answer when it was looked at");
            return Err(StepFailure::new("database-server-away", detail));
        }
        let found = self.servers.iter().find(|server| server.engine() == engine);
        found.ok_or_else(|| StepFailure::new("database-server-missing", engine))
    }

    /// What the servers have of database `id`.
    ///
    /// Errors: `files-failed`; `database-server-missing`, `database-server-away`, `database-failed`.
    pub async fn observe(&self, id: DatabaseId) -> Result<Observed, StepFailure> {
        let nothing = Observed::Database {
            file: false,
            entry: None,
            full: false,
        };
        let Some(entry) = self.ledger.read(id).await? else {
            return Ok(nothing);
        };
        let (database, shown) = match &entry.wish {
            Wish::Present(database) => (database, true),
            Wish::Hidden(database) => (database, false),
            // Its name stays in the ledger until the server has nothing of it any more.
            Wish::Gone if entry.name.is_some() => {
                return Ok(Observed::Database {
                    file: true,
                    entry: None,
                    full: false,
                });
            }
            Wish::Gone => return Ok(nothing),
        };
        let (server, login) = (self.server(entry.engine)?, login(database)?);
        let seen = server.look(login).await?;
        let used = server.size(&login.name).await?;
        let reach = reach(database, shown, used);
        // The database itself and its user are made by different steps.
        let whole = seen.database && seen.reach == Some(reach);
        Ok(Observed::Database {
            file: seen.database,
            entry: whole.then_some(entry.wish.clone()),
            full: shown && used > database.quota,
        })
    }

    /// Carries out one step of a database; doing it twice changes nothing more.
    ///
    /// Errors: `older-revision`; `files-failed`; `database-server-missing`, `database-server-away`;
    /// `database-failed` when the server refused; `wrong-subject` for a step that is not about a database
    /// on a server or names two of them.
    pub async fn apply(&self, step: &Step) -> Result<(), StepFailure> {
        let id = subject_of(step)?;
        let _turn = self.turn(id).await;
        let known = self.ledger.read(id).await?;
        if let Some(known) = &known
            && known.revision > step.revision
        {
            let detail = format!("{} after {}", step.revision, known.revision);
            return Err(StepFailure::new("older-revision", detail));
        }
        match &step.act {
            Act::MakeDatabase(database) => {
                // Hidden until it is configured, and in the ledger before it is on the server: so that
                // whatever happens in between, what is there is known.
                let wish = Wish::Hidden(database.clone());
                self.keep(id, step.revision, (database, wish)).await?;
                let login = login(database)?;
                Ok(self.server(database.engine)?.make(&login.name).await?)
            }
            Act::ConfigureDatabase(wish @ Wish::Present(database)) => {
                self.configure((id, step.revision), (database, true), wish)
                    .await
            }
            Act::ConfigureDatabase(wish @ Wish::Hidden(database)) => {
                self.configure((id, step.revision), (database, false), wish)
                    .await
            }
            Act::ConfigureDatabase(Wish::Gone) | Act::RemoveDatabase(_) => {
                self.remove(id, step.revision, known).await
            }
            other => Err(StepFailure::new("wrong-subject", other.word())),
        }
    }

    async fn turn(&self, id: DatabaseId) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let last = id.uuid().as_bytes().last().copied().unwrap_or(0);
        let turn = self.turns.get(usize::from(last) % TURNS)?;
        Some(turn.lock().await)
    }

    async fn keep(
        &self,
        id: DatabaseId,
        revision: Revision,
        (database, wish): (&Database, Wish<Database>),
    ) -> Result<(), StepFailure> {
        let entry = Entry {
            revision,
            engine: database.engine,
            wish,
            name: Some(login(database)?.name.clone()),
        };
        self.ledger.write(id, &entry).await
    }

    async fn configure(
        &self,
        (id, revision): (DatabaseId, Revision),
        (database, shown): (&Database, bool),
        wish: &Wish<Database>,
    ) -> Result<(), StepFailure> {
        let (server, login) = (self.server(database.engine)?, login(database)?);
        self.keep(id, revision, (database, wish.clone())).await?;
        let used = server.size(&login.name).await?;
        Ok(server.admit(login, reach(database, shown, used)).await?)
    }

    async fn remove(
        &self,
        id: DatabaseId,
        revision: Revision,
        known: Option<Entry>,
    ) -> Result<(), StepFailure> {
        let Some(known) = known else {
            return Ok(());
        };
        let gone = |name| Entry {
            revision,
            engine: known.engine,
            wish: Wish::Gone,
            name,
        };
        let Some(name) = &known.name else {
            return self.ledger.write(id, &gone(None)).await;
        };
        self.ledger.write(id, &gone(Some(name.clone()))).await?;
        self.server(known.engine)?.remove(name).await?;
        self.ledger.write(id, &gone(None)).await
    }

    /// Looks now and then how much databases hold, until it is dropped: takes the right to write from those
    /// that hold too much, gives it back to those that hold less, and tells of every change.
    pub async fn tend(&self) {
        loop {
            let here = |server: &&Arc<dyn DatabaseServer>| !self.is_away(server.engine());
            for server in self.servers.iter().filter(here) {
                if let Err(failure) = self.tend_one(server).await {
                    tracing::warn!(code = failure.code, detail = %failure.detail,
                        engine = %server.engine(), "databases could not be looked at");
                }
            }
            tokio::time::sleep(TEND).await;
        }
    }

    async fn tend_one(&self, server: &Arc<dyn DatabaseServer>) -> Result<(), StepFailure> {
        let sizes = server.sizes().await?;
        for (id, entry) in self.ledger.all().await? {
            let Wish::Present(database) = &entry.wish else {
                continue;
            };
            if entry.engine != server.engine() {
                continue;
            }
            let name = entry.name.as_ref().map_or("", ServerName::as_str);
            let used = sizes.get(name).copied().unwrap_or(0);
            // One that cannot be set right keeps no other from it.
            if let Err(failure) = self.tend_database((id, database), server, used).await {
                tracing::warn!(code = failure.code, detail = %failure.detail, database.id = %id,
                    "the rights of a database could not be set by what it holds");
            }
        }
        Ok(())
    }

    async fn tend_database(
        &self,
        (id, database): (DatabaseId, &Database),
        server: &Arc<dyn DatabaseServer>,
        used: Bytes,
    ) -> Result<(), StepFailure> {
        let before = self.note(id, used);
        if before != Some(used) {
            self.touched.tell(&id);
        }
        let now = reach(database, true, used);
        let as_before = before.is_some_and(|before| reach(database, true, before) == now);
        // Whoever owns tables gives themselves rights back, so what is full is seen to again and again.
        if as_before && used <= database.quota {
            return Ok(());
        }
        self.set_right(id, server, used).await
    }

    /// Sets the rights of a database by what it holds, unless a step meanwhile wants something else.
    async fn set_right(
        &self,
        id: DatabaseId,
        server: &Arc<dyn DatabaseServer>,
        used: Bytes,
    ) -> Result<(), StepFailure> {
        let _turn = self.turn(id).await;
        match self.ledger.read(id).await? {
            Some(Entry {
                wish: Wish::Present(database),
                ..
            }) => set_by(&database, server, used).await,
            _ => Ok(()),
        }
    }

    /// Notes what a database holds, and answers what it held before.
    fn note(&self, id: DatabaseId, used: Bytes) -> Option<Bytes> {
        let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.insert(id, used)
    }
}

/// Sets the rights of a database that is shown by what it holds. What is full is set right whatever it looks
/// like: whoever owns tables gives themselves rights that nobody sees from outside.
async fn set_by(
    database: &Database,
    server: &Arc<dyn DatabaseServer>,
    used: Bytes,
) -> Result<(), StepFailure> {
    let (login, reach) = (login(database)?, reach(database, true, used));
    let seen = server.look(login).await?;
    if seen.database && (seen.reach != Some(reach) || reach != Reach::Writes) {
        server.admit(login, reach).await?;
    }
    Ok(())
}

/// What opens a database; a wish without it is no wish for a server.
fn login(database: &Database) -> Result<&DatabaseLogin, StepFailure> {
    let fits = |login: &&DatabaseLogin| login.verifier.fits(database.engine);
    let login = database.login.as_ref().filter(fits);
    login.ok_or_else(|| StepFailure::new("database-failed", "a database without a login"))
}

const fn reach(database: &Database, shown: bool, used: Bytes) -> Reach {
    if shown {
        Reach::of(database.engine, used, database.quota)
    } else {
        Reach::Nothing
    }
}

/// The one database that the step is about.
fn subject_of(step: &Step) -> Result<DatabaseId, StepFailure> {
    let wrong = || StepFailure::new("wrong-subject", step.act.word());
    let Subject::Database(id) = step.subject else {
        return Err(wrong());
    };
    let named = match &step.act {
        Act::RemoveDatabase(id) => *id,
        Act::MakeDatabase(database)
        | Act::ConfigureDatabase(Wish::Present(database) | Wish::Hidden(database)) => database.id,
        Act::ConfigureDatabase(Wish::Gone) => id,
        _ => return Err(wrong()),
    };
    if named == id { Ok(id) } else { Err(wrong()) }
}
