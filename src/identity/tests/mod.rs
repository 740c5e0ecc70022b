//! Tests of the room over a real SQLite file, with a clock and a randomness of their own.

mod alarm;
#[path = "../../testkit/authenticator.rs"]
#[expect(
    unreachable_pub,
    reason = "the test kit's; it stands on this room, so this room has it by its file"
)]
mod authenticator;
mod command;
mod email;
mod email_undo;
mod factor;
mod lockout;
mod login;
mod passkey;
mod password;
mod recovery;
mod second_address;
mod session;
mod token;
mod upload_lock;
mod world;
