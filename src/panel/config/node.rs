//! Who works on this machine as root.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

use crate::config::sections::{Web, WebServer};

/// Who works on this machine as root.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Node {
    /// The socket of an agent that shows the sites and keeps their files; this process does all of it itself
    /// when absent.
    pub agent: Option<PathBuf>,
}

impl Node {
    /// What is wrong with it, one line each.
    pub(super) fn problems(&self, web: &Web) -> Vec<String> {
        let mut found = Vec::new();
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
        found
    }
}
