//! Who works on this machine as root.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use wabe_drivers::fetch::Network;

use crate::config::sections::{Web, WebServer};

/// Who works on this machine as root.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Node {
    /// The socket of an agent that shows the sites and keeps their files; this process does all of it itself
    /// when absent.
    pub agent: Option<PathBuf>,
    /// Networks that applications behind customers' sites may lie in although they are private or this machine's own:
    /// `10.20.0.0/16`, `127.0.0.1`. Whatever answers there can then be shown by every customer whose plan allows such
    /// applications.
    pub proxy_networks: Vec<String>,
}

impl Node {
    /// The networks; what is none is among [`Config::problems`](crate::config::Config::problems).
    #[must_use]
    pub fn networks(&self) -> Vec<Network> {
        let networks = self.proxy_networks.iter();
        networks.filter_map(|text| text.parse().ok()).collect()
    }

    /// What is wrong with it, one line each.
    pub(super) fn problems(&self, web: &Web) -> Vec<String> {
        let wrong = self.proxy_networks.iter().filter_map(|text| {
            let defect = text.parse::<Network>().err()?;
            Some(format!("node.proxy_networks: {text:?}: {defect}"))
        });
        let mut found: Vec<String> = wrong.collect();
        let Some(agent) = &self.agent else {
            return found;
        };
        if !agent.is_absolute() {
            found.push("node.agent: name the socket by its whole path".to_owned());
        }
        if web.server != WebServer::Embedded || web.php_without_users {
            let wrong =
                "web.server, web.php_without_users: the agent shows the sites; leave both out";
            found.push(wrong.to_owned());
        }
        if !self.proxy_networks.is_empty() {
            let wrong = "node.proxy_networks: the agent passes requests on to the public internet alone; leave it out";
            found.push(wrong.to_owned());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_named_one_by_one_and_never_beside_an_agent() {
        let node = |agent: Option<&str>, networks: &[&str]| Node {
            agent: agent.map(Into::into),
            proxy_networks: networks.iter().map(|text| (*text).to_owned()).collect(),
        };
        let web = Web::default();
        let alone = node(None, &["10.20.0.0/16", "127.0.0.1"]);
        assert_eq!(alone.networks().len(), 2);
        assert_eq!(alone.problems(&web), Vec::<String>::new());
        let wrong = node(None, &["10.20.0.0/33", "db.example.org"]);
        assert_eq!((wrong.networks().len(), wrong.problems(&web).len()), (0, 2));
        let beside = node(Some("/run/wabe/agent.sock"), &["10.20.0.0/16"]);
        let said = beside.problems(&web);
        assert!(
            said.len() == 1 && said[0].starts_with("node.proxy_networks:"),
            "{said:?}"
        );
    }
}
