//! Measurements of a whole installation beside named baselines of the same run.
//!
//! Invariants: what is measured is the program that ships, started as an operator starts it; every
//! number stands beside a baseline on the same machine within the same minute, because absolute times
//! differ between machines. Nothing here is a test. Start reading at [`run`]; `docs/benchmarks.md` says
//! what is compared with what.
#![expect(
    clippy::disallowed_methods,
    reason = "it measures time, starts programs and owns the files it makes"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the table is what it is for"
)]

mod bare;
mod changes;
mod client;
mod footprint;
mod installation;
mod lists;
mod live;
mod load;
mod logins;
mod node;
mod pages;
mod plugins;
mod report;
mod sites;
mod tickets;
mod weight;

use report::{Outcome, Row};
use std::process::ExitCode;

/// The benchmarks in the order of `docs/benchmarks.md`.
const NAMES: [&str; 11] = [
    "pages",
    "lists",
    "tickets",
    "live",
    "sites",
    "footprint",
    "logins",
    "changes",
    "weight",
    "plugins",
    "node",
];

async fn run(name: &str) -> Outcome<Vec<Row>> {
    match name {
        "pages" => Box::pin(pages::run()).await,
        "lists" => Box::pin(lists::run()).await,
        "tickets" => Box::pin(tickets::run()).await,
        "live" => Box::pin(live::run()).await,
        "sites" => Box::pin(sites::run()).await,
        "footprint" => Box::pin(footprint::run()).await,
        "logins" => Box::pin(logins::run()).await,
        "changes" => Box::pin(changes::run()).await,
        "weight" => Box::pin(weight::run()).await,
        "plugins" => Box::pin(plugins::run()).await,
        "node" => Box::pin(node::run()).await,
        other => Err(format!(
            "there is no benchmark {other}; there are {}",
            NAMES.join(", ")
        )
        .into()),
    }
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        return ExitCode::FAILURE;
    }
    let built = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let Ok(runtime) = built else {
        return ExitCode::FAILURE;
    };
    if let [word, folder] = wanted.as_slice()
        && word == "bare"
    {
        return ended(runtime.block_on(bare::serve(folder.as_ref())));
    }
    if let [word, rest @ ..] = wanted.as_slice()
        && word == node::WITHIN
    {
        return ended(node::become_panel(rest));
    }
    let names: Vec<&str> = if wanted.is_empty() {
        NAMES.to_vec()
    } else {
        wanted.iter().map(String::as_str).collect()
    };
    let mut whole = true;
    print!("{}", report::HEAD);
    for name in names {
        match runtime.block_on(run(name)) {
            Ok(rows) => rows.iter().for_each(|row| print!("{row}")),
            Err(error) => {
                whole = false;
                eprintln!("{name}: {error}");
            }
        }
    }
    if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn ended(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
