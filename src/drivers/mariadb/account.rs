//! A customer's database and user: made, given their rights, looked at, removed.

use std::cmp::Ordering;

use sqlx::{Connection as _, Executor as _, MySqlConnection, Row as _};
use wabe_kernel::ServerName;
use wabe_kernel::database_login::STATEMENT_SECONDS;
use wabe_kernel::desired::DatabaseLogin;

use crate::database_server::rendered::{Quoted, Rendered};
use crate::database_server::server::{Reach, Seen, Trouble, allowed};
use crate::mariadb::Mariadb;
use crate::mariadb::quote::{identifier, literal, pattern};

/// Where customers' programs come from: this machine.
pub(super) const HOST: &str = "127.0.0.1";

/// Everything that belongs to a database, as the server lists it: nothing global, no right to hand rights on,
/// and no EVENT, whose work would run beside every limit.
pub(super) const WRITES: &str = "ALTER, ALTER ROUTINE, CREATE, CREATE ROUTINE, CREATE TEMPORARY TABLES, \
    CREATE VIEW, DELETE, DELETE HISTORY, DROP, EXECUTE, INDEX, INSERT, LOCK TABLES, REFERENCES, SELECT, \
    SHOW VIEW, TRIGGER, UPDATE";
const GRANT_WRITES: &str = "GRANT ALTER, ALTER ROUTINE, CREATE, CREATE ROUTINE, CREATE TEMPORARY TABLES, \
    CREATE VIEW, DELETE, DELETE HISTORY, DROP, EXECUTE, INDEX, INSERT, LOCK TABLES, REFERENCES, SELECT, \
    SHOW VIEW, TRIGGER, UPDATE ON ?.* TO ?@'127.0.0.1'";
/// What frees room, and what reads: of triggers a dump is silent without the right to them.
const READS: &str = "DELETE, DELETE HISTORY, DROP, LOCK TABLES, SELECT, SHOW VIEW, TRIGGER";
const GRANT_READS: &str = "GRANT DELETE, DELETE HISTORY, DROP, LOCK TABLES, SELECT, SHOW VIEW, \
    TRIGGER ON ?.* TO ?@'127.0.0.1'";

const PRESENT: &str = "SELECT CAST(COUNT(*) AS SIGNED) AS found FROM information_schema.SCHEMATA \
    WHERE SCHEMA_NAME = ?";
const ACCOUNTS: &str = "SELECT CAST(Host AS CHAR) AS host, CAST(Priv AS CHAR) AS priv \
    FROM mysql.global_priv WHERE User = ?";
const HELD: &str = "SELECT CAST(TABLE_SCHEMA AS CHAR) AS place, GROUP_CONCAT(CAST(PRIVILEGE_TYPE AS CHAR) \
    ORDER BY PRIVILEGE_TYPE SEPARATOR ', ') AS held FROM information_schema.SCHEMA_PRIVILEGES \
    WHERE GRANTEE = CONCAT('''', ?, '''@''127.0.0.1''') GROUP BY TABLE_SCHEMA";
const ELSEWHERE: &str = "SELECT CAST(COUNT(*) AS SIGNED) AS found FROM information_schema.TABLE_PRIVILEGES \
    WHERE GRANTEE = CONCAT('''', ?, '''@''127.0.0.1''') AND TABLE_SCHEMA <> ?";
const ROLES: &str = "SELECT CAST(Role AS CHAR) AS role FROM mysql.roles_mapping \
    WHERE User = ? AND Host = '127.0.0.1'";

/// Runs statements one after the other.
pub(super) async fn run(
    connection: &mut MySqlConnection,
    templates: &[&'static str],
    parts: &[&Quoted],
) -> Result<(), Trouble> {
    for template in templates.iter().copied() {
        connection
            .execute(Rendered::new(template, parts).raw())
            .await?;
    }
    Ok(())
}

/// What the server has, in parts.
struct Found {
    database: bool,
    /// The user as it logs in from this machine.
    user: Option<Account>,
    /// What the user may, when that is one of ours and nothing beside.
    rights: Option<Reach>,
    /// Other hosts that a user of the name logs in from.
    hosts: Vec<String>,
    /// Roles that somebody gave it.
    roles: Vec<String>,
}

#[derive(Clone, Copy)]
struct Account {
    /// Whether password and limits are as wished, but for the connections.
    as_left: bool,
    /// The connections that it may hold, beside the wished ones.
    connections: Ordering,
    locked: bool,
}

impl Account {
    fn read(text: &str, login: &DatabaseLogin) -> Self {
        let told: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let number = |name: &str| told[name].as_f64().unwrap_or(0.0);
        let is = |name: &str, wanted: f64| (number(name) - wanted).abs() < 0.001;
        let as_left = is("access", 0.0)
            && told["plugin"] == "mysql_native_password"
            && told["authentication_string"] == login.verifier.as_str()
            && is_alone(&told["auth_or"])
            && is("max_statement_time", f64::from(STATEMENT_SECONDS));
        let connections = told["max_user_connections"].as_i64().unwrap_or(0);
        Self {
            as_left,
            connections: allowed(connections, login.connections),
            locked: told["account_locked"] == true,
        }
    }
}

/// Whether there is no second way in. Of one that ended, MariaDB keeps an empty place, which stands for the
/// first.
fn is_alone(ways: &serde_json::Value) -> bool {
    let empty = |way: &serde_json::Value| way.as_object().is_some_and(serde_json::Map::is_empty);
    ways.is_null() || ways.as_array().is_some_and(|ways| ways.iter().all(empty))
}

impl Found {
    /// How far the user reaches, with however many connections; nothing when anything else is not as wished.
    fn reach(&self) -> Option<Reach> {
        let alone = self.hosts.is_empty() && self.roles.is_empty();
        let account = self.user.filter(|account| account.as_left && alone)?;
        if account.locked {
            Some(Reach::Nothing)
        } else {
            self.rights
        }
    }

    fn seen(&self) -> Seen {
        let bounded = |user: Account| user.connections == Ordering::Equal;
        Seen {
            database: self.database,
            user: self.user.is_some(),
            reach: self.reach().filter(|_reach| self.user.is_some_and(bounded)),
        }
    }
}

async fn found(home: &mut MySqlConnection, login: &DatabaseLogin) -> Result<Found, Trouble> {
    let name = login.name.as_str();
    let row = home.fetch_one(sqlx::query(PRESENT).bind(name)).await?;
    let database = row.try_get::<i64, _>("found")? > 0;
    let (mut user, mut hosts) = (None, Vec::new());
    for row in home.fetch_all(sqlx::query(ACCOUNTS).bind(name)).await? {
        let host: String = row.try_get("host")?;
        if host == HOST {
            let text: String = row.try_get("priv")?;
            user = Some(Account::read(&text, login));
        } else {
            hosts.push(host);
        }
    }
    let elsewhere = sqlx::query(ELSEWHERE).bind(name).bind(name);
    let elsewhere: i64 = home.fetch_one(elsewhere).await?.try_get("found")?;
    let held = home.fetch_all(sqlx::query(HELD).bind(name)).await?;
    let rights = match held.as_slice() {
        [row] if elsewhere == 0 => rights_of(name, row)?,
        _ => None,
    };
    let roles = home.fetch_all(sqlx::query(ROLES).bind(name)).await?;
    let roles = roles.iter().map(|row| row.try_get("role"));
    Ok(Found {
        database,
        user,
        rights,
        hosts,
        roles: roles.collect::<Result<_, _>>()?,
    })
}

/// What somebody may who holds these rights: one of ours, on exactly the database of the name.
fn rights_of(name: &str, row: &sqlx::mysql::MySqlRow) -> Result<Option<Reach>, Trouble> {
    let (place, held): (String, String) = (row.try_get("place")?, row.try_get("held")?);
    let reach = match held.as_str() {
        WRITES => Some(Reach::Writes),
        READS => Some(Reach::Reads),
        _ => None,
    };
    let own = place == name.replace('_', "\\_");
    Ok(reach.filter(|_reach| own))
}

impl Mariadb {
    /// What the server has.
    pub(super) async fn seen(&self, login: &DatabaseLogin) -> Result<Seen, Trouble> {
        let mut home = self.admin().await?;
        let found = found(&mut home, login).await?;
        home.close().await?;
        Ok(found.seen())
    }

    /// Makes the database; nobody has a right to it yet.
    pub(super) async fn make_database(&self, name: &ServerName) -> Result<(), Trouble> {
        let mut home = self.admin().await?;
        let make =
            "CREATE DATABASE IF NOT EXISTS ? CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
        run(&mut home, &[make], &[&identifier(name.as_str())?]).await?;
        Ok(home.close().await?)
    }

    /// Makes the user where missing, with exactly these rights.
    pub(super) async fn set_user(
        &self,
        login: &DatabaseLogin,
        reach: Reach,
    ) -> Result<(), Trouble> {
        let user = literal(login.name.as_str())?;
        let mut home = self.admin().await?;
        let before = found(&mut home, login).await?;
        let verifier = literal(login.verifier.as_str())?;
        if before.user.is_none() {
            let make = "CREATE USER ?@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING ? ACCOUNT LOCK";
            run(&mut home, &[make], &[&user, &verifier]).await?;
        }
        let as_left = before.reach() == Some(reach);
        let held_more = |user: Account| user.connections == Ordering::Greater;
        if before.user.is_some() && !as_left && reach != Reach::Writes {
            // Out first, so that nobody does anything meanwhile that they may not any more.
            let out = [
                "ALTER USER ?@'127.0.0.1' ACCOUNT LOCK",
                "KILL USER ?@'127.0.0.1'",
            ];
            run(&mut home, &out, &[&user]).await?;
        }
        for host in &before.hosts {
            run(
                &mut home,
                &["DROP USER IF EXISTS ?@?"],
                &[&user, &literal(host)?],
            )
            .await?;
        }
        for role in &before.roles {
            run(
                &mut home,
                &["REVOKE ? FROM ?@'127.0.0.1'"],
                &[&identifier(role)?, &user],
            )
            .await?;
        }
        if !as_left {
            let place = pattern(login.name.as_str())?;
            let revoke = "REVOKE ALL PRIVILEGES, GRANT OPTION FROM ?@'127.0.0.1'";
            run(&mut home, &[revoke], &[&user]).await?;
            let grant = if reach == Reach::Reads {
                GRANT_READS
            } else {
                GRANT_WRITES
            };
            run(&mut home, &[grant], &[&place, &user]).await?;
        }
        let connections = Quoted::number(login.connections);
        let seconds = Quoted::number(STATEMENT_SECONDS);
        let alter = if reach == Reach::Nothing {
            "ALTER USER ?@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING ? REQUIRE NONE \
             WITH MAX_USER_CONNECTIONS ? MAX_STATEMENT_TIME ? ACCOUNT LOCK"
        } else {
            "ALTER USER ?@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING ? REQUIRE NONE \
             WITH MAX_USER_CONNECTIONS ? MAX_STATEMENT_TIME ? ACCOUNT UNLOCK"
        };
        run(
            &mut home,
            &[alter],
            &[&user, &verifier, &connections, &seconds],
        )
        .await?;
        // A session keeps the rights that it began with, and its place.
        if !as_left || before.user.is_some_and(held_more) {
            run(&mut home, &["KILL USER ?@'127.0.0.1'"], &[&user]).await?;
        }
        Ok(home.close().await?)
    }

    /// Removes database and user.
    pub(super) async fn drop_all(&self, name: &ServerName) -> Result<(), Trouble> {
        let (place, user) = (identifier(name.as_str())?, literal(name.as_str())?);
        let mut home = self.admin().await?;
        let accounts = home
            .fetch_all(sqlx::query(ACCOUNTS).bind(name.as_str()))
            .await?;
        let mut hosts = Vec::new();
        for row in &accounts {
            let host: String = row.try_get("host")?;
            hosts.push(literal(&host)?);
        }
        // The user first stops to enter, else a session could hold up what follows.
        for host in &hosts {
            let close = ["ALTER USER ?@? ACCOUNT LOCK", "KILL USER ?@?"];
            run(&mut home, &close, &[&user, host]).await?;
        }
        run(&mut home, &["DROP DATABASE IF EXISTS ?"], &[&place]).await?;
        for host in &hosts {
            run(&mut home, &["DROP USER IF EXISTS ?@?"], &[&user, host]).await?;
        }
        Ok(home.close().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, GRANT_READS, GRANT_WRITES, READS, WRITES};
    use std::cmp::Ordering;
    use wabe_kernel::desired::DatabaseLogin;

    #[test]
    fn what_is_granted_is_what_is_looked_for() {
        assert!(GRANT_WRITES.starts_with(&format!("GRANT {WRITES} ON ")));
        assert!(GRANT_READS.starts_with(&format!("GRANT {READS} ON ")));
    }

    #[test]
    fn an_account_that_somebody_changed_is_not_as_it_was_left() {
        let verifier = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19";
        let login = DatabaseLogin {
            name: "shop".parse().unwrap(),
            verifier: verifier.parse().unwrap(),
            connections: 20,
        };
        let told = format!(
            r#"{{"access":0,"plugin":"mysql_native_password","authentication_string":"{verifier}",
            "max_user_connections":20,"max_statement_time":60.000000,"account_locked":false}}"#
        );
        let is_as_left = |told: &str| {
            let account = Account::read(told, &login);
            account.as_left && account.connections == Ordering::Equal
        };
        assert!(is_as_left(&told));
        for (from, to) in [
            ("\"access\":0", "\"access\":512"),
            ("mysql_native_password", "unix_socket"),
            ("*2470", "*2471"),
            (":20", ":0"),
            ("60.0", "0.0"),
            (
                "\"account_locked\"",
                "\"auth_or\":[{},{\"plugin\":\"unix_socket\"}],\"account_locked\"",
            ),
        ] {
            assert!(!is_as_left(&told.replace(from, to)), "{from}");
        }
        assert!(Account::read(&told.replace("false", "true"), &login).locked);
        let ended = told.replace("\"account_locked\"", "\"auth_or\":[{}],\"account_locked\"");
        assert!(is_as_left(&ended));
    }
}
