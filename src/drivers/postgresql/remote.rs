//! Where the role of a database comes in from beside this machine.

use std::time::Duration;

use sqlx::{Executor as _, PgConnection, Row as _};
use wabe_kernel::desired::DatabaseLogin;
use wabe_kernel::{RemoteAddresses, ServerName};

use crate::database_server::server::Trouble;
use crate::postgresql::Postgresql;

const BROKEN: &str = "SELECT CAST(count(*) AS bigint) AS found FROM pg_hba_file_rules \
    WHERE error IS NOT NULL";
const LOADED: &str = "SELECT CAST(pg_conf_load_time() AS text) AS loaded";
const LOAD: &str = "SELECT pg_reload_conf() AS told";
const END_ELSEWHERE: &str = "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity \
    WHERE usename = $1 AND client_addr <> CAST('127.0.0.1' AS inet)";
/// How often, and after which pause, it is asked whether the server has loaded its rules.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

async fn loaded(home: &mut PgConnection) -> Result<String, Trouble> {
    let row = home.fetch_one(sqlx::query(LOADED)).await?;
    Ok(row.try_get("loaded")?)
}

/// Has the server judge the file and load it; answers once it has.
async fn load(home: &mut PgConnection) -> Result<(), Trouble> {
    let broken = home.fetch_one(sqlx::query(BROKEN)).await?;
    if broken.try_get::<i64, _>("found")? > 0 {
        let said = "the server does not understand its pg_hba.conf".to_owned();
        return Err(Trouble::Refused(said));
    }
    let before = loaded(home).await?;
    home.fetch_one(sqlx::query(LOAD)).await?;
    // The server tells its processes of it as it loads it, ours among them.
    for _look in 0..LOOKS {
        if loaded(home).await? != before {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Trouble::Away(
        "the server did not load its rules".to_owned(),
    ))
}

impl Postgresql {
    /// Whether the role comes in from where the customer listed, and from nowhere else. Of a server whose file is
    /// not ours nothing is said.
    pub(super) async fn comes_in_as_wished(&self, login: &DatabaseLogin) -> Result<bool, Trouble> {
        let Some(hba) = &self.hba else {
            return Ok(true);
        };
        let (found, exact) = hba.look(&login.name).await?;
        Ok(exact && found == self.place.admitted(&login.remote))
    }

    /// Lets a role in from exactly these ranges; sessions from elsewhere end where there are fewer than before.
    pub(super) async fn let_in(
        &self,
        home: &mut PgConnection,
        (name, ranges): (&ServerName, &RemoteAddresses),
    ) -> Result<(), Trouble> {
        let Some(hba) = &self.hba else {
            return Ok(());
        };
        let Some(change) = hba.change(name, ranges).await? else {
            return Ok(());
        };
        if let Err(trouble) = load(home).await {
            change.take_back().await?;
            return Err(trouble);
        }
        if change.fewer {
            let out = sqlx::query(END_ELSEWHERE).bind(name.as_str());
            home.fetch_all(out).await?;
        }
        change.done();
        Ok(())
    }
}
