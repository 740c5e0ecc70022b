//! Tests of the room over a real SQLite file, with a clock and a randomness of their own.

mod alarm;
mod command;
mod email;
mod email_undo;
mod factor;
mod lockout;
mod login;
mod password;
mod recovery;
mod session;
mod token;
mod world;
