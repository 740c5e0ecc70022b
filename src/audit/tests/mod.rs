//! The record over a real database file.

mod bench;
mod keys;
mod recorder;
mod sequencer;
mod stream;
mod table;
