//! Whether a server that somebody else runs is fit for customers' databases.

use std::collections::BTreeSet;

use sqlx::{Connection as _, Executor as _, Row as _};

use crate::database_server::server::{Trouble, foreign};
use crate::postgresql::{HOME, Postgresql};

const SETTINGS: &str = "SELECT CAST(current_setting('server_version_num') AS bigint) AS version, \
    rolsuper AS super FROM pg_roles WHERE rolname = CURRENT_USER";
const TRUSTED: &str = "SELECT CAST(count(*) AS bigint) AS found FROM pg_hba_file_rules \
    WHERE auth_method = 'trust'";
/// Databases that everybody may connect to, but for those that are closed at every start.
const OPEN: &str = "SELECT CAST(d.datname AS text) AS name FROM pg_database d \
    WHERE d.datallowconn AND d.datname NOT IN ('postgres', 'template1') AND EXISTS (SELECT FROM \
    aclexplode(COALESCE(d.datacl, acldefault('d', d.datdba))) x \
    WHERE x.grantee = 0 AND x.privilege_type = 'CONNECT') ORDER BY 1";
const NAMES: &str = "SELECT CAST(datname AS text) AS name FROM pg_database \
    UNION SELECT CAST(rolname AS text) AS name FROM pg_roles";
/// The oldest version, as the server counts.
const OLDEST: i64 = 130_000;

impl Postgresql {
    /// What speaks against this server, one line each, for whoever runs it.
    pub(super) async fn misfits(&self, ours: &BTreeSet<String>) -> Result<Vec<String>, Trouble> {
        let mut home = self.admin(HOME).await?;
        let mut found = Vec::new();
        let settings = home.fetch_one(sqlx::query(SETTINGS)).await?;
        let version: i64 = settings.try_get("version")?;
        if version < OLDEST {
            found.push(format!(
                "its version is {}; PostgreSQL 13 or newer is needed",
                version / 10_000
            ));
        }
        if !settings.try_get::<bool, _>("super")? {
            found.push(
                "the administrator is no superuser; without that it sets no event trigger and no limits"
                    .to_owned(),
            );
            home.close().await?;
            return Ok(found);
        }
        let trusted = home.fetch_one(sqlx::query(TRUSTED)).await?;
        if trusted.try_get::<i64, _>("found")? > 0 {
            found.push(
                "pg_hba.conf trusts somebody without a password; use peer or scram-sha-256"
                    .to_owned(),
            );
        }
        let rows = home.fetch_all(sqlx::query(OPEN)).await?;
        let names = rows.iter().map(|row| row.try_get::<String, _>("name"));
        let open: Vec<String> = names.collect::<Result<_, _>>()?;
        if !open.is_empty() {
            found.push(format!(
                "everybody may connect to these databases: {}; REVOKE CONNECT, TEMPORARY ON DATABASE … FROM PUBLIC",
                open.join(", ")
            ));
        }
        let rows = home.fetch_all(sqlx::query(NAMES)).await?;
        let names = rows.iter().map(|row| row.try_get::<String, _>("name"));
        found.extend(foreign(names.collect::<Result<_, _>>()?, ours));
        home.close().await?;
        Ok(found)
    }
}
