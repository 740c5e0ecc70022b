//! The extensions of OpenSSH that clients rely on.
//!
//! Source: OpenSSH's PROTOCOL, section 4.

use bytes::{BufMut, Bytes};
use russh_sftp::de::from_bytes;
use russh_sftp::extensions::{
    FSYNC, FsyncExtension, HardlinkExtension, LIMITS, STATVFS, StatvfsExtension,
};
use russh_sftp::protocol::{Extended, ExtendedReply, Packet, StatusCode};
use serde::de::DeserializeOwned;
use std::collections::HashMap;

use crate::embedded::files::ENTRIES_MAX;
use crate::embedded::sftp::open::READ_MAX;
use crate::embedded::sftp::reply::Refusal;
use crate::embedded::sftp::session::{HANDLES_MAX, Session, path};
use crate::embedded::sftp::wire::PACKET_MAX;

const POSIX_RENAME: &str = "posix-rename@openssh.com";
const BLOCK: i64 = 4_096;
/// Set-user-id bits have no effect here.
const NO_SUID: i64 = 2;
const NAME_MAX: i64 = 255;

/// What is offered in the greeting, each with its version.
pub(super) fn offered() -> HashMap<String, String> {
    [
        (POSIX_RENAME, "1"),
        (STATVFS, "2"),
        (FSYNC, "1"),
        (LIMITS, "1"),
    ]
    .into_iter()
    .map(|(name, version)| (name.to_owned(), version.to_owned()))
    .collect()
}

impl Session {
    pub(super) async fn extended(&mut self, extended: Extended) -> Result<Packet, Refusal> {
        let id = extended.id;
        match extended.request.as_str() {
            POSIX_RENAME => {
                // The same two strings as in OpenSSH's request for hard links.
                let names: HardlinkExtension = arguments(extended.data)?;
                self.rename(id, (&names.oldpath, &names.newpath), true)
                    .await
            }
            FSYNC => {
                let file: FsyncExtension = arguments(extended.data)?;
                self.sync(id, &file.handle).await
            }
            STATVFS => {
                let at: StatvfsExtension = arguments(extended.data)?;
                path(&at.path)?;
                self.room(id).await
            }
            LIMITS => {
                let handles = i64::try_from(HANDLES_MAX).unwrap_or(0);
                let data = [PACKET_MAX.into(), READ_MAX.into(), READ_MAX.into(), handles];
                Ok(numbers(id, &data))
            }
            _ => Err(Refusal::UNSUPPORTED),
        }
    }

    /// The webspace as a file system of its own: its quota is the disk.
    async fn room(&mut self, id: u32) -> Result<Packet, Refusal> {
        let fill = self.shared.files.fill(self.entrance.web).await?;
        let free = fill.quota.saturating_sub(fill.used).max(0) / BLOCK;
        let free_entries = ENTRIES_MAX.saturating_sub(fill.entries).max(0);
        let all = fill.quota / BLOCK;
        let data = [
            BLOCK,
            BLOCK,
            all,
            free,
            free,
            ENTRIES_MAX,
            free_entries,
            free_entries,
            0,
            NO_SUID,
            NAME_MAX,
        ];
        Ok(numbers(id, &data))
    }
}

fn arguments<T: DeserializeOwned>(data: Vec<u8>) -> Result<T, Refusal> {
    from_bytes(&mut Bytes::from(data))
        .map_err(|_short| Refusal::new(StatusCode::BadMessage, "Bad message"))
}

fn numbers(id: u32, numbers: &[i64]) -> Packet {
    let mut data = Vec::with_capacity(numbers.len().saturating_mul(8));
    for number in numbers {
        data.put_i64(*number);
    }
    Packet::ExtendedReply(ExtendedReply { id, data })
}
