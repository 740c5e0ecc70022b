//! The room by itself: ways, document, problems, JSON. Requests end to end lie in the integration suite.

mod commands;
mod document;
mod fuzz;
mod json;
mod patch;
mod plugin;
mod problem;
mod reach;
mod ways;
mod world;

use wabe_access::CommandSpec;

/// Every command of the product.
fn registry() -> Vec<CommandSpec> {
    wabe_testkit::commands()
}
