//! Drivers: apply a step on a node, observe the result. They use the kernel and the data of plugins
//! only, and choose nothing.
//!
//! `embedded` holds the drivers of the embedded default, which run in the panel's own process, and
//! the small servers that stand in for nginx, Postfix and OpenSSH there. Servers read what the
//! drivers materialised under the node's folder, never the panel's database. `sandbox` keeps the child
//! that runs plugins; `fetch` asks other hosts on their behalf.

pub mod embedded;
pub mod fetch;
pub mod sandbox;
