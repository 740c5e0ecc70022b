//! Messages as files: their names, and finding them.
//!
//! A name is `SECONDS.MMICROSRRANDOM.wabe,S=SIZE` in `new`, with `:2,FLAGS` behind it in `cur`. What
//! precedes the comma is the message's key: it says nothing about sender or content, and is looked up
//! among the names there are, never made into a path. Source: maildir(5), Dovecot's `S=`.

use std::io;

use cap_std::fs::Dir;
use wabe_kernel::Timestamp;
use wabe_kernel::quota::Bytes;

/// A message's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// Names the message within its mailbox.
    pub(super) key: String,
    /// The file's name.
    pub(super) name: String,
    /// Whether it is still in `new`.
    pub(super) is_new: bool,
    /// When it arrived; the epoch when the name does not say.
    pub(super) received_at: Timestamp,
    /// Its size as the name says, else as the file system says.
    pub(super) size: Bytes,
}

impl Stored {
    /// The folder it is in.
    pub(super) const fn folder(&self) -> &'static str {
        if self.is_new { "new" } else { "cur" }
    }

    /// Whether it was opened before.
    pub(super) fn seen(&self) -> bool {
        !self.is_new && flags(&self.name).contains('S')
    }

    /// The name it has in `cur` once it was opened.
    pub(super) fn seen_name(&self) -> String {
        let base = self.name.split(":2,").next().unwrap_or(&self.name);
        let mut flags: Vec<char> = flags(&self.name).chars().filter(|&c| c != 'S').collect();
        flags.push('S');
        flags.sort_unstable();
        format!("{base}:2,{}", flags.into_iter().collect::<String>())
    }
}

fn flags(name: &str) -> &str {
    name.split_once(":2,").map_or("", |(_, flags)| flags)
}

/// True for text that can be a message's key.
pub(super) fn is_key(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    (1..=120).contains(&text.len())
        && text.bytes().all(plain)
        && text
            .as_bytes()
            .first()
            .is_some_and(u8::is_ascii_alphanumeric)
}

/// The messages in `new` and `cur`, in no order; what has no fit name is left out.
pub(super) fn messages(maildir: &Dir) -> io::Result<Vec<Stored>> {
    let mut found = Vec::new();
    for is_new in [true, false] {
        let folder = maildir.open_dir(if is_new { "new" } else { "cur" })?;
        for entry in folder.entries()? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let key = name.split([',', ':']).next().unwrap_or("").to_owned();
            if !is_key(&key) || !entry.file_type()?.is_file() {
                continue;
            }
            let size = match size_in(&name) {
                Some(size) => size,
                None => Bytes::try_from(entry.metadata()?.len()).unwrap_or(Bytes::MAX),
            };
            found.push(Stored {
                received_at: arrival(&key).unwrap_or(Timestamp(0)),
                key,
                name,
                is_new,
                size,
            });
        }
    }
    Ok(found)
}

/// The message with this key.
pub(super) fn find(maildir: &Dir, key: &str) -> io::Result<Option<Stored>> {
    if !is_key(key) {
        return Ok(None);
    }
    let mut all = messages(maildir)?;
    let place = all.iter().position(|message| message.key == key);
    Ok(place.map(|place| all.swap_remove(place)))
}

fn size_in(name: &str) -> Option<Bytes> {
    let (_, rest) = name.split_once(",S=")?;
    let digits = rest.split([',', ':']).next()?;
    digits.parse().ok().filter(|size| *size >= 0)
}

fn arrival(key: &str) -> Option<Timestamp> {
    let mut parts = key.split('.');
    let seconds: i64 = parts.next()?.parse().ok()?;
    let micros = parts.next()?.strip_prefix('M')?;
    let end = micros
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(micros.len());
    let micros: i64 = micros.get(..end)?.parse().ok()?;
    seconds
        .checked_mul(1_000_000)?
        .checked_add(micros)
        .map(Timestamp)
}
