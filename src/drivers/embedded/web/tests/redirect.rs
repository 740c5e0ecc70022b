//! Redirects of domains: made, answered, kept apart from sites, taken away.

use http::header::{ALLOW, CONTENT_LENGTH, HOST, LOCATION, X_CONTENT_TYPE_OPTIONS};
use http::{Method, Request, StatusCode};
use std::path::PathBuf;
use wabe_kernel::Clock;
use wabe_kernel::desired::{
    Act, ObservedDomain, Redirect, Revision, Step, StepFailure, Subject, Wish,
};
use wabe_kernel::id::DomainId;

use super::{Node, name};

const TARGET: &str = "https://www.example.org/new?from=old#top";

impl Node {
    fn redirect(&self, host: &str) -> Redirect {
        Redirect {
            id: DomainId::new(self.clock.now(), &*self.rng),
            name: name(host),
            target: TARGET.parse().unwrap(),
        }
    }

    fn redirect_folder(&self, id: DomainId) -> PathBuf {
        self.dir.path().join("node/redirect").join(id.to_string())
    }

    async fn lead(&self, id: DomainId, revision: Revision, act: Act) -> Result<(), StepFailure> {
        let subject = Subject::Domain(id);
        let step = Step {
            subject,
            revision,
            act,
        };
        self.sites.apply_redirect(&step).await
    }

    /// Certificate and redirect, as the planner would have it.
    async fn make_redirect(&self, redirect: &Redirect) {
        let id = redirect.id;
        let certificate = Act::IssueRedirectCertificate(id, redirect.name.clone());
        self.lead(id, 1, certificate).await.unwrap();
        let configure = Act::ConfigureRedirect(redirect.clone());
        self.lead(id, 1, configure).await.unwrap();
    }
}

#[tokio::test]
async fn a_redirect_is_made_observed_and_taken_away() {
    let node = Node::new();
    let redirect = node.redirect("sonne.test");
    let id = redirect.id;
    let nothing = node.sites.observe_redirect(id).await.unwrap();
    assert_eq!(nothing, ObservedDomain::default());
    node.make_redirect(&redirect).await;
    let probe = || Act::ProbeRedirect(id, name("sonne.test"));
    node.lead(id, 1, probe()).await.unwrap();
    let seen = node.sites.observe_redirect(id).await.unwrap();
    assert_eq!(seen.redirect, Some(redirect));
    let certificate = seen.certificate.unwrap();
    assert_eq!(certificate.names, [name("sonne.test")]);
    assert_eq!(certificate.ends_at, node.clock.now().plus_days(90));

    let served = node.serve().await;
    node.lead(id, 1, probe()).await.unwrap();
    node.lead(id, 2, Act::RemoveRedirect(id)).await.unwrap();
    assert!(served.connect("sonne.test", &[]).await.is_err());
    let gone = served.ask_plain("sonne.test", Request::get("/")).await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    served.end().await;
    let refused = node.lead(id, 2, probe()).await.unwrap_err();
    assert_eq!(refused.code, "redirect-probe-failed");
    let seen = node.sites.observe_redirect(id).await.unwrap();
    assert!(seen.folder && seen.certificate.is_none() && seen.redirect.is_none());
    for _ in 0..2 {
        let remove = Act::RemoveRedirectFolder(id);
        node.lead(id, 2, remove).await.unwrap();
    }
    assert!(!node.redirect_folder(id).exists());
}

#[tokio::test]
async fn every_path_leads_to_the_one_place_over_http_and_https() {
    let node = Node::new();
    let redirect = node.redirect("sonne.test");
    node.make_redirect(&redirect).await;
    let served = node.serve().await;
    for path in ["/", "/a/b?c=d", "//evil.test/", "/robots.txt", "/%0d%0aX:1"] {
        let plain = served.ask_plain("sonne.test", Request::get(path)).await;
        let tls = served.get("sonne.test", path).await;
        for answer in [plain, tls] {
            assert_eq!(answer.status(), StatusCode::FOUND, "{path}");
            assert_eq!(answer.headers()[LOCATION], TARGET, "{path}");
            assert_eq!(answer.headers()[CONTENT_LENGTH], "0");
            assert_eq!(answer.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }
    let head = Request::head("/x");
    assert_eq!(served.ask("sonne.test", head).await.status(), 302);
    let options = Request::builder().method(Method::OPTIONS).uri("/");
    assert_eq!(served.ask("sonne.test", options).await.status(), 204);
    let posted = served.ask("sonne.test", Request::post("/")).await;
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(posted.headers().contains_key(ALLOW));
    served.end().await;
}

#[tokio::test]
async fn what_certificate_authorities_ask_for_leads_nowhere() {
    let node = Node::new();
    node.make_redirect(&node.redirect("sonne.test")).await;
    let served = node.serve().await;
    let asked = Request::get("/.well-known/acme-challenge/token");
    let answer = served.ask_plain("sonne.test", asked).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(!answer.headers().contains_key(LOCATION));
    served.end().await;
}

#[tokio::test]
async fn only_the_exact_name_is_redirected() {
    let node = Node::new();
    node.make_redirect(&node.redirect("sonne.test")).await;
    let webspace = node.webspace("a.localhost", &[]);
    node.make(&webspace).await;
    let served = node.serve().await;
    for host in ["www.sonne.test", "onne.test", "test", "sonne.test.b"] {
        let plain = served.ask_plain(host, Request::get("/")).await;
        assert_eq!(plain.status(), StatusCode::NOT_FOUND, "{host}");
        assert!(served.connect(host, &[]).await.is_err(), "{host}");
    }
    for (connected, asked) in [("sonne.test", "a.localhost"), ("a.localhost", "sonne.test")] {
        let request = Request::get("/").header(HOST, asked);
        let mixed = served.ask(connected, request).await;
        assert_eq!(mixed.status(), StatusCode::MISDIRECTED_REQUEST, "{asked}");
    }
    let written = served.ask_plain("SONNE.test.:80", Request::get("/")).await;
    assert_eq!(written.status(), StatusCode::FOUND);
    served.end().await;
}

#[tokio::test]
async fn a_name_is_a_sites_or_a_redirects_and_never_both() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &["www.a.test"]);
    node.make(&webspace).await;
    let taken = node.redirect("www.a.test");
    let configure = Act::ConfigureRedirect(taken.clone());
    let refused = node.lead(taken.id, 1, configure.clone()).await;
    assert_eq!(refused.unwrap_err().code, "host-taken");
    assert!(
        !node
            .redirect_folder(taken.id)
            .join("redirect.json")
            .exists()
    );

    let free = node.redirect("b.test");
    node.make_redirect(&free).await;
    let mut wanting = node.webspace("b.localhost", &["b.test"]);
    let refused = node.configure(1, Wish::Present(wanting.clone())).await;
    assert_eq!(refused.unwrap_err().code, "host-taken");
    let other = node.redirect("b.test");
    let refused = node.lead(other.id, 1, Act::ConfigureRedirect(other)).await;
    assert_eq!(refused.unwrap_err().code, "host-taken");

    let mut without = webspace.clone();
    without.hosts.clear();
    node.configure(2, Wish::Present(without)).await.unwrap();
    node.lead(taken.id, 1, configure).await.unwrap();
    let remove = Act::RemoveRedirect(free.id);
    node.lead(free.id, 2, remove).await.unwrap();
    wanting.hosts = vec![name("b.test")];
    node.configure(1, Wish::Present(wanting)).await.unwrap();
}

#[tokio::test]
async fn a_restart_finds_the_redirect_and_the_revision() {
    let mut node = Node::new();
    let redirect = node.redirect("sonne.test");
    let id = redirect.id;
    node.make_redirect(&redirect).await;
    let configure = |target: &str| {
        let target = target.parse().unwrap();
        Act::ConfigureRedirect(Redirect {
            target,
            ..redirect.clone()
        })
    };
    let newer = configure("https://newer.example/");
    node.lead(id, 5, newer).await.unwrap();
    node.sites = node.reopened();
    let served = node.serve().await;
    let answer = served.get("sonne.test", "/").await;
    assert_eq!(answer.headers()[LOCATION], "https://newer.example/");
    served.end().await;
    let older = || configure("https://older.example/");
    let refused = node.lead(id, 4, older()).await;
    assert_eq!(refused.unwrap_err().code, "older-revision");
    node.lead(id, 6, Act::RemoveRedirect(id)).await.unwrap();
    node.sites = node.reopened();
    let refused = node.lead(id, 5, older()).await;
    assert_eq!(refused.unwrap_err().code, "older-revision");
}

#[tokio::test]
async fn a_damaged_redirect_stops_nothing_else_and_is_mended() {
    let mut node = Node::new();
    let (good, bad) = (node.redirect("good.test"), node.redirect("bad.test"));
    node.make_redirect(&good).await;
    node.make_redirect(&bad).await;
    let path = node.redirect_folder(bad.id).join("redirect.json");
    let fine = std::fs::read_to_string(&path).unwrap();
    let spoil = |text: String| {
        let mut file = std::fs::File::create(&path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    };
    // 3.14 T1
    for text in [
        fine.replace("/new", r"/new\r\nSet-Cookie: a=b"),
        fine.replace("https://www", "javascript://www"),
        fine.replace("\"revision\"", "\"more\": 1, \"revision\""),
        fine.replace(&bad.id.to_string(), &good.id.to_string()),
        String::new(),
    ] {
        assert_ne!(text, fine);
        spoil(text);
        node.sites = node.reopened();
        let seen = node.sites.observe_redirect(bad.id).await.unwrap();
        assert!(seen.folder && seen.redirect.is_none());
        let seen = node.sites.observe_redirect(good.id).await.unwrap();
        assert_eq!(seen.redirect.as_ref(), Some(&good));
    }
    let configure = Act::ConfigureRedirect(bad.clone());
    node.lead(bad.id, 2, configure).await.unwrap();
    let seen = node.sites.observe_redirect(bad.id).await.unwrap();
    assert_eq!(seen.redirect, Some(bad));
}

// 3.16 T1
#[tokio::test]
async fn visits_are_logged_with_shortened_addresses_and_deleted_with_the_domain() {
    let node = Node::new();
    let redirect = node.redirect("sonne.test");
    let id = redirect.id;
    node.make_redirect(&redirect).await;
    let served = node.serve().await;
    let probe = Act::ProbeRedirect(id, name("sonne.test"));
    node.lead(id, 1, probe).await.unwrap();
    served.get("sonne.test", "/old?q=private").await;
    served.end().await;
    let logs = node.redirect_folder(id).join("logs");
    let day = std::fs::read_to_string(logs.join("access-2026-11-21.log")).unwrap();
    assert_eq!(
        day,
        "127.0.0.0 - - [21/Nov/2026:10:00:00 +0000] sonne.test \"GET /old HTTP/1.1\" 302 0 \"-\" \"-\"\n"
    );
    std::fs::File::create(logs.join("access-2026-11-01.log")).unwrap();
    node.serve().await.end().await;
    assert!(!logs.join("access-2026-11-01.log").exists());
    let remove = Act::RemoveRedirectFolder(id);
    node.lead(id, 2, remove).await.unwrap();
    assert!(!logs.exists());
}

#[tokio::test]
async fn a_step_about_something_else_is_refused() {
    let node = Node::new();
    let (one, two) = (node.redirect("a.test"), node.redirect("b.test"));
    for act in [
        Act::ConfigureRedirect(two.clone()),
        Act::RemoveRedirectFolder(two.id),
        Act::ConfigureSite(Wish::Gone),
    ] {
        let refused = node.lead(one.id, 1, act).await;
        assert_eq!(refused.unwrap_err().code, "wrong-subject");
    }
}
