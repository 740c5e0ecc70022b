//! The bytes of one entry.

use bytes::BufMut;
use std::fs::File;
use std::io::{self, Cursor, Read, Write};
use std::os::unix::fs::FileExt;
use wabe_kernel::Bytes;
use wabe_kernel::content::ContentError;

use crate::embedded::files::beneath::disk;
use crate::embedded::files::handle::read_up_to;
use crate::embedded::files::unzip::directory::{BAD, Item};

const LOCAL_SIGNATURE: u32 = 0x0403_4b50;
const LOCAL_LENGTH: usize = 30;
const PIECE: usize = 128 * 1_024;

/// Unpacks `item` into `to`; asks `grow` for room before each piece, answers the size.
///
/// Errors: `Refused("bad-archive")` when the content is not of the declared size and checksum.
pub(super) fn copy(
    archive: &File,
    item: &Item,
    to: &mut File,
    mut grow: impl FnMut(Bytes) -> Result<(), ContentError>,
) -> Result<Bytes, ContentError> {
    let from = Part {
        file: archive,
        at: data_at(archive, item)?,
    };
    // The library gets a header of ours, made from the directory that was judged.
    let mut stream = Cursor::new(header(item)?).chain(from.take(item.packed));
    let mut content = zip::read::read_zipfile_from_stream(&mut stream)
        .map_err(|_broken| BAD)?
        .ok_or(BAD)?;
    let declared = i64::try_from(item.size).map_err(|_large| BAD)?;
    let mut piece = vec![0; PIECE];
    let mut size: Bytes = 0;
    loop {
        let read = content.read(&mut piece).map_err(|_broken| BAD)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        size = size.saturating_add(i64::try_from(read).unwrap_or(i64::MAX));
        if size > declared {
            return Err(BAD);
        }
        grow(size)?;
        to.write_all(bytes).map_err(disk)?;
    }
    if size != declared {
        return Err(BAD);
    }
    Ok(size)
}

/// Where the entry's bytes begin, from its local header.
fn data_at(archive: &File, item: &Item) -> Result<u64, ContentError> {
    let head = read_up_to(archive, item.at, LOCAL_LENGTH)?;
    let Some(&[a, b, c, d]) = head.get(26..LOCAL_LENGTH) else {
        return Err(BAD);
    };
    if !head.starts_with(&LOCAL_SIGNATURE.to_le_bytes()) {
        return Err(BAD);
    }
    let name = u64::from(u16::from_le_bytes([a, b]));
    let extra = u64::from(u16::from_le_bytes([c, d]));
    let at = item
        .at
        .saturating_add(30)
        .saturating_add(name)
        .saturating_add(extra);
    if at.saturating_add(item.packed) > item.data_end {
        return Err(BAD);
    }
    Ok(at)
}

fn header(item: &Item) -> Result<Vec<u8>, ContentError> {
    let mut head = Vec::with_capacity(LOCAL_LENGTH.saturating_add(1));
    head.put_u32_le(LOCAL_SIGNATURE);
    head.put_u16_le(20);
    head.put_u16_le(0);
    head.put_u16_le(item.method);
    head.put_u32_le(0);
    head.put_u32_le(item.crc);
    head.put_u32_le(u32::try_from(item.packed).map_err(|_large| BAD)?);
    head.put_u32_le(u32::try_from(item.size).map_err(|_large| BAD)?);
    head.put_u16_le(1);
    head.put_u16_le(0);
    head.put_u8(b'x');
    Ok(head)
}

/// The archive from one byte on.
struct Part<'f> {
    file: &'f File,
    at: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(into, self.at)?;
        self.at = self
            .at
            .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}
