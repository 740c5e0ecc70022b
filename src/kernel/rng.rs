//! Randomness, injected.

/// A source of random bytes fit for keys; injected, so that tests can repeat a run.
pub trait Rng: Send + Sync + 'static {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` random bytes.
#[must_use]
pub fn random<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill(&mut bytes);
    bytes
}

/// A number below `end`, evenly spread up to a bias below 2^-32 for `end` up to 2^32.
#[must_use]
pub fn below(rng: &dyn Rng, end: u64) -> u64 {
    u64::from_le_bytes(random(rng))
        .checked_rem(end)
        .unwrap_or(0)
}
