//! Sites that an application elsewhere answers for, with real nginx: the application is a small server on loopback, which
//! the node was opened to.

use crate::nginx::header;
use crate::nginx::node::Node;
use crate::nginx::rules::key;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use wabe_kernel::desired::{Webspace, Wish};
use wabe_kernel::{Clock as _, FolderKey, SiteProxy, SiteRules};

/// What the node is opened to.
const LOOPBACK: [&str; 1] = ["127.0.0.0/8"];

/// An application that answers with what it heard, until it is dropped.
pub(crate) struct Application {
    pub(crate) port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Application {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Application {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = heard.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, port, noted.clone()));
            }
        });
        Self { port, heard, task }
    }

    /// How often it was asked.
    fn asked(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    /// What it was asked last.
    fn last(&self) -> String {
        self.heard
            .lock()
            .unwrap()
            .last()
            .cloned()
            .unwrap_or_default()
    }
}

/// Everything up to an empty line, in lower case; nothing when the connection ends before.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap().to_lowercase())
}

async fn answer(mut stream: TcpStream, port: u16, heard: Arc<Mutex<Vec<String>>>) {
    let Some(asked) = head(&mut stream).await else {
        return;
    };
    heard.lock().unwrap().push(asked.clone());
    if asked.contains("\r\nupgrade: websocket\r\n") {
        let accepted = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        stream.write_all(accepted).await.unwrap();
        let mut said = [0; 5];
        stream.read_exact(&mut said).await.unwrap();
        stream.write_all(&said).await.unwrap();
        return;
    }
    let (status, more) = if asked.starts_with("get /moved ") {
        (
            "302 Found",
            format!("Location: http://app.elsewhere.test:{port}/there\r\n"),
        )
    } else if asked.starts_with("get /inside ") {
        ("200 OK", "X-Accel-Redirect: /.wabe/robots\r\n".to_owned())
    } else {
        (
            "200 OK",
            "Set-Cookie: a=b; Domain=app.elsewhere.test\r\n".to_owned(),
        )
    };
    let length = asked.len();
    let answer = format!("HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\n\r\n{asked}");
    // A visitor may be gone.
    drop(stream.write_all(answer.as_bytes()).await);
}

/// A webspace by this name that an application at these addresses answers for, over HTTP and HTTPS.
fn answered(node: &Node, name: &str, (upstream, addresses): (&str, &[&str])) -> Webspace {
    let proxy = SiteProxy {
        upstream: upstream.parse().unwrap(),
        addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(),
    };
    Webspace {
        https_redirect: false,
        rules: Box::new(SiteRules {
            proxy: Some(proxy),
            ..SiteRules::default()
        }),
        ..node.webspace(name)
    }
}

fn with_keys(site: &Webspace, keys: Vec<FolderKey>) -> Webspace {
    let rules = SiteRules {
        keys,
        ..(*site.rules).clone()
    };
    Webspace {
        rules: Box::new(rules),
        ..site.clone()
    }
}

#[tokio::test]
async fn an_application_answers_as_the_site_and_hears_little_of_the_visitor() {
    let (node, app) = (
        Node::open_to(&LOOPBACK, None).await,
        Application::new().await,
    );
    let upstream = format!("http://app.elsewhere.test:{}", app.port);
    let site = answered(&node, "laden", (&upstream, &["127.0.0.1"]));
    node.bring(&site).await.unwrap();
    let lies = [
        "--http1.1",
        "-H",
        "X-Forwarded-For: 203.0.113.9",
        "-H",
        "X-Real-IP: 203.0.113.9",
        "-H",
        "Forwarded: for=203.0.113.9",
        "-H",
        "Proxy-Authorization: secret",
        "-H",
        "X-Original-URL: /x",
        "-H",
        "Upgrade: h2c",
        "-H",
        "Connection: Upgrade",
    ];
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://laden.test/a%2Fb?c=d");
        let (status, printed) = node.curl(&url, &lies).await;
        assert_eq!(status, 200, "{}{}", printed.out, printed.err);
        let heard = app.last();
        for line in [
            "get /a%2fb?c=d http/1.1".to_owned(),
            format!("host: app.elsewhere.test:{}", app.port),
            "x-forwarded-for: 127.0.0.0".to_owned(),
            "x-real-ip: 127.0.0.0".to_owned(),
            format!("x-forwarded-proto: {scheme}"),
            "connection: close".to_owned(),
        ] {
            assert!(heard.lines().any(|found| found == line), "{line}\n{heard}");
        }
        assert!(heard.contains("x-forwarded-host: laden.test:"), "{heard}");
        assert!(heard.contains("via: 1.1 wabe-"), "{heard}");
        for none in [
            "203.0.113.9",
            "secret",
            "x-original-url",
            "h2c",
            "x-wabe-",
            "127.0.0.1",
        ] {
            assert!(!heard.contains(none), "{none}\n{heard}");
        }
        assert_eq!(header(&printed.out, "set-cookie"), "a=b; Domain=laden.test");
    }
    // Whole addresses where they were instructed.
    let whole = Webspace {
        full_addresses_until: Some(node.clock.now().plus_days(1)),
        ..site
    };
    node.configure(Wish::Present(whole), 2).await.unwrap();
    node.get("https://laden.test/").await;
    let heard = app.last();
    assert!(heard.contains("x-forwarded-for: 127.0.0.1"), "{heard}");
    node.end().await;
}

#[tokio::test]
async fn an_application_shows_none_of_the_files_and_without_it_they_are_there_again() {
    let node = Node::open_to(&LOOPBACK, None).await;
    let app = Application::new().await;
    let upstream = format!("http://app.elsewhere.test:{}", app.port);
    let site = answered(&node, "laden", (&upstream, &["127.0.0.1"]));
    node.bring(&site).await.unwrap();
    node.put(&site, "secret.html", "a file");
    let (status, printed) = node.get("https://laden.test/secret.html").await;
    assert!(
        status == 200 && !printed.out.contains("a file"),
        "{}",
        printed.out
    );
    let (status, printed) = node.get("https://laden.test/moved").await;
    assert_eq!((status, header(&printed.out, "location")), (302, "/there"));
    // No answer leads to what is the server's own.
    let (_, printed) = node.get("https://laden.test/inside").await;
    assert!(printed.out.contains("get /inside"), "{}", printed.out);
    // What certificate authorities ask for is none of the application's business.
    let before = app.asked();
    let (status, _) = node
        .get("http://laden.test/.well-known/acme-challenge/token")
        .await;
    assert_eq!((status, app.asked()), (404, before));
    // Without it, the files are there as they were.
    let plain = Webspace {
        rules: Box::default(),
        ..site
    };
    node.configure(Wish::Present(plain), 2).await.unwrap();
    let (status, printed) = node.get("https://laden.test/secret.html").await;
    assert!(
        status == 200 && printed.out.ends_with("a file"),
        "{}",
        printed.out
    );
    node.end().await;
}

#[tokio::test]
async fn nobody_is_passed_on_to_what_is_not_of_the_public_internet() {
    let (node, app) = (Node::new().await, Application::new().await);
    let upstream = format!("http://app.elsewhere.test:{}", app.port);
    let site = answered(&node, "innen", (&upstream, &["127.0.0.1"]));
    node.bring(&site).await.unwrap();
    let inside: [&[&str]; 8] = [
        &["127.0.0.1"],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::7f00:1"],
        &["2002:7f00:1::1"],
        // One is enough.
        &["8.8.8.8", "127.0.0.1"],
    ];
    for (revision, addresses) in (2..).zip(inside) {
        let proxy = answered(&node, "innen", (&upstream, addresses)).rules;
        let site = Webspace {
            rules: proxy,
            ..site.clone()
        };
        node.configure(Wish::Present(site.clone()), revision)
            .await
            .unwrap();
        let include = std::fs::read_to_string(node.include(&site.id)).unwrap();
        assert!(!include.contains("proxy_pass"), "{addresses:?}\n{include}");
        for scheme in ["http", "https"] {
            let (status, printed) = node.get(&format!("{scheme}://innen.test/")).await;
            assert_eq!(status, 502, "{addresses:?}");
            assert!(
                printed.out.contains("Gerade nicht erreichbar"),
                "{}",
                printed.out
            );
        }
    }
    assert_eq!(app.asked(), 0);
    node.end().await;
}

#[tokio::test]
async fn a_site_is_never_passed_on_to_its_own_front_and_a_circle_ends() {
    let (one, two) = (
        Node::open_to(&LOOPBACK, None).await,
        Node::open_to(&LOOPBACK, None).await,
    );
    let at = |node: &Node| format!("http://kreis.test:{}", node.http_at().port());
    let itself = answered(&one, "kreis", (&at(&one), &["127.0.0.1"]));
    one.bring(&itself).await.unwrap();
    let include = std::fs::read_to_string(one.include(&itself.id)).unwrap();
    assert!(!include.contains("proxy_pass"), "{include}");
    assert_eq!(one.get("http://kreis.test/").await.0, 502);
    let around = Webspace {
        rules: answered(&one, "kreis", (&at(&two), &["127.0.0.1"])).rules,
        ..itself
    };
    one.configure(Wish::Present(around), 2).await.unwrap();
    let back = answered(&two, "kreis", (&at(&one), &["127.0.0.1"]));
    two.bring(&back).await.unwrap();
    assert_eq!(one.get("http://kreis.test/").await.0, 508);
    assert_eq!(two.get("http://kreis.test/").await.0, 508);
    one.end().await;
    two.end().await;
}

#[tokio::test]
async fn over_tls_an_application_has_to_prove_its_name() {
    let behind = Node::new().await;
    let app = Webspace {
        https_redirect: false,
        ..behind.webspace("app")
    };
    behind.bring(&app).await.unwrap();
    behind.put(&app, "index.html", "proved");
    let trusting = Node::open_to(&LOOPBACK, Some(behind.ca_file())).await;
    let port = behind.https_port();
    let upstream = format!("https://app.test:{port}");
    let site = answered(&trusting, "vorn", (&upstream, &["127.0.0.1"]));
    trusting.bring(&site).await.unwrap();
    let (status, printed) = trusting.get("https://vorn.test/").await;
    assert!(
        status == 200 && printed.out.ends_with("proved"),
        "{}",
        printed.out
    );
    // Another name at the same address.
    let other = format!("https://other.test:{port}");
    let other = Webspace {
        rules: answered(&trusting, "vorn", (&other, &["127.0.0.1"])).rules,
        ..site
    };
    trusting.configure(Wish::Present(other), 2).await.unwrap();
    assert_eq!(trusting.get("https://vorn.test/").await.0, 502);
    trusting.end().await;
    // The right name, signed by nobody whom this node trusts.
    let wary = Node::open_to(&LOOPBACK, None).await;
    let site = answered(&wary, "vorn", (&upstream, &["127.0.0.1"]));
    wary.bring(&site).await.unwrap();
    assert_eq!(wary.get("https://vorn.test/").await.0, 502);
    wary.end().await;
    behind.end().await;
}

/// Asks for a connection to become something else; the head of the answer, and the connection.
async fn asks_for(at: SocketAddr, upgrade: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(at).await.unwrap();
    let asked = format!(
        "GET /live HTTP/1.1\r\nHost: live.test\r\nUpgrade: {upgrade}\r\nConnection: Upgrade\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).await.unwrap();
    let answered = head(&mut stream).await.unwrap();
    (answered, stream)
}

#[tokio::test]
async fn a_connection_becomes_a_websocket_and_nothing_else() {
    let (node, app) = (
        Node::open_to(&LOOPBACK, None).await,
        Application::new().await,
    );
    let upstream = format!("http://app.elsewhere.test:{}", app.port);
    let site = answered(&node, "live", (&upstream, &["127.0.0.1"]));
    node.bring(&site).await.unwrap();
    let (answered, mut stream) = asks_for(node.http_at(), "WebSocket").await;
    assert!(answered.starts_with("http/1.1 101 "), "{answered}");
    stream.write_all(b"hello").await.unwrap();
    let mut said = [0; 5];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"hello");
    let (answered, _) = asks_for(node.http_at(), "h2c").await;
    assert!(answered.starts_with("http/1.1 200 "), "{answered}");
    assert!(!app.last().contains("upgrade"), "{}", app.last());
    node.end().await;
}

#[tokio::test]
async fn a_protected_directory_is_protected_before_the_application_is_asked() {
    let (node, app) = (
        Node::open_to(&LOOPBACK, None).await,
        Application::new().await,
    );
    let upstream = format!("http://app.elsewhere.test:{}", app.port);
    let site = answered(&node, "halb", (&upstream, &["127.0.0.1"]));
    let site = with_keys(&site, vec![key("intern", "anna", "two words")]);
    node.bring(&site).await.unwrap();
    for (path, status) in [
        ("intern", 401),
        ("intern/", 401),
        ("intern/a", 401),
        ("%69ntern/a", 401),
        ("intern.json", 401),
        // What the application might read as the directory, and nginx does not, or the other way round.
        ("intern;a/b", 400),
        ("intern/../b", 400),
        ("a/../intern/b", 400),
        ("a%2f..%2fintern/b", 400),
        ("a//intern", 400),
        ("a\\intern", 400),
        ("a%255cintern", 400),
    ] {
        let url = format!("https://halb.test/{path}");
        let (got, printed) = node.curl(&url, &["--path-as-is", "--globoff"]).await;
        assert_eq!(got, status, "{path}\n{}{}", printed.out, printed.err);
    }
    assert_eq!(app.asked(), 0);
    assert_eq!(
        node.get("https://halb.test/open?a=/../intern;b").await.0,
        200
    );
    let (status, _) = node
        .curl("https://halb.test/intern/a", &["-u", "anna:two words"])
        .await;
    assert_eq!(status, 200);
    // The password is the site's, and no business of the application's.
    assert!(!app.last().contains("authorization"), "{}", app.last());
    let own = ["-H", "Authorization: Bearer of-the-application"];
    node.curl("https://halb.test/open", &own).await;
    assert!(
        app.last().contains("authorization: bearer"),
        "{}",
        app.last()
    );
    // Over HTTP everybody is sent on.
    assert_eq!(node.get("http://halb.test/intern/a").await.0, 308);
    node.end().await;
}

#[tokio::test]
async fn visitors_of_an_application_that_is_away_read_so() {
    let (node, app) = (
        Node::open_to(&LOOPBACK, None).await,
        Application::new().await,
    );
    let upstream = format!("http://app.elsewhere.test:{}", app.port);
    let site = answered(&node, "weg", (&upstream, &["127.0.0.1"]));
    node.bring(&site).await.unwrap();
    assert_eq!(node.get("https://weg.test/").await.0, 200);
    drop(app);
    let (status, printed) = node.get("https://weg.test/").await;
    assert!(
        status == 502 && printed.out.contains("Gerade nicht erreichbar"),
        "{}",
        printed.out
    );
    let mut own = site.clone();
    own.rules.error_pages = wabe_kernel::Field::from_text("502 away.html").unwrap();
    node.put(&own, "away.html", "the shop opens at nine");
    node.configure(Wish::Present(own), 2).await.unwrap();
    let (status, printed) = node.get("https://weg.test/").await;
    assert!(
        status == 502 && printed.out.ends_with("the shop opens at nine"),
        "{}",
        printed.out
    );
    // Hidden, it says that it is off, whatever would answer.
    let off = Webspace {
        suspended: true,
        ..site
    };
    node.configure(Wish::Hidden(off), 3).await.unwrap();
    assert_eq!(node.get("https://weg.test/").await.0, 503);
    node.end().await;
}
