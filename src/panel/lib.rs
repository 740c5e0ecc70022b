//! The panel: command line, configuration, wiring. The only room that knows all.

pub mod access_digest;
pub mod bridges;
pub mod cli;
pub mod commands;
pub mod config;
pub mod control;
pub mod data_dir;
pub mod database_servers;
pub mod demo;
pub mod doctor;
pub mod erasures;
pub mod exports;
pub mod ground;
pub mod https;
pub mod letters;
pub mod listeners;
mod look;
pub mod lookup;
pub mod measure;
pub mod node;
pub mod operations;
mod plugin_readings;
pub mod plugin_records;
pub mod plugins;
pub mod portal_server;
pub mod ready;
pub mod schedules;
pub mod serve;
pub mod services;
pub mod sibling;
pub mod store_move;
pub mod support_mail;
pub mod system;
pub mod told;
pub mod web_server;

pub(crate) use cli::say as cli_say;
