//! Secrets that the customer typed in the portal: `capability = "secret:token"`.
//!
//! Their bytes never enter the plugin. A request names them, and the host fills them in.

use crate::failure::{Problem, Result};
use crate::host;

/// The text that stands for a secret in a request, once it is sure that it was granted and typed.
///
/// The same as writing `{{secret:NAME}}`, but with a [`Problem`] where the secret is missing.
pub fn placeholder(name: &str) -> Result<String, Problem> {
    host::secrets_use_in(name)
}
