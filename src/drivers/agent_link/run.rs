//! Programs of webspaces, run by the agent.

use std::path::Path;
use std::time::Duration;
use wabe_kernel::cron::{CronEnded, CronOrder, CronRunner, RUN_SECONDS_MAX};
use wabe_kernel::desired::Working;

use crate::agent_link::AgentDriver;
use crate::agent_link::client::connect;
use crate::agent_link::frame;
use crate::agent_link::message::{Ask, Told};

/// Beyond a run's own time: it is asked to end first, and told of then.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs it over a connection of its own, which ends with the work: then the agent ends the program.
async fn run(path: &Path, order: CronOrder) -> CronEnded {
    let id = order.run;
    let mut connection = match connect(path).await {
        Ok((connection, _)) => connection,
        Err(failure) => {
            tracing::error!(run.id = %id, detail = failure.detail, "the agent runs no cron job");
            return CronEnded::never("not-started");
        }
    };
    let asked = async {
        let run = Box::new(order.into());
        frame::write(&mut connection, &Ask::Run { run }).await?;
        frame::read::<Told>(&mut connection).await
    };
    let within = Duration::from_secs(u64::from(RUN_SECONDS_MAX)).saturating_add(PATIENCE);
    match tokio::time::timeout(within, asked).await {
        Ok(Ok(Told::Ended { ended })) => (*ended).into(),
        other => {
            tracing::error!(run.id = %id, ?other, "nobody knows how a cron job ended");
            CronEnded::lost()
        }
    }
}

impl CronRunner for AgentDriver {
    fn run(&self, order: CronOrder) -> Working<'_, CronEnded> {
        Box::pin(run(self.path(), order))
    }
}
