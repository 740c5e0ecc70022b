//! Just as much of tar as a package needs: plain files without folders.
//!
//! Source: POSIX.1-2017, pax, "ustar Interchange Format"; headers of GNU tar are read too.

use crate::archive::{PARTS_MAX, Parts};
use crate::flaw::Defect;

const BLOCK: usize = 512;
/// Where the fields of a header lie.
const NAME: std::ops::Range<usize> = 0..100;
const SIZE: std::ops::Range<usize> = 124..136;
const CHECKSUM: std::ops::Range<usize> = 148..156;
const KIND: usize = 156;
const MAGIC: std::ops::Range<usize> = 257..262;
const PREFIX: std::ops::Range<usize> = 345..500;

fn not_a_tar(reason: &str) -> Defect {
    Defect::NotATar {
        reason: reason.to_owned(),
    }
}

/// The files of an archive.
pub(super) fn read(bytes: &[u8]) -> Result<Parts, Defect> {
    let mut parts = Parts::new();
    let mut rest = bytes;
    loop {
        let Some((header, after)) = rest.split_first_chunk::<BLOCK>() else {
            return Err(not_a_tar("it ends in the middle"));
        };
        if header.iter().all(|byte| *byte == 0) {
            if after.iter().any(|byte| *byte != 0) {
                return Err(not_a_tar("something follows its end"));
            }
            break;
        }
        let (name, size) = read_header(header)?;
        let padded = size.checked_next_multiple_of(BLOCK).unwrap_or(usize::MAX);
        let (Some(content), Some(next)) = (after.get(..size), after.get(padded..)) else {
            return Err(not_a_tar("it ends in the middle"));
        };
        if parts.len() == PARTS_MAX {
            return Err(Defect::TooMany {
                what: "parts".to_owned(),
                max: PARTS_MAX.to_string(),
                found: "more".to_owned(),
            });
        }
        if parts.insert(name.clone(), content.to_vec()).is_some() {
            return Err(Defect::Duplicate { value: name });
        }
        rest = next;
    }
    Ok(parts)
}

fn read_header(header: &[u8; BLOCK]) -> Result<(String, usize), Defect> {
    if &header[MAGIC] != b"ustar" {
        return Err(not_a_tar("it is not a tar file"));
    }
    if octal(&header[CHECKSUM]) != Some(checksum(header)) {
        return Err(not_a_tar("a header is damaged"));
    }
    if !matches!(header[KIND], b'0' | 0) {
        return Err(not_a_tar("it holds something that is not a plain file"));
    }
    let name = header[NAME]
        .split(|byte| *byte == 0)
        .next()
        .unwrap_or_default();
    let name = std::str::from_utf8(name).ok().filter(|name| is_name(name));
    let prefixed = header[PREFIX].iter().any(|byte| *byte != 0);
    let Some(name) = name.filter(|_| !prefixed) else {
        return Err(not_a_tar(
            "a file is in a folder, or its name has other signs than letters, digits, dot, hyphen and underscore",
        ));
    };
    let Some(size) = octal(&header[SIZE]).and_then(|size| usize::try_from(size).ok()) else {
        return Err(not_a_tar("a size is no number"));
    };
    Ok((name.to_owned(), size))
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(plain)
}

/// A number in octal digits, with spaces before it and a space or zero byte behind it.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    u64::from_str_radix(text, 8).ok().filter(|_| digits)
}

/// The sum of all bytes, the checksum's own counted as spaces.
fn checksum(header: &[u8; BLOCK]) -> u64 {
    let own = |at: usize| CHECKSUM.contains(&at);
    header
        .iter()
        .enumerate()
        .map(|(at, byte)| u64::from(if own(at) { b' ' } else { *byte }))
        .sum()
}

/// An archive of these files, in order of their names, dated 1970.
pub(super) fn write(parts: &Parts) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in parts {
        bytes.extend(header(name, content.len()));
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

fn header(name: &str, size: usize) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| {
        if let Some(place) = header.get_mut(at..at + text.len()) {
            place.copy_from_slice(text);
        }
    };
    put(NAME.start, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(SIZE.start, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(KIND, b"0");
    put(MAGIC.start, b"ustar\x0000");
    let sum = checksum(&header);
    if let Some(place) = header.get_mut(CHECKSUM) {
        place.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    header
}
