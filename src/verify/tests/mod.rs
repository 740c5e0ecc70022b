//! The verifier against what the writer really writes.

mod attacks;
mod bench;
mod mutations;
mod sound;
mod trees;
