//! The agent of the node, where one holds the drivers of sites: this process is nobody in particular then.

use crate::certificates;
use crate::config::Config;
use crate::ground::Ground;
use std::io;
use std::sync::Arc;
use wabe_drivers::agent_link::message::Welcome;
use wabe_drivers::agent_link::{AgentDoors, AgentDriver, greet};
use wabe_drivers::embedded::SiteIndex;
use wabe_kernel::Fault;
use wabe_kernel::desired::StepFailure;

/// The way to the agent.
pub struct Agent {
    /// Steps.
    pub driver: Arc<AgentDriver>,
    /// Files.
    pub doors: Arc<AgentDoors>,
    /// What it said of itself.
    pub welcome: Welcome,
}

fn away(failure: StepFailure) -> Fault {
    let StepFailure { code, detail } = failure;
    let why = io::Error::other(format!("{code}: {detail}"));
    Fault::because("reach the agent of the node (node.agent)", why)
}

/// What the agent says of itself, where the configuration names one.
///
/// # Errors
/// When it does not answer, or is of another version.
pub async fn ask(config: &Config) -> Result<Option<Welcome>, Fault> {
    match &config.node.agent {
        Some(path) => greet(path).await.map(Some).map_err(away),
        None => Ok(None),
    }
}

/// The way to the agent, where the configuration names one.
///
/// # Errors
/// As [`ask`].
pub async fn connect(ground: &Ground) -> Result<Option<Agent>, Fault> {
    let Some(path) = &ground.config.node.agent else {
        return Ok(None);
    };
    let vault = certificates::vault(ground)?;
    let (driver, welcome) = AgentDriver::connect(path.clone(), vault)
        .await
        .map_err(away)?;
    for gap in &welcome.gaps {
        tracing::warn!(gap, "workers for customers' files lack a wall");
    }
    Ok(Some(Agent {
        driver,
        doors: Arc::new(AgentDoors::new(path.clone())),
        welcome,
    }))
}

impl Agent {
    /// The sites that it shows.
    #[must_use]
    pub fn index(&self) -> Arc<dyn SiteIndex> {
        self.driver.known()
    }

    /// What it is and has, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let Welcome {
            version,
            release,
            php,
            apache,
            gaps,
            ..
        } = &self.welcome;
        let listed = |words: Vec<String>| match &*words.join(", ") {
            "" => "none".to_owned(),
            words => words.to_owned(),
        };
        let php = listed(php.iter().map(ToString::to_string).collect());
        let gaps = listed(gaps.clone());
        let apache = if *apache { "yes" } else { "no" };
        format!(
            "agent: wabe-agent {release}, protocol {version}, PHP: {php}, Apache: {apache}, \
             missing walls: {gaps}"
        )
    }
}
