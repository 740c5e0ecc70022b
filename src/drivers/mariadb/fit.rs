//! Whether a server that somebody else runs is fit for customers' databases.

use std::collections::BTreeSet;

use sqlx::{Connection as _, Executor as _, Row as _};
use wabe_kernel::RemoteWay;

use crate::database_server::server::{Trouble, foreign};
use crate::mariadb::Mariadb;
use crate::mariadb::account::{HOST, WRITES};

const SETTINGS: &str = "SELECT CAST(COALESCE(@@enforce_storage_engine, '') AS CHAR) AS engine, \
    CAST(VERSION() AS CHAR) AS version, CAST(CURRENT_USER() AS CHAR) AS me, \
    CAST(@@have_ssl AS CHAR) AS tls";
const GRANTABLE: &str = "SELECT CAST(PRIVILEGE_TYPE AS CHAR) AS name FROM information_schema.USER_PRIVILEGES \
    WHERE IS_GRANTABLE = 'YES' AND GRANTEE = CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')";
const ANYBODY: &str = "SELECT CAST((SELECT COUNT(*) FROM mysql.global_priv WHERE User = '') + \
    (SELECT COUNT(*) FROM mysql.db WHERE User IN ('', 'PUBLIC')) AS SIGNED) AS found";
const NAMES: &str = "SELECT CAST(SCHEMA_NAME AS CHAR) AS name FROM information_schema.SCHEMATA \
    UNION SELECT CAST(User AS CHAR) AS name FROM mysql.global_priv";
/// What an administrator needs beside what it grants.
const ADMINISTERS: [&str; 3] = ["CREATE USER", "PROCESS", "CONNECTION ADMIN"];
/// The oldest version, whose accounts and rights are kept as they are read here.
const OLDEST: (u32, u32) = (10, 5);

/// The version's first two numbers, of what MariaDB says it is.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let (numbers, _) = version.split_once("-MariaDB")?;
    let mut numbers = numbers.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

impl Mariadb {
    /// What speaks against this server, one line each, for whoever runs it.
    pub(super) async fn misfits(&self, ours: &BTreeSet<String>) -> Result<Vec<String>, Trouble> {
        let mut home = self.admin().await?;
        let mut found = Vec::new();
        let settings = home.fetch_one(sqlx::query(SETTINGS)).await?;
        let (version, me): (String, String) =
            (settings.try_get("version")?, settings.try_get("me")?);
        if numbers(&version).is_none_or(|numbers| numbers < OLDEST) {
            found.push(format!(
                "its version is {version}; MariaDB {}.{} or newer is needed",
                OLDEST.0, OLDEST.1
            ));
        }
        if !me.ends_with(&format!("@{HOST}")) {
            found.push(format!(
                "the administrator logs in as {me}, which is more than this machine; make it a user of '{HOST}'"
            ));
        }
        let rows = home.fetch_all(sqlx::query(GRANTABLE)).await?;
        let names = rows.iter().map(|row| row.try_get::<String, _>("name"));
        let may: BTreeSet<String> = names.collect::<Result<_, _>>()?;
        let needed = WRITES.split(", ").chain(ADMINISTERS);
        let missing: Vec<&str> = needed.filter(|right| !may.contains(*right)).collect();
        if !missing.is_empty() {
            found.push(format!(
                "the administrator lacks rights on *.* with GRANT OPTION: {}",
                missing.join(", ")
            ));
        }
        let engine: String = settings.try_get("engine")?;
        if !engine.eq_ignore_ascii_case("InnoDB") {
            found.push(
                "enforce_storage_engine is not InnoDB; what lies in tables of other engines counts for no quota"
                    .to_owned(),
            );
        }
        let tls: String = settings.try_get("tls")?;
        if matches!(self.place.remote, RemoteWay::On { .. }) && tls != "YES" {
            found.push(
                "databases.remote lets programs elsewhere in, and this server has no TLS; set ssl_cert and ssl_key"
                    .to_owned(),
            );
        }
        let anybody = home.fetch_one(sqlx::query(ANYBODY)).await?;
        if anybody.try_get::<i64, _>("found")? > 0 {
            found.push(
                "users without a name, or everybody, have rights; run mariadb-secure-installation"
                    .to_owned(),
            );
        }
        let rows = home.fetch_all(sqlx::query(NAMES)).await?;
        let names = rows.iter().map(|row| row.try_get::<String, _>("name"));
        found.extend(foreign(names.collect::<Result<_, _>>()?, ours));
        home.close().await?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn a_version_is_one_of_mariadb() {
        assert_eq!(numbers("10.11.19-MariaDB-0+deb12u1"), Some((10, 11)));
        assert_eq!(numbers("8.0.36"), None);
    }
}
