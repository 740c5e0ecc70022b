//! The sandbox from the panel's side: the child that runs plugins, the children that compile them, and
//! the folder of what was compiled.
//!
//! ```text
//! let artifacts = Artifacts::open(&folder, SealKey::from_bytes(key), clock)?;
//! let sandbox = SandboxDriver::new(SandboxParts { program, artifacts, … });
//! tokio::spawn(sandbox.clone().serve(stop));                 // starts the child, again and again
//! let ended = sandbox.run(order, |call| answers.answer(call)).await?;   // Err(Down): it went away
//! let workshop = Workshop::new(WorkshopParts { program, artifacts, … });
//! let compiled = workshop.compile(&component).await?;
//! ```
//!
//! Invariants: this process links no engine and loads no machine code; a child gets no environment, no
//! file and no socket but the one to this process; whatever a child says is a stranger's word, bounded
//! in size and judged; a child that is silent for too long is killed. Artifacts are written once, whole,
//! and only with a seal. Start reading at [`SandboxDriver::run`], then `supervise` (how the child is
//! kept alive), `life` (what it may say), [`Workshop`] and [`Artifacts`].

mod artifacts;
mod child;
mod driver;
mod frame;
mod health;
mod life;
mod lines;
mod seal_key;
mod supervise;
#[cfg(test)]
mod tests;
mod workshop;

pub use artifacts::Artifacts;
pub use driver::{Down, Ended, Order, SandboxDriver, SandboxParts};
pub use health::{Health, Patience, Reason};
pub use seal_key::SealKey;
pub use workshop::{NotCompiled, Workshop, WorkshopParts};
