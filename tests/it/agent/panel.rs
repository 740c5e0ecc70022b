//! The whole panel over an agent, by its API.

use crate::agent::node::Agent;
use crate::client::text;
use crate::process::{Panel, unique};
use serde_json::json;

/// A panel that is told to end even by a test that fails.
struct Ended(Panel);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.end_quietly();
    }
}

/// A panel whose sites are this agent's.
fn over(agent: &Agent) -> Ended {
    let (http, https) = agent.listen();
    let config = format!(
        "[node]\nagent = \"{}\"\n[listen]\nsites_http = \"{http}\"\nsites_https = \"{https}\"\n",
        agent.socket().display()
    );
    Ended(Panel::demo_with(&config))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webspace_is_made_filled_and_shown_through_the_agent() {
    let agent = Agent::new().await;
    let ended = over(&agent);
    let customer = ended.0.customer();
    let name = format!("agent{}", unique());
    let made = customer
        .api
        .live("/webspaces", json!({ "name": name }))
        .await;
    let (id, host) = (text(&made, "id"), text(&made, "preview_host"));
    let page = format!("/webspaces/{id}/files/hello.txt");
    customer
        .api
        .put(&page, b"hello over the agent")
        .await
        .expect(201);
    let shown = agent.get(&host, "hello.txt").await;
    assert!(shown.out.ends_with("hello over the agent"), "{shown:?}");
    let read = customer.api.get(&page).await;
    assert_eq!(
        (read.status, read.text().as_str()),
        (200, "hello over the agent")
    );
    let here = agent.path(&format!("web/{id}/files/hello.txt"));
    assert_eq!(std::fs::read(here).unwrap(), b"hello over the agent");
    let nothing = ended.0.data.join("node/web").join(&id);
    assert!(!nothing.exists(), "the panel's own folder holds none of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webspace_gets_apache_through_the_agent_and_goes_back_to_nginx() {
    let agent = Agent::new().await;
    let ended = over(&agent);
    let api = ended.0.customer().api;
    let name = format!("rules{}", unique());
    let made = api.live("/webspaces", json!({ "name": name })).await;
    let (path, host) = (
        format!("/webspaces/{}", text(&made, "id")),
        text(&made, "preview_host"),
    );
    let rules = "RewriteEngine On\nRewriteRule ^old$ /here.txt [L]\n";
    for (file, content) in [("here.txt", "here"), (".htaccess", rules)] {
        let file = format!("{path}/files/{file}");
        api.put(&file, content.as_bytes()).await.expect(201);
    }
    let shown = agent.get(&host, "old").await;
    assert!(
        shown.out.contains(" 404"),
        "nginx reads no rules: {shown:?}"
    );
    for (server, found) in [("apache", true), ("nginx", false)] {
        let wanted = json!({ "server": server });
        let told = api.json("PATCH", &path, &wanted).await.expect(200);
        assert_eq!(told["server"], server, "{told}");
        api.settled(&path, "live").await;
        let shown = agent.get(&host, "old").await;
        assert_eq!(shown.out.ends_with("here"), found, "{server}: {shown:?}");
    }
}
