//! Requests about names: what is there, make, move, delete.

use russh_sftp::protocol::{FileAttributes, Packet};
use wabe_kernel::content::{ContentError, EntryKind, Files};

use crate::embedded::sftp::open::Wanted;
use crate::embedded::sftp::reply::{self, Refusal};
use crate::embedded::sftp::session::{Session, path};

impl Session {
    /// With `follow` a link is refused, otherwise it is shown as one.
    pub(super) async fn stat(
        &mut self,
        id: u32,
        at: &str,
        follow: bool,
    ) -> Result<Packet, Refusal> {
        let at = path(at)?;
        match self.shared.files.stat(self.entrance.web, &at).await {
            Ok(entry) if follow && entry.kind == EntryKind::Link => Err(Refusal::LINK),
            Ok(entry) => Ok(reply::attributes(id, reply::of_entry(&entry))),
            Err(ContentError::NotFound) => {
                let attrs = self.under_way(&at).ok_or(ContentError::NotFound)?;
                Ok(reply::attributes(id, attrs))
            }
            Err(refused) => Err(refused.into()),
        }
    }

    pub(super) async fn set(
        &mut self,
        id: u32,
        at: &str,
        wanted: &FileAttributes,
    ) -> Result<Packet, Refusal> {
        let at = path(at)?;
        let wanted = Wanted::of(wanted)?;
        let (web, files) = (self.entrance.web, &self.shared.files);
        if files.stat(web, &at).await?.kind == EntryKind::Link {
            return Err(Refusal::LINK);
        }
        if let Some(size) = wanted.size {
            files.open(web, &at, true).await?.set_len(size).await?;
        }
        if let Some(modified_at) = wanted.modified_at {
            files.set_modified(web, &at, modified_at).await?;
        }
        Ok(reply::done(id))
    }

    pub(super) async fn remove(&mut self, id: u32, at: &str) -> Result<Packet, Refusal> {
        self.shared
            .files
            .remove_file(self.entrance.web, &path(at)?)
            .await?;
        Ok(reply::done(id))
    }

    pub(super) async fn make_folder(&mut self, id: u32, at: &str) -> Result<Packet, Refusal> {
        self.shared
            .files
            .make_folder(self.entrance.web, &path(at)?)
            .await?;
        Ok(reply::done(id))
    }

    pub(super) async fn remove_folder(&mut self, id: u32, at: &str) -> Result<Packet, Refusal> {
        self.shared
            .files
            .remove_folder(self.entrance.web, &path(at)?)
            .await?;
        Ok(reply::done(id))
    }

    /// Version 3 refuses to replace; OpenSSH's extension replaces a file.
    pub(super) async fn rename(
        &mut self,
        id: u32,
        (from, to): (&str, &str),
        replace: bool,
    ) -> Result<Packet, Refusal> {
        let (from, to) = (path(from)?, path(to)?);
        let (web, files) = (self.entrance.web, &self.shared.files);
        if replace {
            files.rename_over(web, &from, &to).await?;
        } else {
            files.rename(web, &from, &to).await?;
        }
        Ok(reply::done(id))
    }
}
