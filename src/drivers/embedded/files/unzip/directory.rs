//! The directory of a ZIP archive, judged before anything is unpacked.
//!
//! Read here and not by the archive library, because that one makes room for as many entries as the
//! archive claims to have. Source: PKWARE APPNOTE 6.3, sections 4.3.12 to 4.3.16 and 4.4.

use bytes::Buf;
use std::fs::File;
use wabe_kernel::RelPath;
use wabe_kernel::content::ContentError;

use crate::embedded::files::handle::read_up_to;
use crate::embedded::files::unzip::oem;

/// Security bar 3.13 T3.
const ENTRIES_MAX: u64 = 100_000;
const RATIO_MAX: u64 = 100;
const DIRECTORY_MAX: u64 = 32 * 1_024 * 1_024;

const END_SIGNATURE: u32 = 0x0605_4b50;
const END_LENGTH: usize = 22;
const LOCATOR_SIGNATURE: u32 = 0x0706_4b50;
const LOCATOR_LENGTH: usize = 20;
const END64_SIGNATURE: u32 = 0x0606_4b50;
const END64_LENGTH: usize = 56;
const ENTRY_SIGNATURE: u32 = 0x0201_4b50;
const LOCAL_LENGTH: u64 = 30;
const ZIP64_FIELD: u16 = 1;
const ENCRYPTED: u16 = 1;

/// One entry to unpack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) path: RelPath,
    pub(super) folder: bool,
    /// 0 for stored, 8 for deflated.
    pub(super) method: u16,
    pub(super) crc: u32,
    /// Bytes in the archive.
    pub(super) packed: u64,
    /// Bytes unpacked, as the archive claims.
    pub(super) size: u64,
    /// Where its local header begins.
    pub(super) at: u64,
    /// Where the part of the archive that holds data ends.
    pub(super) data_end: u64,
}

struct Directory {
    at: u64,
    length: u64,
    entries: u64,
}

pub(super) const BAD: ContentError = ContentError::Refused("bad-archive");

/// Every entry of the archive of `length` bytes; errors as for unpacking.
pub(super) fn read(file: &File, length: u64) -> Result<Vec<Item>, ContentError> {
    let directory = find(file, length)?;
    if directory.entries > ENTRIES_MAX {
        return Err(ContentError::Refused("archive-too-many"));
    }
    let bytes = usize::try_from(directory.length).map_err(|_large| BAD)?;
    let bytes = read_up_to(file, directory.at, bytes)?;
    let mut rest = bytes.as_slice();
    let mut items = Vec::new();
    for _ in 0..directory.entries {
        items.extend(entry(&mut rest, directory.at).ok_or(BAD)??);
    }
    apart(&items)?;
    let total = items
        .iter()
        .fold(0_u64, |sum, item| sum.saturating_add(item.size));
    if total > length.saturating_mul(RATIO_MAX) {
        return Err(ContentError::Refused("archive-ratio"));
    }
    Ok(items)
}

/// Finds the directory by the record at the end of the archive.
fn find(file: &File, length: u64) -> Result<Directory, ContentError> {
    let most = u64::from(u16::MAX).saturating_add(22).saturating_add(20);
    let from = length.saturating_sub(most);
    let tail = read_up_to(file, from, usize::try_from(most).unwrap_or(0))?;
    let at = (0..tail.len())
        .rev()
        .find(|at| is_end(&tail, *at))
        .ok_or(BAD)?;
    let end_at = from.saturating_add(u64::try_from(at).unwrap_or(0));
    let (mut directory, large) = end(tail.get(at..).unwrap_or_default()).ok_or(BAD)?;
    if large {
        let before = at.checked_sub(LOCATOR_LENGTH).ok_or(BAD)?;
        let place = located(tail.get(before..at).unwrap_or_default()).ok_or(BAD)?;
        directory = end64(&read_up_to(file, place, END64_LENGTH)?).ok_or(BAD)?;
    }
    let directory_end = directory.at.checked_add(directory.length).ok_or(BAD)?;
    if directory_end > end_at || directory.length > DIRECTORY_MAX {
        return Err(BAD);
    }
    Ok(directory)
}

/// A comment that fills the rest exactly tells the record from bytes that look like one.
fn is_end(tail: &[u8], at: usize) -> bool {
    let record = tail.get(at..).unwrap_or_default();
    let Some((head, comment)) = record.split_at_checked(END_LENGTH) else {
        return false;
    };
    let declared = head.get(20..).and_then(|mut two| two.try_get_u16_le().ok());
    head.starts_with(&END_SIGNATURE.to_le_bytes())
        && declared.is_some_and(|declared| usize::from(declared) == comment.len())
}

/// The directory, and whether the real numbers are in the 64-bit record.
fn end(mut record: &[u8]) -> Option<(Directory, bool)> {
    record.try_get_u32_le().ok()?;
    let disks = record.try_get_u32_le().ok()?;
    record.try_get_u16_le().ok()?;
    let entries = record.try_get_u16_le().ok()?;
    let length = record.try_get_u32_le().ok()?;
    let at = record.try_get_u32_le().ok()?;
    let large = entries == u16::MAX || length == u32::MAX || at == u32::MAX;
    let directory = Directory {
        at: u64::from(at),
        length: u64::from(length),
        entries: u64::from(entries),
    };
    (disks == 0).then_some((directory, large))
}

fn located(mut locator: &[u8]) -> Option<u64> {
    let signature = locator.try_get_u32_le().ok()?;
    locator.try_get_u32_le().ok()?;
    let at = locator.try_get_u64_le().ok()?;
    (signature == LOCATOR_SIGNATURE).then_some(at)
}

fn end64(mut record: &[u8]) -> Option<Directory> {
    let signature = record.try_get_u32_le().ok()?;
    record.try_get_u64_le().ok()?;
    record.try_get_u32_le().ok()?;
    let disks = record.try_get_u64_le().ok()?;
    record.try_get_u64_le().ok()?;
    let entries = record.try_get_u64_le().ok()?;
    let length = record.try_get_u64_le().ok()?;
    let at = record.try_get_u64_le().ok()?;
    (signature == END64_SIGNATURE && disks == 0).then_some(Directory {
        at,
        length,
        entries,
    })
}

/// The next entry; `None` when the directory ends too early, nothing for the folder itself.
fn entry(rest: &mut &[u8], data_end: u64) -> Option<Result<Option<Item>, ContentError>> {
    if rest.try_get_u32_le().ok()? != ENTRY_SIGNATURE {
        return None;
    }
    rest.try_get_u32_le().ok()?;
    let flags = rest.try_get_u16_le().ok()?;
    let method = rest.try_get_u16_le().ok()?;
    rest.try_get_u32_le().ok()?;
    let crc = rest.try_get_u32_le().ok()?;
    let packed = rest.try_get_u32_le().ok()?;
    let size = rest.try_get_u32_le().ok()?;
    let name = usize::from(rest.try_get_u16_le().ok()?);
    let extra = usize::from(rest.try_get_u16_le().ok()?);
    let comment = usize::from(rest.try_get_u16_le().ok()?);
    rest.try_get_u32_le().ok()?;
    let mode = rest.try_get_u32_le().ok()? >> 16;
    let at = rest.try_get_u32_le().ok()?;
    let name = taken(rest, name)?;
    let extra = taken(rest, extra)?;
    taken(rest, comment)?;
    if packed == u32::MAX || size == u32::MAX {
        return Some(Err(ContentError::Refused("archive-too-large")));
    }
    let at = if at == u32::MAX {
        wide_offset(extra)?
    } else {
        u64::from(at)
    };
    let item = Item {
        path: RelPath::root(),
        folder: false,
        method,
        crc,
        packed: u64::from(packed),
        size: u64::from(size),
        at,
        data_end,
    };
    Some(judged(item, name, flags, mode))
}

fn judged(
    mut item: Item,
    name: &[u8],
    flags: u16,
    mode: u32,
) -> Result<Option<Item>, ContentError> {
    let name = oem::text(name);
    if !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000) {
        return Err(ContentError::Refused("archive-link"));
    }
    // A path drops leading slashes; in an archive they ask for another place.
    if name.starts_with('/') {
        return Err(ContentError::Refused("archive-path"));
    }
    item.path = name
        .parse()
        .map_err(|_leads_out| ContentError::Refused("archive-path"))?;
    item.folder = name.ends_with('/');
    if item.path.is_root() {
        return if item.folder { Ok(None) } else { Err(BAD) };
    }
    if item.folder {
        item.size = 0;
        return Ok(Some(item));
    }
    if flags & ENCRYPTED != 0 {
        return Err(ContentError::Refused("archive-encrypted"));
    }
    match item.method {
        0 if item.packed != item.size => Err(BAD),
        0 | 8 => Ok(Some(item)),
        _ => Err(ContentError::Refused("archive-method")),
    }
}

fn taken<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head)
}

/// The offset from the 64-bit field; sizes come before it only when they do not fit, which is
/// refused.
fn wide_offset(mut extra: &[u8]) -> Option<u64> {
    loop {
        let field = extra.try_get_u16_le().ok()?;
        let length = usize::from(extra.try_get_u16_le().ok()?);
        let mut content = taken(&mut extra, length)?;
        if field == ZIP64_FIELD {
            return content.try_get_u64_le().ok();
        }
    }
}

/// Entries that share bytes are how a small archive becomes endless.
fn apart(items: &[Item]) -> Result<(), ContentError> {
    let mut ranges: Vec<(u64, u64)> = items
        .iter()
        .map(|item| {
            let end = item
                .at
                .saturating_add(LOCAL_LENGTH)
                .saturating_add(item.packed);
            (item.at, end)
        })
        .collect();
    ranges.sort_unstable();
    let ends = ranges.iter().map(|(_, end)| *end);
    let limits = ranges.iter().skip(1).map(|(at, _)| *at);
    let data_end = items.first().map(|item| item.data_end);
    if ends
        .zip(limits.chain(data_end))
        .any(|(end, limit)| end > limit)
    {
        return Err(BAD);
    }
    Ok(())
}
