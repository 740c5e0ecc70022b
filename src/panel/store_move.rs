//! `wabe store move`: the panel's state from one database into an empty other one.

use crate::cli_say as say;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::ground::location;
use wabe_kernel::Fault;
use wabe_store::{Location, Store};

/// Copies every table, all or nothing, and compares the counts.
///
/// # Errors
/// When the target is not empty, is no PostgreSQL, or anything fails; then the target is unchanged.
pub async fn run(config: &Config, to: &str) -> Result<(), Fault> {
    let data = DataDir::open(&config.data)?;
    let _lock = data.lock()?;
    if !to.starts_with("postgres://") && !to.starts_with("postgresql://") {
        return Err(Fault::new("the target must be a postgres:// URL"));
    }
    let from = Store::open(&location(config, &data)?).await?;
    from.migrate().await?;
    let target = Store::open(&Location::Postgres(to.to_owned())).await?;
    target.migrate().await?;
    let moved = from.copy_into(&target).await?;
    for (table, rows) in &moved {
        say(&format!("{table}\t{rows}"));
    }
    from.close().await;
    target.close().await;
    say("moved; name the new database in the configuration: database = \"postgres://…\"");
    Ok(())
}
