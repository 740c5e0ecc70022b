//! MariaDB and PostgreSQL as an operator has them: private instances, whose administrator is known here.

use crate::node::free_port;
use crate::report::Outcome;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection as _, Executor as _, MySqlConnection, PgConnection};
use std::fmt::Write as _;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use wabe_drivers::database_server::server::Place;
use wabe_drivers::{mariadb, postgresql};
use wabe_panel::system::{SystemClock, SystemRng};

/// A server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Mariadb,
    Postgresql,
}

impl Engine {
    pub(super) const ALL: [Self; 2] = [Self::Mariadb, Self::Postgresql];

    /// As the API and the configuration call it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Mariadb => "mariadb",
            Self::Postgresql => "postgresql",
        }
    }

    /// As people call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Mariadb => "MariaDB",
            Self::Postgresql => "PostgreSQL",
        }
    }
}

/// What a program logs in with.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) engine: Engine,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) database: String,
}

impl Login {
    /// Logs in, and has these carried out one after the other.
    pub(super) async fn run(&self, statements: &[&'static str]) -> Outcome<()> {
        match self.engine {
            Engine::Mariadb => {
                let options = MySqlConnectOptions::new()
                    .host("127.0.0.1")
                    .port(self.port)
                    .username(&self.user)
                    .password(&self.password)
                    .database(&self.database)
                    .ssl_mode(MySqlSslMode::Disabled);
                let mut connection = MySqlConnection::connect_with(&options).await?;
                for sql in statements {
                    connection.execute(sqlx::raw_sql(*sql)).await?;
                }
                connection.close().await?;
            }
            Engine::Postgresql => {
                let options = PgConnectOptions::new_without_pgpass()
                    .host("127.0.0.1")
                    .port(self.port)
                    .username(&self.user)
                    .password(&self.password)
                    .database(&self.database)
                    .ssl_mode(PgSslMode::Disable);
                let mut connection = PgConnection::connect_with(&options).await?;
                for sql in statements {
                    connection.execute(sqlx::raw_sql(*sql)).await?;
                }
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// Whether it is let in and answered.
    pub(super) async fn answers(&self) -> bool {
        self.run(&["SELECT 1"]).await.is_ok()
    }
}

/// Both servers, while they run.
struct Running {
    maria: mariadb::instance::Instance,
    postgres: postgresql::instance::Instance,
}

/// Both servers; they end with this.
pub(super) struct Servers {
    folder: TempDir,
    ports: [u16; 2],
    running: Option<Running>,
}

impl Servers {
    pub(super) async fn start() -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        // The system's users that the servers run as come through it.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o711))?;
        let mut servers = Self {
            folder,
            ports: [free_port()?, free_port()?],
            running: None,
        };
        servers.begin().await?;
        Ok(servers)
    }

    fn folder_of(&self, engine: Engine) -> PathBuf {
        self.folder.path().join(engine.word())
    }

    /// The file of an administrator's password.
    fn password_file(&self, engine: Engine) -> PathBuf {
        self.folder.path().join(format!("{}.secret", engine.word()))
    }

    async fn begin(&mut self) -> Outcome<()> {
        let (clock, rng) = (Arc::new(SystemClock::default()), Arc::new(SystemRng));
        let [maria_port, postgres_port] = self.ports;
        let maria_folder = self.folder_of(Engine::Mariadb);
        let maria = mariadb::instance::Instance::start(
            (&maria_folder, maria_port),
            clock.clone(),
            rng.clone(),
        );
        let settings = postgresql::instance::Settings {
            folder: self.folder_of(Engine::Postgresql),
            port: postgres_port,
            admits: postgresql::instance::FOR_CUSTOMERS,
            more: &[],
        };
        let postgres = postgresql::instance::Instance::start(settings, clock, rng);
        let ((maria, _), (postgres, _)) = (Box::pin(maria).await?, Box::pin(postgres).await?);
        self.running = Some(Running { maria, postgres });
        for engine in Engine::ALL {
            let file = self.password_file(engine);
            std::fs::write(&file, self.place(engine)?.password.expose())?;
            std::fs::set_permissions(&file, Permissions::from_mode(0o600))?;
        }
        Ok(())
    }

    fn place(&self, engine: Engine) -> Outcome<&Place> {
        let running = self.running.as_ref().ok_or("the servers do not run")?;
        Ok(match engine {
            Engine::Mariadb => &running.maria.place,
            Engine::Postgresql => &running.postgres.place,
        })
    }

    /// The same servers with nothing on them, at the same ports.
    pub(super) async fn begin_anew(&mut self) -> Outcome<()> {
        // Both end with it.
        drop(self.running.take());
        for engine in Engine::ALL {
            std::fs::remove_dir_all(self.folder_of(engine))?;
        }
        self.begin().await
    }

    /// Who administers one of them.
    pub(super) fn admin(&self, engine: Engine) -> Outcome<Login> {
        let place = self.place(engine)?;
        let database = match engine {
            Engine::Mariadb => "mysql",
            Engine::Postgresql => "postgres",
        };
        Ok(Login {
            engine,
            port: place.port,
            user: place.user.clone(),
            password: place.password.expose().to_owned(),
            database: database.to_owned(),
        })
    }

    /// What the panel's configuration says of them.
    pub(super) fn config(&self) -> Outcome<String> {
        let mut text = String::new();
        for engine in Engine::ALL {
            let place = self.place(engine)?;
            writeln!(
                text,
                "[databases.{}]\naddress = \"127.0.0.1:{}\"\nuser = {:?}\npassword_file = \"{}\"",
                engine.word(),
                place.port,
                place.user,
                self.password_file(engine).display()
            )?;
        }
        Ok(text)
    }
}
