//! Drivers: apply a step on a node, observe the result. They use the kernel only and choose nothing.
//!
//! `embedded` holds the drivers of the embedded default, which run in the panel's own process, and
//! the small servers that stand in for nginx, Postfix and OpenSSH there. Servers read what the
//! drivers materialised under the node's folder, never the panel's database.

pub mod embedded;
