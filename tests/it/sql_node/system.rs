//! Servers that the operator runs: the panel takes customers' databases there, or says what speaks against it.

use crate::process::Panel;
use crate::sql_node::by_hand::outside;
use crate::sql_node::remote::{Elsewhere, HOST, from};
use crate::sql_node::{Access, ENGINES, made};
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wabe_drivers::private::free_port;
use wabe_drivers::{mariadb, postgresql};
use wabe_testkit::{TestClock, TestRng};

/// One server of each kind, as an operator has them.
pub(super) struct Servers {
    maria: mariadb::instance::Instance,
    postgres: postgresql::instance::Instance,
    folder: tempfile::TempDir,
}

async fn servers() -> Servers {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    servers_in(folder, &data).await
}

/// The same whose data lies there.
pub(super) async fn servers_at(data: &Path) -> Servers {
    servers_in(tempfile::tempdir().unwrap(), data).await
}

async fn servers_in(folder: tempfile::TempDir, data: &Path) -> Servers {
    // The system's users that the servers run as come through it.
    let open = std::fs::Permissions::from_mode(0o711);
    std::fs::set_permissions(folder.path(), open).unwrap();
    let (clock, rng) = (Arc::new(TestClock::default()), Arc::new(TestRng::seeded(5)));
    let place = data.join("mariadb");
    let maria = mariadb::instance::Instance::start_for(
        (&place, free_port().unwrap()),
        Some(outside(folder.path())),
        clock.clone(),
        rng.clone(),
    );
    let settings = postgresql::instance::Settings {
        folder: data.join("postgresql"),
        port: free_port().unwrap(),
        admits: postgresql::instance::FOR_CUSTOMERS,
        more: &[],
    };
    let postgres = postgresql::instance::Instance::start(settings, clock, rng);
    let ((maria, _), (postgres, _)) = (maria.await.unwrap(), postgres.await.unwrap());
    Servers {
        maria,
        postgres,
        folder,
    }
}

impl Servers {
    fn file(&self, name: &str, password: &str, mode: u32) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, format!("{password}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    /// The configuration with the administrator of these names and passwords.
    fn config(&self, maria: (&str, &Path), postgres: (&str, &Path)) -> String {
        let section = |name: &str, port: u16, (user, file): (&str, &Path)| {
            format!(
                "[databases.{name}]\naddress = \"127.0.0.1:{port}\"\nuser = \"{user}\"\n\
                 password_file = \"{}\"\n",
                file.display()
            )
        };
        let maria = section("mariadb", self.maria.place.port, maria);
        maria + &section("postgresql", self.postgres.place.port, postgres)
    }

    /// The configuration with their own administrators.
    pub(super) fn whole_config(&self) -> String {
        let (maria, postgres) = (self.admin("mariadb"), self.admin("postgresql"));
        let files = (
            self.file("maria", &maria.password, 0o600),
            self.file("postgres", &postgres.password, 0o600),
        );
        self.config((&maria.user, &files.0), (&postgres.user, &files.1))
    }

    fn admin(&self, engine: &'static str) -> Access {
        let (port, user, password, database) = if engine == "mariadb" {
            let place = &self.maria.place;
            (place.port, &place.user, &place.password, "mysql")
        } else {
            let place = &self.postgres.place;
            (place.port, &place.user, &place.password, "postgres")
        };
        Access {
            engine,
            host: "127.0.0.1".to_owned(),
            port,
            database: database.to_owned(),
            user: user.clone(),
            password: password.expose().to_owned(),
        }
    }
}

/// What a start over this configuration is refused with.
fn refused(config: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::write(data.with_extension("toml"), config).unwrap();
    match Panel::try_start("serve", &data) {
        Ok(_) => panic!("it started with {config}"),
        Err(said) => said,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn databases_lie_on_servers_of_the_operator_once_nothing_speaks_against_them() {
    let servers = servers().await;
    let (maria, postgres) = (servers.admin("mariadb"), servers.admin("postgresql"));
    let files = (
        servers.file("maria", &maria.password, 0o600),
        servers.file("postgres", &postgres.password, 0o600),
    );
    let right = (
        (maria.user.as_str(), files.0.as_path()),
        (postgres.user.as_str(), files.1.as_path()),
    );
    let open = servers.file("open", &maria.password, 0o644);
    let said = refused(&servers.config((&maria.user, &open), right.1));
    assert!(said.contains("chmod 600"), "{said}");
    let wrong = servers.file("wrong", "wrong", 0o600);
    let said = refused(&servers.config((&maria.user, &wrong), right.1));
    assert!(said.contains("databases.mariadb"), "{said}");
    let weak = servers.file("weak", "weak-password", 0o600);
    maria.works("CREATE USER 'wabe_weak'@'127.0.0.1' IDENTIFIED BY 'weak-password'");
    maria.works("GRANT SELECT ON *.* TO 'wabe_weak'@'127.0.0.1'");
    let said = refused(&servers.config(("wabe_weak", &weak), right.1));
    assert!(said.contains("mariadb"), "{said}");
    postgres.works("CREATE ROLE wabe_weak LOGIN CREATEDB CREATEROLE PASSWORD 'weak-password'");
    postgres.works("GRANT CONNECT ON DATABASE postgres TO wabe_weak");
    let said = refused(&servers.config(right.0, ("wabe_weak", &weak)));
    assert!(said.contains("databases.postgresql"), "{said}");
    maria.works("CREATE DATABASE crm");
    let said = refused(&servers.config(right.0, right.1));
    assert!(said.contains("crm"), "{said}");
    maria.works("DROP DATABASE crm");
    postgres.works("CREATE DATABASE crm");
    let said = refused(&servers.config(right.0, right.1));
    assert!(said.contains("crm"), "{said}");
    postgres.works("DROP DATABASE crm");
    let remote = format!("[databases.remote]\nname = \"{HOST}\"\n");
    let panel = Panel::demo_with(&(servers.config(right.0, right.1) + &remote));
    let api = panel.customer().api;
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 50_000_000).await;
        assert_eq!(access.port, servers.admin(engine).port);
        access.works("CREATE TABLE t (a INT)");
        let wanted = json!({ "remote_addresses": ["127.0.0.9"] });
        let told = api.json("PATCH", &path, &wanted).await;
        if engine == "postgresql" {
            // Who comes in there, the operator's own file says.
            let refused = told.expect(409);
            assert_eq!(refused["code"], "remote-foreign", "{refused}");
            continue;
        }
        told.expect(200);
        api.settled(&path, "live").await;
        let authority = servers.folder.path().join("ca/ca.pem");
        let elsewhere = Elsewhere {
            access: &access,
            port: from("127.0.0.9", access.port).await,
            authority: &authority,
        };
        elsewhere.works("SELECT * FROM t");
        let nobody = json!({ "remote_addresses": [] });
        api.json("PATCH", &path, &nobody).await.expect(200);
        api.settled(&path, "live").await;
        elsewhere.is_shut_out();
    }
}
