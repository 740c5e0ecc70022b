//! What the faces of the panel ask of a customer's database, wherever it is.

use std::sync::Arc;

use wabe_kernel::ServerName;
use wabe_kernel::content::{ByteSource, ContentError, QueryResult, Sql, TableInfo};
use wabe_kernel::desired::{Database, StepFailure, Wish, Working};
use wabe_kernel::id::DatabaseId;
use wabe_kernel::quota::Bytes;

use crate::database_server::crowd::{Crowd, Place};
use crate::database_server::dump::Incoming;
use crate::database_server::server::{DatabaseServer, Held};
use crate::database_server::{DatabaseServers, login, set_by};
use crate::embedded::database::Databases;

/// The way into a database on a server.
pub(super) struct Way<'a> {
    server: &'a Arc<dyn DatabaseServer>,
    held: Held<'a>,
    place: Place,
    /// The most that it may hold, in bytes.
    quota: Bytes,
}

/// A dump that keeps its place until it is over.
struct Placed {
    dump: Box<dyn ByteSource>,
    _place: Place,
}

impl ByteSource for Placed {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        self.dump.next()
    }
}

impl DatabaseServers {
    /// A database as configured, shown or hidden; nothing when it is on no server.
    async fn find(&self, id: DatabaseId) -> Result<Option<Wish<Database>>, ContentError> {
        let entry = self.ledger.read(id).await.map_err(fault)?;
        Ok(entry.map(|entry| entry.wish))
    }

    /// The way into a database on a server, where this crowd has a place; no step changes it until whoever
    /// comes in has logged in.
    pub(super) async fn enter(
        &self,
        id: DatabaseId,
        crowd: &Crowd,
    ) -> Result<Option<Way<'_>>, ContentError> {
        // Those in files wait for no step of others.
        if self.find(id).await?.is_none() {
            return Ok(None);
        }
        let turn = self.turn(id).await;
        let database = match self.find(id).await? {
            Some(Wish::Present(database)) => database,
            Some(Wish::Hidden(_)) => return Err(ContentError::Refused("suspended")),
            Some(Wish::Gone) => return Err(ContentError::NotFound),
            None => return Ok(None),
        };
        let server = self.server(database.engine).map_err(fault)?;
        let place = crowd.enter(id, database.engine);
        let place = place.ok_or(ContentError::Refused("busy"))?;
        let login = login(&database).map_err(fault)?;
        let used = server.size(&login.name).await?;
        // Rights that somebody gave themselves since the last look are gone before they come back.
        if used > database.quota {
            set_by(&database, server, used).await.map_err(fault)?;
        }
        let held = Held::new(login.clone(), turn);
        Ok(Some(Way {
            server,
            held,
            place,
            quota: database.quota,
        }))
    }

    /// Sets the rights of a database by what it holds now, after much came or was taken back, and tells of it.
    async fn settle(
        &self,
        id: DatabaseId,
        (server, name): (&Arc<dyn DatabaseServer>, &ServerName),
    ) {
        let settled = async {
            let used = server.size(name).await?;
            self.note(id, used);
            self.set_right(id, server, used).await
        };
        // Whoever looks after it now and then looks again.
        if let Err(failure) = settled.await {
            tracing::warn!(code = failure.code, detail = %failure.detail, database.id = %id,
                "the rights of a database were not set after a dump");
        }
        self.touched.tell(&id);
    }

    async fn usage(&self, id: DatabaseId) -> Result<Option<Bytes>, ContentError> {
        let Some(wish) = self.find(id).await? else {
            return Ok(None);
        };
        let (Wish::Present(database) | Wish::Hidden(database)) = wish else {
            return Err(ContentError::NotFound);
        };
        let server = self.server(database.engine).map_err(fault)?;
        let login = login(&database).map_err(fault)?;
        Ok(Some(server.size(&login.name).await?))
    }
}

/// Does this to its end: whoever opened something closes it.
async fn to_its_end<T: Send + 'static>(
    work: Working<'static, Result<T, ContentError>>,
) -> Result<T, ContentError> {
    let ended = tokio::spawn(work).await;
    ended.unwrap_or_else(|fault| Err(ContentError::Fault(fault.to_string())))
}

fn fault(failure: StepFailure) -> ContentError {
    let StepFailure { code, detail } = failure;
    match code {
        "database-server-away" | "database-server-missing" => ContentError::Refused("server-away"),
        _ => ContentError::Fault(format!("{code}: {detail}")),
    }
}

/// All databases of a node: SQLite in files, and those on servers.
pub struct Contents {
    /// SQLite.
    pub files: Arc<Databases>,
    /// MariaDB and PostgreSQL.
    pub servers: Arc<DatabaseServers>,
}

impl Contents {
    /// Does this as the user of a database on a server, to its end, whether or not somebody still waits for it,
    /// and answers the place that it took; nothing when it is on no server.
    async fn on_server<T: Send + 'static>(
        &self,
        database: DatabaseId,
        crowd: fn(&DatabaseServers) -> &Crowd,
        work: impl for<'a> FnOnce(
            &'a dyn DatabaseServer,
            Held<'a>,
        ) -> Working<'a, Result<T, ContentError>>
        + Send
        + 'static,
    ) -> Result<Option<(T, Place)>, ContentError> {
        let servers = Arc::clone(&self.servers);
        let inside = to_its_end(Box::pin(async move {
            let Some(way) = servers.enter(database, crowd(&servers)).await? else {
                return Ok(None);
            };
            let done = work(way.server.as_ref(), way.held).await?;
            Ok(Some((done, way.place)))
        }));
        inside.await
    }
}

/// Looks and statements.
const fn consoles(servers: &DatabaseServers) -> &Crowd {
    &servers.crowd
}

/// Dumps.
const fn transfers(servers: &DatabaseServers) -> &Crowd {
    &servers.transfers
}

impl Sql for Contents {
    fn query<'a>(
        &'a self,
        database: DatabaseId,
        sql: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(async move {
            let typed = sql.to_owned();
            let inside = self.on_server(database, consoles, move |server, held| {
                Box::pin(async move { server.query(held, &typed, skip).await })
            });
            match inside.await? {
                Some((found, _place)) => Ok(found),
                None => self.files.query(database, sql, skip).await,
            }
        })
    }

    fn tables(&self, database: DatabaseId) -> Working<'_, Result<Vec<TableInfo>, ContentError>> {
        Box::pin(async move {
            let inside = self.on_server(database, consoles, |server, held| server.tables(held));
            match inside.await? {
                Some((found, _place)) => Ok(found),
                None => self.files.tables(database).await,
            }
        })
    }

    fn rows<'a>(
        &'a self,
        database: DatabaseId,
        table: &'a str,
        skip: usize,
    ) -> Working<'a, Result<QueryResult, ContentError>> {
        Box::pin(async move {
            let of = table.to_owned();
            let inside = self.on_server(database, consoles, move |server, held| {
                Box::pin(async move { server.rows(held, &of, skip).await })
            });
            match inside.await? {
                Some((found, _place)) => Ok(found),
                None => self.files.rows(database, table, skip).await,
            }
        })
    }

    fn import<'a>(
        &'a self,
        database: DatabaseId,
        from: &'a mut dyn ByteSource,
        progress: &'a (dyn Fn(Bytes) + Send + Sync),
    ) -> Working<'a, Result<Bytes, ContentError>> {
        Box::pin(async move {
            let servers = &self.servers;
            let Some(way) = servers.enter(database, transfers(servers)).await? else {
                return self.files.import(database, from, progress).await;
            };
            let dump = Incoming::new(from, progress, way.quota);
            let (server, name) = (way.server, way.held.login().name.clone());
            let done = server.import(way.held, dump).await;
            servers.settle(database, (server, &name)).await;
            drop(way.place);
            done
        })
    }

    fn export(
        &self,
        database: DatabaseId,
    ) -> Working<'_, Result<Box<dyn ByteSource>, ContentError>> {
        Box::pin(async move {
            // It logs in, and whoever goes meanwhile must leave nothing open.
            let begun = self.on_server(database, transfers, |server, held| server.export(held));
            let Some((dump, place)) = begun.await? else {
                return self.files.export(database).await;
            };
            let placed: Box<dyn ByteSource> = Box::new(Placed {
                dump,
                _place: place,
            });
            Ok(placed)
        })
    }

    fn usage(&self, database: DatabaseId) -> Working<'_, Result<Bytes, ContentError>> {
        Box::pin(async move {
            match self.servers.usage(database).await? {
                Some(bytes) => Ok(bytes),
                None => self.files.usage(database).await,
            }
        })
    }
}
