//! A customer's database and role: made, given their rights, looked at, removed.

use std::cmp::Ordering;

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use wabe_kernel::database_login::STATEMENT_SECONDS;
use wabe_kernel::desired::DatabaseLogin;
use wabe_kernel::{RemoteAddresses, ServerName};

use crate::database_server::rendered::{Quoted, Rendered};
use crate::database_server::server::{Reach, Seen, Trouble, allowed};
use crate::postgresql::quote::{identifier, literal};
use crate::postgresql::{HOME, Postgresql};

/// The guard over extensions.
const FIT: &str = include_str!("fit.sql");
/// What takes the right to add anything, and what gives it back.
const CLOSE: &str = include_str!("close.sql");
const OPEN: &str = include_str!("open.sql");

const SEEN: &str = "SELECT (d.oid IS NOT NULL) AS present, (a.oid IS NOT NULL) AS known, \
    COALESCE(a.rolcanlogin, false) AS enters, \
    COALESCE(a.rolsuper OR a.rolcreatedb OR a.rolcreaterole OR a.rolreplication OR a.rolbypassrls, false) \
    AS raised, EXISTS (SELECT FROM pg_auth_members m WHERE m.member = a.oid) AS belongs, \
    COALESCE(a.rolpassword, '') AS verifier, COALESCE(a.rolconnlimit, -1) AS connections, \
    COALESCE(has_database_privilege(a.oid, d.oid, 'CONNECT'), false) AS connects, \
    COALESCE(has_database_privilege(a.oid, d.oid, 'CREATE'), false) AS creates, \
    COALESCE(d.datacl IS NULL OR EXISTS \
    (SELECT FROM aclexplode(d.datacl) x WHERE x.grantee = 0), false) AS everybody \
    FROM (SELECT CAST($1 AS name) AS n) w LEFT JOIN pg_database d ON d.datname = w.n \
    LEFT JOIN pg_authid a ON a.rolname = w.n";
const ROLES_OF: &str = "SELECT CAST(r.rolname AS text) AS name FROM pg_auth_members m \
    JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = $1";
const END_SESSIONS: &str =
    "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE usename = $1";
/// The same with those who came in by a role of ours, which is the user's: its name begins so.
const END_ALL_SESSIONS: &str = "SELECT pg_terminate_backend(a.pid) AS ended FROM pg_stat_activity a \
    WHERE a.usename = $1 OR a.usename IN (SELECT c.rolname FROM pg_roles c \
    JOIN pg_auth_members m ON m.member = c.oid JOIN pg_roles u ON u.oid = m.roleid \
    WHERE u.rolname = $1 AND starts_with(CAST(c.rolname AS text), $2))";
/// Where it came by a role that another customer gave it; its own programs do not notice.
const END_ELSEWHERE: &str = "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity \
    WHERE usename = $1 AND datname <> usename";
/// Databases in which a role owns something or may something, and whose they are.
const PLACES_OF: &str = "SELECT DISTINCT CAST(d.datname AS text) AS place, \
    CAST(COALESCE(u.rolname, CURRENT_USER) AS text) AS heir FROM pg_shdepend s \
    JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.refobjid \
    LEFT JOIN pg_roles u ON u.rolname = d.datname \
    WHERE s.refclassid = CAST('pg_authid' AS regclass) AND d.datallowconn AND r.rolname = $1";

/// Runs statements one after the other, each in a transaction of its own: some of them allow no other way.
pub(super) async fn run(
    connection: &mut PgConnection,
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

/// Ends their own sessions and those of consoles; of dumps, which take minutes, where nothing is left to them.
async fn end_all(home: &mut PgConnection, name: &str, reach: Reach) -> Result<(), Trouble> {
    let guests: &[&str] = match reach {
        Reach::Nothing => &["wabe_c_", "wabe_d_"],
        Reach::Writes | Reach::Reads => &["wabe_c_"],
    };
    for guest in guests {
        let out = sqlx::query(END_ALL_SESSIONS).bind(name).bind(*guest);
        home.fetch_all(out).await?;
    }
    Ok(())
}

/// What the server has, with however many connections and roles beside.
struct Found {
    seen: Seen,
    /// The connections that the user may hold, beside the wished ones.
    connections: Ordering,
    /// Whether somebody gave it a role.
    belongs: bool,
}

impl Postgresql {
    /// What the server has.
    pub(super) async fn seen(&self, login: &DatabaseLogin) -> Result<Seen, Trouble> {
        let Found {
            seen,
            connections,
            belongs,
        } = self.found(login).await?;
        let bounded = connections == Ordering::Equal && !belongs;
        let as_wished = bounded && self.comes_in_as_wished(login).await?;
        let reach = seen.reach.filter(|_reach| as_wished);
        Ok(Seen { reach, ..seen })
    }

    /// The same, with connections, and roles that were given, apart.
    async fn found(&self, login: &DatabaseLogin) -> Result<Found, Trouble> {
        let mut home = self.admin(HOME).await?;
        let query = sqlx::query(SEEN).bind(login.name.as_str());
        let row = home.fetch_one(query).await?;
        home.close().await?;
        let flag = |name: &str| row.try_get::<bool, _>(name);
        let verifier: String = row.try_get("verifier")?;
        let connections: i32 = row.try_get("connections")?;
        let known = flag("known")?;
        let as_left = known
            && !flag("raised")?
            && !flag("everybody")?
            && flag("connects")?
            && verifier == login.verifier.as_str();
        let reach = match (flag("enters")?, flag("creates")?) {
            (false, _) => Reach::Nothing,
            (true, true) => Reach::Writes,
            (true, false) => Reach::Reads,
        };
        let seen = Seen {
            database: flag("present")?,
            user: known,
            reach: as_left.then_some(reach),
        };
        Ok(Found {
            seen,
            connections: allowed(i64::from(connections), login.connections),
            belongs: flag("belongs")?,
        })
    }

    /// Makes the database, into which nobody comes before it is closed to everybody.
    pub(super) async fn make_database(&self, name: &ServerName) -> Result<(), Trouble> {
        let own = identifier(name.as_str())?;
        let mut home = self.admin(HOME).await?;
        let there = sqlx::query("SELECT datname FROM pg_database WHERE datname = $1");
        let there = home.fetch_optional(there.bind(name.as_str())).await?;
        if there.is_none() {
            let make = "CREATE DATABASE ? TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' \
                        ALLOW_CONNECTIONS false";
            run(&mut home, &[make], &[&own]).await?;
        }
        let close = [
            "REVOKE ALL ON DATABASE ? FROM PUBLIC",
            "ALTER DATABASE ? ALLOW_CONNECTIONS true",
        ];
        run(&mut home, &close, &[&own]).await?;
        home.close().await?;
        let mut inside = self.admin(name.as_str()).await?;
        inside.execute(sqlx::raw_sql(FIT)).await?;
        Ok(inside.close().await?)
    }

    /// Makes the role where missing, with exactly these rights.
    pub(super) async fn set_role(
        &self,
        login: &DatabaseLogin,
        reach: Reach,
    ) -> Result<(), Trouble> {
        let name = login.name.as_str();
        let own = identifier(name)?;
        let Found {
            seen: before,
            connections: held,
            belongs,
        } = self.found(login).await?;
        let mut home = self.admin(HOME).await?;
        if !before.user {
            run(&mut home, &["CREATE ROLE ? NOLOGIN"], &[&own]).await?;
        }
        let loses = before.user && before.reach != Some(reach);
        if loses && reach != Reach::Writes {
            // Out first: what an open transaction of theirs holds would hold up all that follows.
            run(&mut home, &["ALTER ROLE ? NOLOGIN"], &[&own]).await?;
            end_all(&mut home, name, reach).await?;
        }
        self.take_roles(&mut home, (name, &own)).await?;
        let verifier = literal(login.verifier.as_str())?;
        let connections = Quoted::number(login.connections);
        let seconds = literal(&format!("{STATEMENT_SECONDS}s"))?;
        let enters = if reach == Reach::Nothing {
            "ALTER ROLE ? NOLOGIN PASSWORD ?"
        } else {
            "ALTER ROLE ? LOGIN PASSWORD ?"
        };
        let plain = [
            "ALTER ROLE ? NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS",
            "ALTER ROLE ? SET temp_file_limit = '1GB'",
            "ALTER ROLE ? SET idle_in_transaction_session_timeout = '10min'",
            "GRANT CONNECT, TEMPORARY ON DATABASE ? TO ?",
            "REVOKE ALL ON DATABASE ? FROM PUBLIC",
        ];
        run(&mut home, &plain, &[&own, &own]).await?;
        run(
            &mut home,
            &["ALTER ROLE ? SET statement_timeout = ?"],
            &[&own, &seconds],
        )
        .await?;
        run(
            &mut home,
            &["ALTER ROLE ? CONNECTION LIMIT ?"],
            &[&own, &connections],
        )
        .await?;
        self.set_writing(&mut home, login, (&own, reach, before.reach))
            .await?;
        let ranges = self.place.admitted(&login.remote);
        self.let_in(&mut home, (&login.name, &ranges)).await?;
        run(&mut home, &[enters], &[&own, &verifier]).await?;
        // Whoever came with the old password, with more rights than these, or among more than may come, is out.
        if loses || held == Ordering::Greater {
            home.fetch_all(sqlx::query(END_SESSIONS).bind(name)).await?;
        } else if belongs {
            home.fetch_all(sqlx::query(END_ELSEWHERE).bind(name))
                .await?;
        }
        Ok(home.close().await?)
    }

    /// Takes every role away that somebody gave it.
    async fn take_roles(
        &self,
        home: &mut PgConnection,
        (name, own): (&str, &Quoted),
    ) -> Result<(), Trouble> {
        let rows = home.fetch_all(sqlx::query(ROLES_OF).bind(name)).await?;
        for row in rows {
            let other: String = row.try_get("name")?;
            run(home, &["REVOKE ? FROM ?"], &[&identifier(&other)?, own]).await?;
        }
        Ok(())
    }

    /// Opens or closes the database for writing. Its right to make schemas says which it is: it is taken
    /// first and given last.
    async fn set_writing(
        &self,
        home: &mut PgConnection,
        login: &DatabaseLogin,
        (own, reach, before): (&Quoted, Reach, Option<Reach>),
    ) -> Result<(), Trouble> {
        let name = login.name.as_str();
        let mut inside = self.admin(name).await?;
        let public = sqlx::query("SELECT nspname FROM pg_namespace WHERE nspname = 'public'");
        if inside.fetch_optional(public).await?.is_some() {
            run(&mut inside, &["ALTER SCHEMA public OWNER TO ?"], &[own]).await?;
        }
        let setting = sqlx::query("SELECT set_config('wabe.role', $1, false)").bind(name);
        inside.fetch_one(setting).await?;
        match reach {
            // The console comes in where the customer's programs do not any more.
            Reach::Reads | Reach::Nothing => {
                run(home, &["REVOKE CREATE ON DATABASE ? FROM ?"], &[own, own]).await?;
                inside.execute(sqlx::raw_sql(CLOSE)).await?;
            }
            Reach::Writes => {
                if before != Some(Reach::Writes) {
                    inside.execute(sqlx::raw_sql(OPEN)).await?;
                }
                run(home, &["GRANT CREATE ON DATABASE ? TO ?"], &[own, own]).await?;
            }
        }
        Ok(inside.close().await?)
    }

    /// Removes database and role.
    pub(super) async fn drop_all(&self, name: &ServerName) -> Result<(), Trouble> {
        let own = identifier(name.as_str())?;
        let mut home = self.admin(HOME).await?;
        // The role first stops to enter, else it could hold up what follows.
        let query = sqlx::query("SELECT rolname FROM pg_roles WHERE rolname = $1");
        let known = home.fetch_optional(query.bind(name.as_str())).await?;
        if known.is_some() {
            run(&mut home, &["ALTER ROLE ? NOLOGIN"], &[&own]).await?;
        }
        let nowhere = RemoteAddresses::default();
        self.let_in(&mut home, (name, &nowhere)).await?;
        run(
            &mut home,
            &["DROP DATABASE IF EXISTS ? WITH (FORCE)"],
            &[&own],
        )
        .await?;
        if known.is_some() {
            self.drop_role(&mut home, (name.as_str(), &own)).await?;
        }
        Ok(home.close().await?)
    }

    /// Removes a role that is there, with whatever it owns or may in any database: customers give rights to
    /// roles of others. What it owns somewhere stays with whoever's database that is.
    pub(super) async fn drop_role(
        &self,
        home: &mut PgConnection,
        (name, own): (&str, &Quoted),
    ) -> Result<(), Trouble> {
        home.fetch_all(sqlx::query(END_SESSIONS).bind(name)).await?;
        for row in home.fetch_all(sqlx::query(PLACES_OF).bind(name)).await? {
            let (place, heir): (String, String) = (row.try_get("place")?, row.try_get("heir")?);
            let mut inside = self.admin(&place).await?;
            let leave = ["REASSIGN OWNED BY ? TO ?", "DROP OWNED BY ?"];
            run(&mut inside, &leave, &[own, &identifier(&heir)?]).await?;
            inside.close().await?;
        }
        // The first also takes what it may on databases as such.
        run(home, &["DROP OWNED BY ?", "DROP ROLE ?"], &[own]).await
    }
}
