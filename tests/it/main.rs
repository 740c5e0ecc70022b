//! What holds for the whole house rather than for one room: the wall between customers on both
//! engines, the gate with every command, the order of the rooms, and the habits of the code.
//!
//! One binary, so that it is linked once.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test says what is wrong by ending; its files are its own"
)]

mod access_areas;
mod access_digest;
mod access_help;
mod address;
mod agent;
mod attachment;
mod automation;
mod bad_input;
mod browser;
mod bulk;
mod certificates;
mod cli;
mod client;
mod clock_back;
mod command_words;
mod consent;
mod content;
mod counts;
mod cron_job;
mod database_name;
mod database_remote;
mod debian;
mod diagnosis;
mod domain_checks;
mod domain_proof;
mod edited_file;
mod editor;
mod emergency_sheet;
mod erasure;
mod every_action;
mod every_command;
mod export;
mod factor;
mod folder;
mod four_eyes;
mod full_disk;
mod fuzz;
mod gate;
mod isolation;
mod journey;
mod kill;
mod known_problem;
mod letters;
mod limits;
mod login_diagnosis;
mod lost_factor;
mod mail;
mod matrix;
mod nginx;
mod owners;
mod people;
mod phone_number;
mod phone_pin;
mod plugin_pages;
mod plugin_told;
mod policy;
mod postgres;
mod probe;
mod process;
mod reconciler;
mod redirect;
mod reference;
mod repository;
mod rooms;
mod schema;
mod sensitive_action;
mod serve;
mod sides;
mod site_proxy;
mod sites;
mod small_disk;
mod sql;
mod sql_node;
mod staff_role;
mod standing_ground;
mod statements;
mod steps;
mod store_move;
mod telephone;
mod ticket;
mod ticket_action;
mod ticket_diagnosis;
mod ticket_numbers;
mod ticket_view;
mod tidy;
mod told;
mod tools;
mod undo;
mod upload;

/// Declares tests that run on SQLite and on PostgreSQL: each name is a function that takes a house.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $name() {
                let house = wabe_testkit::House::on(wabe_testkit::Engine::Sqlite).await;
                Box::pin(super::$name(house)).await;
            })*
        }

        mod on_postgresql {
            $(#[tokio::test]
            async fn $name() {
                let house = wabe_testkit::House::on(wabe_testkit::Engine::Postgres).await;
                Box::pin(super::$name(house)).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;
