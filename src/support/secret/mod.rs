//! Secrets in tickets: masked where they were pasted.

pub mod mask;
