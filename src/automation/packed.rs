//! Text that is kept for a while: compressed, and Base64 because columns hold text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{Read as _, Write as _};
use wabe_kernel::Fault;

/// Brotli's middle: small enough, and fast enough for every run.
const QUALITY: u32 = 4;
/// Nothing that is kept is larger, in bytes.
const BYTES_MAX: u64 = 64 << 20;

pub(crate) fn pack(bytes: &[u8]) -> Result<String, Fault> {
    let failed = |error| Fault::because("compress", error);
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4_096, QUALITY, 20);
    writer.write_all(bytes).map_err(failed)?;
    writer.flush().map_err(failed)?;
    Ok(STANDARD.encode(writer.into_inner()))
}

pub(crate) fn unpack(text: &str) -> Result<Vec<u8>, Fault> {
    let packed = STANDARD.decode(text);
    let packed = packed.map_err(|error| Fault::because("decompress", error))?;
    let mut bytes = Vec::new();
    let reader = brotli::Decompressor::new(packed.as_slice(), 4_096);
    let read = reader.take(BYTES_MAX).read_to_end(&mut bytes);
    read.map_err(|error| Fault::because("decompress", error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    #[test]
    fn what_was_packed_is_unpacked() {
        for bytes in [Vec::new(), vec![1], vec![7; 100_000]] {
            assert_eq!(unpack(&pack(&bytes).unwrap()).unwrap(), bytes);
        }
        assert!(unpack("!").is_err());
    }
}
