//! The reconciler: load what is wanted, observe, plan, carry out, record. It makes no choice of its
//! own.
//!
//! Level-triggered: a wake-up carries no input, so a lost one costs time, never correctness. One
//! resource's failure delays that resource alone. Start reading at [`Reconciler::run`].

mod backoff;
mod foresight;
mod store;
mod turn;
mod work;

pub use foresight::PlannerForesight;
pub use store::STATEMENTS;
pub use work::Reconciler;
