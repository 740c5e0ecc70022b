//! The key that seals artifacts.

use std::sync::Arc;

/// Its length, in bytes.
const LENGTH: usize = 32;

/// The key of the seals; only the panel and its own sandbox have it.
#[derive(Clone)]
pub struct SealKey(Arc<[u8; LENGTH]>);

impl SealKey {
    /// This key.
    #[must_use]
    pub fn from_bytes(key: [u8; LENGTH]) -> Self {
        Self(Arc::new(key))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}
