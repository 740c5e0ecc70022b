//! One SFTP session: requests in, answers out, one after the other.

use russh_sftp::protocol::{Packet, Version};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_util::sync::CancellationToken;
use wabe_kernel::RelPath;

use crate::embedded::sftp::credential::Entrance;
use crate::embedded::sftp::extended;
use crate::embedded::sftp::open::Held;
use crate::embedded::sftp::reply::{self, Refusal};
use crate::embedded::sftp::wire::{self, Request};
use crate::embedded::sftp::{IDLE_TIME, Shared, way};

/// Files and folders that a session holds open.
pub(super) const HANDLES_MAX: usize = 64;

/// What a client has under way.
pub(super) struct Session {
    pub(super) shared: Arc<Shared>,
    pub(super) entrance: Entrance,
    pub(super) held: HashMap<String, Held>,
    pub(super) opened: u64,
    greeted: bool,
}

impl Session {
    pub(super) fn new(shared: Arc<Shared>, entrance: Entrance) -> Self {
        Self {
            shared,
            entrance,
            held: HashMap::new(),
            opened: 0,
            greeted: false,
        }
    }

    /// Answers requests until the client ends, is idle too long or breaks the protocol, or until
    /// what it logged in with is no longer valid; the whole connection is cut then.
    pub(super) async fn run<S>(mut self, stream: &mut S, cut: CancellationToken)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let ended = tokio::select! {
            () = cut.cancelled() => return,
            ended = self.answer_all(stream) => ended,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, webspace.id = %self.entrance.web, "sftp: session ended");
            cut.cancel();
        }
    }

    async fn answer_all<S>(&mut self, stream: &mut S) -> io::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        while let Some(request) = tokio::time::timeout(IDLE_TIME, wire::read(stream)).await?? {
            if !self.entrance.stands(&*self.shared.index) {
                return Err(io::Error::other("the login is no longer valid"));
            }
            let answer = match request {
                Request::Known(packet) => self.answer(packet).await?,
                Request::Unknown(id) => reply::status(id, &Refusal::UNSUPPORTED),
            };
            let bytes = wire::encode(answer)?;
            tokio::time::timeout(IDLE_TIME, stream.write_all(&bytes)).await??;
            stream.flush().await?;
        }
        Ok(())
    }

    async fn answer(&mut self, packet: Packet) -> io::Result<Packet> {
        if let Packet::Init(init) = &packet {
            return self.greet(init.version);
        }
        if !self.greeted {
            return Err(io::Error::other("no greeting"));
        }
        let id = packet.get_request_id();
        let answer = Box::pin(self.serve(packet)).await;
        Ok(answer.unwrap_or_else(|refusal| reply::status(id, &refusal)))
    }

    fn greet(&mut self, version: u32) -> io::Result<Packet> {
        if self.greeted || version < 3 {
            return Err(io::Error::other("not this version of the protocol"));
        }
        self.greeted = true;
        Ok(Packet::Version(Version {
            version: 3,
            extensions: extended::offered(),
        }))
    }

    async fn serve(&mut self, packet: Packet) -> Result<Packet, Refusal> {
        match packet {
            Packet::Open(open) => self.open(open).await,
            Packet::OpenDir(open) => self.open_folder(open.id, &open.path).await,
            Packet::Close(close) => self.close(close.id, &close.handle).await,
            Packet::Read(read) => self.read(read).await,
            Packet::Write(write) => self.write(write).await,
            Packet::ReadDir(read) => self.read_folder(read.id, &read.handle),
            Packet::Fstat(stat) => self.stat_handle(stat.id, &stat.handle).await,
            Packet::FSetStat(set) => self.set_handle(set.id, &set.handle, &set.attrs).await,
            Packet::Stat(stat) => self.stat(stat.id, &stat.path, true).await,
            Packet::Lstat(stat) => self.stat(stat.id, &stat.path, false).await,
            Packet::SetStat(set) => self.set(set.id, &set.path, &set.attrs).await,
            Packet::Remove(remove) => self.remove(remove.id, &remove.filename).await,
            Packet::MkDir(make) => self.make_folder(make.id, &make.path).await,
            Packet::RmDir(remove) => self.remove_folder(remove.id, &remove.path).await,
            Packet::Rename(rename) => {
                self.rename(rename.id, (&rename.oldpath, &rename.newpath), false)
                    .await
            }
            Packet::RealPath(real) => real_path(real.id, &real.path),
            Packet::Extended(extended) => self.extended(extended).await,
            Packet::ReadLink(_) | Packet::Symlink(_) => Err(Refusal::LINK),
            _ => Err(Refusal::UNSUPPORTED),
        }
    }
}

pub(super) fn path(text: &str) -> Result<RelPath, Refusal> {
    way::parse(text).ok_or(Refusal::NAME)
}

fn real_path(id: u32, text: &str) -> Result<Packet, Refusal> {
    let absolute = way::absolute(&path(text)?);
    Ok(Packet::Name(russh_sftp::protocol::Name {
        id,
        files: vec![russh_sftp::protocol::File {
            longname: absolute.clone(),
            filename: absolute,
            attrs: russh_sftp::protocol::FileAttributes::default(),
        }],
    }))
}
