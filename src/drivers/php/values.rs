//! What a pool works with beside its place.

use wabe_kernel::{PhpValues, SiteRules};

/// What nginx takes at once of a site that says nothing about it, in bytes.
const UPLOAD_BYTES: u64 = 64 << 20;

/// What a pool works with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolValues {
    /// What was chosen within the plan.
    pub php: PhpValues,
    /// The most that the site takes at once, in bytes.
    pub upload_bytes: u64,
}

impl Default for PoolValues {
    fn default() -> Self {
        Self {
            php: PhpValues::default(),
            upload_bytes: UPLOAD_BYTES,
        }
    }
}

impl From<&SiteRules> for PoolValues {
    fn from(rules: &SiteRules) -> Self {
        let upload = rules.upload_bytes.map(u64::try_from);
        Self {
            php: rules.php.clone(),
            upload_bytes: upload.and_then(Result::ok).unwrap_or(UPLOAD_BYTES),
        }
    }
}
