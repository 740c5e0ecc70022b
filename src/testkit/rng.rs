//! Randomness that repeats itself.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use std::sync::{Mutex, PoisonError};
use wabe_kernel::Rng;

/// The same bytes for the same seed; may be shared between threads.
#[derive(Debug)]
pub struct TestRng(Mutex<ChaCha20Rng>);

impl TestRng {
    /// Dice with this seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Default for TestRng {
    fn default() -> Self {
        Self::seeded(7)
    }
}

impl Rng for TestRng {
    fn fill(&self, bytes: &mut [u8]) {
        let mut dice = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        dice.fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use crate::TestRng;
    use wabe_kernel::rng::random;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let [first, again, other] = [1, 1, 2].map(TestRng::seeded);
        assert_eq!(random::<32>(&first), random::<32>(&again));
        assert_ne!(random::<32>(&first), random::<32>(&other));
    }
}
