//! Pictures without what their makers wrote beside them: where and when, with which device, by whom.
//!
//! The picture itself is copied as it is. Of a JPEG the turn is kept, without which it lies on its side.
//! Source: JPEG (T.81, B.1), Exif 2.3 (4.6.2), PNG 1.2 (11.3), WebP container; bar 3.13 T7.

use crate::attachment::FileKind;

/// The picture without its notes; nothing when it is none of these kinds, or broken.
pub(super) fn stripped(kind: FileKind, bytes: &[u8]) -> Option<Vec<u8>> {
    match kind {
        FileKind::Png => png(bytes),
        FileKind::Jpeg => jpeg(bytes),
        FileKind::Webp => webp(bytes),
        _ => None,
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_be_bytes(pair.try_into().ok()?)))
}

fn size32(bytes: &[u8], at: usize, from: fn([u8; 4]) -> u32) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(from(four.try_into().ok()?)).ok()
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const NOTES: [&[u8]; 5] = [b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"];
    let mut kept = bytes.get(..8)?.to_vec();
    let mut at = 8_usize;
    loop {
        let size = size32(bytes, at, u32::from_be_bytes)?;
        let end = at.checked_add(size)?.checked_add(12)?;
        let chunk = bytes.get(at..end)?;
        let kind = chunk.get(4..8)?;
        if !NOTES.contains(&kind) {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some(kept);
        }
        at = end;
    }
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..12)?.to_vec();
    let mut at = 12_usize;
    while at < bytes.len() {
        let size = size32(bytes, at.checked_add(4)?, u32::from_le_bytes)?;
        let end = at
            .checked_add(8)?
            .checked_add(size)?
            .checked_add(size % 2)?;
        let chunk = bytes.get(at..end)?;
        match chunk.get(..4)? {
            b"EXIF" | b"XMP " => {}
            b"VP8X" => {
                let begin = kept.len();
                kept.extend_from_slice(chunk);
                // No Exif and no XMP is announced any more.
                *kept.get_mut(begin + 8)? &= !0x0c;
            }
            _ => kept.extend_from_slice(chunk),
        }
        at = end;
    }
    let size = u32::try_from(kept.len().checked_sub(8)?).ok()?;
    kept.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
    Some(kept)
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    const APP1: u8 = 0xe1;
    let mut kept = bytes.get(..2)?.to_vec();
    let mut at = 2_usize;
    loop {
        let [0xff, marker] = *bytes.get(at..at.checked_add(2)?)? else {
            return None;
        };
        match marker {
            // Padding, and markers without a length.
            0xff => {
                at += 1;
                continue;
            }
            0x01 | 0xd0..=0xd7 => {
                kept.extend_from_slice(&[0xff, marker]);
                at += 2;
                continue;
            }
            0xd9 => {
                kept.extend_from_slice(&[0xff, 0xd9]);
                return Some(kept);
            }
            _ => {}
        }
        let end = at.checked_add(2)?.checked_add(be16(bytes, at + 2)?)?;
        let segment = bytes.get(at..end)?;
        let said = segment.get(4..)?;
        let is_kept = match marker {
            // JFIF, colour profiles and Adobe's colours say how it looks.
            0xe0 => said.starts_with(b"JFIF\0"),
            0xe2 => said.starts_with(b"ICC_PROFILE\0"),
            0xee => said.starts_with(b"Adobe"),
            0xe1..=0xef | 0xfe => false,
            _ => true,
        };
        if is_kept {
            kept.extend_from_slice(segment);
        } else if marker == APP1
            && let Some(turn @ 2..=8) = turn_of(said)
        {
            kept.extend_from_slice(&turned(turn));
        }
        at = end;
        if marker == 0xda {
            let next = end_of_scan(bytes, at)?;
            kept.extend_from_slice(bytes.get(at..next)?);
            at = next;
        }
    }
}

/// Where the coded picture behind a scan's header ends: at a marker that is neither a stuffed byte nor a
/// restart.
fn end_of_scan(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let ends =
        |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0 | 0xd0..=0xd7 | 0xff));
    rest.windows(2).position(ends)?.checked_add(from)
}

/// The turn that an Exif block asks for, 1 to 8.
fn turn_of(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let pair: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let from = if little {
        u32::from_le_bytes
    } else {
        u32::from_be_bytes
    };
    let table = size32(tiff, 4, from)?;
    let entries = usize::from(two(table)?);
    let mut places = (0..entries).map(|entry| table + 2 + entry * 12);
    let place = places.find(|place| two(*place) == Some(0x0112))?;
    u8::try_from(two(place.checked_add(8)?)?).ok()
}

/// An Exif block that says the turn and nothing else.
fn turned(turn: u8) -> [u8; 36] {
    let mut block =
        *b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[29] = turn;
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chunk(kind: &[u8], said: &[u8]) -> Vec<u8> {
        let size = u32::try_from(said.len()).unwrap().to_be_bytes();
        [&size[..], kind, said, b"crc."].concat()
    }

    fn segment(marker: u8, said: &[u8]) -> Vec<u8> {
        let size = u16::try_from(said.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &size[..], said].concat()
    }

    #[test]
    fn a_png_loses_its_texts() {
        let begin = b"\x89PNG\r\n\x1a\n".to_vec();
        let (head, end) = (chunk(b"IHDR", b"13"), chunk(b"IEND", b""));
        let told = chunk(b"tEXt", b"Author\0Ada");
        let whole = [
            &begin[..],
            &head,
            &told,
            &chunk(b"eXIf", b"GPS"),
            &end,
            b"more",
        ]
        .concat();
        let kept = stripped(FileKind::Png, &whole).unwrap();
        assert_eq!(kept, [&begin[..], &head, &end].concat());
    }

    #[test]
    fn a_jpeg_loses_its_place_and_keeps_its_turn() {
        let exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0A\0\0\0\
            \x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0GPS 52.5";
        let scan = [&segment(0xda, b"head")[..], b"coded\xff\0\xff\xd0data"].concat();
        let picture = [
            &b"\xff\xd8"[..],
            &segment(0xe0, b"JFIF\0..."),
            &segment(0xe1, exif),
            &segment(0xfe, b"made by Ada"),
            &segment(0xdb, b"table"),
            &scan,
            b"\xff\xd9a second picture",
        ]
        .concat();
        let kept = stripped(FileKind::Jpeg, &picture).unwrap();
        let wanted = [
            &b"\xff\xd8"[..],
            &segment(0xe0, b"JFIF\0..."),
            &turned(6),
            &segment(0xdb, b"table"),
            &scan,
            b"\xff\xd9",
        ];
        assert_eq!(kept, wanted.concat());
        assert_eq!(turn_of(&turned(6)[4..]), Some(6));
    }

    #[test]
    fn a_webp_loses_its_notes_and_says_so() {
        let chunk = |kind: &[u8], said: &[u8]| {
            let size = u32::try_from(said.len()).unwrap().to_le_bytes();
            let pad: &[u8] = if said.len() % 2 == 1 { &[0] } else { &[] };
            [kind, &size[..], said, pad].concat()
        };
        let body = [
            chunk(b"VP8X", &[0x1c, 0, 0, 0, 1, 0, 0, 1, 0, 0]),
            chunk(b"VP8 ", b"abc"),
            chunk(b"EXIF", b"GPS"),
        ];
        let picture = [&b"RIFF\0\0\0\0WEBP"[..], &body.concat()].concat();
        let kept = stripped(FileKind::Webp, &picture).unwrap();
        assert!(!kept.windows(3).any(|part| part == b"GPS"));
        assert_eq!(kept[20], 0x10);
        assert_eq!(u32::from_le_bytes(kept[4..8].try_into().unwrap()), 34);
    }

    proptest! {
        #[test]
        fn any_bytes_are_stripped_or_left(
            head in 0..4_usize,
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let heads: [&[u8]; 4] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"RIFF....WEBP"];
            let whole = [heads[head], &bytes].concat();
            for kind in [FileKind::Png, FileKind::Jpeg, FileKind::Webp] {
                if let Some(kept) = stripped(kind, &whole) {
                    prop_assert!(kept.len() <= whole.len() + 36);
                }
            }
        }
    }
}
