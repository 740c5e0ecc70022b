//! Bodies of answers: read as far as they may be long, and decompressed as far as they may grow.

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use std::io::Read;
use wabe_package::Host;
use wabe_package::wire::Problem;

use crate::fetch::caps::Caps;
use crate::fetch::saying;

/// What is asked for. Not Brotli: the window of one answer alone may take 16 MiB.
pub(super) const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, deflate");

/// How a body was compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Not at all.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 1950.
    Deflate,
}

/// Why a body is not decompressed.
#[derive(Debug, PartialEq, Eq)]
enum Stuck {
    TooLarge,
    Damaged,
}

/// How the answer says that its body was compressed; `None` when in a way that was not asked for.
pub(super) fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    let mut found = headers.get_all(CONTENT_ENCODING).iter();
    let (first, second) = (found.next(), found.next());
    let word = match (first, second) {
        (None, _) => return Some(Encoding::Identity),
        (Some(value), None) => value.to_str().ok()?.trim().to_ascii_lowercase(),
        (Some(_), Some(_)) => return None,
    };
    match word.as_str() {
        "" | "identity" => Some(Encoding::Identity),
        "gzip" | "x-gzip" => Some(Encoding::Gzip),
        "deflate" => Some(Encoding::Deflate),
        _ => None,
    }
}

/// Reads the body as it comes.
pub(super) async fn read(host: &Host, mut body: Incoming, caps: &Caps) -> Result<Vec<u8>, Problem> {
    let most = caps.response_body_bytes;
    let too_large = || saying::too_much(format!("the answer of {host} has more than {most} bytes"));
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > most {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced);
    loop {
        let frame = tokio::time::timeout(caps.pause, body.frame()).await;
        let frame = match frame.map_err(|_late| saying::too_slow(host, caps.pause))? {
            Some(frame) => frame.map_err(|error| saying::broken(host, &error))?,
            None => return Ok(bytes),
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len().saturating_add(data.len()) > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&data);
    }
}

/// The body without its compression.
pub(super) async fn plain(
    host: &Host,
    wire: Vec<u8>,
    encoding: Encoding,
    caps: &Caps,
) -> Result<Vec<u8>, Problem> {
    // An answer to `HEAD`, and one without a body, has nothing to decompress.
    if encoding == Encoding::Identity || wire.is_empty() {
        return Ok(wire);
    }
    let most = most(wire.len(), caps);
    let work = tokio::task::spawn_blocking(move || inflate(&wire, encoding, most)).await;
    match work {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(Stuck::TooLarge)) => Err(saying::too_much(format!(
            "the answer of {host} has more than {most} bytes when it is decompressed"
        ))),
        Ok(Err(Stuck::Damaged)) | Err(_) => Err(saying::damaged(host)),
    }
}

/// How large a body may be that came as so many bytes.
fn most(wire: usize, caps: &Caps) -> usize {
    let by_ratio = wire.saturating_mul(caps.ratio).max(Caps::SMALL);
    by_ratio.min(caps.plain_body_bytes)
}

fn inflate(wire: &[u8], encoding: Encoding, most: usize) -> Result<Vec<u8>, Stuck> {
    match encoding {
        Encoding::Identity => Ok(wire.to_vec()),
        Encoding::Gzip => take(MultiGzDecoder::new(wire), most),
        Encoding::Deflate => take(ZlibDecoder::new(wire), most),
    }
}

fn take(from: impl Read, most: usize) -> Result<Vec<u8>, Stuck> {
    let mut bytes = Vec::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = from.take(bound).read_to_end(&mut bytes);
    if bytes.len() > most {
        return Err(Stuck::TooLarge);
    }
    read.map_err(|_error| Stuck::Damaged)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::{GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    fn packed(bytes: &[u8]) -> [(Vec<u8>, Encoding); 2] {
        let (mut gzip, mut zlib) = (Vec::new(), Vec::new());
        let level = Compression::best();
        GzEncoder::new(bytes, level).read_to_end(&mut gzip).unwrap();
        ZlibEncoder::new(bytes, level)
            .read_to_end(&mut zlib)
            .unwrap();
        [(gzip, Encoding::Gzip), (zlib, Encoding::Deflate)]
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let caps = Caps::default();
        for (bomb, encoding) in packed(&vec![0; 10 << 20]) {
            assert!(bomb.len() < 20_000);
            let most = most(bomb.len(), &caps);
            assert!(most <= 400_000);
            assert_eq!(inflate(&bomb, encoding, most), Err(Stuck::TooLarge));
        }
    }

    #[test]
    fn growth_is_bounded_by_ratio_and_size() {
        let caps = Caps::default();
        for (wire, allowed) in [(1, 64 << 10), (10_000, 200_000), (1 << 20, 4 << 20)] {
            assert_eq!(most(wire, &caps), allowed);
        }
    }

    #[test]
    fn what_is_cut_or_changed_is_damaged() {
        let text = "all that is needed is here ".repeat(40);
        for (mut packed, encoding) in packed(text.as_bytes()) {
            let cut = &packed[..packed.len() - 5];
            assert_eq!(inflate(cut, encoding, 10_000), Err(Stuck::Damaged));
            let last = packed.len() - 5;
            packed[last] ^= 1;
            assert_eq!(inflate(&packed, encoding, 10_000), Err(Stuck::Damaged));
        }
    }

    #[test]
    fn encodings_that_were_not_asked_for_are_not_known() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            encoding(&headers)
        };
        assert_eq!(of(&[]), Some(Encoding::Identity));
        assert_eq!(of(&["GZip"]), Some(Encoding::Gzip));
        assert_eq!(of(&["deflate"]), Some(Encoding::Deflate));
        for values in [&["br"][..], &["gzip, gzip"], &["gzip", "gzip"], &["zstd"]] {
            assert_eq!(of(values), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_unpack_within_their_bound(bytes: Vec<u8>, most in 0_usize..300) {
            for encoding in [Encoding::Gzip, Encoding::Deflate] {
                if let Ok(plain) = inflate(&bytes, encoding, most) {
                    prop_assert!(plain.len() <= most);
                }
            }
            for (packed, encoding) in packed(&bytes) {
                prop_assert_eq!(inflate(&packed, encoding, bytes.len()), Ok(bytes.clone()));
            }
        }
    }
}
