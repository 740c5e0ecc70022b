//! What visitors get.

use crate::nginx::header;
use crate::nginx::node::Node;
use wabe_kernel::desired::{Act, Subject, Webspace, Wish};
use wabe_kernel::{Clock as _, RelPath};

#[tokio::test]
async fn a_site_is_live_over_http_and_https_by_its_names_and_nobody_elses() {
    let node = Node::new().await;
    let site = Webspace {
        hosts: vec!["www.sonne.test".parse().unwrap()],
        ..node.webspace("sonne")
    };
    node.bring(&site).await.unwrap();
    let (status, first) = node.get("https://sonne.test").await;
    assert_eq!(status, 200, "{}", first.err);
    assert!(first.out.starts_with("HTTP/2"), "{}", first.out);
    assert_eq!(header(&first.out, "x-content-type-options"), "nosniff");
    assert_eq!(header(&first.out, "x-robots-tag"), "noindex, nofollow");
    node.put(&site, "index.html", "by name");
    let (_, own) = node.get("https://www.sonne.test").await;
    assert!(own.out.ends_with("by name"), "{}", own.out);
    assert_eq!(header(&own.out, "x-robots-tag"), "");
    let (status, moved) = node.get("http://www.sonne.test/a%20b?q=1").await;
    let wanted = format!("https://www.sonne.test:{}/a%20b?q=1", node.https_port());
    assert_eq!((status, header(&moved.out, "location")), (308, &*wanted));
    let plain = Webspace {
        https_redirect: false,
        ..site.clone()
    };
    node.configure(Wish::Present(plain), 2).await.unwrap();
    assert_eq!(node.get("http://www.sonne.test/").await.0, 200);
    for nobodys in ["http://mond.test/", "https://mond.test/"] {
        let (status, refused) = node.get(nobodys).await;
        assert!(status == 0 && !refused.worked, "{}", refused.out);
    }
    let (_, robots) = node.get("https://sonne.test/robots.txt").await;
    assert!(robots.out.ends_with("Disallow: /\n"), "{}", robots.out);
    node.end().await;
}

#[tokio::test]
async fn nobody_gets_what_was_configured_before_once_a_change_is_done() {
    let node = Node::new().await;
    let site = node.webspace("wechsel");
    node.bring(&site).await.unwrap();
    for revision in 2..12 {
        let is_led = revision % 2 == 1;
        let changed = Webspace {
            https_redirect: is_led,
            ..site.clone()
        };
        node.configure(Wish::Present(changed), revision)
            .await
            .unwrap();
        let wanted = if is_led { 308 } else { 200 };
        for _visit in 0..4 {
            assert_eq!(node.get("http://wechsel.test/").await.0, wanted);
        }
        let new = node.webspace(&format!("neu{revision}"));
        node.bring(&new).await.unwrap();
        let url = format!("https://neu{revision}.test/");
        assert_eq!(node.get(&url).await.0, 200);
    }
    node.end().await;
}

#[tokio::test]
async fn a_folder_with_any_name_is_served_and_nothing_leaves_it() {
    let node = Node::new().await;
    let odd: RelPath = "a $host \"b\"; {c} #'d'/\u{e4}~*".parse().unwrap();
    let site = Webspace {
        document_root: odd.clone(),
        ..node.webspace("odd")
    };
    node.bring(&site).await.unwrap();
    node.put(&site, &format!("{odd}/index.html"), "the odd folder");
    node.put(&site, "index.html", "the folder above");
    node.put(&site, &format!("{odd}/.hidden"), "secret");
    node.put(&site, &format!("{odd}/a.php"), "<?php secret();");
    let (_, shown) = node.get("https://odd.test").await;
    assert!(shown.out.ends_with("the odd folder"), "{}", shown.out);
    let place = node
        .sites
        .place(wabe_drivers::embedded::web::Visited::Site(site.id));
    let link = place.files.join(odd.to_string()).join("link");
    std::os::unix::fs::symlink("/etc", link).unwrap();
    for path in [
        ".hidden",
        "link/passwd",
        "../index.html",
        "a.php",
        "%2e%2e/index.html",
        "nothing",
    ] {
        let url = format!("https://odd.test/{path}");
        let (status, kept) = node.curl(&url, &["--path-as-is"]).await;
        assert!(matches!(status, 400 | 404), "{path}: {}", kept.out);
        for secret in ["secret", "root:", "above"] {
            assert!(!kept.out.contains(secret), "{path}: {}", kept.out);
        }
    }
    node.put(&site, &format!("{odd}/404.html"), "my own page");
    let (status, own) = node.get("https://odd.test/nothing").await;
    assert!(
        status == 404 && own.out.ends_with("my own page"),
        "{}",
        own.out
    );
    node.end().await;
}

#[tokio::test]
async fn a_hidden_site_shows_what_it_is_and_comes_back() {
    let node = Node::new().await;
    let site = node.webspace("zu");
    node.bring(&site).await.unwrap();
    node.put(&site, "index.html", "open");
    let suspended = Webspace {
        suspended: true,
        ..site.clone()
    };
    node.configure(Wish::Hidden(suspended), 2).await.unwrap();
    let (status, closed) = node.get("https://zu.test/index.html").await;
    assert_eq!((status, header(&closed.out, "retry-after")), (503, "3600"));
    assert!(header(&closed.out, "content-security-policy").starts_with("default-src 'none'"));
    let (status, closed) = node.curl("https://zu.test/x", &["-d", "a=b"]).await;
    assert_eq!(status, 503, "{}", closed.out);
    node.configure(Wish::Hidden(site.clone()), 3).await.unwrap();
    assert_eq!(node.get("https://zu.test/").await.0, 404);
    node.configure(Wish::Present(site), 4).await.unwrap();
    assert_eq!(node.get("https://zu.test/").await.0, 200);
    node.end().await;
}

#[tokio::test]
async fn a_redirect_leads_to_its_target_and_goes_with_everything_of_it() {
    let node = Node::new().await;
    let target = "https://www.example.org/new?a=$host&b={c};d";
    let id = node.redirect("weg.test", target).await.unwrap();
    for url in ["https://weg.test/any?path", "http://weg.test/"] {
        let (status, led) = node.get(url).await;
        assert_eq!(
            (status, header(&led.out, "location")),
            (302, target),
            "{url}"
        );
    }
    let challenge = "http://weg.test/.well-known/acme-challenge/token";
    assert_eq!(node.get(challenge).await.0, 404);
    assert_eq!(node.curl("https://weg.test/", &["-d", "a=b"]).await.0, 405);
    let subject = (Subject::Domain(id), 2);
    node.apply(subject, vec![Act::RemoveRedirect(id)])
        .await
        .unwrap();
    assert_eq!(node.get("https://weg.test/").await.0, 0);
    assert!(!node.include(&id).exists());
    node.end().await;
}

#[tokio::test]
async fn visits_are_logged_with_the_network_and_without_what_was_typed() {
    let node = Node::new().await;
    let site = node.webspace("log");
    node.bring(&site).await.unwrap();
    let typed = [
        "-A",
        "Browser \"1\"",
        "-e",
        "https://u:p@search.test/?q=illness",
    ];
    node.curl("https://log.test/nothing?secret=1", &typed).await;
    let log = || async {
        let logs = std::fs::read_dir(node.path(&format!("web/{}/logs", site.id))).ok()?;
        let named = |name: &str| name.starts_with("access-");
        let mut logs = logs.flatten().map(|entry| entry.path());
        let file = logs.find(|path| named(path.file_name().unwrap().to_str().unwrap()))?;
        std::fs::read_to_string(file)
            .ok()
            .filter(|text| !text.is_empty())
    };
    let text = crate::client::until("a line in the log", log).await;
    assert_eq!(
        text.lines().count(),
        1,
        "the driver's own requests are none: {text}"
    );
    assert!(text.starts_with("127.0.0.0 - - ["), "{text}");
    let kept = "] log.test \"GET /nothing HTTP/2.0\" 404 ";
    assert!(
        text.contains(kept) && text.contains(" \"search.test\" "),
        "{text}"
    );
    for typed in ["secret", "illness", "u:p@"] {
        assert!(!text.contains(typed), "{text}");
    }
    // An instruction to keep whole addresses ends by itself.
    let full = Webspace {
        full_addresses_until: Some(node.clock.now().plus_days(1)),
        ..site.clone()
    };
    node.configure(Wish::Present(full.clone()), 2)
        .await
        .unwrap();
    let written = || std::fs::read_to_string(node.include(&site.id)).unwrap();
    assert!(written().contains("wabe_full"));
    let over = Webspace {
        full_addresses_until: Some(node.clock.now().plus_days(-1)),
        ..full
    };
    node.configure(Wish::Present(over), 3).await.unwrap();
    assert!(!written().contains("wabe_full"));
    node.end().await;
}

#[tokio::test]
async fn a_change_is_tried_alone_until_somebody_touches_what_lies_beside_it() {
    let node = Node::new().await;
    let (first, second) = (node.webspace("eins"), node.webspace("zwei"));
    for site in [&first, &second] {
        node.bring(site).await.unwrap();
    }
    let is_tried = |site: &Webspace| {
        let tried = std::fs::read_to_string(node.path("nginx/staging/nginx.conf")).unwrap();
        tried.contains(&site.id.to_string())
    };
    let plain = Webspace {
        https_redirect: false,
        ..second.clone()
    };
    node.configure(Wish::Present(plain), 2).await.unwrap();
    assert!(is_tried(&second) && !is_tried(&first));
    let include = node.include(&first.id);
    let mut text = std::fs::read_to_string(&include).unwrap();
    text.push_str("# by hand\n");
    std::fs::write(&include, text).unwrap();
    node.configure(Wish::Present(second.clone()), 3)
        .await
        .unwrap();
    assert!(is_tried(&second) && is_tried(&first));
    node.end().await;
}
