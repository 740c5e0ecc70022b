//! Hosted sites as curl sees them: names, redirects, ranges, conditions.

use crate::client::text;
use crate::process::{Customer, Panel, shared, unique};
use crate::tools::{Ran, curl, ran};
use serde_json::{Value, json};

async fn site(customer: &Customer) -> (Value, String) {
    let host = format!("www.site{}.test", unique());
    let domain = host.strip_prefix("www.").unwrap();
    customer
        .api
        .live("/domains", json!({ "name": domain }))
        .await;
    let asked = json!({ "name": format!("site{}", unique()), "domain": host });
    let webspace = customer.api.live("/webspaces", asked).await;
    (webspace, host)
}

async fn put(customer: &Customer, webspace: &Value, path: &str, content: &[u8]) {
    let path = format!("/webspaces/{}/files/{path}", text(webspace, "id"));
    customer.api.put(&path, content).await.expect(201);
}

fn https(panel: &Panel, host: &str, path: &str) -> String {
    format!("https://{host}:{}{path}", panel.port("sites_https"))
}

fn http(panel: &Panel, host: &str, path: &str) -> String {
    format!("http://{host}:{}{path}", panel.port("sites_http"))
}

/// Runs curl; the status and everything it printed, headers first.
async fn fetch(panel: &Panel, host: &str, arguments: &[&str]) -> (u16, Ran) {
    let mut command = curl(panel, host);
    command.arg("-i").args(arguments);
    let ran = ran(command).await;
    let status = ran
        .out
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    (status, ran)
}

fn header<'a>(ran: &'a Ran, name: &str) -> &'a str {
    let lines = ran.out.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map_or("", |(_, value)| value.trim())
}

#[tokio::test]
async fn https_is_served_by_name_with_a_certificate_of_the_local_authority() {
    let panel = shared();
    let customer = panel.customer();
    let (webspace, host) = site(&customer).await;
    put(&customer, &webspace, "index.html", b"by name").await;
    let (status, shown) = fetch(&panel, &host, &[&https(&panel, &host, "/")]).await;
    assert_eq!(status, 200, "{}", shown.err);
    assert!(shown.out.ends_with("by name"), "{}", shown.out);
    let (status, _) = fetch(&panel, &host, &["--http1.1", &https(&panel, &host, "/")]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn http_leads_to_https_unless_that_is_switched_off() {
    let panel = shared();
    let customer = panel.customer();
    let (webspace, host) = site(&customer).await;
    put(&customer, &webspace, "a b.txt", b"plain").await;
    let (status, moved) = fetch(&panel, &host, &[&http(&panel, &host, "/a%20b.txt?q=1")]).await;
    assert!(matches!(status, 301 | 308), "{}", moved.out);
    assert_eq!(
        header(&moved, "location"),
        https(&panel, &host, "/a%20b.txt?q=1")
    );
    let path = format!("/webspaces/{}", text(&webspace, "id"));
    customer
        .api
        .json("PATCH", &path, &json!({ "https_redirect": false }))
        .await
        .expect(200);
    customer.api.settled(&path, "live").await;
    let (status, plain) = fetch(&panel, &host, &[&http(&panel, &host, "/a%20b.txt")]).await;
    assert_eq!(status, 200, "{}", plain.out);
    assert!(plain.out.ends_with("plain"));
}

#[tokio::test]
async fn ranges_and_conditions_are_answered_as_they_should_be() {
    let panel = shared();
    let customer = panel.customer();
    let (webspace, host) = site(&customer).await;
    put(&customer, &webspace, "digits.bin", b"0123456789").await;
    let url = https(&panel, &host, "/digits.bin");
    let (status, part) = fetch(&panel, &host, &["-r", "2-4", &url]).await;
    assert_eq!(
        (status, header(&part, "content-range")),
        (206, "bytes 2-4/10")
    );
    assert!(part.out.ends_with("\r\n\r\n234"), "{}", part.out);
    let (status, last) = fetch(&panel, &host, &["-r", "-2", &url]).await;
    assert!(status == 206 && last.out.ends_with("89"), "{}", last.out);
    let (status, none) = fetch(&panel, &host, &["-r", "20-30", &url]).await;
    assert_eq!(
        (status, header(&none, "content-range")),
        (416, "bytes */10")
    );
    let (_, whole) = fetch(&panel, &host, &[&url]).await;
    let (tag, since) = (header(&whole, "etag"), header(&whole, "last-modified"));
    let same = format!("If-None-Match: {tag}");
    assert_eq!(
        fetch(&panel, &host, &["-H", &same, &url]).await.0,
        304,
        "{}",
        whole.out
    );
    let not_since = format!("If-Modified-Since: {since}");
    assert_eq!(fetch(&panel, &host, &["-H", &not_since, &url]).await.0, 304);
    put(&customer, &webspace, "digits.bin", b"9876543210").await;
    let (status, changed) = fetch(&panel, &host, &["-H", &same, &url]).await;
    assert!(
        status == 200 && changed.out.ends_with("9876543210"),
        "{}",
        changed.out
    );
    let (status, head) = fetch(&panel, &host, &["-I", &url]).await;
    assert_eq!((status, header(&head, "content-length")), (200, "10"));
}

#[tokio::test]
async fn a_site_has_its_own_404_and_takes_no_other_methods() {
    let panel = shared();
    let customer = panel.customer();
    let (webspace, host) = site(&customer).await;
    put(&customer, &webspace, "404.html", b"my own page").await;
    let (status, shown) = fetch(&panel, &host, &[&https(&panel, &host, "/nothing")]).await;
    assert!(
        status == 404 && shown.out.ends_with("my own page"),
        "{}",
        shown.out
    );
    for method in ["POST", "PUT", "DELETE", "TRACE"] {
        let (status, _) = fetch(&panel, &host, &["-X", method, &https(&panel, &host, "/")]).await;
        assert!(matches!(status, 405 | 501), "{method}: {status}");
    }
    for hidden in [
        "/../../../etc/passwd",
        "/..%2f..%2fsite.json",
        "/%2e%2e/site.json",
        "/.env",
    ] {
        let url = https(&panel, &host, hidden);
        let (status, shown) = fetch(&panel, &host, &["--path-as-is", &url]).await;
        assert!((400..500).contains(&status), "{hidden}: {}", shown.out);
    }
}

#[tokio::test]
async fn large_texts_are_compressed_when_the_browser_can() {
    let panel = shared();
    let customer = panel.customer();
    let (webspace, host) = site(&customer).await;
    let text = "Brot und Brötchen. ".repeat(2_000);
    put(&customer, &webspace, "long.html", text.as_bytes()).await;
    let url = https(&panel, &host, "/long.html");
    let (status, shown) = fetch(&panel, &host, &["--compressed", &url]).await;
    assert_eq!(status, 200);
    assert!(
        matches!(header(&shown, "content-encoding"), "br" | "gzip"),
        "{}",
        shown.out
    );
    assert!(shown.out.ends_with(&text));
}

#[tokio::test]
async fn bare_addresses_and_the_portals_own_name_have_no_site() {
    // Cookies ignore ports: nothing of a customer may ever answer at the portal's name.
    let panel = shared();
    for host in ["localhost", "127.0.0.1"] {
        let mut command = curl(&panel, "unused.test");
        command.args(["-i", "-k", &http(&panel, host, "/")]);
        let answer = ran(command).await;
        let status = answer.out.split(' ').nth(1).unwrap_or("");
        assert!(
            !status.starts_with('2') && !status.starts_with('3'),
            "{host}: {}",
            answer.out
        );
    }
}

#[tokio::test]
async fn the_access_log_shows_shortened_addresses() {
    let panel = shared();
    let customer = panel.customer();
    let (webspace, host) = site(&customer).await;
    put(&customer, &webspace, "seen.html", b"x").await;
    fetch(&panel, &host, &[&https(&panel, &host, "/seen.html")]).await;
    let path = format!("/webspaces/{}/logs", text(&webspace, "id"));
    let seen = async || {
        let lines = customer.api.get(&path).await.expect(200)["items"].to_string();
        lines.contains("/seen.html").then_some(lines)
    };
    let lines = crate::client::until("the visit to be logged", seen).await;
    assert!(
        lines.contains("127.0.0.0") && !lines.contains("127.0.0.1"),
        "{lines}"
    );
}

#[tokio::test]
async fn apache_is_refused_where_no_agent_offers_it() {
    let api = shared().customer().api;
    let asked = json!({ "name": format!("site{}", unique()) });
    let made = api.live("/webspaces", asked).await;
    let path = format!("/webspaces/{}", text(&made, "id"));
    let wanted = json!({ "server": "apache" });
    let refused = api.json("PATCH", &path, &wanted).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "apache-not-offered");
    let found = api.get(&path).await.expect(200);
    assert_eq!(found["server"], "nginx", "{found}");
}
