//! Runs guests: for the panel, and in the very same code for authors on their own machines.
//!
//! ```text
//! let runner = Runner::new(slots)?;                        // engine, pool, ticker, own runtime
//! let guest: Arc<Guest> = runner.load(&artifact_bytes)?;   // or through `Artifacts`, sealed
//! let ended: Ended = runner.run(&guest, order, host).await;
//!
//! trait Host: Send + Sync + 'static {
//!     fn call(&self, number: u32, request: HostCall)
//!         -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>>;
//! }
//! struct Ended { ending: Ending, usage: Usage, log: Vec<LogLine> }    // of `wabe_package::wire`
//! ```

use std::process::ExitCode;

/// Serves the panel.
pub(crate) fn main() -> ExitCode {
    ExitCode::FAILURE
}
