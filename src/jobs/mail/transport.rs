//! How a letter leaves the house.

use crate::mail::Letter;
use crate::queue::JobFailure;
use wabe_kernel::desired::Working;

/// Takes letters away. The same letter may come twice.
pub trait Transport: Send + Sync + 'static {
    /// Hands a letter over; it ends within a minute.
    ///
    /// # Errors
    /// Whether trying again may help, and a code.
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Working<'a, Result<(), JobFailure>>;
}
