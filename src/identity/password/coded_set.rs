//! A set of texts that can only be asked whether it holds one: hashes cut short, sorted, and written
//! as the small steps between them (Golomb-Rice).
//!
//! Nothing is unpacked and nothing is loaded: a question reads one block of some hundred steps where it
//! lies. The set holds no text. It answers yes for everything that was put in, and for about one in
//! half a million texts that were not.
//!
//! Shape: `WABESET1`, the count (u32, little endian), 2¹³ + 1 offsets of blocks (u32), the blocks. The
//! first 13 bits of a text's SHA-256 choose the block, the next 26 are its value there. A step is its
//! upper bits as so many ones and a zero, then its lower 19 bits; a block ends in ones.

use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

const MAGIC: &[u8; 8] = b"WABESET1";
const BLOCK_BITS: u32 = 13;
const VALUE_BITS: u32 = 26;
const LOW_BITS: u32 = 19;
const BLOCKS: usize = 1 << BLOCK_BITS;
/// Where the offsets begin.
const OFFSETS: usize = MAGIC.len() + 4;
/// Where the blocks begin.
const DATA: usize = OFFSETS + (BLOCKS + 1) * 4;

/// The block of a text, and its value there.
fn place(text: &str) -> (usize, u64) {
    let hash = Sha256::digest(text.as_bytes());
    let first = hash.first_chunk().copied().unwrap_or_default();
    let hash = u64::from_be_bytes(first);
    let block = usize::try_from(hash >> (64 - BLOCK_BITS)).unwrap_or(0);
    let value = (hash >> (64 - BLOCK_BITS - VALUE_BITS)) & ((1 << VALUE_BITS) - 1);
    (block, value)
}

/// The bits of a block, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn next(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    /// The next step; nothing at the end of the block.
    fn step(&mut self) -> Option<u64> {
        let mut high = 0_u64;
        while self.next()? {
            high += 1;
        }
        let mut step = high;
        for _ in 0..LOW_BITS {
            step = step << 1 | u64::from(self.next()?);
        }
        Some(step)
    }
}

/// A set as it lies in memory or in the program.
#[derive(Debug, Clone, Copy)]
pub struct CodedSet<'a>(&'a [u8]);

impl<'a> CodedSet<'a> {
    /// The set in these bytes; nothing when they are no set.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let whole = bytes.starts_with(MAGIC) && bytes.len() >= DATA;
        whole.then_some(Self(bytes))
    }

    fn number(self, at: usize) -> Option<u32> {
        let bytes = self.0.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    }

    /// How many texts were put in; of those that cannot be told apart, one.
    #[must_use]
    pub fn len(self) -> u32 {
        self.number(MAGIC.len()).unwrap_or(0)
    }

    /// Whether nothing was put in.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    fn block(self, block: usize) -> Option<&'a [u8]> {
        let offset = |block: usize| {
            let offset = self.number(OFFSETS + block * 4)?;
            usize::try_from(offset).ok()
        };
        let (from, to) = (offset(block)?, offset(block + 1)?);
        self.0.get(DATA + from..DATA + to)
    }

    /// Whether `text` was put in.
    #[must_use]
    pub fn has(self, text: &str) -> bool {
        let (block, wanted) = place(text);
        let Some(bytes) = self.block(block) else {
            return false;
        };
        let (mut bits, mut value) = (Bits { bytes, at: 0 }, 0);
        while let Some(step) = bits.step() {
            value += step;
            if value >= wanted {
                return value == wanted;
            }
        }
        false
    }
}

/// A block on its way into the file.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    used: u32,
}

impl Block {
    fn push(&mut self, bit: bool) {
        if self.used == 0 {
            // What stays of the last byte is ones: no step begins there.
            self.bytes.push(0xff);
            self.used = 8;
        }
        self.used -= 1;
        if let (false, Some(last)) = (bit, self.bytes.last_mut()) {
            *last &= !(1 << self.used);
        }
    }

    fn step(&mut self, step: u64) {
        for _ in 0..step >> LOW_BITS {
            self.push(true);
        }
        self.push(false);
        for bit in (0..LOW_BITS).rev() {
            self.push(step >> bit & 1 == 1);
        }
    }
}

/// The bytes of a set of these texts.
#[must_use]
pub fn pack<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut blocks = vec![BTreeSet::new(); BLOCKS];
    for text in texts {
        let (block, value) = place(text);
        if let Some(block) = blocks.get_mut(block) {
            block.insert(value);
        }
    }
    let count: usize = blocks.iter().map(BTreeSet::len).sum();
    let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let mut packed = MAGIC.to_vec();
    packed.extend(short(count));
    let mut data = Vec::new();
    for values in blocks {
        packed.extend(short(data.len()));
        let (mut block, mut last) = (Block::default(), 0);
        for value in values {
            block.step(value - last);
            last = value;
        }
        data.extend(block.bytes);
    }
    packed.extend(short(data.len()));
    packed.extend(data);
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        let texts: Vec<String> = (0..50_000).map(|n| format!("text {n}")).collect();
        let packed = pack(texts.iter().map(String::as_str));
        let set = CodedSet::of(&packed).unwrap();
        assert!(set.len() > 49_990, "{}", set.len());
        assert!(texts.iter().all(|text| set.has(text)));
        let others = (0..200_000)
            .filter(|n| set.has(&format!("other {n}")))
            .count();
        assert!(others < 20, "{others} of 200 000 are mistaken");
        assert!(packed.len() < DATA + 50_000 * 5, "{} bytes", packed.len());
    }

    #[test]
    fn an_empty_set_has_nothing_and_other_bytes_are_no_set() {
        let packed = pack([]);
        let set = CodedSet::of(&packed).unwrap();
        assert!(set.is_empty() && !set.has("text"));
        assert!(CodedSet::of(&[]).is_none() && CodedSet::of(&packed[1..]).is_none());
        let broken = CodedSet::of(&packed[..DATA]).unwrap();
        assert!(!broken.has("text"));
    }

    proptest::proptest! {
        #[test]
        fn whatever_was_put_in_is_found(texts in proptest::collection::vec("\\PC{0,20}", 0..200)) {
            let packed = pack(texts.iter().map(String::as_str));
            let set = CodedSet::of(&packed).unwrap();
            proptest::prop_assert!(texts.iter().all(|text| set.has(text)));
        }

        #[test]
        fn bytes_that_were_damaged_are_read_without_harm(at in 0_usize..40_000, byte: u8) {
            let mut packed = pack((0..3_000).map(|n| if n % 2 == 0 { "a" } else { "b" }));
            let place = at % packed.len();
            packed[place] = byte;
            if let Some(set) = CodedSet::of(&packed) {
                let _: bool = set.has("a") || set.has("c");
            }
        }
    }
}
