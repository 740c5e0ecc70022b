//! A customer's database and user: made, given their rights, looked at, removed. The user has an account for each
//! host that it logs in from, all with the same password and the same rights.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sqlx::{Connection as _, Executor as _, MySqlConnection, Row as _};
use wabe_kernel::ServerName;
use wabe_kernel::database_login::STATEMENT_SECONDS;
use wabe_kernel::desired::DatabaseLogin;

use crate::database_server::rendered::{Quoted, Rendered};
use crate::database_server::server::{Reach, Seen, Trouble, allowed};
use crate::mariadb::Mariadb;
use crate::mariadb::hosts::{Wished, end_elsewhere, wished_now};
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
    SHOW VIEW, TRIGGER, UPDATE ON ?.* TO ?@?";
/// What frees room, and what reads: of triggers a dump is silent without the right to them.
const READS: &str = "DELETE, DELETE HISTORY, DROP, LOCK TABLES, SELECT, SHOW VIEW, TRIGGER";
const GRANT_READS: &str = "GRANT DELETE, DELETE HISTORY, DROP, LOCK TABLES, SELECT, SHOW VIEW, \
    TRIGGER ON ?.* TO ?@?";

/// What MariaDB writes of an account that may come in over TLS alone.
const SSL_ANY: f64 = 1.0;
/// What stands in the place of a verifier where no password is the right one.
///
/// Source: MariaDB 10.11, "Authentication Plugin - mysql_native_password".
const NO_PASSWORD: &str = "invalid";

const PRESENT: &str = "SELECT CAST(COUNT(*) AS SIGNED) AS found FROM information_schema.SCHEMATA \
    WHERE SCHEMA_NAME = ?";
pub(super) const ACCOUNTS: &str = "SELECT CAST(Host AS CHAR) AS host, CAST(Priv AS CHAR) AS priv \
    FROM mysql.global_priv WHERE User = ?";
const HELD: &str = "SELECT CAST(TABLE_SCHEMA AS CHAR) AS place, GROUP_CONCAT(CAST(PRIVILEGE_TYPE AS CHAR) \
    ORDER BY PRIVILEGE_TYPE SEPARATOR ', ') AS held FROM information_schema.SCHEMA_PRIVILEGES \
    WHERE GRANTEE = CONCAT('''', ?, '''@''', ?, '''') GROUP BY TABLE_SCHEMA";
const ELSEWHERE: &str = "SELECT CAST(COUNT(*) AS SIGNED) AS found FROM information_schema.TABLE_PRIVILEGES \
    WHERE GRANTEE = CONCAT('''', ?, '''@''', ?, '''') AND TABLE_SCHEMA <> ?";
const ROLES: &str = "SELECT CAST(Role AS CHAR) AS role FROM mysql.roles_mapping \
    WHERE User = ? AND Host = ?";

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
    /// The user by the hosts that it should log in from.
    users: BTreeMap<String, User>,
    /// Other hosts that a user of the name logs in from.
    hosts: Vec<String>,
}

/// The user as it logs in from one host.
struct User {
    account: Account,
    /// What it may, when that is one of ours and nothing beside.
    rights: Option<Reach>,
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
    /// Whether it should be there for what it made alone.
    kept: bool,
}

impl Account {
    fn read(text: &str, login: &DatabaseLogin, wished: &Wished) -> Self {
        let told: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let number = |name: &str| told[name].as_f64().unwrap_or(0.0);
        let is = |name: &str, wanted: f64| (number(name) - wanted).abs() < 0.001;
        let as_left = is("access", 0.0)
            && told["plugin"] == "mysql_native_password"
            && told["authentication_string"] == verifier(login, wished)
            && is_alone(&told["auth_or"])
            && is("ssl_type", if wished.tls { SSL_ANY } else { 0.0 })
            && is("max_statement_time", f64::from(STATEMENT_SECONDS));
        let connections = told["max_user_connections"].as_i64().unwrap_or(0);
        Self {
            as_left,
            connections: allowed(connections, wished.connections),
            locked: told["account_locked"] == true,
            kept: wished.kept,
        }
    }
}

/// What the server checks passwords of an account with.
fn verifier<'a>(login: &'a DatabaseLogin, wished: &Wished) -> &'a str {
    if wished.kept {
        NO_PASSWORD
    } else {
        login.verifier.as_str()
    }
}

/// Whether there is no second way in. Of one that ended, MariaDB keeps an empty place, which stands for the
/// first.
fn is_alone(ways: &serde_json::Value) -> bool {
    let empty = |way: &serde_json::Value| way.as_object().is_some_and(serde_json::Map::is_empty);
    ways.is_null() || ways.as_array().is_some_and(|ways| ways.iter().all(empty))
}

impl User {
    /// How far it reaches, with however many connections; nothing when anything else is not as wished.
    fn reach(&self) -> Option<Reach> {
        if !self.account.as_left || !self.roles.is_empty() {
            None
        } else if self.account.locked {
            Some(Reach::Nothing)
        } else {
            self.rights
        }
    }

    /// Whether it is as it should be where the user reaches so far, with however many connections. What is kept runs as
    /// it did for whoever may call it, so that it holds what the others do.
    fn fits(&self, reach: Reach) -> bool {
        if !self.account.kept {
            return self.reach() == Some(reach);
        }
        let held = if reach == Reach::Reads {
            Reach::Reads
        } else {
            Reach::Writes
        };
        let shut = self.account.as_left && self.account.locked && self.roles.is_empty();
        shut && self.rights == Some(held)
    }

    fn holds_more(&self) -> bool {
        self.account.connections == Ordering::Greater
    }
}

impl Found {
    /// What is there; a reach only where every account is there with the same one, and none beside.
    fn seen(&self, wished: &[Wished]) -> Seen {
        let bounded = |user: &&User| user.account.connections == Ordering::Equal;
        let own = self.users.get(HOST).and_then(User::reach);
        let same = |reach: &Reach| {
            wished.iter().all(|one| {
                let user = self.users.get(&one.host).filter(bounded);
                user.is_some_and(|user| user.fits(*reach))
            })
        };
        Seen {
            database: self.database,
            user: self.users.contains_key(HOST),
            reach: own.filter(|reach| self.hosts.is_empty() && same(reach)),
        }
    }

    /// The hosts whose sessions end where the user is to reach so far.
    fn out(&self, reach: Reach) -> Vec<&str> {
        let loses = |user: &User| !user.fits(reach) || user.holds_more();
        let users = self.users.iter().filter(|(_, user)| loses(user));
        let users = users.map(|(host, _)| host.as_str());
        users.chain(self.hosts.iter().map(String::as_str)).collect()
    }
}

async fn found(
    home: &mut MySqlConnection,
    login: &DatabaseLogin,
    wished: &[Wished],
) -> Result<Found, Trouble> {
    let name = login.name.as_str();
    let row = home.fetch_one(sqlx::query(PRESENT).bind(name)).await?;
    let database = row.try_get::<i64, _>("found")? > 0;
    let (mut users, mut hosts) = (BTreeMap::new(), Vec::new());
    let rows = home.fetch_all(sqlx::query(ACCOUNTS).bind(name)).await?;
    for row in &rows {
        let host: String = row.try_get("host")?;
        let Some(one) = wished.iter().find(|one| one.host == host) else {
            hosts.push(host);
            continue;
        };
        let text: String = row.try_get("priv")?;
        let account = Account::read(&text, login, one);
        users.insert(host, user(home, (name, &one.host), account).await?);
    }
    Ok(Found {
        database,
        users,
        hosts,
    })
}

/// The user as it logs in from this host, with this account.
async fn user(
    home: &mut MySqlConnection,
    (name, host): (&str, &str),
    account: Account,
) -> Result<User, Trouble> {
    let elsewhere = sqlx::query(ELSEWHERE).bind(name).bind(host).bind(name);
    let elsewhere: i64 = home.fetch_one(elsewhere).await?.try_get("found")?;
    let held = sqlx::query(HELD).bind(name).bind(host);
    let held = home.fetch_all(held).await?;
    let rights = match held.as_slice() {
        [row] if elsewhere == 0 => rights_of(name, row)?,
        _ => None,
    };
    let roles = sqlx::query(ROLES).bind(name).bind(host);
    let roles = home.fetch_all(roles).await?;
    let roles = roles.iter().map(|row| row.try_get("role"));
    Ok(User {
        account,
        rights,
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
        let wished = wished_now(&mut home, login, &self.place).await?;
        let found = found(&mut home, login, &wished).await?;
        home.close().await?;
        Ok(found.seen(&wished))
    }

    /// Makes the database; nobody has a right to it yet.
    pub(super) async fn make_database(&self, name: &ServerName) -> Result<(), Trouble> {
        let mut home = self.admin().await?;
        let make =
            "CREATE DATABASE IF NOT EXISTS ? CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";
        run(&mut home, &[make], &[&identifier(name.as_str())?]).await?;
        Ok(home.close().await?)
    }

    /// Makes the user where missing, with exactly these rights, for exactly these hosts.
    pub(super) async fn set_user(
        &self,
        login: &DatabaseLogin,
        reach: Reach,
    ) -> Result<(), Trouble> {
        let (name, user) = (login.name.as_str(), literal(login.name.as_str())?);
        let mut home = self.admin().await?;
        let first = wished_now(&mut home, login, &self.place).await?;
        let before = found(&mut home, login, &first).await?;
        let out = before.out(reach);
        // A session keeps the rights that it began with, and its place. Who has to go is shut out first and let in
        // again last: nobody does anything meanwhile that they may not any more, and where this breaks off, what is
        // left to do is found again.
        for host in &out {
            let lock = ["ALTER USER ?@? ACCOUNT LOCK"];
            run(&mut home, &lock, &[&user, &literal(host)?]).await?;
        }
        if out.contains(&HOST) || !before.users.contains_key(HOST) {
            run(&mut home, &["KILL USER ?"], &[&user]).await?;
        } else if !out.is_empty() {
            end_elsewhere(&mut home, (name, &user)).await?;
        }
        // Whoever was in may have made something until now.
        let wished = wished_now(&mut home, login, &self.place).await?;
        for host in before.users.keys().chain(&before.hosts) {
            if wished.iter().all(|one| one.host != *host) {
                let drop = ["DROP USER IF EXISTS ?@?"];
                run(&mut home, &drop, &[&user, &literal(host)?]).await?;
            }
        }
        for one in &wished {
            let known = before.users.get(&one.host);
            set_account(&mut home, (login, one), (reach, known)).await?;
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
            run(&mut home, &["ALTER USER ?@? ACCOUNT LOCK"], &[&user, host]).await?;
        }
        run(&mut home, &["KILL USER ?"], &[&user]).await?;
        run(&mut home, &["DROP DATABASE IF EXISTS ?"], &[&place]).await?;
        for host in &hosts {
            run(&mut home, &["DROP USER IF EXISTS ?@?"], &[&user, host]).await?;
        }
        Ok(home.close().await?)
    }
}

/// Makes the account of one host where missing, with exactly these rights.
async fn set_account(
    home: &mut MySqlConnection,
    (login, wished): (&DatabaseLogin, &Wished),
    (reach, before): (Reach, Option<&User>),
) -> Result<(), Trouble> {
    let (user, host) = (literal(login.name.as_str())?, literal(&wished.host)?);
    let verifier = literal(verifier(login, wished))?;
    if before.is_none() {
        let make = "CREATE USER IF NOT EXISTS ?@? IDENTIFIED VIA mysql_native_password USING ? \
            REQUIRE SSL ACCOUNT LOCK";
        run(home, &[make], &[&user, &host, &verifier]).await?;
    }
    for role in before.iter().flat_map(|before| &before.roles) {
        let revoke = ["REVOKE ? FROM ?@?"];
        run(home, &revoke, &[&identifier(role)?, &user, &host]).await?;
    }
    if !before.is_some_and(|before| before.fits(reach)) {
        let place = pattern(login.name.as_str())?;
        let revoke = "REVOKE ALL PRIVILEGES, GRANT OPTION FROM ?@?";
        run(home, &[revoke], &[&user, &host]).await?;
        let grant = if reach == Reach::Reads {
            GRANT_READS
        } else {
            GRANT_WRITES
        };
        run(home, &[grant], &[&place, &user, &host]).await?;
    }
    let connections = Quoted::number(wished.connections);
    let seconds = Quoted::number(STATEMENT_SECONDS);
    // Said before anybody is let in.
    let require = if wished.tls {
        "ALTER USER ?@? REQUIRE SSL"
    } else {
        "ALTER USER ?@? REQUIRE NONE"
    };
    let alter = if wished.kept || reach == Reach::Nothing {
        "ALTER USER ?@? IDENTIFIED VIA mysql_native_password USING ? \
         WITH MAX_USER_CONNECTIONS ? MAX_STATEMENT_TIME ? ACCOUNT LOCK"
    } else {
        "ALTER USER ?@? IDENTIFIED VIA mysql_native_password USING ? \
         WITH MAX_USER_CONNECTIONS ? MAX_STATEMENT_TIME ? ACCOUNT UNLOCK"
    };
    let parts = [&user, &host, &verifier, &connections, &seconds];
    run(home, &[require, alter], &parts).await
}

#[cfg(test)]
mod tests {
    use super::{Account, Found, GRANT_READS, GRANT_WRITES, HOST, READS, User, WRITES};
    use crate::database_server::server::Reach;
    use crate::mariadb::hosts::Wished;
    use std::cmp::Ordering;
    use wabe_kernel::desired::DatabaseLogin;

    #[test]
    fn what_is_granted_is_what_is_looked_for() {
        assert!(GRANT_WRITES.starts_with(&format!("GRANT {WRITES} ON ")));
        assert!(GRANT_READS.starts_with(&format!("GRANT {READS} ON ")));
    }

    #[test]
    fn sessions_end_by_the_hosts_of_accounts_that_may_less_or_are_to_go() {
        let user = |connections| User {
            account: Account {
                as_left: true,
                connections,
                locked: false,
                kept: false,
            },
            rights: Some(Reach::Writes),
            roles: Vec::new(),
        };
        let users = [
            (HOST, Ordering::Equal),
            ("203.0.113.7", Ordering::Greater),
            ("203.0.113.8", Ordering::Less),
        ];
        let found = Found {
            database: true,
            users: users
                .map(|(host, held)| (host.to_owned(), user(held)))
                .into(),
            hosts: vec!["203.0.113.9".to_owned()],
        };
        assert_eq!(found.out(Reach::Writes), ["203.0.113.7", "203.0.113.9"]);
        assert_eq!(found.out(Reach::Reads).len(), 4);
    }

    #[test]
    fn what_is_kept_is_shut_and_holds_what_the_user_holds() {
        let user = |kept, locked, rights| User {
            account: Account {
                as_left: true,
                connections: Ordering::Equal,
                locked,
                kept,
            },
            rights: Some(rights),
            roles: Vec::new(),
        };
        let wished = [(HOST, false), ("203.0.113.9", true)].map(|(host, kept)| Wished {
            host: host.to_owned(),
            tls: kept,
            connections: 1,
            kept,
        });
        let seen = |own: User, other: User| {
            let users = [(HOST.to_owned(), own), (wished[1].host.clone(), other)];
            let found = Found {
                database: true,
                users: users.into(),
                hosts: Vec::new(),
            };
            found.seen(&wished).reach
        };
        let (writes, reads) = (Reach::Writes, Reach::Reads);
        for (own, other, reach) in [
            ((false, writes), (true, writes), Some(writes)),
            ((false, reads), (true, reads), Some(reads)),
            // Hidden: nobody comes in, and nobody runs anything.
            ((true, writes), (true, writes), Some(Reach::Nothing)),
            ((false, writes), (false, writes), None),
            ((false, reads), (true, writes), None),
            ((false, writes), (true, reads), None),
        ] {
            let (own, other) = (user(false, own.0, own.1), user(true, other.0, other.1));
            assert_eq!(seen(own, other), reach);
        }
    }

    #[test]
    fn an_account_that_somebody_changed_is_not_as_it_was_left() {
        let verifier = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19";
        let login = DatabaseLogin {
            name: "shop".parse().unwrap(),
            verifier: verifier.parse().unwrap(),
            connections: 20,
            remote: wabe_kernel::RemoteAddresses::default(),
        };
        let told = format!(
            r#"{{"access":0,"plugin":"mysql_native_password","authentication_string":"{verifier}",
            "max_user_connections":20,"max_statement_time":60.000000,"account_locked":false}}"#
        );
        let here = Wished {
            host: "127.0.0.1".to_owned(),
            tls: false,
            connections: 20,
            kept: false,
        };
        let is_as_left = |told: &str| {
            let account = Account::read(told, &login, &here);
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
        assert!(Account::read(&told.replace("false", "true"), &login, &here).locked);
        let elsewhere = Wished {
            tls: true,
            ..here.clone()
        };
        assert!(!Account::read(&told, &login, &elsewhere).as_left);
        let over_tls = told.replace("\"access\"", "\"ssl_type\":1,\"access\"");
        assert!(Account::read(&over_tls, &login, &elsewhere).as_left);
        assert!(!is_as_left(&over_tls));
        let kept = Wished {
            kept: true,
            ..elsewhere.clone()
        };
        assert!(!Account::read(&over_tls, &login, &kept).as_left);
        let without = over_tls.replace(verifier, "invalid");
        assert!(Account::read(&without, &login, &kept).as_left);
        assert!(!Account::read(&without, &login, &elsewhere).as_left);
        let ended = told.replace("\"account_locked\"", "\"auth_or\":[{}],\"account_locked\"");
        assert!(is_as_left(&ended));
    }
}
