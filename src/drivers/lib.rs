//! Drivers: apply a step on a node, observe the result. They use the kernel and the data of plugins
//! only, and choose nothing.
//!
//! `embedded` holds the drivers of the embedded default, which run in the panel's own process, and
//! the small servers that stand in for nginx, Postfix and OpenSSH there. Servers read what the
//! drivers materialised under the node's folder, never the panel's database. `sandbox` keeps the child
//! that runs plugins; `fetch` asks other hosts on their behalf. `nginx` and `php` show the same
//! materialised sites through real servers, which `daemon` keeps alive, and `apache` stands behind nginx where a
//! `.htaccess` is to be read; `owners` makes each customer a user of the
//! node, and `slices` shares the machine out among them; `mariadb` and `postgresql` drive servers
//! for customers' databases, which `database_server` leads and `private` runs as children. `acme` orders
//! certificates from public authorities, `certificate` judges those that come from elsewhere. `cron` runs programs of
//! webspaces. `agent_link` is the way to an agent that holds drivers of sites on its node as root, and hands over
//! workers for customers' files; `system` is the machine's clock and
//! its randomness; `words` is how a word stands in a configuration, and `strays` finds what lies beside configurations
//! of ours. None of them needs anything of the panel, so that
//! an agent can hold them.

pub mod acme;
pub mod agent_link;
pub mod apache;
pub mod certificate;
pub mod cron;
pub mod daemon;
pub mod database_server;
pub mod embedded;
pub mod fetch;
pub mod mariadb;
pub mod nginx;
pub mod owners;
pub mod php;
pub mod postgresql;
pub mod private;
pub mod sandbox;
pub mod slices;
pub mod strays;
pub mod system;
mod words;

#[cfg(test)]
mod needs_root;
#[cfg(test)]
mod samples;
