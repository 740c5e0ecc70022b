//! `wabe`

use clap::Parser as _;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use wabe_panel::cli::{Arguments, run};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // One crypto provider for everything, before anything could choose another.
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        return ExitCode::from(3);
    }
    let filter = EnvFilter::try_from_env("WABE_LOG")
        .unwrap_or_else(|_unset| EnvFilter::new("warn,sqlx=error,russh=error"));
    tracing_subscriber::fmt()
        // On a full disk nothing is said, and nothing breaks off for that.
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(_error) => ExitCode::from(3),
    }
}
