//! The agent of a node: the real program, as root, beneath a folder of the test.

mod cron;
mod killed;
mod node;
mod panel;
mod peers;
mod protocol;
mod race;
mod steps;
mod worker;
